import type {
  BinSummary,
  BoutLengths,
  BudgetSummary,
  ContinuousSummary,
  StatisticGrouping,
  StatisticsReport,
} from '../../../preload/contract/agreement'
import { intersect } from '../../engine/agreement/observed-part'
import { defined, type Figure, undefinedBecause } from '../../engine/agreement/figure'
import type { BehaviourResult, BudgetRow, ContinuousRow } from '../../engine/behaviour/types'
import { raterKey } from '../../engine/study-data/raters'
import type { StudyClip } from '../../engine/study-data/types'

/** The engine's rows, of which a long study has a hundred thousand, summed to what charts and tables of the window show. */

const ROWS_MAX = 5000
const CLASSES_MAX = 20
const CLASSES_LEAST = 5

export interface Grouping {
  readonly by: StatisticGrouping
  readonly variable: string | null
}

/** What a row is summed under. */
export function groupOf(
  { by, variable }: Grouping,
  clips: ReadonlyMap<string, StudyClip>,
): (row: { readonly clipId: string; readonly subject: string }) => string {
  if (by === 'rater') return () => ''
  if (by === 'clip') return ({ clipId }) => clipId
  if (by === 'subject') return ({ subject }) => subject
  return ({ clipId, subject }) => {
    const clip = clips.get(clipId)
    const name = variable ?? ''
    return clip?.subjectVariables[subject]?.[name] ?? clip?.variables[name] ?? ''
  }
}

/** @param raterOrder keys of raters, as they stand elsewhere in the window */
export function budgetSummaries(
  budget: readonly BudgetRow[],
  group: (row: BudgetRow) => string,
  raterOrder: readonly string[],
): Pick<StatisticsReport, 'budget' | 'budgetCount' | 'groups' | 'labels'> {
  const sums = new Map<string, { group: string; rows: BudgetRow[] }>()
  for (const row of budget) {
    if (row.observedSecs <= 0) continue
    const name = group(row)
    const key = JSON.stringify([name, row.raterKey, row.label])
    const sum = sums.get(key) ?? { group: name, rows: [] }
    sums.set(key, sum)
    sum.rows.push(row)
  }
  const collator = new Intl.Collator('en', { numeric: true })
  const groups = [...new Set([...sums.values()].map((sum) => sum.group))].sort(collator.compare)
  const places = new Map(groups.map((name, place) => [name, place]))
  const all = [...sums.values()]
    .map(({ group: name, rows }) => summarise(name, rows))
    .sort(
      (a, b) =>
        (places.get(a.group) ?? 0) - (places.get(b.group) ?? 0) ||
        raterOrder.indexOf(a.raterKey) - raterOrder.indexOf(b.raterKey),
    )
  return {
    budget: all.slice(0, ROWS_MAX),
    budgetCount: all.length,
    groups,
    labels: [...new Set(budget.map(({ label }) => label))],
  }
}

/**
 * Bouts of all tiers as if they were of one: mean and SD (n - 1) are put together from those of the tiers, exactly
 * (Chan, Golub & LeVeque 1983, American Statistician 37, 242-247).
 */
