import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeAudio } from '../../main/engine/media/decode-audio'
import { decodeVideo } from '../../main/engine/media/decode-video'
import { loadFfmpeg } from '../../main/engine/media/node-av'
import { probe } from '../../main/engine/media/probe'
import type { MediaInfo, VideoFrame } from '../../main/engine/media/types'

/** What Chromium's fake camera is fed with; it plays motion JPEG at 30 frames a second, round and round. */
export const FAKE_CAMERA = { widthPx: 640, heightPx: 480, framesPerSec: 30 } as const
const SOUND_HZ = 48_000

export interface FakeCamera {
  readonly videoFile: string
  /** null: the clip has no sound. */
  readonly soundFile: string | null
  readonly frames: number
  /** Switches that put it in the place of camera and microphone, and answer the question for permission. */
  readonly args: readonly string[]
}

/**
 * Turns a clip into what a fake camera and microphone show and hear.
 * @param folder receives the files
 */
export async function makeFakeCamera(
  clip: string,
  folder: string,
  { framesMax = 400 }: { readonly framesMax?: number } = {},
): Promise<FakeCamera> {
  const media = await probe(clip)
  const videoFile = join(folder, 'camera.mjpeg')
  const frames = await writeMotionJpeg(media, videoFile, framesMax)
  const soundFile = media.audio ? join(folder, 'microphone.wav') : null
  if (soundFile) await writeFile(soundFile, await readWave(media))
  return {
    videoFile,
    soundFile,
    frames,
    args: [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${videoFile}`,
      ...(soundFile ? [`--use-file-for-fake-audio-capture=${soundFile}`] : []),
    ],
  }
}

async function writeMotionJpeg(media: MediaInfo, path: string, framesMax: number): Promise<number> {
  const { lib, constants } = await loadFfmpeg()
  const codec = lib.Codec.findEncoderByName('mjpeg' as Parameters<typeof lib.Codec.findEncoderByName>[0])
  if (!codec) throw new Error('this FFmpeg has no encoder mjpeg')
  const { widthPx, heightPx, framesPerSec } = FAKE_CAMERA
  const encoder = new lib.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = widthPx
  encoder.height = heightPx
  encoder.pixelFormat = constants.AV_PIX_FMT_YUVJ420P
  encoder.timeBase = new lib.Rational(1, framesPerSec)
  encoder.setOption('qmin', '2')
  encoder.setOption('qmax', '3')
  const packet = new lib.Packet()
  packet.alloc()
  const pictures: Buffer[] = []
  try {
    if (encoder.open2Sync(null) < 0) throw new Error('the encoder mjpeg does not open')
    for await (const picture of decodeVideo(media, { longestSidePx: widthPx })) {
      const frame = lib.Frame.fromVideoBuffer(toYuv(picture), {
        width: widthPx,
        height: heightPx,
        format: constants.AV_PIX_FMT_YUVJ420P,
        pts: BigInt(pictures.length),
        timeBase: encoder.timeBase,
      })
      encoder.sendFrameSync(frame)
      frame.free()
      while (encoder.receivePacketSync(packet) >= 0) {
        if (packet.data) pictures.push(Buffer.from(packet.data))
        packet.unref()
      }
      if (pictures.length >= framesMax) break
    }
  } finally {
    packet.free()
    encoder.freeContext()
  }
  await writeFile(path, Buffer.concat(pictures))
  return pictures.length
}

/** The picture in the middle of the camera's, black around it; full-range BT.601, planes Y, U, V. */
function toYuv({ rgb, widthPx, heightPx }: VideoFrame): Buffer {
  const { widthPx: width, heightPx: height } = FAKE_CAMERA
  const size = width * height
  const out = Buffer.alloc((size * 3) / 2, 0)
  out.fill(128, size)
  const left = Math.max(0, (width - widthPx) >> 2) * 2
  const top = Math.max(0, (height - heightPx) >> 2) * 2
  for (let y = 0; y < Math.min(heightPx, height); y++)
    for (let x = 0; x < Math.min(widthPx, width); x++) {
      const at = (y * widthPx + x) * 3
      const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
      out[(top + y) * width + left + x] = Math.round(0.299 * r + 0.587 * g + 0.114 * b)
      if (y % 2 === 1 || x % 2 === 1) continue
      const chroma = ((top + y) / 2) * (width / 2) + (left + x) / 2
      out[size + chroma] = Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b)
      out[size + size / 4 + chroma] = Math.round(128 + 0.5 * r - 0.418688 * g - 0.081312 * b)
    }
  return out
}

/** 16-bit mono RIFF/WAVE of the clip's sound. */
async function readWave(media: MediaInfo): Promise<Buffer> {
  const parts: Int16Array[] = []
  for await (const { samples } of decodeAudio(media, { sampleRateHz: SOUND_HZ }))
    parts.push(
      Int16Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32767)))),
    )
  const data = Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer)))
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(SOUND_HZ, 24)
  head.writeUInt32LE(SOUND_HZ * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}
