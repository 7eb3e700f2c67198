import { copyFile, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../errors'
import { writeAtomic } from '../export/atomic-file'
import { migrate, NewerVersionError, type Versions } from '../project/migrations'
import { firstProblem } from './first-problem'
import {
  AnnotationDocument,
  type StoredChange,
  storedChangeSchema,
  type StoredItem,
  storedItemSchema,
  type Tombstone,
  tombstoneSchema,
} from './document'

export const ANNOTATIONS_FOLDER = 'annotations'
export const BACKUPS_FOLDER = 'backups'
export const SNAPSHOT_ENDING = '.annotations.json'
export const JOURNAL_ENDING = '.journal.jsonl'

export const CLIP_VERSIONS: Versions = { what: 'annotation file', current: 1, steps: {} }

/** The frame of a snapshot; items are parsed one by one, so that one bad item does not cost the others. */
const frameSchema = z.object({
  format: z.literal('unmask-annotations'),
  formatVersion: z.literal(1),
  clipId: z.string(),
  /** Number of the last edit that is in it. */
  seq: z.number().int().min(0),
  items: z.array(z.unknown()),
  removed: z.array(z.unknown()),
})

/** A line of the journal: one edit. */
const lineSchema = z.object({
  seq: z.number().int().min(1),
  /** ISO 8601 UTC. */
  at: z.string(),
  observerId: z.string().nullable(),
  title: z.string(),
  changes: z.array(storedChangeSchema),
})

export type JournalLine = z.infer<typeof lineSchema>

export interface ReadClip {
  readonly document: AnnotationDocument
  readonly seq: number
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
  /** The files on the disk hold less or other than this: they should be written anew. */
  readonly isStale: boolean
  /** Files that could not be read whole; setting them aside is the writer's. */
  readonly damaged: readonly string[]
}

/** @param folder the project's annotations folder */
export const snapshotPath = (folder: string, clipId: string): string =>
  join(folder, `${clipId}${SNAPSHOT_ENDING}`)
export const journalPath = (folder: string, clipId: string): string =>
  join(folder, `${clipId}${JOURNAL_ENDING}`)

/**
 * Reads what people said of a clip, as far as it can be read, changing nothing. The journal comes first: a snapshot that is
 * written meanwhile then holds at least what the journal did.
 * @throws NewerVersionError where a newer Unmask wrote it; UnmaskError 'input.unreadable'
 */
export async function readClip(folder: string, clipId: string): Promise<ReadClip> {
  const notices: string[] = []
  const damaged: string[] = []
  const journal = await readJournalLines(journalPath(folder, clipId))
  if (journal.badLines > 0) {
    notices.push(
      `${clipId}: ${journal.badLines} line(s) of the journal cannot be read; those edits are missing`,
    )
    damaged.push(journalPath(folder, clipId))
  }
  const path = snapshotPath(folder, clipId)
  const text = await readIfThere(path)
  let snapshot = text === null ? null : parseSnapshot(text, path)
  if (text !== null && snapshot === null) {
    damaged.push(path)
    snapshot = await newestBackup(folder, clipId)
    notices.push(
      snapshot
        ? `${clipId}: the annotations could not be read; the backup of edit ${snapshot.seq} is used`
        : `${clipId}: the annotations could not be read and there is no backup; only what the journal holds is left`,
    )
  } else if (snapshot && snapshot.lost.length > 0) {
    damaged.push(path)
    const [first] = snapshot.lost
    notices.push(`${clipId}: ${snapshot.lost.length} item(s) cannot be read and are missing (${first})`)
  }
  const document = new AnnotationDocument(snapshot?.items, snapshot?.removed)
  const base = snapshot?.seq ?? 0
  let seq = base
  for (const line of journal.lines) {
    if (line.seq <= seq) continue
    if (line.seq > seq + 1 && journal.badLines === 0)
      notices.push(`${clipId}: edits ${seq + 1} to ${line.seq - 1} are missing`)
    document.apply(line.changes)
    seq = line.seq
  }
  return { document, seq, notices, isStale: damaged.length > 0 || journal.isTorn, damaged }
}

/** Writes everything to one file. @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
export async function writeSnapshot(
  path: string,
  clipId: string,
  document: AnnotationDocument,
  seq: number,
): Promise<void> {
  await writeAtomic(path, snapshotText(clipId, document, seq))
}

/** An item a line: large files then differ in the lines that were changed. */
export function* snapshotText(clipId: string, document: AnnotationDocument, seq: number): Generator<string> {
  const list = (entries: readonly unknown[]): string =>
    entries.length === 0 ? '[]' : `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`
  yield `{"format":"unmask-annotations","formatVersion":1,"clipId":${JSON.stringify(clipId)},"seq":${seq},\n`
  yield `"items":${list(document.stored)},\n`
  yield `"removed":${list(document.tombstones)}}\n`
}

/** Keeps a damaged file under another name. @returns its new name */
export async function setAside(path: string, nowMs: number): Promise<string> {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  const kept = `${path}.damaged-${stamp}`
  await copyFile(path, kept)
  return kept
}

interface Snapshot {
  readonly seq: number
  readonly items: readonly StoredItem[]
  readonly removed: readonly Tombstone[]
  /** Why each item that is missing could not be read. */
  readonly lost: readonly string[]
}

/** @returns null where nothing of it can be read @throws NewerVersionError */
function parseSnapshot(text: string, path: string): Snapshot | null {
  let frame: z.infer<typeof frameSchema>
  try {
    frame = frameSchema.parse(migrate(JSON.parse(text), CLIP_VERSIONS, path))
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return null
  }
  const items: StoredItem[] = []
  const lost: string[] = []
  for (const raw of frame.items) {
    const parsed = storedItemSchema.safeParse(raw)
    if (parsed.success) items.push(parsed.data)
    else lost.push(firstProblem(parsed.error))
  }
  const removed = frame.removed.flatMap((raw) => {
    const parsed = tombstoneSchema.safeParse(raw)
    return parsed.success ? [parsed.data] : []
  })
  return { seq: frame.seq, items, removed, lost }
}

/** Names of a clip's backups, the newest first. */
export async function backupNames(folder: string, clipId: string): Promise<string[]> {
  try {
    const names = await readdir(join(folder, BACKUPS_FOLDER))
    const start = `${clipId}.`
    const stamped = /^\d{4}-\d\d-\d\dT[\d-]+Z\.json$/
    return names
      .filter((name) => name.startsWith(start) && stamped.test(name.slice(start.length)))
      .sort()
      .reverse()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function newestBackup(folder: string, clipId: string): Promise<Snapshot | null> {
  for (const name of await backupNames(folder, clipId)) {
    const path = join(folder, BACKUPS_FOLDER, name)
    const text = await readIfThere(path)
    const snapshot = text === null ? null : parseSnapshot(text, path)
    if (snapshot) return snapshot
  }
  return null
}

interface ReadLines {
  readonly lines: readonly JournalLine[]
  readonly badLines: number
  /** The last line has no end: the edit was never acknowledged. */
  readonly isTorn: boolean
}

async function readJournalLines(path: string): Promise<ReadLines> {
  const text = (await readIfThere(path)) ?? ''
  const parts = text.split('\n')
  const tail = parts.pop() ?? ''
  const lines: JournalLine[] = []
  let badLines = 0
  for (const part of parts) {
    if (part.trim() === '') continue
    const line = parseLine(part)
    if (line) lines.push(line)
    else badLines++
  }
  // A whole line without its end is whole all the same.
  const last = tail === '' ? null : parseLine(tail)
  if (last) lines.push(last)
  return { lines, badLines, isTorn: tail !== '' }
}

function parseLine(text: string): JournalLine | null {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return null // counted by the caller
  }
}

export function lineText(line: {
  readonly seq: number
  readonly at: string
  readonly observerId: string | null
  readonly title: string
  readonly changes: readonly StoredChange[]
}): string {
  return `${JSON.stringify(line)}\n`
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new UnmaskError(
      'input.unreadable',
      `annotations cannot be read (${(error as Error).message}): ${path}`,
      {
        cause: error,
      },
    )
  }
}
