import { EMOTION_COUNT, EMOTIONS, topEmotion } from '../emotions'
import type { Interval } from '../speech/types'
import type { EmotionStatistics, ModalityStatistics } from './clip-summary'
import { type Readings, TOUCHING_SECS } from './episodes'
import type { Modality, Segment } from './types'

/** The part of a segment that statistics need. */
export type Bout = Pick<Segment, 'modality' | 'emotion' | 'startSecs' | 'endSecs'>

export interface WeightedReadings extends Readings {
  /**
   * Trust in each reading; shape [n]. Given for fusion: the dominant emotion is then the top of the trust-weighted mean
   * of the evidence. Otherwise it is the emotion with the highest mean probability.
   */
  readonly trust?: ArrayLike<number>
}

/** Statistics of one modality within a stretch of time; all durations weighted by the time a reading stands for. */
export function modalityStatistics(
  modality: Modality,
  readings: WeightedReadings,
  segments: readonly Bout[],
  within: Interval,
): ModalityStatistics {
  const sums = new Float64Array(EMOTION_COUNT)
  const labelled = new Float64Array(EMOTION_COUNT)
  const highest = new Float64Array(EMOTION_COUNT)
  const logs = new Float64Array(EMOTION_COUNT)
  let observedSecs = 0
  for (let index = 0; index < readings.startsSecs.length; index++) {
    const secs = overlapSecs(readings.startsSecs[index] ?? 0, readings.endsSecs[index] ?? 0, within)
    if (secs <= 0) continue
    observedSecs += secs
    const label = topEmotion(readings.probs, index * EMOTION_COUNT)
    if (label >= 0) labelled[label] = (labelled[label] ?? 0) + secs
    const trust = readings.trust?.[index] ?? 0
    for (let e = 0; e < EMOTION_COUNT; e++) {
      const p = readings.probs[index * EMOTION_COUNT + e] ?? Number.NaN
      sums[e] = (sums[e] ?? 0) + secs * p
      highest[e] = Math.max(highest[e] ?? 0, p)
      logs[e] = (logs[e] ?? 0) + secs * trust * Math.log(Math.max(p, 1e-12))
    }
  }
  const isObserved = observedSecs > 0
  const top = topEmotion(readings.trust ? logs : sums)
  return {
    modality,
    observedSecs,
    dominant: isObserved ? (EMOTIONS[top] ?? null) : null,
    emotions: EMOTIONS.map((_, e) => ({
      meanP: isObserved ? (sums[e] ?? 0) / observedSecs : null,
      maxP: isObserved ? (highest[e] ?? 0) : null,
      prop: isObserved ? (labelled[e] ?? 0) / observedSecs : null,
      ...boutStatistics(segments, modality, e, within, observedSecs),
    })),
  }
}

type BoutStatistics = Omit<EmotionStatistics, 'meanP' | 'maxP' | 'prop'>

const NO_BOUTS: BoutStatistics = {
  bouts: null,
  totalSecs: null,
  meanSecs: null,
  sdSecs: null,
  minSecs: null,
  maxSecs: null,
  ratePerMin: null,
  latencySecs: null,
}

/** Bouts cut to the stretch; one that runs on at its start counts from there. */
function boutStatistics(
  segments: readonly Bout[],
  modality: Modality,
  emotion: number,
  within: Interval,
  observedSecs: number,
): BoutStatistics {
  if (observedSecs <= 0) return NO_BOUTS
  const lengthsSecs: number[] = []
  let firstSecs = Number.POSITIVE_INFINITY
  for (const segment of segments) {
    if (segment.modality !== modality || segment.emotion !== emotion) continue
    const secs = overlapSecs(segment.startSecs, segment.endSecs, within)
    if (secs <= 1e-9) continue
    lengthsSecs.push(secs)
    firstSecs = Math.min(firstSecs, Math.max(segment.startSecs, within.startSecs))
  }
  const bouts = lengthsSecs.length
  const totalSecs = lengthsSecs.reduce((sum, secs) => sum + secs, 0)
  const meanSecs = bouts > 0 ? totalSecs / bouts : null
  return {
    bouts,
    totalSecs,
    meanSecs,
    sdSecs: meanSecs !== null && bouts > 1 ? standardDeviation(lengthsSecs, meanSecs) : null,
    minSecs: bouts > 0 ? Math.min(...lengthsSecs) : null,
    maxSecs: bouts > 0 ? Math.max(...lengthsSecs) : null,
    ratePerMin: (bouts / observedSecs) * 60,
    latencySecs: bouts > 0 ? firstSecs - within.startSecs : null,
  }
}

/**
 * Bouts of one person whose face was lost and found: those of one emotion that meet or overlap, on whatever tracks, are
 * one bout. Otherwise a smile would count once more for every track it runs through.
 */
export function joinTouching(segments: readonly Bout[]): Bout[] {
  const joined: Bout[] = []
  const open = new Map<string, number>()
  for (const segment of [...segments].sort((a, b) => a.startSecs - b.startSecs)) {
    const key = `${segment.modality}/${segment.emotion}`
    const place = open.get(key) ?? -1
    const last = joined[place]
    if (last && segment.startSecs <= last.endSecs + TOUCHING_SECS)
      joined[place] = { ...last, endSecs: Math.max(last.endSecs, segment.endSecs) }
    else open.set(key, joined.push(segment) - 1)
  }
  return joined
}

/** Of the sample, divisor n - 1. */
function standardDeviation(values: readonly number[], mean: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

export function overlapSecs(startSecs: number, endSecs: number, within: Interval): number {
  return Math.max(0, Math.min(endSecs, within.endSecs) - Math.max(startSecs, within.startSecs))
}
