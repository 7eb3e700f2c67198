import {
  access,
  constants,
  copyFile,
  type FileHandle,
  open,
  readFile,
  realpath,
  rename,
  rm,
} from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted, UnmaskError } from '../errors'
import { AtomicFiles, outputError, TEMPORARY_SUFFIX, type TextChunks } from '../export/atomic-file'
import { dataDictionaryCsv } from '../export/data-dictionary'
import { makeFolder } from '../export/make-folder'
import type { ClipMeta } from '../export/meta-json'
import { methodsText } from '../export/methods-text'
import { type ClipFile, clipFileName, requestedFiles, withByteOrderMark } from '../export/write-clip'
import { AnnotationIndex, type ClipAnnotation } from '../export/annotated/clip-annotation'
import { annotatedSummary } from '../export/annotated/annotated-summary'
import { annotatedMeta } from '../export/annotated/annotated-meta'
import { finalRecords, humanRecords, namedModelRecords } from '../export/annotated/annotated-records'
import { codingMethods } from '../export/annotated/coding-methods'
import { annotatedFrames } from '../export/annotated/frames-transform'
import { metaText } from '../export/meta-json'
import { segmentsCsv } from '../export/segments-csv'
import { type ClipResults, readClipFacts, readClipResults } from './clip-results'
import { readError } from './csv-columns'
import { rebuildContext, rebuildTimeline } from './rebuild-timeline'

/** What can be exported of a labelled clip, by the names of the command. */
export const EXPORT_FORMATS = [
  'frames',
  'speech',
  'segments',
  'meta',
  'summary',
  'long',
  'landmarks',
  'eaf',
  'textgrid',
  'boris',
  'dictionary',
  'methods',
] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportRequest {
  readonly resultsFolder: string
  readonly clipId: string
  /** Where the recording is now; null: where it was. */
  readonly mediaPath: string | null
  readonly formats: readonly ExportFormat[]
  readonly targetFolder: string
  /** Whether files of the same names may be replaced. */
  readonly replace: boolean
  /** What people said of the clip; then tables are made anew with it. Null or left out: nobody said anything. */
  readonly annotation?: ClipAnnotation | null
  readonly signal?: AbortSignal
}

export interface ExportedFiles {
  /** Names in the target folder. */
  readonly files: readonly string[]
  /** Formats that this clip cannot give, and why. */
  readonly absent: readonly { readonly format: ExportFormat; readonly reason: string }[]
  /** What the clip adds to a summary of several, where one was asked for; that is the caller's to write. */
  readonly meta: ClipMeta | null
}

/** Files of a format beside each other, by their endings. */
const ENDINGS: Readonly<Partial<Record<ExportFormat, readonly string[]>>> = {
  frames: ['frames.csv'],
  speech: ['speech.csv'],
  segments: ['segments.csv'],
  meta: ['meta.json'],
  long: ['long.csv'],
  landmarks: ['landmarks.csv'],
  eaf: ['eaf'],
  textgrid: ['TextGrid'],
  boris: ['boris', 'boris-face.csv', 'boris-fusion.csv'],
}

/** What people say changes these; speech windows and landmarks are the model's alone. */
const ANNOTATED: readonly ExportFormat[] = ['frames', 'segments', 'meta', 'long', 'eaf', 'textgrid', 'boris']
/** What is only for the program: marks of progress change no table. */
const TELLING_KINDS: readonly string[] = ['segment', 'exclusion', 'track', 'variable']

const FOLDER_FILES = { dictionary: 'data_dictionary.csv', methods: 'METHODS.txt' } as const

/**
 * Writes a clip's results in other formats, or the same, to another folder. What the clip was labelled with is copied byte
 * for byte; long, EAF, TextGrid and BORIS files that were not asked for then are made from the tables and are what the
 * command would have written. The files appear together or not at all. Where people annotated the clip, the tables have their
 * labels, names and exclusions; the results folder itself keeps what the models found.
 * @throws UnmaskError 'output.exists' naming what is in the way; 'output.*', 'data.invalid', 'input.*', 'cancelled'
 */
