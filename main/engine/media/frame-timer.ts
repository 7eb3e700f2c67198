import { FrameClock, type FrameClockOptions } from './frame-clock'
import type { DamageReport } from './damage'
import type { MediaInfo, VideoStreamInfo } from './types'

/** Something decoded and when it is shown. */
export interface TimedFrame<T> {
  readonly item: T
  /** Strictly increasing. */
  readonly ptsTicks: number
}

/**
 * Gives decoded frames, in the order shown, their times. Each is held back until the next one is there: some cameras give
 * the last pictures each other's timestamp, and decoders put pictures in the order they are shown.
 */
export class FrameTimer<T> {
  private readonly clock: FrameClock
  private waiting: { ticks: number | null; item: T } | null = null
  private givenTicks = -Infinity

  constructor(options: FrameClockOptions, damage: DamageReport) {
    this.clock = new FrameClock(options, damage)
  }

  /** Time of the last frame given out; -Infinity before the first. */
  get lastTicks(): number {
    return this.givenTicks
  }

  /**
   * @param ticks the decoder's timestamp; null for none
   * @returns the frame before this one; null for the first
   */
  next(ticks: number | null, item: T): TimedFrame<T> | null {
    const { waiting } = this
    if (waiting === null) {
      this.waiting = { ticks, item }
      return null
    }
    if (ticks !== null && waiting.ticks !== null && ticks < waiting.ticks && ticks > this.givenTicks) {
      this.waiting = { ticks: waiting.ticks, item }
      return this.give(ticks, waiting.item)
    }
    this.waiting = { ticks, item }
    return this.give(waiting.ticks, waiting.item)
  }

  /** @returns the last frame, once; null when there is none */
  end(): TimedFrame<T> | null {
    const { waiting } = this
    this.waiting = null
    return waiting === null ? null : this.give(waiting.ticks, waiting.item)
  }

  private give(ticks: number | null, item: T): TimedFrame<T> {
    this.givenTicks = this.clock.next(ticks)
    return { item, ptsTicks: this.givenTicks }
  }
}

/** The clock of a clip's pictures, as probing found it. */
export function frameClockOptions(info: MediaInfo, video: VideoStreamInfo): FrameClockOptions {
  const { timeBase, startTicks } = video
  return { timeBase, startTicks, frameTicks: nominalFrameTicks(video), durationSecs: info.durationSecs }
}

/** How long a picture stands as a rule; at least 1. */
export function nominalFrameTicks({ nominalFps, measuredFps, timeBase }: VideoStreamInfo): number {
  const fps = measuredFps ?? nominalFps ?? 25
  return Math.max(1, Math.round(timeBase.den / (timeBase.num * fps)))
}
