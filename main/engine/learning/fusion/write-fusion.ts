import { join } from 'node:path'
import { AtomicFiles } from '../../export/atomic-file'
import { countCell, csvLine, numberCell, textCell } from '../../export/csv'
import type { FusionEvaluation } from './evaluate-fusion'
import type { FusionFigure } from './figures'

export const FUSION_CSV = 'fusion.csv'
export const FUSION_CHOICE = 'exponents.json'

const COLUMNS = [
  'pairs',
  'sides',
  'classes',
  'way',
  'gates',
  'wrong_faces',
  'n',
  'accuracy',
  'accuracy_low',
  'accuracy_high',
  'uar',
  'macro_f1',
  'nll',
  'brier',
  'ece_equal_width',
  'ece_equal_count',
  'seeds',
  'seeds_of',
  'accuracy_mean_of_seeds',
  'accuracy_sd_of_seeds',
  'protocol',
] as const

/**
 * Writes one line a figure as CSV and the choice of the exponents, both or neither.
 * @returns paths of what was written
 */
export async function writeFusionEvaluation(folder: string, evaluation: FusionEvaluation): Promise<string[]> {
  const files = new AtomicFiles(folder)
  const names = [FUSION_CSV, FUSION_CHOICE]
  await files.write(FUSION_CSV, fusionCsv(evaluation.figures))
  await files.write(FUSION_CHOICE, [`${JSON.stringify(choiceOf(evaluation), null, 2)}\n`])
  await files.commit()
  return names.map((name) => join(folder, name))
}

/** Whole reports are large; these are the ones that pages show, the others stand in the table. */
const KEPT_WHOLE = new Set(['real-8-product', 'real-7-product', 'simulated-7-product', 'simulated-7-concat'])

export function isKeptWhole({ report }: FusionFigure): boolean {
  return report.isHeadline || KEPT_WHOLE.has(report.id)
}

export function* fusionCsv(figures: readonly FusionFigure[]): Iterable<string> {
  yield csvLine([...COLUMNS])
  for (const { pairs, sides, way, gates, wrongShare, seedsOf, report } of figures) {
    const { accuracy, uar, macroF1, nll, brier, seeds } = report
    yield csvLine([
      textCell(pairs),
      textCell(sides),
      countCell(report.labels.length),
      textCell(way),
      textCell(gates),
      numberCell(wrongShare, 2),
      countCell(report.count),
      numberCell(accuracy.value, 4),
      numberCell(accuracy.interval?.[0] ?? null, 4),
      numberCell(accuracy.interval?.[1] ?? null, 4),
      numberCell(uar.value, 4),
      numberCell(macroF1.value, 4),
      numberCell(nll.value, 4),
      numberCell(brier.value, 4),
      numberCell(report.eceEqualWidth, 4),
      numberCell(report.eceEqualCount, 4),
      countCell(seeds?.runs.length ?? 1),
      textCell(seedsOf),
      numberCell(seeds?.accuracy.mean ?? accuracy.value, 4),
      numberCell(seeds?.accuracy.sd ?? null, 4),
      textCell(report.protocol),
    ])
  }
}

function choiceOf({ choice, sensitivity }: FusionEvaluation) {
  return {
    faceExponent: choice.faceExponent,
    speechExponent: choice.speechExponent,
    faceWeightOfSum: choice.faceWeight,
    protocol: choice.protocol,
    atOne: choice.atOne,
    best: choice.best,
    grid: choice.grid,
    realPairsWouldHavePreferred: {
      note: 'Sensitivity only: nothing was chosen on the real pairs.',
      ...sensitivity,
    },
  }
}
