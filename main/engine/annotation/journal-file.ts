import { z } from 'zod'
import { NewerVersionError } from '../project/migrations'
import { type StoredChange, storedChangeSchema } from './document'
import { ITEM_VERSIONS, type ItemVersions, migrateItems } from './versions'

/** A line of the journal: one edit, whole. */
const lineSchema = z.object({
  seq: z.number().int().min(1),
  /** ISO 8601 UTC. */
  at: z.string(),
  /** Null: the program itself, for several. */
  observerId: z.string().nullable(),
  title: z.string(),
  changes: z.array(storedChangeSchema),
})

export interface JournalLine {
  readonly seq: number
  readonly at: string
  readonly observerId: string | null
  readonly title: string
  readonly changes: readonly StoredChange[]
}

export interface ReadLines {
  readonly lines: readonly JournalLine[]
  /** Numbers of lines that cannot be read, counted from 1. */
  readonly badLines: readonly number[]
  /** The last line has no end: its edit was never acknowledged. */
  readonly isTorn: boolean
}

/** @throws NewerVersionError */
export function parseJournal(text: string, path: string, versions: ItemVersions = ITEM_VERSIONS): ReadLines {
  const parts = text.split('\n')
  const tail = parts.pop() ?? ''
  const lines: JournalLine[] = []
  const badLines: number[] = []
  for (const [index, part] of parts.entries()) {
    if (part.trim() === '') continue
    const line = parseLine(part, path, versions)
    if (line) lines.push(line)
    else badLines.push(index + 1)
  }
  // A whole line without its end is whole all the same.
  const last = tail === '' ? null : parseLine(tail, path, versions)
  if (last) lines.push(last)
  return { lines, badLines, isTorn: tail !== '' }
}

function parseLine(text: string, path: string, versions: ItemVersions): JournalLine | null {
  try {
    return lineSchema.parse(migrateItems(JSON.parse(text), versions, path))
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return null // counted by the caller
  }
}

export function lineText(line: JournalLine): string {
  return `${JSON.stringify({ formatVersion: ITEM_VERSIONS.current, ...line })}\n`
}
