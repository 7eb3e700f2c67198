import { access, type FileHandle, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { faultSchema, UnmaskError } from '../errors'
import { outputError } from '../export/atomic-file'
import { labelOptionsSchema } from './clip-job'

/** What makes a file the same file at resume time; content hashes would read every source again. */
const sourceSchema = z.object({ path: z.string(), sizeBytes: z.number(), modifiedMs: z.number() })
export type SourceIdentity = z.infer<typeof sourceSchema>

const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('batch'),
    at: z.string(),
    appVersion: z.string(),
    options: labelOptionsSchema,
    backend: z.string(),
    /** Model id -> sha256 of its weights, so that a resumed batch does not mix models. */
    models: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.literal('start'), at: z.string(), clipId: z.string(), source: sourceSchema }),
  z.object({
    type: z.literal('done'),
    at: z.string(),
    clipId: z.string(),
    source: sourceSchema,
    files: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
  z.object({
    type: z.literal('failed'),
    at: z.string(),
    clipId: z.string(),
    source: sourceSchema,
    stage: z.string(),
    fault: faultSchema,
  }),
])

export type JournalEntry = z.infer<typeof entrySchema>
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export const JOURNAL_FILE = 'unmask-journal.jsonl'

/**
 * Append-only record of a batch, one JSON object a line. Every line is on the disk before the batch goes on, so after a
 * SIGKILL it tells exactly which clips are complete.
 */
export class Journal {
  readonly #path: string
  readonly #handle: FileHandle
  #queue: Promise<void> = Promise.resolve()

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  static async open(folder: string): Promise<Journal> {
    const path = join(folder, JOURNAL_FILE)
    const existing = await readTextIfThere(path)
    const handle = await open(path, 'a')
    // The line a killed run was writing has no end; a new one must not be glued to it.
    if (existing !== null && existing !== '' && !existing.endsWith('\n')) await handle.appendFile('\n')
    return new Journal(path, handle)
  }

  /** @throws UnmaskError 'output.disk-full' | 'output.unwritable', also when the journal was taken away meanwhile */
  append(entry: Without<JournalEntry, 'at'>): Promise<void> {
    const line = `${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`
    const written = this.#queue.then(() => this.#write(line))
    // A failed line fails its own caller, not all later ones.
    this.#queue = written.catch(() => undefined)
    return written
  }

  async #write(line: string): Promise<void> {
    try {
      await this.#handle.appendFile(line)
      await this.#handle.datasync()
    } catch (error) {
      throw outputError(error, this.#path)
    }
    await this.#requirePresence()
  }

  /** Writing to a deleted file succeeds, and is lost. */
  async #requirePresence(): Promise<void> {
    try {
      await access(this.#path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
      throw new UnmaskError(
        'output.unwritable',
        `the journal was deleted or moved while the batch ran; begin again with --force or another --out: ${this.#path}`,
        { cause: error },
      )
    }
  }

  async close(): Promise<void> {
    await this.#queue
    await this.#handle.close()
  }
}

/**
 * Entries of a folder's journal; null where there is none. A torn last line is passed over.
 * @throws UnmaskError 'data.invalid' when a line in the middle is not a journal entry
 */
export async function readJournal(folder: string): Promise<JournalEntry[] | null> {
  const path = join(folder, JOURNAL_FILE)
  const text = await readTextIfThere(path)
  if (text === null) return null
  const lines = text.split('\n')
  const isTorn = lines.at(-1) !== ''
  const entries: JournalEntry[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = parseLine(line)
    if (entry) entries.push(entry)
    else if (!(isTorn && index === lines.length - 1) && !isTornInTheMiddle(lines, index))
      throw new UnmaskError(
        'data.invalid',
        `line ${index + 1} is not a journal entry; use another --out folder, or --force to begin anew: ${path}`,
      )
  }
  return entries
}

/** Begins anew: what was in the folder is no part of the next batch. */
export function removeJournal(folder: string): Promise<void> {
  return rm(join(folder, JOURNAL_FILE), { force: true })
}

/** A killed run leaves half a line; the run that resumed it began a new one below. */
function isTornInTheMiddle(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? ''
  const next = lines.slice(index + 1).find((later) => later.trim() !== '')
  return (
    line.startsWith('{') && !line.endsWith('}') && (next === undefined || parseLine(next)?.type === 'batch')
  )
}

function parseLine(line: string): JournalEntry | null {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