export async function exportClip(request: ExportRequest): Promise<ExportedFiles> {
  const { resultsFolder, clipId, targetFolder, signal } = request
  const meta = await readClipFacts(resultsFolder, clipId)
  const annotation = tellingAnnotation(request.annotation ?? null)
  const formats = EXPORT_FORMATS.filter((format) => request.formats.includes(format))
  const copied: string[] = []
  const made: ClipFile[] = []
  const absent: { format: ExportFormat; reason: string }[] = []
  const toMake: ExportFormat[] = []
  for (const format of formats) {
    const names = namesOf(format, meta)
    if (format === 'summary') continue
    if (annotation && ANNOTATED.includes(format)) toMake.push(format)
    else if (names.length > 0) copied.push(...names)
    else if (format === 'landmarks')
      absent.push({
        format,
        reason: 'landmarks are only found while a clip is labelled; label it again with them',
      })
    else if (format === 'dictionary' || format === 'methods') {
      const coding = annotation && format === 'methods' ? codingMethods(annotation) : ''
      const isThere = await exists(join(resultsFolder, FOLDER_FILES[format]))
      if (coding !== '') made.push(await methodsWithCoding(request, meta, coding, isThere))
      else if (isThere) copied.push(FOLDER_FILES[format])
      else made.push(folderFile(format, meta))
    } else toMake.push(format)
  }
  const isSameFolder = await isSame(resultsFolder, targetFolder)
  if (isSameFolder && annotation && toMake.length > 0)
    throw new UnmaskError(
      'output.exists',
      `choose another folder: the tables here are what the models found, and stay so: ${targetFolder}`,
    )
  const results =
    toMake.length > 0 || (annotation && formats.includes('summary'))
      ? await readClipResults(resultsFolder, clipId, { signal })
      : null
  const said = annotation && results ? { annotation, meta: metaOf(results, annotation) } : null
  if (results) made.push(...(await makeFiles(request, toMake, results, said)))
  const names = [...copied, ...made.map(({ name }) => name)]
  await refuseExisting(request, isSameFolder ? made.map(({ name }) => name) : names)
  await writeTogether(targetFolder, {
    copies: isSameFolder ? [] : copied.map((name) => ({ name, from: join(resultsFolder, name) })),
    made: made.map(({ name, chunks }) => ({ name, chunks: whileWanted(chunks, signal) })),
    signal,
  })
  return { files: names, absent, meta: formats.includes('summary') ? (said?.meta ?? meta) : null }
}

/** Files of a format that the clip was labelled with. */
function namesOf(format: ExportFormat, meta: ClipMeta): string[] {
  return (ENDINGS[format] ?? [])
    .map((ending) => clipFileName(meta.clipId, ending))
    .filter((name) => meta.files.includes(name))
}

/** Null where what people said changes no table. */
function tellingAnnotation(annotation: ClipAnnotation | null): ClipAnnotation | null {
  return annotation?.items.some(({ kind }) => TELLING_KINDS.includes(kind)) ? annotation : null
}

function metaOf(results: ClipResults, annotation: ClipAnnotation): ClipMeta {
  const { meta, segments } = results
  return annotatedMeta(
    meta,
    annotation,
    annotatedSummary(rebuildTimeline(results), meta, segments, annotation),
  )
}

async function makeFiles(
  { resultsFolder, clipId, mediaPath }: ExportRequest,
  formats: readonly ExportFormat[],
  results: ClipResults,
  said: { readonly annotation: ClipAnnotation; readonly meta: ClipMeta } | null,
): Promise<ClipFile[]> {
  const framesPath = join(resultsFolder, clipFileName(clipId, 'frames.csv'))
  const bom = await hasByteOrderMark(framesPath)
  const timeline = rebuildTimeline(results)
  const context = rebuildContext(results.meta, mediaPath)
  const files: ClipFile[] = []
  let records = results.segments
  let index: AnnotationIndex | undefined
  if (said) {
    const { annotation } = said
    index = new AnnotationIndex(annotation)
    const { frame, timeSecs, count } = results.rows
    const recordContext = {
      clipId,
      frameTimesSecs: timeline.rowSource === 'video' ? timesOfFrames(frame, timeSecs, count) : [],
      hasFusion: results.meta.settings.modalities.includes('fusion'),
    }
    const people = humanRecords(annotation, recordContext)
    const tables = [...namedModelRecords(results.segments, annotation), ...people]
    records = [...tables, ...finalRecords(annotation, results.segments, recordContext)]
    const named = (ending: string): string => clipFileName(clipId, ending)
    if (formats.includes('frames'))
      files.push({ name: named('frames.csv'), chunks: annotatedFrames(framesPath, index) })
    if (formats.includes('segments')) {
      const lines = segmentsCsv(tables)
      files.push({ name: named('segments.csv'), chunks: bom ? withByteOrderMark(lines) : lines })
    }
    if (formats.includes('meta')) files.push({ name: named('meta.json'), chunks: [metaText(said.meta)] })
  }
  return [
    ...files,
    ...requestedFiles({
      timeline,
      context,
      records,
      options: {
        long: formats.includes('long'),
        eaf: formats.includes('eaf'),
        textgrid: formats.includes('textgrid'),
        boris: formats.includes('boris'),
        bom,
      },
      ...(index && { people: index }),
    }),
  ]
}

