import type { BehaviourResult, GroupRow, TransitionTable } from '../../engine/behaviour/types'
import { number, percent } from './agreement-text'
import { textTable } from './text-table'

/** Figures of behaviour over all clips, for people; clips and bins stand in the tables. */
export function behaviourText(result: BehaviourResult): string {
  const { groups, transitions, continuous, options } = result
  const raters = [...new Set(groups.map(({ raterKey }) => raterKey))]
  const parts = raters.map((key) =>
    [
      `${key}`,
      groupText(groups.filter(({ raterKey }) => raterKey === key)),
      ...transitions
        .filter((table) => table.clipId === '' && table.raterKey === key && table.gaps === 'joined')
        .map(transitionText),
    ].join('\n'),
  )
  if (options.baseline) parts.push(correctedText(continuous))
  return `${parts.join('\n\n')}\n\n${result.notes.join('\n')}\n`
}

function groupText(rows: readonly GroupRow[]): string {
  const variable = rows[0]?.variable ?? ''
  const shown = rows.filter(({ bouts }) => bouts > 0)
  const none = rows.filter(({ bouts }) => bouts === 0).map(({ label }) => label)
  const table = textTable(
    [
      [variable || 'group', 'label', 'n', 'bouts', 'total s', 'of time', 'mean s', 'per min', 'latency s'],
      ...shown.map((row) => [
        row.group || '(no value)',
        row.label,
        String(row.tierCount),
        String(row.bouts),
        row.totalSecs.toFixed(2),
        row.pooledProportion === null ? '-' : percent({ value: row.pooledProportion, reason: null }),
        number(row.meanBoutSecs, 2),
        number(row.meanRatePerMin, 2),
        number(row.meanLatencySecs, 2),
      ]),
    ],
    ['left', 'left'],
  )
  const absent = none.length > 0 ? `\nNever: ${[...new Set(none)].join(', ')}` : ''
  return indent(shown.length > 0 ? table + absent : `no labels${absent}`)
}

function transitionText({ labels, counts }: TransitionTable): string {
  if (counts.every((row) => row.every((count) => count === 0))) return indent('No transitions')
  return indent(
    textTable([
      ['from \\ to', ...labels],
      ...labels.map((label, i) => [
        label,
        ...labels.map((_, j) => (i === j ? '.' : String(counts[i]?.[j] ?? 0))),
      ]),
    ]),
  )
}

function correctedText(rows: BehaviourResult['continuous']): string {
  const shown = rows.filter(({ corrected }) => corrected?.value !== null && corrected !== null)
  if (shown.length === 0) return 'No value could be corrected'
  return [
    'Corrected for the baseline',
    indent(
      textTable(
        [
          ['clip', 'subject', 'source', 'measure', 'from s', 'mean', 'baseline', 'corrected'],
          ...shown.map((row) => [
            row.clipId,
            row.subject || '-',
            row.kind === 'rating' ? row.observer : row.kind,
            row.measure,
            row.binStartSecs.toFixed(1),
            number(row.mean),
            row.baselineMean ? number(row.baselineMean) : '-',
            row.corrected ? number(row.corrected) : '-',
          ]),
        ],
        ['left', 'left', 'left', 'left'],
      ),
    ),
  ].join('\n')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}