function summarise(group: string, rows: readonly BudgetRow[]): BudgetSummary {
  const first = rows[0]!
  const observedSecs = sum(rows.map((row) => row.observedSecs))
  const bouts = sum(rows.map((row) => row.bouts ?? 0))
  const totalSecs = sum(rows.map((row) => row.totalSecs ?? 0))
  const meanSecs = bouts > 0 && !first.isPoints ? totalSecs / bouts : null
  const squares = sum(
    rows.map((row) => {
      const own = row.bouts ?? 0
      if (own === 0 || row.meanSecs === null || meanSecs === null) return 0
      return (own - 1) * (row.sdSecs ?? 0) ** 2 + own * (row.meanSecs - meanSecs) ** 2
    }),
  )
  const proportions = present(rows.map(({ proportion }) => proportion))
  const meanProportion = proportions.length > 0 ? sum(proportions) / proportions.length : null
  const latencies = present(rows.map(({ latencySecs }) => latencySecs))
  const shortest = present(rows.map(({ minSecs }) => minSecs))
  const longest = present(rows.map(({ maxSecs }) => maxSecs))
  return {
    group,
    raterKey: first.raterKey,
    label: first.label,
    isPoints: first.isPoints,
    tierCount: rows.length,
    observedSecs,
    bouts,
    totalSecs,
    meanSecs,
    sdSecs: meanSecs !== null && bouts > 1 ? Math.sqrt(squares / (bouts - 1)) : null,
    minSecs: shortest.length > 0 ? Math.min(...shortest) : null,
    maxSecs: longest.length > 0 ? Math.max(...longest) : null,
    proportion: pooledProportion(rows, observedSecs),
    meanProportion,
    sdProportion:
      meanProportion !== null && proportions.length > 1
        ? Math.sqrt(sum(proportions.map((value) => (value - meanProportion) ** 2)) / (proportions.length - 1))
        : null,
    ratePerMin: observedSecs > 0 ? (bouts / observedSecs) * 60 : null,
    latencySecs: latencies.length > 0 ? sum(latencies) / latencies.length : null,
  }
}

function pooledProportion(rows: readonly BudgetRow[], observedSecs: number): number | null {
  if (observedSecs <= 0 || rows.every(({ proportion }) => proportion === null)) return null
  return sum(rows.map((row) => (row.proportion ?? 0) * row.observedSecs)) / observedSecs
}

/** Bins of all clips together, each clip's from its own beginning. */
export function binSummaries(budget: readonly BudgetRow[], binSecs: number): BinSummary[] {
  const sums = new Map<string, { bin: number; rows: BudgetRow[] }>()
  for (const row of budget) {
    if (row.observedSecs <= 0) continue
    const bin = Math.round(row.binStartSecs / binSecs)
    const key = JSON.stringify([row.raterKey, row.label, bin])
    const sum = sums.get(key) ?? { bin, rows: [] }
    sums.set(key, sum)
    sum.rows.push(row)
  }
  return [...sums.values()]
    .sort((a, b) => a.bin - b.bin)
    .map(({ bin, rows }) => {
      const observedSecs = sum(rows.map((row) => row.observedSecs))
      return {
        raterKey: rows[0]!.raterKey,
        label: rows[0]!.label,
        binStartSecs: bin * binSecs,
        binEndSecs: Math.max(...rows.map(({ binEndSecs }) => binEndSecs)),
        observedSecs,
        totalSecs: sum(rows.map((row) => row.totalSecs ?? 0)),
        bouts: sum(rows.map((row) => row.bouts ?? 0)),
        proportion: pooledProportion(rows, observedSecs),
      }
    })
}

/** How long bouts last: classes of equal width from 0 on, and quartiles (type 7 of Hyndman & Fan 1996, as in R). */
export function boutLengths(clips: readonly StudyClip[], raters: readonly string[] | null): BoutLengths[] {
  const lengths = new Map<string, { raterKey: string; label: string; secs: number[] }>()
  for (const clip of clips)
    for (const tier of clip.tiers) {
      const rater = raterKey(tier)
      if (tier.isPoints || (raters && !raters.includes(rater))) continue
      for (const stretch of tier.stretches)
        for (const { startSecs, endSecs } of intersect([stretch], clip.observed)) {
          const key = JSON.stringify([rater, stretch.label])
          const own = lengths.get(key) ?? { raterKey: rater, label: stretch.label, secs: [] }
          lengths.set(key, own)
          own.secs.push(endSecs - startSecs)
        }
    }
  return [...lengths.values()].map(({ raterKey: rater, label, secs }) => {
    const sorted = secs.sort((a, b) => a - b)
    const edgesSecs = classEdges(sorted.at(-1) ?? 0, sorted.length)
    const counts = edgesSecs.slice(1).map(() => 0)
    const widthSecs = edgesSecs[1] ?? 1
    for (const length of sorted) {
      const at = Math.min(counts.length - 1, Math.floor(length / widthSecs + 1e-9))
      counts[at] = (counts[at] ?? 0) + 1
    }
    return {
      raterKey: rater,
      label,
      edgesSecs,
      counts,
      count: sorted.length,
      lowerQuartileSecs: quantile(sorted, 0.25),
      medianSecs: quantile(sorted, 0.5),
      upperQuartileSecs: quantile(sorted, 0.75),
    }
  })
}

