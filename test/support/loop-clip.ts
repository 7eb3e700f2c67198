import { resolve } from 'node:path'
import type { FormatContext, Packet } from 'node-av/lib'
import { type Ffmpeg, loadFfmpeg } from '../../main/engine/media/node-av'

/**
 * Writes a clip that repeats another until it lasts `durationSecs`, without decoding: packets are copied with their
 * timestamps moved on.
 * @returns times the source was repeated
 */
export async function loopClip(source: string, target: string, durationSecs: number): Promise<number> {
  const ffmpeg = await loadFfmpeg()
  const { FFmpegError, FormatContext, Packet } = ffmpeg.lib
  const output = new FormatContext()
  FFmpegError.throwIfError(output.allocOutputContext2(null, null, resolve(target)), 'allocOutputContext2')
  FFmpegError.throwIfError(await output.openOutput(), 'openOutput')
  let rounds = 0
  let offsetSecs = 0
  const lastDts = new Map<number, bigint>()
  const packet = new Packet()
  packet.alloc()
  try {
    while (offsetSecs < durationSecs) {
      offsetSecs = await copyOnce(ffmpeg, {
        source,
        output,
        packet,
        offsetSecs,
        isFirst: rounds === 0,
        lastDts,
      })
      rounds++
    }
    FFmpegError.throwIfError(await output.writeTrailer(), 'writeTrailer')
  } finally {
    packet.free()
    await output.closeOutput()
    output.freeContext()
  }
  return rounds
}

interface CopyTask {
  readonly source: string
  readonly output: FormatContext
  readonly packet: Packet
  readonly offsetSecs: number
  readonly isFirst: boolean
  /** Of each stream of the output, in its ticks. */
  readonly lastDts: Map<number, bigint>
}

/** @returns where the next round begins, in seconds */
async function copyOnce({ lib, constants }: Ffmpeg, task: CopyTask): Promise<number> {
  const { output, packet, offsetSecs } = task
  const input = new lib.FormatContext()
  lib.FFmpegError.throwIfError(await input.openInput(`file:${resolve(task.source)}`, null, null), 'openInput')
  try {
    lib.FFmpegError.throwIfError(await input.findStreamInfo(), 'findStreamInfo')
    const kept = input.streams.filter(({ codecpar }) =>
      [constants.AVMEDIA_TYPE_VIDEO, constants.AVMEDIA_TYPE_AUDIO].some(
        (type) => type === codecpar.codecType,
      ),
    )
    if (task.isFirst) {
      for (const stream of kept) {
        const copy = output.newStream(null)
        stream.codecpar.copy(copy.codecpar)
        copy.codecpar.codecTag = 0
        copy.timeBase = stream.timeBase
      }
      lib.FFmpegError.throwIfError(await output.writeHeader(), 'writeHeader')
    }
    let endSecs = offsetSecs
    while ((await input.readFrame(packet)) >= 0) {
      const streamIndex = kept.findIndex(({ index }) => index === packet.streamIndex)
      const from = kept[streamIndex]
      const to = output.streams[streamIndex]
      if (from && to) {
        const secsPerTick = from.timeBase.num / from.timeBase.den
        // Streams of one round start together again: each is moved by the same time.
        const offsetTicks = BigInt(Math.round(offsetSecs / secsPerTick))
        endSecs = Math.max(endSecs, offsetSecs + Number(packet.pts + packet.duration) * secsPerTick)
        packet.pts += offsetTicks
        packet.dts += offsetTicks
        packet.streamIndex = streamIndex
        packet.rescaleTs(from.timeBase, to.timeBase)
        // The encoder's delay reaches back into the round before, which has said what is heard there.
        const isHeard = packet.dts > (task.lastDts.get(streamIndex) ?? packet.dts - 1n)
        if (!isHeard) {
          packet.unref()
          continue
        }
        task.lastDts.set(streamIndex, packet.dts)
        lib.FFmpegError.throwIfError(await output.interleavedWriteFrame(packet), 'interleavedWriteFrame')
      }
      packet.unref()
    }
    return endSecs
  } finally {
    await input.closeInput()
  }
}
