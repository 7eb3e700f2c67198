import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Curves, Epoch, Evaluation, ReportSet } from '../../../preload/contract/models'
import { CURVES_CSV, type EpochRow, readCurves } from '../../engine/learning/evaluation/curves'
import type { EvaluationReport } from '../../engine/learning/evaluation/report-schema'
import { readSamples } from '../../engine/learning/evaluation/samples-file'
import { readReport, REPORT_JSON } from '../../engine/learning/evaluation/write-report'
import { UnmaskError } from '../../engine/errors'

/**
 * A folder that `unmask evaluate --out` made.
 * @throws UnmaskError 'input.not-found' | 'data.invalid'
 */
export async function readReportSet(folder: string): Promise<ReportSet> {
  const path = join(folder, REPORT_JSON)
  try {
    const { title, command, commit, reports, curves } = await readReport(path)
    const samples = await readSamples(folder, command)
    return {
      title,
      command,
      commit,
      evaluations: reports.map(evaluation),
      curves: curves.map(({ name, rows }) => ({ name, epochs: rows.map(epoch) })),
      samples: samples.map(({ png, ...rest }) => ({ ...rest, picture: `data:image/png;base64,${png}` })),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new UnmaskError(
      'input.not-found',
      `there is no ${REPORT_JSON}; choose a folder that "unmask evaluate … --out FOLDER" made: ${folder}`,
      { cause: error },
    )
  }
}

/** Every report folder directly below a folder, by name. @throws as readReportSet, for a damaged report */
export async function listReportSets(reportsFolder: string): Promise<ReportSet[]> {
  const entries = await readdir(reportsFolder, { withFileTypes: true }).catch(() => [])
  const sets: ReportSet[] = []
  for (const name of entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()) {
    const inside = await readdir(join(reportsFolder, name))
    if (inside.includes(REPORT_JSON)) sets.push(await readReportSet(join(reportsFolder, name)))
  }
  return sets
}

/**
 * The shipped reports about a model, those with a protocol that flatters last. The curves of its own folder stand in the
 * first; a model that was never measured may still have curves.
 */
export async function reportsOfModel(
  modelId: string,
  modelFolder: string | null,
  reportsFolder: string,
): Promise<ReportSet[]> {
  const found = (await listReportSets(reportsFolder)).filter(({ evaluations }) =>
    evaluations.some((one) => one.modelId === modelId),
  )
  // Flattering protocols come last.
  const isQuotable = ({ evaluations }: ReportSet) => evaluations.some((one) => one.isProductFigure)
  const sets = [...found.filter(isQuotable), ...found.filter((set) => !isQuotable(set))]
  const own = modelFolder === null ? null : await curvesOf(modelFolder)
  if (own === null) return sets
  const [first, ...others] = sets
  if (first) return [{ ...first, curves: [own] }, ...others]
  return [{ title: '', command: '', commit: '', evaluations: [], curves: [own], samples: [] }]
}

async function curvesOf(modelFolder: string): Promise<Curves | null> {
  const path = join(modelFolder, CURVES_CSV)
  try {
    return { name: basename(dirname(path)), epochs: (await readCurves(path)).map(epoch) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

type StoredEpoch = { [K in keyof EpochRow]: EpochRow[K] | null } & { readonly epoch: number }

function epoch(row: StoredEpoch): Epoch {
  const measured = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null)
  return {
    epoch: row.epoch,
    trainLoss: measured(row.trainLoss),
    trainAccuracy: measured(row.trainAccuracy),
    validationLoss: measured(row.validationLoss),
    validationAccuracy: measured(row.validationAccuracy),
  }
}

export function evaluation(report: EvaluationReport): Evaluation {
  const { id, name, method, isHeadline, isProductFigure, modelId, protocol, notes, labels, count } = report
  return {
    id,
    name,
    method,
    isHeadline,
    isProductFigure,
    modelId,
    protocol,
    notes,
    labels,
    count,
    groups: report.groups,
    accuracy: report.accuracy,
    uar: report.uar,
    macroF1: report.macroF1,
    nll: report.nll,
    ece: report.eceEqualWidth,
    classes: report.classes.map(({ label, support, recall, precision, f1 }) => ({
      label,
      support,
      recall,
      precision,
      f1,
    })),
    confusion: report.confusion,
    reliability: report.reliability.equalWidth,
    calibrationProtocol: report.calibration.protocol,
    seeds: report.seeds && { count: report.seeds.runs.length, ...report.seeds.accuracy },
    perGroup: report.perGroup.map(({ group, count: items, accuracy }) => ({ group, count: items, accuracy })),
  }
}
