import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { AtomicFiles } from '../../export/atomic-file'
import { xmlText } from '../../export/xml'
import type { EpochRow } from './curves'
import { htmlPage, paragraph } from './html/page'
import {
  curvesSection,
  glossarySection,
  reportSection,
  samplesSection,
  summaryTable,
} from './html/report-sections'
import { type EvaluationReport, evaluationReportSchema } from './report-schema'
import { confusionCsv, metricsCsv, reliabilityCsv } from './report-tables'
import type { SampleFace } from './sample-faces'
import { SAMPLES_JSON, samplesJson } from './samples-file'

const epochRow = z.object({
  epoch: z.number(),
  trainLoss: z.number().nullable(),
  trainAccuracy: z.number().nullable(),
  validationLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(),
  learningRate: z.number(),
  secs: z.number(),
})

/** report.json: everything the folder's other files and the index are made from, pictures excepted. */
export const reportFileSchema = z.object({
  formatVersion: z.literal(1),
  title: z.string().min(1),
  command: z.string(),
  commit: z.string(),
  reports: z.array(evaluationReportSchema),
  /** "Face", "Speech", "Video": the panels of the paper's Fig. 7. */
  curves: z.array(z.object({ name: z.string(), rows: z.array(epochRow) })),
})
export type ReportFile = z.infer<typeof reportFileSchema>

export const REPORT_JSON = 'report.json'
export const REPORT_HTML = 'report.html'

export interface WriteReportOptions {
  readonly title: string
  /** As the user would type it, and the commit of the program. */
  readonly command: string
  readonly commit: string
  readonly curves?: readonly { readonly name: string; readonly rows: readonly EpochRow[] }[]
  /** Empty: the page says how to make them. Left out: nothing is said of samples. */
  readonly samples?: readonly SampleFace[]
  /** The command that makes the page with samples. */
  readonly samplesCommand?: string
  /** A sentence or two at the top. */
  readonly introduction?: string
}

/**
 * Writes report.json, report.html, metrics.csv, confusion.csv and reliability.csv, and samples.json where there are samples,
 * all or none.
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; 'data.invalid' when two reports share an id
 */
export async function writeReport(
  folder: string,
  reports: readonly EvaluationReport[],
  options: WriteReportOptions,
): Promise<string[]> {
  const twice = reports.find(({ id }, index) => reports.findIndex((other) => other.id === id) !== index)
  if (twice)
    throw new UnmaskError('data.invalid', `two reports are called "${twice.id}"; each needs its own id`)
  const { title, command, commit, curves = [] } = options
  const content = {
    formatVersion: 1,
    title,
    command,
    commit,
    reports: reports.map(rounded),
    curves: curves.map(({ name, rows }) => ({ name, rows: rows.map(rounded) })),
  }
  const files = new AtomicFiles(folder)
  await files.write(REPORT_JSON, [`${JSON.stringify(content, null, 1)}\n`])
  await files.write('metrics.csv', [metricsCsv(reports)])
  await files.write('confusion.csv', [confusionCsv(reports)])
  await files.write('reliability.csv', [reliabilityCsv(reports)])
  if (options.samples && options.samples.length > 0)
    await files.write(SAMPLES_JSON, [samplesJson(command, options.samples)])
  await files.write(REPORT_HTML, [reportHtml(reports, options)])
  return files.commit()
}

function reportHtml(reports: readonly EvaluationReport[], options: WriteReportOptions): string {
  const { title, command, commit, curves = [], samples, samplesCommand, introduction } = options
  return htmlPage(title, [
    `<h1>${xmlText(title)}</h1>`,
    `<p class="soft">Made by <code>${xmlText(command)}</code>, commit <code>${xmlText(commit)}</code>.</p>`,
    ...(introduction ? [paragraph(introduction)] : []),
    summaryTable(reports),
    ...reports.flatMap(reportSection),
    ...curvesSection(curves),
    ...samplesSection(samples ?? null, samplesCommand ?? command),
    ...glossarySection(),
  ])
}

/** @throws UnmaskError 'data.invalid' naming what does not fit and the file */
export async function readReport(path: string): Promise<ReportFile> {
  let raw: unknown
  try {
    raw = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UnmaskError('data.invalid', `the report is not JSON; make it again: ${path}`, { cause: error })
  }
  const parsed = reportFileSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'data.invalid',
    `${issue?.path.join('.') || 'report'}: ${issue?.message ?? 'invalid'} in ${path}`,
  )
}

const DECIMALS = 6

/** Every number to six decimals, which is far below what chance leaves of it; NaN becomes null in JSON. */
function rounded<Value>(value: Value): Value {
  if (typeof value === 'number')
    return (Number.isFinite(value) ? Number(value.toFixed(DECIMALS)) : null) as Value
  if (Array.isArray(value)) return value.map((item: unknown) => rounded(item)) as Value
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rounded<unknown>(item)]),
  ) as Value
}
