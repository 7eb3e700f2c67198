import { describe, expect, it } from 'vitest'
import { BatchMeter, type ClipLoad } from '../../../main/app/batch/batch-meter'

const video = (clipId: string, durationSecs: number | null = 60): ClipLoad => ({
  clipId,
  durationSecs,
  readsFaces: true,
})
const sound = (clipId: string, durationSecs = 60): ClipLoad => ({ clipId, durationSecs, readsFaces: false })

function meterAt() {
  let nowMs = 0
  const meter = new BatchMeter(() => nowMs)
  meter.resume()
  /** Works a clip off at a constant pace, `rate` host seconds a recorded second. */
  const work = (load: ClipLoad, rate: number, upTo = 1) => {
    meter.start(load)
    const secs = (load.durationSecs ?? 60) * rate
    const startMs = nowMs
    for (let share = 0.05; share <= upTo + 1e-9; share += 0.05) {
      nowMs = startMs + secs * share * 1000
      meter.progress(load.clipId, { stage: 'face', fraction: share, frames: Math.round(share * 1000) })
    }
    if (upTo === 1) meter.done(load.clipId, 1000)
  }
  return { meter, work, pass: (secs: number) => (nowMs += secs * 1000) }
}

describe('remaining time', () => {
  it('is not told before there is something to tell it by', () => {
    const { meter, pass } = meterAt()
    meter.start(video('a'))
    expect(meter.remainingSecs([], 1)).toBeNull()
    pass(30)
    expect(meter.remainingSecs([], 1)).toBeNull()
    meter.progress('a', { stage: 'probe', fraction: null, frames: 0 })
    expect(meter.remainingSecs([], 1)).toBeNull()
  })

  it.each([0.25, 1, 4])('is right for clips of one pace: %d s a second', (rate) => {
    const { meter, work } = meterAt()
    work(video('a', 120), rate)
    // Known without error: all clips cost the same by construction.
    expect(meter.remainingSecs([video('b', 60), video('c', 30)], 1)).toBeCloseTo(90 * rate, 6)
    expect(meter.remainingSecs([video('b', 60), video('c', 60)], 2)).toBeCloseTo(60 * rate, 6)
  })

  it('knows sound from pictures once both were measured', () => {
    const { meter, work } = meterAt()
    work(video('a', 100), 1)
    work(sound('b', 100), 0.1)
    expect(meter.remainingSecs([video('c', 50), sound('d', 50)], 1)).toBeCloseTo(55, 6)
  })

  it('never is less than the one clip that is left for one host takes', () => {
    const { meter, work } = meterAt()
    work(video('a', 60), 1)
    work(video('long', 600), 1, 0.1)
    const alone = meter.remainingSecs([], 1)!
    expect(alone).toBeGreaterThan(200)
    for (const lanes of [2, 4, 64]) {
      expect(meter.remainingSecs([], lanes)).toBeCloseTo(alone, 9)
      expect(meter.remainingSecs([video('short', 6)], lanes)).toBeCloseTo(alone, 9)
    }
  })

  it('takes unknown lengths for the mean of the known', () => {
    const { meter, work } = meterAt()
    work(video('a', 60), 1)
    expect(meter.remainingSecs([video('b', 40), video('c', null), video('d', 80)], 1)).toBeCloseTo(180, 6)
  })

  it('is not spoiled by a clip that failed at once', () => {
    const { meter, work } = meterAt()
    work(video('a', 60), 1)
    meter.start(video('bad', 3600))
    meter.failed('bad')
    expect(meter.remainingSecs([video('b', 60)], 1)).toBeCloseTo(60, 6)
  })
})

describe('fraction', () => {
  it('only grows within a clip, whatever stage comes next', () => {
    const { meter } = meterAt()
    meter.start(video('a'))
    let last = 0
    for (const stage of ['probe', 'hash', 'speech', 'face', 'write'] as const)
      for (const fraction of [null, 0, 0.5, 1]) {
        meter.progress('a', { stage, fraction, frames: 0 })
        const now = meter.fractionOf('a') ?? 0
        expect(now).toBeGreaterThanOrEqual(last)
        last = now
      }
    expect(last).toBeCloseTo(1, 9)
  })

  it('goes from 0 to 1 over a batch', () => {
    const { meter, work } = meterAt()
    expect(meter.fraction([video('a'), video('b')])).toBe(0)
    work(video('a'), 1)
    expect(meter.fraction([video('b')])).toBeCloseTo(0.5, 9)
    work(video('b'), 1)
    expect(meter.fraction([])).toBe(1)
  })

  it('begins anew with another batch', () => {
    const { meter, work } = meterAt()
    work(video('a'), 1)
    meter.reset()
    expect(meter.fraction([video('b')])).toBe(0)
    expect(meter.elapsedSecs).toBe(0)
    // What was learned of the computer stays.
    expect(meter.remainingSecs([video('b', 60)], 1)).toBeCloseTo(60, 6)
  })
})

describe('clock and frames', () => {
  it('stands still while the batch is paused', () => {
    const { meter, pass } = meterAt()
    pass(10)
    meter.pause()
    pass(100)
    meter.resume()
    pass(5)
    expect(meter.elapsedSecs).toBeCloseTo(15, 9)
  })

  it('counts frames a second over the last seconds', () => {
    const { meter, pass } = meterAt()
    meter.start(video('a'))
    for (let second = 1; second <= 30; second++) {
      pass(1)
      meter.progress('a', { stage: 'face', fraction: second / 60, frames: second * 25 })
    }
    expect(meter.framesPerSec).toBeCloseTo(25, 6)
    expect(meter.framesPerSecOf('a')).toBeCloseTo(25, 6)
    expect(meter.framesPerSecOf('b')).toBeNull()
  })
})
