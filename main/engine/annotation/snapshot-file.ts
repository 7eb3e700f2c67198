import { z } from 'zod'
import { writeAtomic } from '../export/atomic-file'
import { NewerVersionError } from '../project/migrations'
import type { AnnotationDocument } from './document'
import { type StoredItem, storedItemSchema, type Tombstone, tombstoneSchema } from './document'
import { firstProblem } from './first-problem'
import { ITEM_VERSIONS, type ItemVersions, migrateItems } from './versions'

/** The frame of a snapshot; items are parsed one by one, so that one bad item does not cost the others. */
const frameSchema = z.object({
  format: z.literal('unmask-annotations'),
  clipId: z.string(),
  /** Number of the last edit that is in it. */
  seq: z.number().int().min(0),
  /** How many items it was written with: what tells how many are missing when it is torn. */
  itemCount: z.number().int().min(0),
  items: z.array(z.unknown()),
  removed: z.array(z.unknown()),
})

type Frame = z.infer<typeof frameSchema>

export interface LostEntry {
  /** Null: not even that is left. */
  readonly id: string | null
  readonly words: string
}

export interface Snapshot {
  /** -1: it could not be read. */
  readonly seq: number
  readonly items: readonly StoredItem[]
  readonly removed: readonly Tombstone[]
  /** Items that were there and cannot be read. */
  readonly lost: readonly LostEntry[]
  /** What is wrong with the file; null: nothing. */
  readonly damage: string | null
}

/**
 * Reads a snapshot as far as it goes: whole, item by item, or, where it is no JSON any more, line by line.
 * @throws NewerVersionError
 */
export function parseSnapshot(text: string, path: string, versions: ItemVersions = ITEM_VERSIONS): Snapshot {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return salvageLines(text, path, versions, `it is not JSON: ${(error as Error).message}`)
  }
  try {
    const frame = frameSchema.safeParse(migrateItems(raw, versions, path))
    if (!frame.success) return salvageLines(text, path, versions, firstProblem(frame.error))
    return parseItems(frame.data)
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return salvageLines(text, path, versions, 'it does not say its version')
  }
}

function parseItems({ seq, itemCount, items: rawItems, removed: rawRemoved }: Frame): Snapshot {
  const items: StoredItem[] = []
  const lost: LostEntry[] = []
  for (const raw of rawItems) {
    const parsed = storedItemSchema.safeParse(raw)
    if (parsed.success) items.push(parsed.data)
    else lost.push(lostEntry(raw, firstProblem(parsed.error)))
  }
  const removed: Tombstone[] = []
  let badTombstones = 0
  for (const raw of rawRemoved) {
    const parsed = tombstoneSchema.safeParse(raw)
    if (parsed.success) removed.push(parsed.data)
    else badTombstones++
  }
  for (let missing = rawItems.length; missing < itemCount; missing++) lost.push(NOTHING_LEFT)
  const isDamaged = lost.length > 0 || badTombstones > 0
  return { seq, items, removed, lost, damage: isDamaged ? 'some of its entries cannot be read' : null }
}

/** Entries stand on lines of their own, so that a tear or a scratch costs those that it touches. */
function salvageLines(text: string, path: string, versions: ItemVersions, damage: string): Snapshot {
  const items: StoredItem[] = []
  const removed: Tombstone[] = []
  const formatVersion = Number(/"formatVersion": ?(\d+)/.exec(text)?.[1] ?? versions.current)
  for (const line of text.split('\n')) {
    const entry = parseEntry(line, formatVersion, versions, path)
    const item = storedItemSchema.safeParse(entry)
    if (item.success) items.push(item.data)
    else {
      const tombstone = tombstoneSchema.safeParse(entry)
      if (tombstone.success) removed.push(tombstone.data)
    }
  }
  const count = Number(/"itemCount": ?(\d+)/.exec(text)?.[1] ?? 0)
  const lost = Array.from({ length: Math.max(0, count - items.length) }, () => NOTHING_LEFT)
  return { seq: Number(/"seq": ?(\d+)/.exec(text)?.[1] ?? -1), items, removed, lost, damage }
}

function parseEntry(line: string, formatVersion: number, versions: ItemVersions, path: string): unknown {
  const bare = line.trim().replace(/(,|\]\}?,?)$/, '')
  if (!bare.startsWith('{')) return null
  let entry: unknown
  try {
    entry = JSON.parse(bare)
  } catch {
    return null // this very entry is the damaged one
  }
  const { items } = migrateItems({ formatVersion, items: [entry] }, versions, path)
  return Array.isArray(items) ? items[0] : null
}

const namedSchema = z.object({
  item: z.object({
    kind: z.string().optional(),
    id: z.string().optional(),
    startSecs: z.number().optional(),
  }),
})

const NOTHING_LEFT: LostEntry = { id: null, words: 'an item of which nothing is left' }

function lostEntry(raw: unknown, problem: string): LostEntry {
  const parsed = namedSchema.safeParse(raw)
  if (!parsed.success) return { id: null, words: `an entry (${problem})` }
  const { kind = 'item', id = null, startSecs } = parsed.data.item
  const at = startSecs === undefined ? '' : ` at ${startSecs} s`
  return { id, words: `${kind} ${id ?? 'without id'}${at} (${problem})` }
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

/** An entry a line: what is damaged later costs those entries alone, and files differ in what was changed. */
export function* snapshotText(clipId: string, document: AnnotationDocument, seq: number): Generator<string> {
  const { stored, tombstones } = document
  const head = {
    format: 'unmask-annotations',
    formatVersion: ITEM_VERSIONS.current,
    clipId,
    seq,
    itemCount: stored.length,
  }
  yield `${JSON.stringify(head).slice(0, -1)},\n"items":[\n`
  yield* entryLines(stored)
  yield '],\n"removed":[\n'
  yield* entryLines(tombstones)
  yield ']}\n'
}

function* entryLines(entries: readonly unknown[]): Generator<string> {
  for (const [index, entry] of entries.entries())
    yield `${JSON.stringify(entry)}${index < entries.length - 1 ? ',' : ''}\n`
}
