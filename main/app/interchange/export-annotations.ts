import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type {
  AnnotationExport,
  AnnotationFormat,
  ExportedAnnotations,
} from '../../../preload/contract/interchange'
import { toFault } from '../../engine/errors'
import type { InterchangeDocument } from '../../engine/interchange/document'
import { documentOfItems } from '../../engine/interchange/items-to-document'
import type { WriteAnnotations } from '../../host/study/exchange-files'
import type { AppContext } from '../app-context'
import type { AnnotationsPort } from './annotations-port'
import type { ClipFactsPort } from './clips-port'
import { askForFolder, askToReplace, askWhereToSave } from './file-dialogs'

export interface ExportParts {
  readonly context: AppContext
  readonly annotations: AnnotationsPort
  readonly clipFacts: (token: string) => Promise<ClipFactsPort>
  readonly projectName: () => string
  readonly write: (order: WriteAnnotations) => Promise<unknown>
}

const ENDINGS: Readonly<Record<AnnotationFormat, string>> = {
  segments: '.segments.csv',
  eaf: '.eaf',
  textgrid: '.TextGrid',
  boris: '.boris',
  'boris-gz': '.boris.gz',
}

const KINDS: Readonly<Record<AnnotationFormat, string>> = {
  segments: 'Segments table',
  eaf: 'ELAN document',
  textgrid: 'Praat TextGrid',
  boris: 'BORIS project',
  'boris-gz': 'Compressed BORIS project',
}

/** A table and a project hold many clips; the others are a file a clip. */
const HOLDS_MANY: readonly AnnotationFormat[] = ['segments', 'boris', 'boris-gz']

/** @returns null where the user thought better of it */
export async function exportAnnotations(
  parts: ExportParts,
  ask: AnnotationExport,
): Promise<ExportedAnnotations | null> {
  const { documents, empty, failed } = await collect(parts, ask)
  const segmentCount = documents.reduce((sum, document) => sum + countOf(document), 0)
  if (documents.length === 0) return { fileNames: [], segmentCount, empty, failed }
  const ending = ENDINGS[ask.format]
  const { format, isForReimport } = ask
  const author = `Unmask ${parts.context.appVersion}`
  const common = { format, isForReimport, author, date: new Date().toISOString() }
  const [first] = documents
  if (HOLDS_MANY.includes(ask.format) || documents.length === 1) {
    const name = documents.length === 1 && first ? first.title : parts.projectName()
    const path = await askWhereToSave(parts.context, {
      title: 'Export annotations',
      name,
      ending,
      kind: KINDS[ask.format],
    })
    if (path === null) return null
    await parts.write({ ...common, path, documents, name })
    return { fileNames: [basename(path)], segmentCount, empty, failed }
  }
  const folder = await askForFolder(parts.context, 'Export annotations to folder')
  if (folder === null) return null
  const paths = documents.map(({ title }) => join(folder, `${title}${ending}`))
  const there = paths.filter((path) => existsSync(path)).map((path) => basename(path))
  if (there.length > 0 && !(await askToReplace(parts.context, there))) return null
  for (const [index, document] of documents.entries())
    await parts.write({ ...common, path: paths[index] ?? '', documents: [document], name: document.title })
  return { fileNames: paths.map((path) => basename(path)), segmentCount, empty, failed }
}

async function collect(
  { annotations, clipFacts }: ExportParts,
  ask: AnnotationExport,
): Promise<Pick<ExportedAnnotations, 'empty' | 'failed'> & { documents: InterchangeDocument[] }> {
  const study = annotations.study()
  const documents: InterchangeDocument[] = []
  const empty: string[] = []
  const failed: { token: string; message: string }[] = []
  for (const token of new Set(ask.tokens)) {
    try {
      const observerId = annotations.observerId()
      const isBlind = annotations.isBlind(token)
      const wanted = isBlind ? [observerId ?? ''] : ask.observers
      const { clipId, media } = await clipFacts(token)
      const items = await annotations.items(token)
      const document = documentOfItems({ clipId, media, items }, study, wanted && new Set(wanted))
      if (countOf(document) === 0) empty.push(token)
      else documents.push(document)
    } catch (error) {
      failed.push({ token, message: toFault(error).message })
    }
  }
  return { documents, empty, failed }
}

const countOf = ({ tiers }: InterchangeDocument): number =>
  tiers.reduce((sum, { annotations }) => sum + annotations.length, 0)
