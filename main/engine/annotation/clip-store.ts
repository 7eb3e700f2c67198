import { type FileHandle, open, truncate } from 'node:fs/promises'
import type { AnnotationEdit, AnnotationItem, Study } from '../../../preload/contract/annotation'
import { outputError } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import { BackupPlan } from './backups'
import { checkEdit, type EditContext } from './check-edit'
import { journalPath, lineText, readClip, setAside, snapshotPath, writeSnapshot } from './clip-file'
import type { AnnotationDocument, StoredChange } from './document'

/** After this long without an edit everything is written to the snapshot and the journal begins anew. */
const QUIET_MS = 5000
/** A journal is not let grow longer than this. */
const MOST_LINES = 500

export interface ClipStoreOptions {
  /** The project's annotations folder. */
  readonly folder: string
  readonly clipId: string
  /** This copy of the project on this computer. */
  readonly replicaId: string
  readonly now?: () => number
  readonly quietMs?: number
  readonly mostLines?: number
  /** Writing in the background failed; what was acknowledged is in the journal all the same. */
  readonly onTrouble?: (error: unknown) => void
}

/**
 * The annotations of one clip, open for editing by this process alone. An edit is in the journal, on the disk, before it is
 * acknowledged; the snapshot follows when it is quiet. Edits that come while one is being written share the next write.
 */
export class ClipStore {
  readonly notices: readonly string[]
  readonly #options: ClipStoreOptions
  readonly #document: AnnotationDocument
  readonly #backups: BackupPlan
  #seq: number
  /** Lines in the journal since the snapshot. */
  #lines: number
  #journal: FileHandle | null = null
  #waiting: { readonly text: string; readonly done: (error: unknown) => void }[] = []
  #work: Promise<void> = Promise.resolve()
  #quiet: NodeJS.Timeout | null = null
  #isClosed = false

  private constructor(
    options: ClipStoreOptions,
    state: {
      readonly document: AnnotationDocument
      readonly seq: number
      readonly notices: readonly string[]
    },
  ) {
    this.#options = options
    this.#document = state.document
    this.#seq = state.seq
    this.#lines = 0
    this.notices = state.notices
    this.#backups = new BackupPlan(options.folder, options.clipId, options.now ?? Date.now)
  }

  /**
   * Reads what is there and repairs the files: damaged ones are kept under another name first.
   * @throws NewerVersionError, UnmaskError 'input.unreadable' | 'output.*'
   */
  static async open(options: ClipStoreOptions): Promise<ClipStore> {
    const { folder, clipId, now = Date.now } = options
    const read = await readClip(folder, clipId)
    const notices = [...read.notices]
    for (const path of read.damaged) {
      const kept = await setAside(path, now())
      notices.push(`${clipId}: the damaged file is kept as ${kept}`)
    }
    const store = new ClipStore(options, { ...read, notices })
    if (read.isStale) await store.flush()
    return store
  }

  get items(): AnnotationItem[] {
    return this.#document.items
  }

  get document(): AnnotationDocument {
    return this.#document
  }

  get seq(): number {
    return this.#seq
  }

  /**
   * Takes an edit. Everybody sees it at once; the promise ends when it is on the disk. Where writing fails the edit stays, and
   * the next write, or `flush`, brings it along.
   * @throws UnmaskError 'usage.invalid' where it does not fit, then nothing is changed; 'output.disk-full' | 'output.unwritable'
   */
  async edit(edit: AnnotationEdit, context: EditContext): Promise<void> {
    checkEdit(this.#document, edit.changes, context)
    const changes = this.#document.stamped(edit.changes, this.#options.replicaId)
    await this.#take(changes, edit.title, context.observerId)
  }

  /**
   * Takes changes with the clocks they have: what another copy of the project knows, brought in by a merge. Otherwise as `edit`.
   * @throws UnmaskError 'usage.invalid' | 'output.disk-full' | 'output.unwritable'
   */
  async adopt(changes: readonly StoredChange[], title: string, study: Study): Promise<void> {
    // A removal may be of something that this copy never had: its clock is what matters.
    const known = changes.filter((change) => 'put' in change || this.#document.item(change.remove))
    checkEdit(this.#document, known, { study, observerId: null })
    await this.#take(changes, title, null)
  }

  async #take(changes: readonly StoredChange[], title: string, observerId: string | null): Promise<void> {
    this.#document.apply(changes)
    this.#seq++
    const at = new Date(this.#now()).toISOString()
    const text = lineText({ seq: this.#seq, at, observerId, title, changes })
    const written = new Promise<void>((resolve, reject) => {
      const done = (error: unknown): void =>
        error === null ? resolve() : reject(outputError(error, this.#journalPath))
      this.#waiting.push({ text, done })
    })
    void this.#inTurn(() => this.#writeLines())
    this.#restartQuiet()
    await written
  }

  /** Writes the snapshot now. @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#writeLines()
      await this.#snapshot()
    })
  }

  /** Keeps a copy of how it is now, before something large is done. */
  async backUp(): Promise<void> {
    await this.flush()
    await this.#inTurn(() => this.#backups.make(this.#document, this.#seq))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#quiet) clearTimeout(this.#quiet)
    try {
      if (this.#lines > 0 || this.#waiting.length > 0) await this.flush()
    } finally {
      await this.#inTurn(async () => {
        await this.#journal?.close()
        this.#journal = null
      })
    }
  }

  get #journalPath(): string {
    return journalPath(this.#options.folder, this.#options.clipId)
  }

  #now(): number {
    return (this.#options.now ?? Date.now)()
  }

  async #writeLines(): Promise<void> {
    const lines = this.#waiting
    if (lines.length === 0) return
    this.#waiting = []
    try {
      this.#journal ??= await this.#openJournal()
      await this.#journal.appendFile(lines.map(({ text }) => text).join(''))
      await this.#journal.datasync()
      this.#lines += lines.length
      for (const { done } of lines) done(null)
    } catch (error) {
      // Part of a line may have been written: the next write must not be glued to it, so the snapshot takes over.
      this.#lines += lines.length
      for (const { done } of lines) done(error)
    }
    if (this.#lines >= (this.#options.mostLines ?? MOST_LINES))
      await this.#snapshot().catch((error: unknown) => this.#tell(error))
  }

  async #openJournal(): Promise<FileHandle> {
    await makeFolder(this.#options.folder)
    const handle = await open(this.#journalPath, 'a+')
    const { size } = await handle.stat()
    if (size > 0) {
      const last = Buffer.alloc(1)
      await handle.read(last, 0, 1, size - 1)
      // The line that a killed process was writing has no end.
      if (last.toString() !== '\n') await handle.appendFile('\n')
    }
    return handle
  }

  /** The journal is cut only when all of it is in the snapshot: its lines are numbered, so what is cut too late is harmless. */
  async #snapshot(): Promise<void> {
    const { folder, clipId } = this.#options
    await writeSnapshot(snapshotPath(folder, clipId), clipId, this.#document, this.#seq)
    await this.#journal?.close()
    this.#journal = null
    try {
      await truncate(this.#journalPath, 0)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw outputError(error, this.#journalPath)
    }
    this.#lines = 0
    await this.#backups.consider(this.#document, this.#seq)
  }

  #restartQuiet(): void {
    if (this.#isClosed) return
    if (this.#quiet) clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      this.#quiet = null
      this.flush().catch((error: unknown) => this.#tell(error))
    }, this.#options.quietMs ?? QUIET_MS)
  }

  #tell(error: unknown): void {
    this.#options.onTrouble?.(error)
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task)
    this.#work = done.catch(() => undefined)
    return done
  }
}
