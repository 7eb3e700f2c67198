/**
 * The FFmpeg demuxers that may open a file. All of them read recordings that are complete in themselves.
 *
 * Left out on purpose: whatever opens other files or network addresses that a file names (hls, dash, concat, sdp,
 * imf, webm_dash_manifest, image sequences), devices and filter sources (lavfi), text and subtitles (tty, srt, ass:
 * any text file would pass for a recording), and still pictures (png_pipe, jpeg_pipe and their kind).
 */
export const ALLOWED_DEMUXERS: readonly string[] = [
  // Containers of sound and picture
  ...[
    'mov',
    'matroska',
    'avi',
    'mpegts',
    'mpeg',
    'asf',
    'flv',
    'mxf',
    'ogg',
    'nut',
    'rm',
    'dv',
    'gxf',
    'lxf',
    'wtv',
  ],
  ...['dhav', 'ivf', 'nsv', 'pva', 'ty', 'gif', 'swf', 'yuv4mpegpipe', 'kux', 'r3d', 'mlv'],
  // Bare video streams
  ...['h264', 'hevc', 'vvc', 'av1', 'obu', 'm4v', 'mpegvideo', 'mjpeg', 'h261', 'h263', 'vc1', 'cavsvideo'],
  // Sound
  ...[
    'wav',
    'w64',
    'flac',
    'mp3',
    'aac',
    'loas',
    'aiff',
    'au',
    'amr',
    'amrnb',
    'amrwb',
    'caf',
    'ac3',
    'eac3',
    'dts',
  ],
  ...[
    'dtshd',
    'truehd',
    'mlp',
    'wv',
    'ape',
    'tta',
    'tak',
    'mpc',
    'mpc8',
    'voc',
    'xwma',
    'qcp',
    'dsf',
    'oma',
    'sox',
  ],
]

/** Options given to FFmpeg when it opens an input: only files, only the demuxers above. */
export const INPUT_OPTIONS: Readonly<Record<string, string>> = {
  protocol_whitelist: 'file',
  format_whitelist: ALLOWED_DEMUXERS.join(','),
}

/**
 * Containers whose headers state how long each stream is. Of others FFmpeg guesses it from the bit rate, or knows only
 * the whole (asf).
 */
const STATING_DURATION: ReadonlySet<string> = new Set([
  'mov',
  'matroska',
  'avi',
  'wav',
  'w64',
  'flac',
  'aiff',
])

/** @param container FFmpeg's short name, for example "mov,mp4,m4a,3gp,3g2,mj2" */
export function statesDuration(container: string): boolean {
  return container.split(',').some((name) => STATING_DURATION.has(name))
}
