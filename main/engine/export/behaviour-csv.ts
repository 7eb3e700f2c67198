import type { BudgetRow, ContinuousRow, GroupRow, TransitionTable } from '../behaviour/types'
import { BUDGET_COLUMNS, CONTINUOUS_COLUMNS, GROUPS_COLUMNS, TRANSITIONS_COLUMNS } from './behaviour-columns'
import { names } from './columns'
import { countCell, csvLine, numberCell, probabilityCell, textCell, timeCell } from './csv'

const DECIMALS = 6

/** Lines of summary_long.csv of the statistics, header first. */
export function* budgetCsv(rows: Iterable<BudgetRow>): Generator<string> {
  yield csvLine(names(BUDGET_COLUMNS))
  for (const row of rows)
    yield csvLine([
      textCell(row.clipId),
      textCell(row.subject),
      row.kind,
      textCell(row.label),
      timeCell(row.binStartSecs),
      timeCell(row.binEndSecs),
      countCell(row.bouts),
      timeCell(row.totalSecs),
      timeCell(row.meanSecs),
      timeCell(row.sdSecs),
      timeCell(row.minSecs),
      timeCell(row.maxSecs),
      probabilityCell(row.proportion),
      numberCell(row.ratePerMin, DECIMALS),
      timeCell(row.latencySecs),
      probabilityCell(row.meanP),
      probabilityCell(row.maxP),
      timeCell(row.observedSecs),
      textCell(row.raterKey),
      textCell(row.tier),
      textCell(row.observer),
      row.isPoints ? 'point' : 'state',
    ])
}

/** Lines of transitions.csv, header first. Pairs of states that never follow each other have no row. */
export function* transitionsCsv(tables: Iterable<TransitionTable>): Generator<string> {
  yield csvLine(names(TRANSITIONS_COLUMNS))
  for (const { clipId, subject, raterKey, gaps, labels, counts, probabilities } of tables)
    for (const [i, from] of labels.entries())
      for (const [j, to] of labels.entries()) {
        const count = counts[i]?.[j] ?? 0
        if (count === 0) continue
        yield csvLine([
          textCell(clipId),
          textCell(subject),
          textCell(raterKey),
          gaps,
          textCell(from),
          textCell(to),
          countCell(count),
          probabilityCell(probabilities[i]?.[j]),
        ])
      }
}

/** Lines of continuous.csv, header first. */
export function* continuousCsv(rows: Iterable<ContinuousRow>): Generator<string> {
  yield csvLine(names(CONTINUOUS_COLUMNS))
  for (const row of rows) {
    const reasons = new Set(
      [row.mean, row.baselineMean].flatMap((figure) => (figure?.reason == null ? [] : [figure.reason])),
    )
    yield csvLine([
      textCell(row.clipId),
      textCell(row.subject),
      row.kind,
      textCell(row.observer),
      textCell(row.measure),
      timeCell(row.binStartSecs),
      timeCell(row.binEndSecs),
      timeCell(row.observedSecs),
      numberCell(row.mean.value, DECIMALS),
      numberCell(row.sd.value, DECIMALS),
      numberCell(row.max.value, DECIMALS),
      numberCell(row.baselineMean?.value, DECIMALS),
      numberCell(row.corrected?.value, DECIMALS),
      textCell([...reasons].join('; ')),
    ])
  }
}

/** Lines of groups.csv, header first. */
export function* groupsCsv(rows: Iterable<GroupRow>): Generator<string> {
  yield csvLine(names(GROUPS_COLUMNS))
  for (const row of rows)
    yield csvLine([
      textCell(row.variable),
      textCell(row.group),
      textCell(row.raterKey),
      row.kind,
      textCell(row.label),
      countCell(row.tierCount),
      timeCell(row.observedSecs),
      countCell(row.bouts),
      timeCell(row.totalSecs),
      probabilityCell(row.pooledProportion),
      probabilityCell(row.meanProportion.value),
      probabilityCell(row.sdProportion.value),
      numberCell(row.meanRatePerMin.value, DECIMALS),
      numberCell(row.sdRatePerMin.value, DECIMALS),
      timeCell(row.meanBoutSecs.value),
      timeCell(row.meanLatencySecs.value),
    ])
}
