import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type {
  AnnotationExport,
  AnnotationFormat,
  ExportedAnnotations,
} from '../../../preload/contract/interchange'
import { toFault, UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { writeBytesAtomic } from '../../engine/export/write-bytes'
import { gzipBoris, writeBoris } from '../../engine/interchange/boris-write'
import type { InterchangeDocument } from '../../engine/interchange/document'
import { writeEaf } from '../../engine/interchange/eaf-write'
import { documentOfItems } from '../../engine/interchange/items-to-document'
import { writeSegmentsTable } from '../../engine/interchange/segments-table'
import { writeTextGrid } from '../../engine/interchange/textgrid-write'
import type { AppContext } from '../app-context'
import type { AnnotationsPort } from './annotations-port'
import type { ClipFactsPort } from './clips-port'
import { askForFolder, askToReplace, askWhereToSave } from './file-dialogs'

export interface ExportParts {
  readonly context: AppContext
  readonly annotations: AnnotationsPort
  readonly clipFacts: (token: string) => Promise<ClipFactsPort>
  readonly projectName: () => string
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
  const date = new Date().toISOString()
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
    await write(path, documents, { ...ask, date, appVersion: parts.context.appVersion, name })
    return { fileNames: [basename(path)], segmentCount, empty, failed }
  }
  const folder = await askForFolder(parts.context, 'Export annotations to folder')
  if (folder === null) return null
  const paths = documents.map(({ title }) => join(folder, `${title}${ending}`))
  const there = paths.filter((path) => existsSync(path)).map((path) => basename(path))
  if (there.length > 0 && !(await askToReplace(parts.context, there))) return null
  for (const [index, document] of documents.entries())
    await write(paths[index] ?? '', [document], {
      ...ask,
      date,
      appVersion: parts.context.appVersion,
      name: document.title,
    })
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

interface WriteOptions extends Pick<AnnotationExport, 'format' | 'isForReimport'> {
  readonly date: string
  readonly appVersion: string
  /** Of the project in BORIS. */
  readonly name: string
}

async function write(
  path: string,
  documents: readonly InterchangeDocument[],
  { format, isForReimport, date, appVersion, name }: WriteOptions,
): Promise<void> {
  const [document] = documents
  if (!document) throw new UnmaskError('internal', 'there is nothing to write')
  const boris = (): string => writeBoris(documents, { projectName: name, date })
  switch (format) {
    case 'segments':
      return writeAtomic(path, writeSegmentsTable(documents))
    case 'eaf':
      return writeAtomic(path, writeEaf(document, { author: `Unmask ${appVersion}`, date }))
    case 'textgrid':
      return writeAtomic(path, writeTextGrid(document, { isForReimport }))
    case 'boris':
      return writeAtomic(path, [boris()])
    case 'boris-gz':
      return writeBytesAtomic(path, gzipBoris(boris()))
  }
}
