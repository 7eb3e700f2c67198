import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import { outputError } from '../export/atomic-file'
import { AnnotationDocument, idOf } from './document'
import { type JournalLine, parseJournal } from './journal-file'
import { BACKUPS_FOLDER, journalPath, listBackups, snapshotPath, stampOf } from './paths'
import { readTextIfThere } from './read-text'
import { parseSnapshot, type Snapshot } from './snapshot-file'
import { ITEM_VERSIONS, type ItemVersions } from './versions'

export { ANNOTATIONS_FOLDER, BACKUPS_FOLDER, journalPath, snapshotPath } from './paths'

export interface ReadClip {
  readonly document: AnnotationDocument
  /** Number of the last edit. */
  readonly seq: number
  /** What was repaired or is missing, for people. */
  readonly notices: readonly string[]
  /** The files on the disk hold less or other than this: they should be written anew. */
  readonly isStale: boolean
  /** Edits that stand in the journal alone. */
  readonly journalledCount: number
  /** Files that could not be read whole; setting them aside is the writer's. */
  readonly damaged: readonly string[]
}

/**
 * Reads what people said of a clip, as far as it can be read, changing nothing. The journal comes first: a snapshot that is
 * written meanwhile then holds at least what the journal did.
 * @param folder the project's annotations folder
 * @throws NewerVersionError where a newer Unmask wrote it; UnmaskError 'input.unreadable'
 */
export async function readClip(
  folder: string,
  clipId: string,
  versions: ItemVersions = ITEM_VERSIONS,
): Promise<ReadClip> {
  const paths = { journal: journalPath(folder, clipId), snapshot: snapshotPath(folder, clipId) }
  const journalText = (await readTextIfThere(paths.journal)) ?? ''
  const snapshotText = await readTextIfThere(paths.snapshot)
  const journal = parseJournal(journalText, paths.journal, versions)
  const read = snapshotText === null ? EMPTY : parseSnapshot(snapshotText, paths.snapshot, versions)
  const notices: string[] = []
  const damaged: string[] = []
  let base = read
  if (read.damage !== null) {
    damaged.push(paths.snapshot)
    const journalled = new Set(journal.lines.flatMap(({ changes }) => changes.map(idOf)))
    const mended = await mend(folder, clipId, read, journalled, versions)
    base = mended.snapshot
    notices.push(`${clipId}: ${mended.notice}`)
  }
  if (journal.badLines.length > 0) {
    damaged.push(paths.journal)
    notices.push(
      `${clipId}: ${count(journal.badLines.length, 'edit')} in the journal cannot be read and ` +
        `${journal.badLines.length === 1 ? 'is' : 'are'} missing (line ${journal.badLines.join(', ')})`,
    )
  }
  const document = new AnnotationDocument(base.items, base.removed)
  const replayed = replay(document, journal.lines, base.seq)
  if (replayed.gap !== null && journal.badLines.length === 0 && damaged.length === 0)
    notices.push(`${clipId}: ${replayed.gap} missing: the journal does not go on where the annotations end`)
  return {
    document,
    seq: Math.max(replayed.seq, 0),
    notices,
    isStale: damaged.length > 0 || journal.isTorn,
    journalledCount: journal.lines.length,
    damaged,
  }
}

const EMPTY: Snapshot = { seq: 0, items: [], removed: [], lost: [], damage: null }

/** @param seq number of the last edit that is in the document; -1: not known, everything is replayed */
function replay(
  document: AnnotationDocument,
  lines: readonly JournalLine[],
  seq: number,
): { readonly seq: number; readonly gap: string | null } {
  let last = seq
  let gap: string | null = null
  for (const line of lines) {
    if (line.seq <= last) continue
    if (last >= 0 && line.seq > last + 1) gap ??= `edits ${last + 1} to ${line.seq - 1} are`
    document.apply(line.changes)
    last = line.seq
  }
  return { seq: last, gap }
}

interface Mended {
  readonly snapshot: Snapshot
  readonly notice: string
}

/** What is left of a damaged snapshot, with what the newest backup has of the rest. */
async function mend(
  folder: string,
  clipId: string,
  left: Snapshot,
  journalled: ReadonlySet<string>,
  versions: ItemVersions,
): Promise<Mended> {
  const backup = await newestBackup(folder, clipId, versions)
  const known = new Set([...left.items.map(({ item }) => item.id), ...left.removed.map(({ id }) => id)])
  const lostIds = new Set(left.lost.flatMap(({ id }) => id ?? []))
  const unnamedCount = left.lost.filter(({ id }) => id === null).length
  // Where it is known what is missing, other items that only the backup has were removed since.
  const isUncertain = unnamedCount > 0 || left.seq < 0 || known.size === 0
  const restored = (backup?.snapshot.items ?? []).filter(
    ({ item: { id } }) => !known.has(id) && (isUncertain || lostIds.has(id)),
  )
  const restoredIds = new Set(restored.map(({ item }) => item.id))
  const missing = left.lost.filter(({ id }) => id !== null && !restoredIds.has(id) && !journalled.has(id))
  const unnamedRestored = restored.filter(({ item }) => !lostIds.has(item.id)).length
  const nothingLeft = Math.max(0, unnamedCount - unnamedRestored)
  const parts = [`the annotations are damaged (${left.damage ?? 'unknown'})`]
  parts.push(`${count(left.items.length, 'item')} could be read`)
  if (backup && restored.length > 0)
    parts.push(
      `${count(restored.length, 'item')} came from the backup of ${backup.stamp} and may be older, or were removed since: ` +
        listOf(restored.map(({ item }) => placeOf(item))),
    )
  if (missing.length > 0) parts.push(`missing: ${listOf(missing.map(({ words }) => words))}`)
  if (nothingLeft > 0) parts.push(`${count(nothingLeft, 'item')} of which nothing is left missing`)
  if (!backup) parts.push('there is no backup')
  if (left.seq < 0 && missing.length + nothingLeft === 0)
    parts.push('whether anything else is missing cannot be told')
  if (journalled.size > 0)
    parts.push(`what the journal has of ${count(journalled.size, 'item')} was brought in`)
  const removed = isUncertain && left.removed.length === 0 ? (backup?.snapshot.removed ?? []) : left.removed
  return { snapshot: { ...left, items: [...left.items, ...restored], removed }, notice: parts.join('; ') }
}

/** Of backups that are damaged themselves the next older one counts. */
async function newestBackup(
  folder: string,
  clipId: string,
  versions: ItemVersions,
): Promise<{ readonly snapshot: Snapshot; readonly stamp: string } | null> {
  for (const { name, stamp } of await listBackups(folder, { clipId })) {
    const path = join(folder, BACKUPS_FOLDER, name)
    const text = await readTextIfThere(path)
    const snapshot = text === null ? null : parseSnapshot(text, path, versions)
    if (snapshot?.damage === null) return { snapshot, stamp }
  }
  return null
}

const MOST_NAMED = 5

function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function placeOf(item: AnnotationItem): string {
  const at = 'startSecs' in item && item.startSecs !== null ? ` at ${item.startSecs} s` : ''
  return `${item.kind} ${item.id}${at}`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** Keeps a damaged file under another name beside it. @returns its new path @throws UnmaskError 'output.*' */
export async function setAside(path: string, nowMs: number): Promise<string> {
  const kept = `${path}.damaged-${stampOf(nowMs)}`
  try {
    await copyFile(path, kept)
  } catch (error) {
    throw outputError(error, kept)
  }
  return kept
}
