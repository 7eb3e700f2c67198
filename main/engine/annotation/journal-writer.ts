import { type FileHandle, open, stat, truncate } from 'node:fs/promises'
import { outputError, writeAtomic } from '../export/atomic-file'
import { UnmaskError } from '../errors'
import { readTextIfThere } from './read-text'

/** What else may be done with the file that lines are written to; tests put one that fails in its place. */
export type JournalFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'stat' | 'close'>

export type OpenJournal = (path: string) => Promise<JournalFile>

/** Not for appending: on Windows such a file cannot be cut. */
const openToWrite: OpenJournal = (path) => open(path, 'r+')

/** Appends lines to a journal so that each is on the disk, whole, when `append` ends, or nothing of it is left. */
export class JournalWriter {
  readonly #path: string
  readonly #open: OpenJournal
  #file: JournalFile | null = null
  /** Bytes of whole lines. */
  #sizeBytes = 0
  /** Something may stand behind them. */
  #hasRest = false
  #isLost = false

  constructor(path: string, openFile: OpenJournal = openToWrite) {
    this.#path = path
    this.#open = openFile
  }

  /**
   * @param text whole lines
   * @throws UnmaskError 'output.disk-full' | 'output.unwritable', the latter also when the journal was taken away meanwhile
   */
  async append(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8')
    try {
      const file = (this.#file ??= await this.#start())
      if (this.#hasRest) await file.truncate(this.#sizeBytes)
      this.#hasRest = true
      let written = 0
      while (written < bytes.length) {
        const result = await file.write(bytes, written, bytes.length - written, this.#sizeBytes + written)
        written += result.bytesWritten
      }
      await file.datasync()
      await this.#requirePresence(file)
    } catch (error) {
      await this.#dropRest()
      throw outputError(error, this.#path)
    }
    this.#hasRest = false
    this.#sizeBytes += bytes.length
  }

  /** The journal was taken away: what it held must be written elsewhere. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** Empties the journal: all of it is in the snapshot. @throws UnmaskError 'output.*' */
  async clear(): Promise<void> {
    try {
      if (this.#file) await this.#file.truncate(0)
      else await truncate(this.#path, 0)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outputError(error, this.#path)
    }
    this.#sizeBytes = 0
    this.#hasRest = false
    this.#isLost = false
  }

  /** Half an edit that failed is of no use to anybody; what cannot be cut off now is when the next one is written. */
  async #dropRest(): Promise<void> {
    if (!this.#file || !this.#hasRest) return
    try {
      await this.#file.truncate(this.#sizeBytes)
      this.#hasRest = false
    } catch {
      this.#hasRest = true
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  async #start(): Promise<JournalFile> {
    const text = await readTextIfThere(this.#path)
    // Made like a snapshot, so that its very name survives a power cut.
    if (text === null) await writeAtomic(this.#path, [''])
    const file = await this.#open(this.#path)
    const whole = text?.slice(0, text.lastIndexOf('\n') + 1) ?? ''
    this.#sizeBytes = Buffer.byteLength(whole)
    this.#hasRest = text !== null && whole.length < text.length
    return file
  }

  /** Writing to a deleted file succeeds, and is lost. */
  async #requirePresence(file: JournalFile): Promise<void> {
    const own = await file.stat()
    const named = await stat(this.#path).catch(() => null)
    if (named && named.ino === own.ino && named.dev === own.dev) return
    await this.close()
    this.#isLost = true
    throw new UnmaskError(
      'output.unwritable',
      `the journal was deleted or moved while it was open; put the project's folder back where it was: ${this.#path}`,
    )
  }
}
