export type SoundKind = 'clicks' | 'tone' | 'silence'

/** Clicks stand at every multiple of this on the sound's own clock, the first half a step after its start. */
export const CLICK_STEP_SECS = 0.5
export const CLICK_SECS = 0.004
const CLICK_HZ = 2000
const TONE_HZ = 440

/** One sample, within [-0.8, 0.8]. */
export function soundAt(kind: SoundKind, secs: number): number {
  if (kind === 'silence') return 0
  if (kind === 'tone') return 0.5 * Math.sin(2 * Math.PI * TONE_HZ * secs)
  const sinceClick = secs - nearestClickSecs(secs)
  if (Math.abs(sinceClick) > CLICK_SECS / 2) return 0
  const window = Math.cos((Math.PI * sinceClick) / CLICK_SECS)
  return 0.8 * window * Math.cos(2 * Math.PI * CLICK_HZ * sinceClick)
}

/** Centres of the clicks in a sound of that length. */
export function clickTimes(durationSecs: number): number[] {
  const times: number[] = []
  for (let secs = CLICK_STEP_SECS / 2; secs < durationSecs - CLICK_SECS; secs += CLICK_STEP_SECS)
    times.push(secs)
  return times
}

/** Centres of the clicks found in mono samples: energy above a quarter of the loudest, gathered over 50 ms. */
export function findClicks(samples: Float32Array, sampleRateHz: number, startSample: number): number[] {
  const threshold = 0.25 * samples.reduce((loudest, value) => Math.max(loudest, Math.abs(value)), 0)
  const centres: number[] = []
  let place = 0
  while (threshold > 0 && place < samples.length) {
    if (Math.abs(samples[place] ?? 0) < threshold) {
      place += 1
      continue
    }
    const end = Math.min(samples.length, place + Math.round(0.05 * sampleRateHz))
    let energy = 0
    let moment = 0
    for (; place < end; place++) {
      const power = (samples[place] ?? 0) ** 2
      energy += power
      moment += power * place
    }
    centres.push((moment / energy + startSample) / sampleRateHz)
  }
  return centres
}

function nearestClickSecs(secs: number): number {
  const half = CLICK_STEP_SECS / 2
  return Math.max(half, Math.round((secs - half) / CLICK_STEP_SECS) * CLICK_STEP_SECS + half)
}