/** Round numbers: as many classes as the square root of the count, between five and twenty. */
function classEdges(longestSecs: number, count: number): number[] {
  const wanted = Math.max(CLASSES_LEAST, Math.min(CLASSES_MAX, Math.ceil(Math.sqrt(count))))
  const rough = Math.max(longestSecs, 1e-3) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const widthSecs = power * ([1, 2, 2.5, 5, 10].find((step) => step * power >= rough * (1 - 1e-9)) ?? 10)
  const classes = Math.max(1, Math.ceil(longestSecs / widthSecs - 1e-9))
  return Array.from({ length: classes + 1 }, (_, at) => Number((at * widthSecs).toPrecision(12)))
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const low = sorted[below] ?? 0
  return low + ((sorted[below + 1] ?? low) - low) * (place - below)
}

/** Means over clips and subjects, weighted by their time. The SD is that of all moments. */
export function continuousSummaries(
  rows: readonly ContinuousRow[],
  group: (row: ContinuousRow) => string,
): ContinuousSummary[] {
  const sums = new Map<string, { group: string; source: string; rows: ContinuousRow[] }>()
  for (const row of rows) {
    const name = group(row)
    const source = row.kind === 'rating' ? row.observer : row.kind
    const key = JSON.stringify([name, source, row.measure])
    const sum = sums.get(key) ?? { group: name, source, rows: [] }
    sums.set(key, sum)
    sum.rows.push(row)
  }
  return [...sums.values()].map(({ group: name, source, rows: own }) => {
    const mean = weightedMean(own, ({ mean: figure }) => figure)
    return {
      group: name,
      source,
      measure: own[0]?.measure ?? '',
      clipCount: own.length,
      mean,
      sd: pooledSd(own, mean),
      corrected: own.some(({ corrected }) => corrected !== null)
        ? weightedMean(own, ({ corrected }) => corrected)
        : null,
    }
  })
}

/** Undefined as soon as one row with values is: a mean of some of them would be of other clips than the one beside it. */
function weightedMean(
  rows: readonly ContinuousRow[],
  figureOf: (row: ContinuousRow) => Figure | null,
): Figure {
  let [secs, weighted] = [0, 0]
  for (const row of rows) {
    const figure = figureOf(row)
    if (row.observedSecs <= 0) continue
    if (figure?.value == null) return undefinedBecause(figure?.reason ?? 'no value in this time')
    secs += row.observedSecs
    weighted += row.observedSecs * figure.value
  }
  return secs > 0 ? defined(weighted / secs) : undefinedBecause('no value in this time')
}

function pooledSd(rows: readonly ContinuousRow[], mean: Figure): Figure {
  if (mean.value === null) return mean
  let [secs, squares] = [0, 0]
  for (const row of rows) {
    if (row.mean.value === null || row.sd.value === null) continue
    secs += row.observedSecs
    squares += row.observedSecs * (row.sd.value ** 2 + (row.mean.value - mean.value) ** 2)
  }
  return secs > 0 ? defined(Math.sqrt(squares / secs)) : undefinedBecause('no value in this time')
}

/** Of all clips of each rater together. */
export function pooledTransitions(
  { transitions }: BehaviourResult,
  gaps: 'state' | 'joined',
): StatisticsReport['transitions'] {
  return transitions
    .filter((table) => table.clipId === '' && table.gaps === gaps)
    .map(({ raterKey: rater, labels, counts, probabilities }) => ({
      raterKey: rater,
      labels,
      counts,
      probabilities,
    }))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
