import type { ExportFormat } from '../../../../preload/contract/exports'

/** The formats as a researcher looks for them. */
export const EXPORT_GROUPS = [
  { id: 'tables', formats: ['frames', 'speech', 'segments', 'summary', 'long', 'landmarks'] },
  { id: 'programs', formats: ['eaf', 'textgrid', 'boris'] },
  { id: 'words', formats: ['meta', 'dictionary', 'methods'] },
] as const satisfies readonly { readonly id: string; readonly formats: readonly ExportFormat[] }[]

/** What most analyses need. */
export const USUAL_FORMATS: readonly ExportFormat[] = [
  'frames',
  'speech',
  'segments',
  'dictionary',
  'methods',
]