/** The time of each frame once, however many faces it has. */
function timesOfFrames(frame: Int32Array, timeSecs: Float64Array, count: number): Float64Array {
  const times = new Float64Array((frame[count - 1] ?? -1) + 1)
  for (let row = 0; row < count; row++) times[frame[row] ?? 0] = timeSecs[row] ?? Number.NaN
  return times
}

async function methodsWithCoding(
  { resultsFolder }: ExportRequest,
  meta: ClipMeta,
  coding: string,
  isThere: boolean,
): Promise<ClipFile> {
  const name = FOLDER_FILES.methods
  const models = isThere
    ? await readFile(join(resultsFolder, name), 'utf8')
    : methodsText({ clips: [{ meta }], appVersion: meta.app.version })
  return { name, chunks: [`${models.trimEnd()}\n\n${coding}\n`] }
}

/** Of a folder whose batch has not come to its end; about this clip alone. */
function folderFile(format: 'dictionary' | 'methods', meta: ClipMeta): ClipFile {
  const name = FOLDER_FILES[format]
  if (format === 'methods')
    return { name, chunks: [methodsText({ clips: [{ meta }], appVersion: meta.app.version })] }
  const hasLandmarks = meta.files.includes(clipFileName(meta.clipId, 'landmarks.csv'))
  return { name, chunks: dataDictionaryCsv({ variables: Object.keys(meta.variables).sort(), hasLandmarks }) }
}

async function refuseExisting(
  { targetFolder, replace }: ExportRequest,
  names: readonly string[],
): Promise<void> {
  if (replace) return
  const found: string[] = []
  for (const name of names) if (await exists(join(targetFolder, name))) found.push(name)
  if (found.length === 0) return
  throw new UnmaskError(
    'output.exists',
    `${found.join(', ')} already there; replace them or choose another folder: ${targetFolder}`,
  )
}

interface Writing {
  readonly copies: readonly { readonly name: string; readonly from: string }[]
  readonly made: readonly { readonly name: string; readonly chunks: TextChunks }[]
  readonly signal?: AbortSignal
}

async function writeTogether(folder: string, { copies, made, signal }: Writing): Promise<void> {
  const texts = new AtomicFiles(folder)
  const parts = copies.map(({ name }) => join(folder, `${name}${TEMPORARY_SUFFIX}`))
  try {
    await makeFolder(folder)
    for (const [index, { from }] of copies.entries()) {
      throwIfAborted(signal)
      await requireReadable(from)
      await copyFile(from, parts[index] ?? '')
    }
    for (const { name, chunks } of made) await texts.write(name, chunks)
    for (const [index, { name }] of copies.entries()) await rename(parts[index] ?? '', join(folder, name))
    await texts.commit()
  } catch (error) {
    await texts.discard()
    // The error that led here is the one to report.
    for (const part of parts) await rm(part, { force: true }).catch(() => undefined)
    throw outputError(error, folder)
  }
}

/** What fails behind this is the fault of the target. */
async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    throw readError(error, path)
  }
}

/** The largest tables take seconds: they end when nobody wants them any more. */
async function* whileWanted(chunks: TextChunks, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    throwIfAborted(signal)
    yield chunk
  }
}

async function hasByteOrderMark(path: string): Promise<boolean> {
  let handle: FileHandle | null = null
  try {
    handle = await open(path, 'r')
    const bytes = Buffer.alloc(3)
    await handle.read(bytes, 0, 3, 0)
    return bytes.equals(Buffer.from('\uFEFF', 'utf8'))
  } finally {
    await handle?.close()
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}

async function isSame(a: string, b: string): Promise<boolean> {
  try {
    return (await realpath(a)) === (await realpath(b))
  } catch {
    return false // a folder that is not there yet is another one
  }
}
