import { defined, type Figure, undefinedBecause } from '../agreement/figure'
import { intersect } from '../agreement/observed-part'
import { EMOTIONS } from '../emotions'
import type { Interval } from '../speech/types'
import type { StudyClip, StudyRating } from '../study-data/types'
import type { Baselines } from './baselines'
import { Bins } from './bins'
import type { ContinuousRow } from './types'

/** Values that hold over stretches in time order; NaN: none. */
export interface HeldValues {
  readonly startsSecs: ArrayLike<number>
  readonly endsSecs: ArrayLike<number>
  valueAt(index: number): number
}

export interface WeightedFigures {
  readonly observedSecs: number
  readonly mean: Figure
  readonly sd: Figure
  readonly max: Figure
}

const NOTHING = 'no value in this time'

/** Mean, SD (of the moments, weighted by time) and maximum in each bin. */
export function weightedFigures(values: HeldValues, bins: Bins): WeightedFigures[] {
  const count = bins.list.length
  const secs = new Float64Array(count)
  const means = new Float64Array(count)
  const squares = new Float64Array(count)
  const highest = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
  for (let index = 0; index < values.startsSecs.length; index++) {
    const value = values.valueAt(index)
    if (Number.isNaN(value)) continue
    const stretch = { startSecs: values.startsSecs[index] ?? 0, endSecs: values.endsSecs[index] ?? 0 }
    for (const { bin, part } of bins.partsOf(stretch)) {
      const weight = part.endSecs - part.startSecs
      // West (1979): the weighted mean and sum of squares in one pass, without cancellation.
      const total = (secs[bin] ?? 0) + weight
      const difference = value - (means[bin] ?? 0)
      const step = (difference * weight) / total
      means[bin] = (means[bin] ?? 0) + step
      squares[bin] = (squares[bin] ?? 0) + (secs[bin] ?? 0) * difference * step
      secs[bin] = total
      if (value > (highest[bin] ?? 0)) highest[bin] = value
    }
  }
  return bins.list.map((_, bin) => {
    const total = secs[bin] ?? 0
    if (total <= 0) {
      const none = undefinedBecause(NOTHING)
      return { observedSecs: 0, mean: none, sd: none, max: none }
    }
    return {
      observedSecs: total,
      mean: defined(means[bin] ?? 0),
      sd: defined(Math.sqrt((squares[bin] ?? 0) / total)),
      max: defined(highest[bin] ?? 0),
    }
  })
}

/** What a clip has of values over time: probabilities of each emotion, and ratings. */
export interface ContinuousSeries {
  readonly kind: ContinuousRow['kind']
  readonly subject: string
  readonly observer: string
  readonly measure: string
  readonly values: HeldValues
}

export function seriesOf(clip: StudyClip): ContinuousSeries[] {
  const models = clip.probabilities.flatMap((track) =>
    EMOTIONS.map((measure, emotion): ContinuousSeries => ({
      kind: track.kind,
      subject: track.subject,
      observer: '',
      measure,
      values: {
        startsSecs: track.startsSecs,
        endsSecs: track.endsSecs,
        valueAt: (index) => track.probs[index * EMOTIONS.length + emotion] ?? Number.NaN,
      },
    })),
  )
  const ratings = clip.ratings.map((rating): ContinuousSeries => ({
    kind: 'rating',
    subject: rating.subject,
    observer: rating.observer,
    measure: rating.dimension,
    values: ratingValues(rating, clip.observed),
  }))
  return [...models, ...ratings]
}

/** Each value until the next, excluded time cut out. */
function ratingValues({ trace }: StudyRating, observed: readonly Interval[]): HeldValues {
  const startsSecs: number[] = []
  const endsSecs: number[] = []
  const places: number[] = []
  const { timesSecs, values } = trace
  for (const [index, startSecs] of timesSecs.entries()) {
    const endSecs = Math.min(timesSecs[index + 1] ?? trace.endSecs, trace.endSecs)
    for (const part of intersect([{ startSecs, endSecs }], observed)) {
      startsSecs.push(part.startSecs)
      endsSecs.push(part.endSecs)
      places.push(index)
    }
  }
  return { startsSecs, endsSecs, valueAt: (index) => values[places[index] ?? -1] ?? Number.NaN }
}

/** Mean, SD and maximum of every series in every bin. @param baselines null: no correction was asked for */
export function continuousRows(
  clip: StudyClip,
  series: readonly ContinuousSeries[],
  binSecs: number | null,
  baselines: Baselines | null,
): ContinuousRow[] {
  const bins = new Bins(clip.durationSecs, binSecs)
  return series.flatMap((own) => {
    const baseline = baselines?.of(clip, own) ?? null
    return weightedFigures(own.values, bins).map((figures, bin): ContinuousRow => ({
      clipId: clip.clipId,
      subject: own.subject,
      kind: own.kind,
      observer: own.observer,
      measure: own.measure,
      binStartSecs: bins.list[bin]?.startSecs ?? 0,
      binEndSecs: bins.list[bin]?.endSecs ?? 0,
      ...figures,
      corrected: baseline && difference(figures.mean, baseline),
      baselineMean: baseline,
    }))
  })
}

function difference(mean: Figure, baseline: Figure): Figure {
  if (mean.value === null) return mean
  return baseline.value === null ? baseline : defined(mean.value - baseline.value)
}
