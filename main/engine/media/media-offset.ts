import type { Packet, Stream } from 'node-av/lib'
import { throwIfAborted } from '../errors'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { openInput } from './open-input'
import { ticksOrNull, ticksToSecs } from './streams'
import type { MediaInfo } from './types'

/** A stream that has not begun by then begins after the others, and does not move the clock. */
const MAX_PACKETS = 400

/**
 * What to add to the media time that Chromium's video element states for a frame (`requestVideoFrameCallback`,
 * `currentTime`) to get seconds after the clip's zero.
 *
 * Chromium counts from the container's 0, or from the earliest stream where that begins before 0. For sound, and for
 * pictures that are stored in the order shown, it takes the first packet's decoding timestamp for the beginning: an
 * encoder's priming (1,024 samples of AAC: 21 ms) then lies before 0 and moves every picture. Only mp4 and mov state
 * times before 0; what FFmpeg gives as such for Matroska is an Opus delay that it takes off itself and Chromium does not.
 * Measured in Chrome 114 on numbered pictures, to the microsecond: mp4, mov, mkv and webm, constant and variable rate,
 * turned, sound beginning from 1.2 s before to 0.3 s after the pictures.
 *
 * @throws {UnmaskError} input.*, media.not-media, cancelled
 */
export async function mediaOffsetSecs(info: MediaInfo, signal?: AbortSignal): Promise<number> {
  if (!info.container.split(',').includes('mov')) return -info.zeroSecs
  const ffmpeg = await loadFfmpeg()
  const input = await openInput(ffmpeg, info.path, signal)
  const packet = new ffmpeg.lib.Packet()
  packet.alloc()
  try {
    const awaited = new Map(
      input.format.streams
        .filter((stream) => countsFromFirstPacket(ffmpeg, stream))
        .map((stream) => [stream.index, stream]),
    )
    let beginSecs = 0
    for (let packets = 0; packets < MAX_PACKETS && awaited.size > 0; packets++) {
      throwIfAborted(signal)
      if (input.format.readFrameSync(packet) < 0) break
      const stream = awaited.get(packet.streamIndex)
      if (stream !== undefined) beginSecs = Math.min(beginSecs, firstSecs(ffmpeg, stream, packet))
      awaited.delete(packet.streamIndex)
      packet.unref()
    }
    return beginSecs - info.zeroSecs
  } finally {
    packet.free()
    input.close()
  }
}

/** Pictures of the H.26x family are stored in another order than they are shown in. */
function countsFromFirstPacket({ constants }: Ffmpeg, { codecpar }: Stream): boolean {
  const { codecType, codecId } = codecpar
  const { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG4 } = constants
  if (codecType === constants.AVMEDIA_TYPE_AUDIO) return true
  const isReordered = [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG4].some((id) => id === codecId)
  return codecType === constants.AVMEDIA_TYPE_VIDEO && !isReordered
}

function firstSecs(ffmpeg: Ffmpeg, { timeBase }: Stream, packet: Packet): number {
  const ticks = ticksOrNull(ffmpeg, packet.dts)
  return ticks === null ? 0 : ticksToSecs(ticks, timeBase)
}
