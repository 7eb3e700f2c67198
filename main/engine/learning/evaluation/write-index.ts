import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import { xmlText } from '../../export/xml'
import { htmlPage, paragraph, table } from './html/page'
import { curvesSection, glossarySection } from './html/report-sections'
import { error, percent, sentence, share } from './html/wording'
import { type IntervalRow, intervalPlot } from './plots/interval-plot'
import { type EvaluationReport, METHOD_NAMES, METHODS } from './report-schema'
import { readReport, REPORT_HTML, REPORT_JSON, type ReportFile } from './write-report'

export const INDEX_HTML = 'index.html'

interface FolderReport {
  /** Name of the folder, also its address seen from the index. */
  readonly folder: string
  readonly file: ReportFile
}

/**
 * Writes index.html over all reports in the folders directly below one: the methods side by side with their protocols, and
 * the curves of face, speech and video on the same axes.
 * @throws UnmaskError 'data.invalid' when there is no report or one is broken
 */
export async function writeIndex(folder: string): Promise<string> {
  const found: FolderReport[] = []
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!entry.isDirectory()) continue
    if (!(await readdir(join(folder, entry.name))).includes(REPORT_JSON)) continue
    found.push({ folder: entry.name, file: await readReport(join(folder, entry.name, REPORT_JSON)) })
  }
  if (found.length === 0)
    throw new UnmaskError(
      'data.invalid',
      `no folder with a ${REPORT_JSON} is in ${folder}; run unmask evaluate first`,
    )
  const path = join(folder, INDEX_HTML)
  await writeAtomic(path, [indexHtml(found)])
  return path
}

function indexHtml(found: readonly FolderReport[]): string {
  const all = found.flatMap(({ folder, file }) => file.reports.map((report) => ({ folder, report })))
  const headlines = METHODS.flatMap((method) =>
    all.filter(({ report }) => report.method === method && report.isHeadline && report.isProductFigure),
  )
  const rest = all.filter((entry) => !headlines.includes(entry))
  return htmlPage('Unmask: how well it reads faces and voices', [
    '<h1>How well Unmask reads faces and voices</h1>',
    paragraph(
      'Every figure stands with the data, split and items it was measured on; figures of different data sets are not a contest. ' +
        'The recordings are acted and the pictures posed or found on the web: in a laboratory or a clinic expect less.',
    ),
    '<h2 id="methods">Side by side</h2>',
    '<div class="wide">',
    intervalPlot(headlines.map(intervalRow), 'Accuracy with its 95% interval'),
    '</div>',
    methodTable(headlines),
    ...curvesSection(
      found
        .flatMap(({ file }) => file.curves.map(({ name, rows }) => ({ name, rows: rows.map(measured) })))
        .sort((a, b) => panelPlace(a.name) - panelPlace(b.name)),
    ),
    ...(rest.length > 0 ? ['<h2 id="more">Everything else that was measured</h2>', methodTable(rest)] : []),
    '<h2 id="reports">The reports</h2>',
    '<ul>',
    ...found.map(
      ({ folder, file }) =>
        `<li><a href="${encodeURIComponent(folder)}/${REPORT_HTML}">${xmlText(file.title)}</a> <small>${xmlText(file.command)}, commit ${xmlText(file.commit)}</small></li>`,
    ),
    '</ul>',
    ...glossarySection(),
  ])
}

function intervalRow({ report }: { readonly report: EvaluationReport }): IntervalRow {
  const { value, interval } = report.accuracy
  return { name: shorten(report.name), value, interval, colour: METHODS.indexOf(report.method) }
}

const LONGEST_NAME = 72
const shorten = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name)

function methodTable(entries: readonly { readonly report: EvaluationReport }[]): string {
  const cells = (name: string, figures: NonNullable<EvaluationReport['seven']>) => [
    name,
    String(figures.labels.length),
    String(figures.count),
    share(figures.accuracy),
    share(figures.uar),
    percent(figures.macroF1.value),
    error(figures.eceEqualWidth),
  ]
  return table(
    ['Method and evaluation', 'Classes', 'Items', 'Accuracy', 'UAR', 'Macro-F1', 'ECE'],
    entries.flatMap(({ report }) => {
      const { method, name, isProductFigure, protocol, notes, seven } = report
      const title = `${METHOD_NAMES[method]}. ${name}${isProductFigure ? '' : " (not the product's figure)"}`
      const own = { cells: cells(title, report), note: [protocol, ...notes].map(sentence).join(' ') }
      if (!seven) return [own]
      const merged = 'The same answers; calm counted as neutral, contempt dropped.'
      return [own, { cells: cells(`${title}, as seven`, seven), note: merged }]
    }),
  )
}

/** The order of the panels in the paper's Fig. 7; others stand behind, in the order of their folders. */
const PANELS = ['face', 'speech', 'video']

function panelPlace(name: string): number {
  const place = PANELS.findIndex((panel) => name.toLowerCase().startsWith(panel))
  return place === -1 ? PANELS.length : place
}

/** A row of report.json as a row of curves: what JSON has no number for was not measured. */
function measured(row: ReportFile['curves'][number]['rows'][number]) {
  return { ...row, trainLoss: row.trainLoss ?? Number.NaN, trainAccuracy: row.trainAccuracy ?? Number.NaN }
}
