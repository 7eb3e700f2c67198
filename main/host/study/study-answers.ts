import type {
  AgreementMoment,
  AgreementMoments,
  AgreementReport,
  AgreementStrip,
  ConfusionBasis,
  ConfusionCounts,
  PairFigures,
  PairReport,
  RatingReport,
  RatingTraces,
} from '../../../preload/contract/agreement'
import type { ConfusionMoment, EventPair, PairAgreement, RatedTraces } from '../../engine/agreement/types'
import { type AgreementResult, type AlphaResult, NO_LABEL } from '../../engine/agreement/types'
import { sampleTrace, unitCentres } from '../../engine/agreement/compare-ratings'
import { labelFigures } from './label-figures'

/** What of the engine's results goes to the window: figures, but not the moments, which are asked for by cell. */

const MOMENTS_MAX = 500
const POINTS_MAX = 2000

export function pairReport({ raters, pooled, clips }: PairAgreement): PairReport {
  const confusion: Record<ConfusionBasis, ConfusionCounts> = {
    units: { labels: pooled.confusion.labels, counts: pooled.confusion.units },
    seconds: { labels: pooled.confusion.labels, counts: pooled.confusion.seconds },
    events: { labels: pooled.events.labels, counts: pooled.events.counts },
  }
  return {
    raters,
    pooled: pairFigures(pooled),
    confusion,
    labels: {
      units: labelFigures(confusion.units),
      seconds: labelFigures(confusion.seconds),
      events: labelFigures(confusion.events, { hasEmptyCell: true }),
    },
    clips: clips.map((clip) => ({ clipId: clip.clipId, subject: clip.subject, ...pairFigures(clip) })),
  }
}

function pairFigures({ units, durations, events, skippedSecs, notes }: AgreementResult): PairFigures {
  const { labels: _labels, counts: _counts, pairs: _pairs, ...figures } = events
  return { units, durations, events: figures, skippedSecs, notes }
}

export function alphaReport({ raters, pooled, clips, notes }: AlphaResult): AgreementReport['alpha'] {
  return { raters, pooled, clips, notes }
}

/** What stands behind a cell, longest first. @param first name of the first rater's label */
export function cellMoments(
  { pooled }: PairAgreement,
  basis: ConfusionBasis,
  first: string,
  second: string,
): AgreementMoments {
  if (basis === 'events')
    return momentsOf(
      pooled.events.pairs
        .filter((pair) => labelOf(pair.first) === first && labelOf(pair.second) === second)
        .map(eventMoment),
    )
  const { labels, moments } = pooled.confusion
  const [row, column] = [labels.indexOf(first), labels.indexOf(second)]
  return momentsOf(moments.filter((moment) => moment.first === row && moment.second === column).map(plain))
}

const labelOf = (event: { readonly label: string } | null): string => event?.label ?? NO_LABEL

function eventMoment({ clipId, subject, first, second }: EventPair): AgreementMoment {
  const sides = [first, second].filter((side) => side !== null)
  return {
    clipId,
    subject,
    startSecs: Math.min(...sides.map(({ startSecs }) => startSecs)),
    endSecs: Math.max(...sides.map(({ endSecs }) => endSecs)),
  }
}

function plain({ clipId, subject, startSecs, endSecs }: ConfusionMoment): AgreementMoment {
  return { clipId, subject, startSecs, endSecs }
}

export function momentsOf(all: readonly AgreementMoment[]): AgreementMoments {
  const lengthOf = ({ startSecs, endSecs }: AgreementMoment): number => endSecs - startSecs
  const longest = [...all].sort((a, b) => lengthOf(b) - lengthOf(a))
  return {
    moments: longest.slice(0, MOMENTS_MAX),
    totalCount: all.length,
    totalSecs: all.reduce((sum, moment) => sum + lengthOf(moment), 0),
  }
}

export function stripOf(
  { pooled }: PairAgreement,
  clipId: string,
  subject: string,
  durationSecs: number,
): AgreementStrip {
  const { labels, moments } = pooled.confusion
  return {
    labels,
    durationSecs,
    stretches: moments
      .filter((moment) => moment.clipId === clipId && moment.subject === subject)
      .map(({ startSecs, endSecs, first, second }) => ({ startSecs, endSecs, first, second })),
  }
}

/** Values of the first two raters at the same units, evenly thinned where there are many. */
export function ratingPoints(
  clips: readonly RatedTraces[],
  stepSecs: number,
): Pick<RatingReport, 'points' | 'pointCount'> {
  const all: [number, number][] = []
  for (const { observed, traces } of clips) {
    const centres = unitCentres(observed, stepSecs)
    const [first, second] = [sampleTrace(traces[0] ?? null, centres), sampleTrace(traces[1] ?? null, centres)]
    for (let unit = 0; unit < centres.length; unit++) {
      const [x = Number.NaN, y = Number.NaN] = [first[unit], second[unit]]
      if (!Number.isNaN(x) && !Number.isNaN(y)) all.push([x, y])
    }
  }
  const every = Math.max(1, all.length / POINTS_MAX)
  const points = Array.from(
    { length: Math.min(all.length, POINTS_MAX) },
    (_, at) => all[Math.floor(at * every)] ?? ([0, 0] as const),
  )
  return { points, pointCount: all.length }
}

export function tracesOf(clip: RatedTraces, raters: readonly string[], durationSecs: number): RatingTraces {
  return {
    durationSecs,
    traces: clip.traces.map((trace, at) => trace && { rater: raters[at] ?? '', ...trace }),
  }
}
