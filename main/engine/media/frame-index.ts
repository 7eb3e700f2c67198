import { DamageReport } from './damage'
import { FrameTimer, frameClockOptions } from './frame-timer'
import { ticksToSecs } from './streams'
import type { MediaInfo, VideoStreamInfo } from './types'

/** A video packet as the container states it; NaN where it states nothing. */
export interface PacketFacts {
  readonly ptsTicks: number
  readonly dtsTicks: number
  readonly posBytes: number
  readonly isKey: boolean
  /** Decoded but not shown: an edit list says so. */
  readonly isDiscarded: boolean
  readonly isCorrupt: boolean
}

/** A key packet that decoding may begin with. */
export interface SeekPoint {
  /** The first frame that is whole when decoding begins here: the one the packet itself holds. */
  readonly frameIndex: number
  readonly packet: PacketFacts
}

/** Which frames a clip has, when each is shown, and from where each can be decoded. */
export interface FrameIndex {
  /** Of each frame as the decoder gives it; NaN for none. */
  readonly rawTicks: Float64Array
  /** Seconds after the clip's zero, strictly increasing: the times of frames.csv. */
  readonly timesSecs: Float64Array
  /** By frame; the beginning of the file, which always serves, is not among them. */
  readonly seekPoints: readonly SeekPoint[]
  /** The end of a file is where decoders give other frames than there are packets; here it was decoded to see. */
  readonly isEndDecoded: boolean
}

/** Containers whose timestamps are stated for every picture and kept through seeking. */
const STATING_TIMES = new Set(['mov', 'matroska'])
/** Decoders that give one frame for each packet of a sound file. */
const ONE_FRAME_A_PACKET = new Set(['h264', 'hevc', 'av1', 'vp9', 'mjpeg', 'prores', 'dnxhd', 'mpeg4'])
/** frames.csv rounds its times to the microsecond, and binary columns to float64. */
const SAME_TIME_SECS = 2e-6

/** What the packets say the decoder will give, and whether that can be relied on without decoding. */
export interface PredictedIndex {
  readonly index: FrameIndex
  readonly isReliable: boolean
}

/** Foretells the frames from the packets: those shown from the first decodable picture on, in the order shown. */
export function predictIndex(
  info: MediaInfo,
  video: VideoStreamInfo,
  packets: readonly PacketFacts[],
): PredictedIndex {
  const stated = packets.map(({ ptsTicks, dtsTicks }) => (Number.isNaN(ptsTicks) ? dtsTicks : ptsTicks))
  const shown = stated.filter((ticks, at) => !packets[at]?.isDiscarded && ticks >= video.startTicks)
  const rawTicks = Float64Array.from(shown).sort()
  const index = indexOf(info, video, { rawTicks, packets, isEndDecoded: false })
  const endTicks = rawTicks[index.seekPoints.at(-1)?.frameIndex ?? 0] ?? Infinity
  const isReliable =
    info.container.split(',').some((name) => STATING_TIMES.has(name)) &&
    ONE_FRAME_A_PACKET.has(video.codec) &&
    packets.every(
      ({ isCorrupt, ptsTicks }) => ptsTicks >= endTicks || !(isCorrupt || Number.isNaN(ptsTicks)),
    ) &&
    rawTicks.every((ticks, at) => at === 0 || ticks > (rawTicks[at - 1] ?? 0))
  return { index, isReliable }
}

export interface KnownFrames {
  /** Of every frame in the order the decoder gives them; NaN for none. */
  readonly rawTicks: Float64Array
  readonly packets: readonly PacketFacts[]
  readonly isEndDecoded: boolean
}

export function indexOf(
  info: MediaInfo,
  video: VideoStreamInfo,
  { rawTicks, packets, isEndDecoded }: KnownFrames,
): FrameIndex {
  return {
    rawTicks,
    timesSecs: timesOf(info, video, rawTicks),
    seekPoints: findSeekPoints(rawTicks, packets),
    isEndDecoded,
  }
}

/** @param endTicks what the decoder gives from the last seek point on */
export function withEnd(
  info: MediaInfo,
  video: VideoStreamInfo,
  index: FrameIndex,
  endTicks: readonly number[],
): FrameIndex {
  const kept = index.rawTicks.subarray(0, index.seekPoints.at(-1)?.frameIndex ?? 0)
  const rawTicks = Float64Array.from([...kept, ...endTicks])
  return { ...index, rawTicks, timesSecs: timesOf(info, video, rawTicks), isEndDecoded: true }
}

/** True when both say the same frames at the same times. */
export function hasTimes(index: FrameIndex, timesSecs: Float64Array): boolean {
  const { timesSecs: own } = index
  return (
    own.length === timesSecs.length &&
    own.every((secs, at) => Math.abs(secs - (timesSecs[at] ?? NaN)) <= SAME_TIME_SECS)
  )
}

/** @returns the place of the last seek point from which the frame can be decoded; -1 for the beginning of the file */
export function seekPlaceFor(index: FrameIndex, frameIndex: number): number {
  const { seekPoints } = index
  let low = 0
  let high = seekPoints.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((seekPoints[middle]?.frameIndex ?? Infinity) <= frameIndex) low = middle + 1
    else high = middle
  }
  return low - 1
}

function timesOf(info: MediaInfo, video: VideoStreamInfo, rawTicks: Float64Array): Float64Array {
  // What is wrong with the clip was said when it was analysed.
  const timer = new FrameTimer<null>(frameClockOptions(info, video), new DamageReport(undefined))
  const times = new Float64Array(rawTicks.length)
  let count = 0
  const put = (timed: { ptsTicks: number } | null): void => {
    if (timed !== null) times[count++] = ticksToSecs(timed.ptsTicks - video.startTicks, video.timeBase)
  }
  for (const ticks of rawTicks) put(timer.next(Number.isNaN(ticks) ? null : ticks, null))
  put(timer.end())
  return times
}

/**
 * A key packet serves when no packet before it is shown after it: from there on every frame shown later comes out whole.
 * Frames that come after it in the file and are shown before it (an open group of pictures) belong to the point before.
 */
function findSeekPoints(rawTicks: Float64Array, packets: readonly PacketFacts[]): SeekPoint[] {
  const frameAt = new Map<number, number>()
  rawTicks.forEach((ticks, frameIndex) => frameAt.set(ticks, frameAt.has(ticks) ? -1 : frameIndex))
  const points: SeekPoint[] = []
  let latest = -Infinity
  for (const packet of packets) {
    const ticks = Number.isNaN(packet.ptsTicks) ? packet.dtsTicks : packet.ptsTicks
    const frameIndex = frameAt.get(ticks) ?? -1
    const isServing = packet.isKey && !packet.isDiscarded && !packet.isCorrupt && ticks > latest
    if (isServing && frameIndex > (points.at(-1)?.frameIndex ?? 0)) points.push({ frameIndex, packet })
    if (ticks > latest) latest = ticks
  }
  return points
}
