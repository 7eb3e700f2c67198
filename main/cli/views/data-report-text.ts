import type { CountRow, DataReport, Finding } from '../../engine/learning/data/data-report'
import { visible } from './visible'

const FORMS: Readonly<Record<DataReport['form'], string>> = {
  fer2013: 'FER2013',
  'picture-folder': 'pictures in a folder for each class',
  manifest: 'manifest',
  ravdess: 'RAVDESS',
}
const SHOWN_IDS = 5
const SHOWN_FINDINGS_OF_A_KIND = 10

/** What `unmask data check` prints: tables of counts, then what was found, errors first. */
export function dataReportText(report: DataReport): string {
  const { classes, findings } = report
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const lines = [
    visible(report.path),
    `${FORMS[report.form]}, ${report.items} items`,
    '',
    ...table('split', classes, report.bySplit),
    ...(report.bySpeaker.length > 0 ? ['', ...table('speaker', classes, report.bySpeaker)] : []),
    '',
    ...findingLines(findings),
    findings.length === 0
      ? 'Nothing is wrong.'
      : `${plural(errors, 'error')}, ${plural(findings.length - errors, 'warning')}`,
  ]
  return `${lines.join('\n')}\n`
}

function table(what: string, classes: readonly string[], rows: readonly CountRow[]): string[] {
  const cells = [
    [what, 'all', ...classes],
    ...rows.map(({ name, total, counts }) => [
      visible(name === '' ? '(none)' : name),
      String(total),
      ...counts.map(String),
    ]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  return cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
}

/** A broken file may have a problem a line: the first few of a kind tell enough, the JSON has all. */
function findingLines(findings: readonly Finding[]): string[] {
  const shown = new Map<string, number>()
  const lines: string[] = []
  for (const { kind, severity, message, ids } of findings) {
    const count = (shown.get(kind) ?? 0) + 1
    shown.set(kind, count)
    if (count > SHOWN_FINDINGS_OF_A_KIND) continue
    lines.push(`${severity === 'error' ? 'ERROR' : 'warning'}  ${kind}: ${visible(message)}`)
    if (ids.length > 1) {
      const more = ids.length > SHOWN_IDS ? ` and ${ids.length - SHOWN_IDS} more (--json lists them)` : ''
      lines.push(`         ${ids.slice(0, SHOWN_IDS).map(visible).join(', ')}${more}`)
    }
  }
  for (const [kind, count] of shown)
    if (count > SHOWN_FINDINGS_OF_A_KIND)
      lines.push(`         ${kind}: ${count - SHOWN_FINDINGS_OF_A_KIND} more (--json lists them)`)
  return lines
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
