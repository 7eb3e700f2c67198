import { access, constants, copyFile, type FileHandle, open, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted, UnmaskError } from '../errors'
import { AtomicFiles, outputError, TEMPORARY_SUFFIX, type TextChunks } from '../export/atomic-file'
import { dataDictionaryCsv } from '../export/data-dictionary'
import { makeFolder } from '../export/make-folder'
import type { ClipMeta } from '../export/meta-json'
import { methodsText } from '../export/methods-text'
import { type ClipFile, clipFileName, requestedFiles } from '../export/write-clip'
import { readClipFacts, readClipResults } from './clip-results'
import { readError } from './csv-columns'
import { rebuildContext, rebuildTimeline } from './rebuild-timeline'

/** What can be exported of a labelled clip, by the names of the command. */
export const EXPORT_FORMATS = [
  'frames',
  'speech',
  'segments',
  'meta',
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
  readonly signal?: AbortSignal
}

export interface ExportedFiles {
  /** Names in the target folder. */
  readonly files: readonly string[]
  /** Formats that this clip cannot give, and why. */
  readonly absent: readonly { readonly format: ExportFormat; readonly reason: string }[]
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

const FOLDER_FILES = { dictionary: 'data_dictionary.csv', methods: 'METHODS.txt' } as const

/**
 * Writes a clip's results in other formats, or the same, to another folder. What the clip was labelled with is copied byte
 * for byte; long, EAF, TextGrid and BORIS files that were not asked for then are made from the tables and are what the
 * command would have written. The files appear together or not at all.
 * @throws UnmaskError 'output.exists' naming what is in the way; 'output.*', 'data.invalid', 'input.*', 'cancelled'
 */
export async function exportClip(request: ExportRequest): Promise<ExportedFiles> {
  const { resultsFolder, clipId, targetFolder, signal } = request
  const meta = await readClipFacts(resultsFolder, clipId)
  const formats = EXPORT_FORMATS.filter((format) => request.formats.includes(format))
  const copied: string[] = []
  const made: ClipFile[] = []
  const absent: { format: ExportFormat; reason: string }[] = []
  const toMake: ExportFormat[] = []
  for (const format of formats) {
    const names = namesOf(format, meta)
    if (names.length > 0) copied.push(...names)
    else if (format === 'landmarks')
      absent.push({
        format,
        reason: 'landmarks are only found while a clip is labelled; label it again with them',
      })
    else if (format === 'dictionary' || format === 'methods') {
      if (await exists(join(resultsFolder, FOLDER_FILES[format]))) copied.push(FOLDER_FILES[format])
      else made.push(folderFile(format, meta))
    } else toMake.push(format)
  }
  if (toMake.length > 0) made.push(...(await makeFiles(request, toMake)))
  const names = [...copied, ...made.map(({ name }) => name)]
  const isSameFolder = await isSame(resultsFolder, targetFolder)
  await refuseExisting(request, isSameFolder ? made.map(({ name }) => name) : names)
  await writeTogether(targetFolder, {
    copies: isSameFolder ? [] : copied.map((name) => ({ name, from: join(resultsFolder, name) })),
    made: made.map(({ name, chunks }) => ({ name, chunks: whileWanted(chunks, signal) })),
    signal,
  })
  return { files: names, absent }
}

/** Files of a format that the clip was labelled with. */
function namesOf(format: ExportFormat, meta: ClipMeta): string[] {
  return (ENDINGS[format] ?? [])
    .map((ending) => clipFileName(meta.clipId, ending))
    .filter((name) => meta.files.includes(name))
}

async function makeFiles(request: ExportRequest, formats: readonly ExportFormat[]): Promise<ClipFile[]> {
  const { resultsFolder, clipId, mediaPath, signal } = request
  const results = await readClipResults(resultsFolder, clipId, { signal })
  return requestedFiles({
    timeline: rebuildTimeline(results),
    context: rebuildContext(results.meta, mediaPath),
    records: results.segments,
    options: {
      long: formats.includes('long'),
      eaf: formats.includes('eaf'),
      textgrid: formats.includes('textgrid'),
      boris: formats.includes('boris'),
      bom: await hasByteOrderMark(join(resultsFolder, clipFileName(clipId, 'frames.csv'))),
    },
  })
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
function* whileWanted(chunks: TextChunks, signal: AbortSignal | undefined): Generator<string> {
  for (const chunk of chunks as Iterable<string>) {
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
