import type { MediaInfo } from './types'

/** Pictures that Chromium decodes, Electron's build included, by FFmpeg's names of the codecs. */
const VIDEO_CODECS = new Set(['h264', 'vp8', 'vp9', 'av1', 'theora'])
const AUDIO_CODECS = new Set([
  'aac',
  'mp3',
  'opus',
  'vorbis',
  'flac',
  'pcm_s16le',
  'pcm_u8',
  'pcm_f32le',
  'pcm_s24le',
])
/** By FFmpeg's names of the demuxers. */
const CONTAINERS = ['mov', 'mp4', 'matroska', 'webm', 'ogg', 'wav', 'mp3', 'flac']
/** Of H.264: others, such as 4:2:2 and ten bits, come from cameras and play black or not at all. */
const PIXEL_FORMATS = new Set(['yuv420p', 'yuvj420p'])

/**
 * Why Chromium cannot play a clip as it is; null where it can. Known before anything is decoded, so that a copy can be begun at
 * once instead of after a failed start.
 */
export function reasonAgainstPlaying({ container, video, audio }: MediaInfo): string | null {
  const names = container.split(',')
  if (!names.some((name) => CONTAINERS.includes(name))) return `its container (${names[0] ?? container})`
  if (video && !VIDEO_CODECS.has(video.codec)) return `its pictures (${video.codec})`
  if (video?.codec === 'h264' && video.pixelFormat !== null && !PIXEL_FORMATS.has(video.pixelFormat))
    return `its pictures (H.264, ${video.pixelFormat})`
  if (audio && !AUDIO_CODECS.has(audio.codec)) return `its sound (${audio.codec})`
  return null
}
