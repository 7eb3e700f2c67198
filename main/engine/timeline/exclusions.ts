import { EMOTION_COUNT } from '../emotions'
import type { Interval } from '../speech/types'
import type { Readings } from './episodes'

/** What is left of a stretch. @param excluded by start, without overlaps */
export function partsOutside(stretch: Interval, excluded: readonly Interval[]): Interval[] {
  const parts: Interval[] = []
  let from = stretch.startSecs
  for (const { startSecs, endSecs } of excluded) {
    if (endSecs <= from) continue
    if (startSecs >= stretch.endSecs) break
    if (startSecs > from) parts.push({ startSecs: from, endSecs: startSecs })
    from = Math.max(from, endSecs)
  }
  if (from < stretch.endSecs) parts.push({ startSecs: from, endSecs: stretch.endSecs })
  return parts
}

/** Overlapping stretches become one. @returns by start, without overlaps */
export function joinIntervals(stretches: readonly Interval[]): Interval[] {
  const joined: { startSecs: number; endSecs: number }[] = []
  for (const { startSecs, endSecs } of [...stretches].sort((a, b) => a.startSecs - b.startSecs)) {
    const last = joined.at(-1)
    if (last && startSecs <= last.endSecs) last.endSecs = Math.max(last.endSecs, endSecs)
    else joined.push({ startSecs, endSecs })
  }
  return joined
}

/** Readings with excluded time cut out of them; each part has the values of its reading. */
export function readingsWithout(readings: Readings, excluded: readonly Interval[]): Readings {
  if (excluded.length === 0) return readings
  const parts: { readonly from: number; readonly part: Interval }[] = []
  for (let index = 0; index < readings.startsSecs.length; index++) {
    const whole = { startSecs: readings.startsSecs[index] ?? 0, endSecs: readings.endsSecs[index] ?? 0 }
    for (const part of partsOutside(whole, excluded)) parts.push({ from: index, part })
  }
  const probs = new Float32Array(parts.length * EMOTION_COUNT)
  for (const [index, { from }] of parts.entries())
    for (let e = 0; e < EMOTION_COUNT; e++)
      probs[index * EMOTION_COUNT + e] = readings.probs[from * EMOTION_COUNT + e] ?? Number.NaN
  return {
    startsSecs: parts.map(({ part }) => part.startSecs),
    endsSecs: parts.map(({ part }) => part.endSecs),
    probs,
  }
}
