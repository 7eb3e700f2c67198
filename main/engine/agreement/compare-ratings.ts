import type { Interval } from '../speech/types'
import { checkStep, NOT_INDEPENDENT } from './compare-tiers'
import { linCcc, momentsOf, pearson } from './correlations'
import { type Figure, undefinedBecause } from './figure'
import { twoWayIcc } from './icc'
import { numericAlpha } from './krippendorff'
import { spreadOf } from './spread'
import type { CoefficientWithBounds, RatedTraces, RatingAgreement, RatingFigures, RatingTrace } from './types'

/** Of ratings, which move slower than frames. */
export const DEFAULT_RATING_STEP_SECS = 0.25

/**
 * Agreement of two or more raters on a continuous rating. All are resampled to one time: the value each holds at the centre of
 * units [i step, (i + 1) step) from the clip's zero, where the centre is observed. Pearson, CCC and ICC take the units that all
 * raters rated; alpha those that two or more did.
 * @throws UnmaskError 'usage.invalid' where the step is out of its range
 */
export function compareRatings(
  clips: readonly RatedTraces[],
  raters: readonly string[],
  dimension: string,
  { stepSecs = DEFAULT_RATING_STEP_SECS }: { readonly stepSecs?: number } = {},
): RatingAgreement {
  checkStep(stepSecs)
  const sampled = clips.map(({ observed, traces }) => {
    const centres = unitCentres(observed, stepSecs)
    return traces.map((trace) => sampleTrace(trace, centres))
  })
  const pooled = raters.map((_, rater) => sampled.flatMap((traces) => [...(traces[rater] ?? [])]))
  return {
    raters,
    dimension,
    stepSecs,
    pooled: ratingFigures(pooled),
    clips: clips.map(({ clipId, subject }, index) => ({
      clipId,
      subject,
      ...ratingFigures(sampled[index] ?? []),
    })),
    notes: [
      `Ratings are compared at the centres of units of ${stepSecs} s from the clip's zero, reaction time taken off; a value holds until the next.`,
      NOT_INDEPENDENT,
    ],
  }
}

/** Centres of the units whose centre is observed, ascending. */
export function unitCentres(observed: readonly Interval[], stepSecs: number): number[] {
  const centres: number[] = []
  for (const { startSecs, endSecs } of observed) {
    const first = Math.ceil(startSecs / stepSecs - 0.5 - 1e-9)
    const end = Math.ceil(endSecs / stepSecs - 0.5 - 1e-9)
    for (let unit = first; unit < end; unit++) centres.push((unit + 0.5) * stepSecs)
  }
  return centres
}

/** The value held at each instant; NaN before the first, after the end and where there is no trace. */
export function sampleTrace(trace: RatingTrace | null, centres: readonly number[]): Float64Array {
  const values = new Float64Array(centres.length).fill(Number.NaN)
  if (!trace) return values
  let at = -1
  for (const [index, centre] of centres.entries()) {
    while ((trace.timesSecs[at + 1] ?? Number.POSITIVE_INFINITY) <= centre + 1e-9) at++
    if (at >= 0 && centre < trace.endSecs) values[index] = trace.values[at] ?? Number.NaN
  }
  return values
}

/** @param ratings shape [raters][units], NaN where a rater has no value */
export function ratingFigures(ratings: readonly ArrayLike<number>[]): RatingFigures {
  const count = ratings[0]?.length ?? 0
  const complete: number[][] = ratings.map(() => [])
  const valued: { values: number[]; weight: number }[] = []
  for (let unit = 0; unit < count; unit++) {
    const values = ratings.map((of) => of[unit] ?? Number.NaN)
    const present = values.filter((value) => !Number.isNaN(value))
    if (present.length >= 2) valued.push({ values: present, weight: 1 })
    if (present.length === values.length) values.forEach((value, rater) => complete[rater]?.push(value))
  }
  const [first = [], second = []] = complete
  const isPair = complete.length === 2
  const moments = momentsOf(first, second)
  const spreads = complete.map((values) => spreadOf(values, 'no unit that all raters rated'))
  return {
    unitCount: first.length,
    means: spreads.map(({ mean }) => mean),
    sds: spreads.map(({ sd }): Figure => sd),
    pearson: isPair ? pearson(moments) : ofTwoOnly('Pearson'),
    ccc: isPair ? linCcc(moments) : ofTwoOnly('the CCC'),
    ...twoWayIcc(complete),
    alpha: numericAlpha(valued, 'interval'),
  }
}

function ofTwoOnly(name: string): CoefficientWithBounds {
  return { figure: undefinedBecause(`${name} is of two raters`), interval: null }
}
