import { EMOTION_COUNT, topEmotion } from '../emotions'
import type { SegmentParameters } from './settings'

/** Readings in time order that do not overlap; where one modality has none, there is no entry. */
export interface Readings {
  /** Half-open bounds of each reading. Shape [n]. */
  readonly startsSecs: ArrayLike<number>
  readonly endsSecs: ArrayLike<number>
  /** Shape [n, 7]. */
  readonly probs: ArrayLike<number>
}

/** A stretch of one emotion; `first` and `last` are indices of readings, both inside. */
export interface Episode {
  readonly emotion: number
  readonly first: number
  readonly last: number
}

/** Rounded timestamps of neighbours may leave a gap of this size that is none. */
export const TOUCHING_SECS = 1e-6

/**
 * Episodes of one emotion: majority label over a centred window, runs of equal labels, runs of the same emotion joined
 * over short gaps, short ones dropped. Episodes do not overlap.
 */
export function findEpisodes(readings: Readings, parameters: SegmentParameters): Episode[] {
  const labels = votedLabels(readings, parameters)
  const merged = mergeRuns(findRuns(readings, labels), readings, parameters)
  return merged.filter((run) => durationSecs(run, readings) >= parameters.minimumSecs - TOUCHING_SECS)
}

/**
 * Label of each reading by the majority (in time) of the raw labels within half a window to both sides. A flicker
 * shorter than half the window vanishes and an edge between two steady labels stays where it is.
 * @returns shape [n], -1 where the mean probability is below the threshold
 */
export function votedLabels(readings: Readings, parameters: SegmentParameters): Int8Array {
  const { startsSecs, endsSecs, probs } = readings
  const count = startsSecs.length
  const halfSecs = parameters.voteWindowSecs / 2
  const middle = (index: number): number => ((startsSecs[index] ?? 0) + (endsSecs[index] ?? 0)) / 2
  const raw = Int8Array.from({ length: count }, (_, index) => topEmotion(probs, index * EMOTION_COUNT))
  const labels = new Int8Array(count)
  const votes = new Float64Array(EMOTION_COUNT)
  const means = new Float64Array(EMOTION_COUNT)
  let from = 0
  for (let index = 0; index < count; index++) {
    const centreSecs = middle(index)
    while (middle(from) < centreSecs - halfSecs - TOUCHING_SECS) from++
    votes.fill(0)
    means.fill(0)
    let totalSecs = 0
    for (let other = from; other < count && middle(other) <= centreSecs + halfSecs + TOUCHING_SECS; other++) {
      const secs = Math.max((endsSecs[other] ?? 0) - (startsSecs[other] ?? 0), TOUCHING_SECS)
      const label = raw[other] ?? 0
      votes[label] = (votes[label] ?? 0) + secs
      for (let e = 0; e < EMOTION_COUNT; e++)
        means[e] = (means[e] ?? 0) + secs * (probs[other * EMOTION_COUNT + e] ?? 0)
      totalSecs += secs
    }
    const label = winner(votes, means, raw[index] ?? 0)
    labels[index] = (means[label] ?? 0) / totalSecs < parameters.minimumConfidence ? -1 : label
  }
  return labels
}

/** Most votes; on a tie the reading's own label, else the higher mean probability. */
function winner(votes: Float64Array, means: Float64Array, own: number): number {
  const most = Math.max(...votes) - TOUCHING_SECS
  if ((votes[own] ?? 0) >= most) return own
  let best = -1
  for (let e = 0; e < EMOTION_COUNT; e++)
    if ((votes[e] ?? 0) >= most && (best < 0 || (means[e] ?? 0) > (means[best] ?? 0))) best = e
  return best
}

function findRuns(readings: Readings, labels: Int8Array): Episode[] {
  const runs: Episode[] = []
  let first = 0
  for (let index = 1; index <= labels.length; index++) {
    const gapSecs = (readings.startsSecs[index] ?? 0) - (readings.endsSecs[index - 1] ?? 0)
    if (index < labels.length && labels[index] === labels[first] && gapSecs <= TOUCHING_SECS) continue
    const emotion = labels[first] ?? -1
    if (emotion >= 0) runs.push({ emotion, first, last: index - 1 })
    first = index
  }
  return runs
}

function durationSecs(run: Episode, { startsSecs, endsSecs }: Readings): number {
  return (endsSecs[run.last] ?? 0) - (startsSecs[run.first] ?? 0)
}

/** Joins a run with an earlier one of its emotion where only runs too short to be episodes lie between. */
function mergeRuns(runs: readonly Episode[], readings: Readings, parameters: SegmentParameters): Episode[] {
  const merged: Episode[] = []
  for (const run of runs) {
    const startSecs = readings.startsSecs[run.first] ?? 0
    let joined: Episode | null = null
    for (let index = merged.length - 1; index >= 0; index--) {
      const earlier = merged[index]
      if (!earlier) break
      const gapSecs = startSecs - (readings.endsSecs[earlier.last] ?? 0)
      if (gapSecs > parameters.mergeGapSecs + TOUCHING_SECS) break
      if (earlier.emotion === run.emotion) {
        joined = { ...earlier, last: run.last }
        merged.length = index
        break
      }
      if (durationSecs(earlier, readings) >= parameters.minimumSecs - TOUCHING_SECS) break
    }
    merged.push(joined ?? run)
  }
  return merged
}
