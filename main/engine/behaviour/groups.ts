import { type Figure, undefinedBecause } from '../agreement/figure'
import { spreadOf } from '../agreement/spread'
import { ratersOf } from '../study-data/raters'
import type { StudyClip } from '../study-data/types'
import type { BudgetRow, GroupRow } from './types'

/** Stands for "not grouped". */
export const ALL_GROUP = 'all'

/**
 * Tiers brought together by the value of an independent variable, of the clip or of the subject. Every tier (a clip and
 * subject) counts once in means and SDs, whatever its length; the pooled proportion weighs by observed time.
 * @param budget of whole clips, not of bins
 * @param variable null: all in one group
 */
export function groupRows(
  budget: readonly BudgetRow[],
  clips: readonly StudyClip[],
  variable: string | null,
): GroupRow[] {
  const order = ratersOf(clips).map(({ key }) => key)
  const byId = new Map(clips.map((clip) => [clip.clipId, clip]))
  const groups = new Map<string, BudgetRow[]>()
  for (const row of budget) {
    if (row.observedSecs <= 0) continue
    const group = variable === null ? ALL_GROUP : valueOf(byId.get(row.clipId), row.subject, variable)
    const key = JSON.stringify([group, row.raterKey, row.label])
    const rows = groups.get(key)
    if (rows) rows.push(row)
    else groups.set(key, [row])
  }
  return [...groups]
    .map(([key, rows]) => {
      const [group = ''] = JSON.parse(key) as string[]
      return summarise(variable ?? '', group, rows)
    })
    .sort(
      (a, b) =>
        (a.group < b.group ? -1 : a.group > b.group ? 1 : 0) ||
        order.indexOf(a.raterKey) - order.indexOf(b.raterKey),
    )
}

function valueOf(clip: StudyClip | undefined, subject: string, variable: string): string {
  return clip?.subjectVariables[subject]?.[variable] ?? clip?.variables[variable] ?? ''
}

function summarise(variable: string, group: string, rows: readonly BudgetRow[]): GroupRow {
  const first = rows[0]!
  const observedSecs = sum(rows.map((row) => row.observedSecs))
  const totalSecs = sum(rows.map((row) => row.totalSecs ?? 0))
  const proportions = present(rows.map(({ proportion }) => proportion))
  const proportion = spreadOf(proportions, 'points last no time')
  const rate = spreadOf(present(rows.map(({ ratePerMin }) => ratePerMin)), 'no observed time')
  return {
    variable,
    group,
    raterKey: first.raterKey,
    kind: first.kind,
    label: first.label,
    tierCount: rows.length,
    observedSecs,
    bouts: sum(rows.map(({ bouts }) => bouts ?? 0)),
    totalSecs,
    pooledProportion:
      proportions.length > 0
        ? sum(rows.map((row) => (row.proportion ?? 0) * row.observedSecs)) / observedSecs
        : null,
    meanProportion: proportion.mean,
    sdProportion: proportion.sd,
    meanRatePerMin: rate.mean,
    sdRatePerMin: rate.sd,
    meanBoutSecs: meanBout(rows),
    meanLatencySecs: spreadOf(present(rows.map(({ latencySecs }) => latencySecs)), 'it never occurs').mean,
  }
}

/** Over all bouts of the group. */
function meanBout(rows: readonly BudgetRow[]): Figure {
  if (rows.every(({ isPoints }) => isPoints)) return undefinedBecause('points last no time')
  const bouts = sum(rows.map((row) => row.bouts ?? 0))
  if (bouts === 0) return undefinedBecause('it never occurs')
  return { value: sum(rows.map((row) => row.totalSecs ?? 0)) / bouts, reason: null }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
