import type { DamageReport } from './damage'
import { ticksToSecs } from './streams'
import type { TimeBase } from './types'

/** A step back within this is a few frames out of order; a longer one is a clock that was set anew. */
const OUT_OF_ORDER_SECS = 1
/** How far past the stated end of the recording a timestamp is still believed. */
const BEYOND_END_SECS = 10
/** No recording stands still for longer between two pictures. */
const BELIEVABLE_GAP_SECS = 3600

export interface FrameClockOptions {
  readonly timeBase: TimeBase
  readonly startTicks: number
  /** Given to frames without a timestamp, and across a clock that was set anew; at least 1. */
  readonly frameTicks: number
  /** Of the recording as its container states it. */
  readonly durationSecs: number | null
}

/** Turns the timestamps that a decoder gives into strictly increasing ones, changing as few as it can. */
export class FrameClock {
  private previous: number | null = null
  private offset = 0

  constructor(
    private readonly options: FrameClockOptions,
    private readonly damage: DamageReport,
  ) {}

  next(ticks: number | null): number {
    const time = this.placed(ticks)
    this.previous = time
    return time
  }

  private placed(ticks: number | null): number {
    const { previous } = this
    const { startTicks, frameTicks, timeBase } = this.options
    if (previous === null) return ticks ?? startTicks
    if (ticks === null) return previous + frameTicks
    const time = ticks + this.offset
    const stepSecs = ticksToSecs(time - previous, timeBase)
    if (stepSecs < -OUT_OF_ORDER_SECS || (stepSecs > 0 && this.isUnbelievable(time, stepSecs))) {
      this.offset += previous + frameTicks - time
      const where = this.secs(previous).toFixed(2)
      this.damage.report(
        'clock',
        `The timestamps jump by ${stepSecs.toFixed(2)} s at ${where} s; the jump is left out`,
      )
      return previous + frameTicks
    }
    if (time <= previous) {
      this.damage.report(
        'order',
        `Timestamps repeat or run backwards near ${this.secs(previous).toFixed(2)} s`,
      )
      return previous + 1
    }
    return time
  }

  private isUnbelievable(time: number, stepSecs: number): boolean {
    const { durationSecs } = this.options
    if (stepSecs > BELIEVABLE_GAP_SECS) return true
    return (
      durationSecs !== null &&
      stepSecs > OUT_OF_ORDER_SECS &&
      this.secs(time) > durationSecs + BEYOND_END_SECS
    )
  }

  private secs(time: number): number {
    return ticksToSecs(time - this.options.startTicks, this.options.timeBase)
  }
}
