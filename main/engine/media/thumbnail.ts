import type { FFEncoderCodec } from 'node-av/constants'
import { UnmaskError } from '../errors'
import { decodeVideo } from './decode-video'
import { check } from './encode-track'
import { LinearFilter } from './filter-graph'
import { loadFfmpeg } from './node-av'
import type { MediaInfo, VideoFrame } from './types'

const SIDE_PX = 320
/** Recordings begin black, or with a flash: the most varied of these pictures is taken. */
const LOOKED_AT = [0, 12, 24, 36]
/** JPEG quality in FFmpeg's scale, 2 the best. */
const QUALITY = 4

/**
 * A small JPEG of a clip, upright.
 * @throws UnmaskError 'media.decode-failed' where no picture can be decoded; 'usage.invalid' for a clip without pictures
 */
export async function makeThumbnail(media: MediaInfo, signal?: AbortSignal): Promise<Uint8Array> {
  let best: VideoFrame | null = null
  let bestVariance = Number.NEGATIVE_INFINITY
  for await (const frame of decodeVideo(media, { longestSidePx: SIDE_PX, ...(signal && { signal }) })) {
    if (frame.index > LOOKED_AT.at(-1)!) break
    if (!LOOKED_AT.includes(frame.index)) continue
    const variance = greenVariance(frame)
    if (variance <= bestVariance) continue
    best = frame
    bestVariance = variance
  }
  if (!best) throw new UnmaskError('media.decode-failed', `no picture can be decoded: ${media.path}`)
  return encodeJpeg(best)
}

function greenVariance({ rgb }: VideoFrame): number {
  let sum = 0
  let squares = 0
  const count = rgb.length / 3
  for (let at = 1; at < rgb.length; at += 3) {
    sum += rgb[at]!
    squares += rgb[at]! ** 2
  }
  return squares / count - (sum / count) ** 2
}

async function encodeJpeg({ rgb, widthPx, heightPx }: VideoFrame): Promise<Uint8Array> {
  const ffmpeg = await loadFfmpeg()
  const { lib, constants } = ffmpeg
  const codec = lib.Codec.findEncoderByName('mjpeg' as FFEncoderCodec)
  if (codec === null) throw new UnmaskError('media.decode-failed', 'this FFmpeg writes no JPEG')
  const filter = LinearFilter.create(ffmpeg, {
    kind: 'video',
    source: `video_size=${widthPx}x${heightPx}:pix_fmt=${constants.AV_PIX_FMT_RGB24}:time_base=1/25`,
    chain: 'scale=out_range=full,format=pix_fmts=yuvj420p',
  })
  if (!filter) throw new UnmaskError('media.decode-failed', 'FFmpeg cannot convert this picture')
  const encoder = new lib.CodecContext()
  const packet = new lib.Packet()
  const converted = new lib.Frame()
  const input = lib.Frame.fromVideoBuffer(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength), {
    width: widthPx,
    height: heightPx,
    format: constants.AV_PIX_FMT_RGB24,
    pts: 0n,
    timeBase: new lib.Rational(1, 25),
  })
  try {
    encoder.allocContext3(codec)
    encoder.width = widthPx
    encoder.height = heightPx
    encoder.pixelFormat = constants.AV_PIX_FMT_YUVJ420P
    encoder.timeBase = new lib.Rational(1, 25)
    encoder.setOption('qmin', String(QUALITY))
    encoder.setOption('qmax', String(QUALITY))
    check(ffmpeg, encoder.open2Sync(null), 'opening the JPEG encoder')
    packet.alloc()
    converted.alloc()
    check(ffmpeg, filter.push(input), 'converting the picture')
    if (!filter.pull(converted))
      throw new UnmaskError('media.decode-failed', 'the picture could not be converted')
    check(ffmpeg, encoder.sendFrameSync(converted), 'encoding the picture')
    check(ffmpeg, encoder.sendFrameSync(null), 'encoding the picture')
    check(ffmpeg, encoder.receivePacketSync(packet), 'encoding the picture')
    return Uint8Array.from(packet.data ?? [])
  } finally {
    input.free()
    converted.free()
    packet.free()
    encoder.freeContext()
    filter.free()
  }
}
