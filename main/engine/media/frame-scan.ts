import type { Frame, Packet } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { Breather } from './breather'
import { DamageReport } from './damage'
import type { PacketFacts } from './frame-index'
import { type Ffmpeg } from './node-av'
import { openInput, readOnlyStreams } from './open-input'
import { StreamPump } from './pump'
import { openDecoder, shownTicks, streamAt, ticksOrNull } from './streams'
import type { MediaInfo, VideoStreamInfo } from './types'

/** As the pump: after so many read errors in a row the rest of the file counts as lost. */
const MAX_READ_ERRORS = 50
const THREADS = 4

/** Reads every packet of the video stream, without decoding. */
export async function scanPackets(
  ffmpeg: Ffmpeg,
  info: MediaInfo,
  video: VideoStreamInfo,
  signal?: AbortSignal,
): Promise<PacketFacts[]> {
  const { AVERROR_EOF } = ffmpeg.constants
  const input = await openInput(ffmpeg, info.path, signal)
  const packet = new ffmpeg.lib.Packet()
  packet.alloc()
  try {
    const { format } = input
    readOnlyStreams(ffmpeg, format, [streamAt(format, video.streamIndex, info.path)])
    const packets: PacketFacts[] = []
    const breather = new Breather()
    let readErrors = 0
    while (readErrors <= MAX_READ_ERRORS) {
      throwIfAborted(signal)
      if (breather.isDue) await breather.breathe()
      const code = format.readFrameSync(packet)
      if (code === AVERROR_EOF) break
      readErrors = code < 0 ? readErrors + 1 : 0
      if (code < 0) continue
      if (packet.streamIndex === video.streamIndex) packets.push(packetFacts(ffmpeg, packet))
      packet.unref()
    }
    return packets
  } finally {
    packet.free()
    input.close()
  }
}

export function packetFacts(ffmpeg: Ffmpeg, packet: Packet): PacketFacts {
  const { AV_PKT_FLAG_CORRUPT, AV_PKT_FLAG_DISCARD } = ffmpeg.constants
  return {
    ptsTicks: ticksOrNull(ffmpeg, packet.pts) ?? NaN,
    dtsTicks: ticksOrNull(ffmpeg, packet.dts) ?? NaN,
    posBytes: packet.pos < 0n ? NaN : Number(packet.pos),
    isKey: packet.isKeyframe,
    isDiscarded: packet.hasFlags(AV_PKT_FLAG_DISCARD),
    isCorrupt: packet.hasFlags(AV_PKT_FLAG_CORRUPT),
  }
}

/**
 * Decodes the whole stream and keeps nothing but timestamps: the last resort where packets do not tell the frames.
 *
 * @returns of every frame in the order shown; NaN for none
 * @throws {UnmaskError} media.decode-failed when nothing decodes; cancelled; input.*
 */
export async function scanFrames(
  ffmpeg: Ffmpeg,
  info: MediaInfo,
  video: VideoStreamInfo,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const input = await openInput(ffmpeg, info.path, signal)
  const frame: Frame = new ffmpeg.lib.Frame()
  frame.alloc()
  let pump: StreamPump | null = null
  try {
    const stream = streamAt(input.format, video.streamIndex, info.path)
    readOnlyStreams(ffmpeg, input.format, [stream])
    const decoder = openDecoder(ffmpeg, stream, THREADS, info.path)
    pump = new StreamPump(ffmpeg, input.format, stream, decoder, new DamageReport(undefined))
    const ticks: number[] = []
    const breather = new Breather()
    for (let step = pump.step(frame); step !== 'end'; step = pump.step(frame)) {
      throwIfAborted(signal)
      if (step === 'frame') {
        ticks.push(shownTicks(ffmpeg, frame) ?? NaN)
        frame.unref()
      }
      if (breather.isDue) await breather.breathe()
    }
    if (ticks.length === 0)
      throw new UnmaskError(
        'media.decode-failed',
        `No picture of the ${video.codec} stream can be decoded: ${info.path}`,
      )
    return Float64Array.from(ticks)
  } finally {
    pump?.free()
    frame.free()
    input.close()
  }
}
