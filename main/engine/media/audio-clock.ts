import type { DamageReport } from './damage'

/** Timestamps this close to where the samples before them end are jitter; farther off there is a gap or an overlap. */
export const JITTER_SECS = 0.02
/** A longer step back is a clock that was set anew. */
const OVERLAP_SECS = 1
/** Joined AAC files overlap by a packet (21 ms) at each joint: that is dropped without a word, more is said. */
const REPORTED_OVERLAP_SECS = 0.1
/** How far past the stated end of the recording a timestamp is still believed. */
const BEYOND_END_SECS = 10
/** No recording is silent for longer between two packets, nor starts its sound so far from its picture. */
const BELIEVABLE_GAP_SECS = 3600

/** Places decoded stretches of sound in time: those that follow on each other run by sample count. */
export class AudioClock {
  private offsetSecs = 0
  private runStartSecs = 0
  private runSecs: number | null = null

  /** @param durationSecs of the recording as its container states it */
  constructor(
    private readonly durationSecs: number | null,
    private readonly damage: DamageReport,
  ) {}

  /**
   * Where the next stretch begins, in seconds after the clip's zero.
   *
   * @param statedSecs its timestamp; null for none
   * @param lengthSecs how long it is
   * @returns the start, and whether a new run begins there: the samples do not follow on those before
   */
  next(
    statedSecs: number | null,
    lengthSecs: number,
  ): { readonly startSecs: number; readonly isNewRun: boolean } {
    const expected = this.runSecs === null ? null : this.runStartSecs + this.runSecs
    const placed = this.placed(statedSecs, expected)
    if (expected !== null && this.runSecs !== null && Math.abs(placed - expected) <= JITTER_SECS) {
      this.runSecs += lengthSecs
      return { startSecs: expected, isNewRun: false }
    }
    this.runStartSecs = placed
    this.runSecs = lengthSecs
    return { startSecs: placed, isNewRun: true }
  }

  private placed(statedSecs: number | null, expected: number | null): number {
    if (statedSecs === null) return expected ?? 0
    const secs = statedSecs + this.offsetSecs
    if (expected === null) return this.firstPlaced(secs)
    const step = secs - expected
    if (step < -OVERLAP_SECS || (step > JITTER_SECS && this.isUnbelievable(secs, step))) {
      this.offsetSecs -= step
      const where = `${expected.toFixed(2)} s`
      this.damage.report(
        'clock',
        `The timestamps of the sound jump by ${step.toFixed(2)} s at ${where}; it is left out`,
      )
      return expected
    }
    if (step < -REPORTED_OVERLAP_SECS) {
      this.damage.report(
        'order',
        `The sound overlaps itself by ${(-step).toFixed(2)} s at ${expected.toFixed(2)} s`,
      )
    }
    return secs
  }

  private firstPlaced(secs: number): number {
    if (Math.abs(secs) <= BELIEVABLE_GAP_SECS) return secs
    this.offsetSecs = -secs
    this.damage.report(
      'clock',
      `The sound is stamped ${secs.toFixed(0)} s off the clip's start; it is moved there`,
    )
    return 0
  }

  private isUnbelievable(secs: number, step: number): boolean {
    if (step > BELIEVABLE_GAP_SECS) return true
    return this.durationSecs !== null && secs > this.durationSecs + BEYOND_END_SECS
  }
}
