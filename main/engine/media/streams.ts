import type { CodecContext, FormatContext, Frame, Stream } from 'node-av/lib'
import { UnmaskError } from '../errors'
import { type Ffmpeg, ffmpegMessage } from './node-av'
import type { TimeBase } from './types'

/** Above this a header is taken for broken (8K is half of it); it also bounds the memory one picture can ask for. */
export const MAX_PICTURE_PIXELS = 64 * 1024 * 1024

/** The first video stream that is a recording (no cover picture) and that FFmpeg can decode. */
export function findVideoStream(ffmpeg: Ffmpeg, format: FormatContext): Stream | null {
  const { constants } = ffmpeg
  const isUsable = (stream: Stream): boolean => {
    const { codecType, width, height } = stream.codecpar
    if (codecType !== constants.AVMEDIA_TYPE_VIDEO || !hasDecoder(ffmpeg, stream)) return false
    if (stream.hasDisposition(constants.AV_DISPOSITION_ATTACHED_PIC)) return false
    return width > 0 && height > 0 && width * height <= MAX_PICTURE_PIXELS
  }
  return format.streams.find(isUsable) ?? null
}

/** The first audio stream that FFmpeg can decode. */
export function findAudioStream(ffmpeg: Ffmpeg, format: FormatContext): Stream | null {
  const isUsable = (stream: Stream): boolean => {
    const { codecType, sampleRate, channels } = stream.codecpar
    if (codecType !== ffmpeg.constants.AVMEDIA_TYPE_AUDIO || !hasDecoder(ffmpeg, stream)) return false
    return sampleRate > 0 && channels > 0
  }
  return format.streams.find(isUsable) ?? null
}

export function streamAt(format: FormatContext, index: number, path: string): Stream {
  const stream = format.streams.find((candidate) => candidate.index === index)
  if (stream === undefined) {
    throw new UnmaskError(
      'media.decode-failed',
      `Stream ${index} is gone; the file changed while it was read: ${path}`,
    )
  }
  return stream
}

/**
 * Opens the stream's decoder.
 *
 * @param threads FFmpeg decodes that many pictures ahead at once, on threads of its own
 * @throws {UnmaskError} media.decode-failed
 */
export function openDecoder(ffmpeg: Ffmpeg, stream: Stream, threads: number, path: string): CodecContext {
  const { lib, constants } = ffmpeg
  const codec = lib.Codec.findDecoder(stream.codecpar.codecId)
  const decoder = new lib.CodecContext()
  try {
    decoder.allocContext3(codec)
    let code = decoder.parametersToContext(stream.codecpar)
    decoder.pktTimebase = stream.timeBase
    decoder.threadCount = threads
    decoder.threadType = constants.FF_THREAD_FRAME
    decoder.setOption('max_pixels', MAX_PICTURE_PIXELS)
    if (code >= 0) code = decoder.open2Sync(codec)
    if (code < 0) {
      const name = lib.avGetCodecName(stream.codecpar.codecId) ?? 'unknown'
      const reason = ffmpegMessage(ffmpeg, code)
      throw new UnmaskError(
        'media.decode-failed',
        `The ${name} decoder refuses this stream (${reason}): ${path}`,
      )
    }
    return decoder
  } catch (error) {
    decoder.freeContext()
    throw error
  }
}

/** Raw bytes of the stream's display matrix, which says how its pictures must be turned. */
export function displayMatrix({ constants }: Ffmpeg, stream: Stream): Uint8Array | null {
  return stream.codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX)
}

/** Ticks as a number; null where FFmpeg has no timestamp. */
export function ticksOrNull(ffmpeg: Ffmpeg, ticks: bigint): number | null {
  return ticks === ffmpeg.constants.AV_NOPTS_VALUE ? null : Number(ticks)
}

/** When a decoded frame is shown, as the decoder says; null where it has no timestamp. */
export function shownTicks(ffmpeg: Ffmpeg, frame: Frame): number | null {
  return ticksOrNull(ffmpeg, frame.bestEffortTimestamp) ?? ticksOrNull(ffmpeg, frame.pts)
}

export function ticksToSecs(ticks: number, { num, den }: TimeBase): number {
  return (ticks * num) / den
}

function hasDecoder({ lib }: Ffmpeg, stream: Stream): boolean {
  return lib.Codec.findDecoder(stream.codecpar.codecId) !== null
}
