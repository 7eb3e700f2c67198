import type { AnnotationEdit, AnnotationItem, Study } from '../../../preload/contract/annotation'
import { UnmaskError } from '../errors'
import { BackupPlan } from './backups'
import { checkEdit, type EditContext } from './check-edit'
import { readClip, setAside } from './clip-file'
import type { AnnotationDocument, KnownVersion, StoredChange } from './document'
import { lineText } from './journal-file'
import { JournalWriter, type OpenJournal } from './journal-writer'
import { journalPath, snapshotPath } from './paths'
import { snapshotText, writeSnapshot } from './snapshot-file'

/** After this long without an edit everything is written to the snapshot and the journal begins anew. */
const QUIET_MS = 3000
/** After a snapshot that could not be written. */
const RETRY_MS = 30_000
/** A journal is not let grow longer than this. */
const MOST_LINES = 500
const MOST_CHARS = 8_000_000

export interface ClipStoreOptions {
  /** The project's annotations folder. */
  readonly folder: string
  readonly clipId: string
  /** This copy of the project on this computer. */
  readonly replicaId: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly quietMs?: number
  readonly mostLines?: number
  readonly openJournal?: OpenJournal
  /** Writing in the background failed; what was acknowledged is in the journal all the same. */
  readonly onTrouble?: (error: unknown) => void
}

interface WaitingEdit {
  readonly text: string
  /** What was there before it. */
  readonly before: readonly KnownVersion[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * The annotations of one clip, open for editing by this process alone. An edit is in the journal, on the disk, before it is
 * acknowledged; the snapshot follows when it is quiet. Edits that come while others are being written share the next write. An
 * edit that cannot be written is taken back, with those that came after it: whoever made them sends them again.
 */
export class ClipStore {
  readonly #options: ClipStoreOptions
  readonly #document: AnnotationDocument
  readonly #backups: BackupPlan
  readonly #journal: JournalWriter
  #notices: readonly string[]
  #seq: number
  /** Edits and characters in the journal since the snapshot. */
  #lines: number
  #chars = 0
  /** The snapshot must be written before the journal goes on: the files do not hold what was read from them. */
  #needsSnapshot: boolean
  #damaged: readonly string[]
  #waiting: WaitingEdit[] = []
  #work: Promise<void> = Promise.resolve()
  #quiet: NodeJS.Timeout | null = null
  #isClosed = false

  private constructor(options: ClipStoreOptions, read: Awaited<ReturnType<typeof readClip>>) {
    const { folder, clipId, now = Date.now } = options
    this.#options = options
    this.#document = read.document
    this.#seq = read.seq
    this.#lines = read.journalledCount
    this.#needsSnapshot = read.isStale
    this.#damaged = read.damaged
    this.#notices = read.notices
    this.#backups = new BackupPlan(folder, { clipId }, now)
    this.#journal = new JournalWriter(journalPath(folder, clipId), options.openJournal)
  }

  /**
   * Reads what is there and repairs the files; damaged ones are kept under another name first. Where they cannot be repaired,
   * because the disk is full or read-only, the clip opens all the same, and the next edit tries again.
   * @throws NewerVersionError, UnmaskError 'input.unreadable'
   */
  static async open(options: ClipStoreOptions): Promise<ClipStore> {
    const store = new ClipStore(options, await readClip(options.folder, options.clipId))
    if (store.#needsSnapshot || store.#lines > 0)
      await store.flush().catch((error: unknown) => store.#tell(error))
    return store
  }

  /** What was repaired or is missing, for people. */
  get notices(): readonly string[] {
    return this.#notices
  }

  get items(): AnnotationItem[] {
    return this.#document.items
  }

  get document(): AnnotationDocument {
    return this.#document
  }

  /** Number of the last edit, also of one that is not on the disk yet. */
  get seq(): number {
    return this.#seq
  }

  /**
   * Takes an edit. The document has it at once; the promise ends when it is on the disk.
   * @throws UnmaskError 'usage.invalid' where it does not fit, 'output.disk-full' | 'output.unwritable'; then nothing is changed
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

  /** Writes the snapshot now. @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#writeLines()
      await this.#snapshot()
    })
  }

  /** Keeps a copy of how it is now, before something large is done. @throws UnmaskError 'output.*' */
  async backUp(): Promise<void> {
    await this.flush()
    await this.#inTurn(() => this.#backups.make(() => this.#text()))
  }

  /** Writes out and lets go. What was acknowledged is safe also where this fails. @throws UnmaskError 'output.*' */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#quiet) clearTimeout(this.#quiet)
    try {
      if (this.#lines > 0 || this.#waiting.length > 0 || this.#needsSnapshot) await this.flush()
    } finally {
      await this.#inTurn(() => this.#journal.close())
    }
  }

  async #take(changes: readonly StoredChange[], title: string, observerId: string | null): Promise<void> {
    if (this.#isClosed) throw new UnmaskError('usage.invalid', 'the clip is closed; open it again')
    const before = this.#document.apply(changes)
    const seq = ++this.#seq
    const at = new Date((this.#options.now ?? Date.now)()).toISOString()
    const text = lineText({ seq, at, observerId, title, changes })
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text, before, resolve, reject })
    })
    void this.#inTurn(() => this.#writeLines())
    await written
  }

  async #writeLines(): Promise<void> {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    const text = batch.map((edit) => edit.text).join('')
    try {
      // It holds these edits already, unnumbered; replaying their lines over it changes nothing.
      if (this.#needsSnapshot) await this.#snapshot(this.#seq - batch.length - this.#waiting.length)
      await this.#journal.append(text)
    } catch (error) {
      this.#takeBack(batch, error)
      if (this.#journal.isLost) this.#needsSnapshot = true
      return
    }
    this.#lines += batch.length
    this.#chars += text.length
    for (const { resolve } of batch) resolve()
    this.#wait(this.#options.quietMs ?? QUIET_MS)
    const isLong = this.#lines >= (this.#options.mostLines ?? MOST_LINES) || this.#chars > MOST_CHARS
    if (isLong) await this.#snapshot().catch((error: unknown) => this.#fail(error))
  }

  /** Edits that came meanwhile were made upon these: they go too. */
  #takeBack(batch: readonly WaitingEdit[], error: unknown): void {
    const all = [...batch, ...this.#waiting]
    this.#waiting = []
    for (const { before } of [...all].reverse()) this.#document.restore(before)
    this.#seq -= all.length
    for (const { reject } of all) reject(error)
  }

  /** The journal is cut only when all of it is in the snapshot: its lines are numbered, so what is cut too late is harmless. */
  async #snapshot(seq = this.#seq - this.#waiting.length): Promise<void> {
    const { folder, clipId, now = Date.now } = this.#options
    for (const path of this.#damaged) {
      const kept = await setAside(path, now())
      this.#notices = [...this.#notices, `${clipId}: the damaged file is kept as ${kept}`]
      this.#damaged = this.#damaged.filter((other) => other !== path)
    }
    await writeSnapshot(snapshotPath(folder, clipId), clipId, this.#document, seq)
    await this.#journal.clear()
    this.#needsSnapshot = false
    this.#lines = 0
    this.#chars = 0
    // The copy is for another day: without it nothing is lost today.
    await this.#backups.consider(() => this.#text()).catch((error: unknown) => this.#tell(error))
  }

  #text(): Iterable<string> {
    return snapshotText(this.#options.clipId, this.#document, this.#seq - this.#waiting.length)
  }

  #wait(ms: number): void {
    if (this.#quiet) clearTimeout(this.#quiet)
    if (this.#isClosed) return
    this.#quiet = setTimeout(() => {
      this.#quiet = null
      this.flush().catch((error: unknown) => this.#fail(error))
    }, ms)
  }

  /** What was acknowledged is in the journal; the snapshot is tried again. */
  #fail(error: unknown): void {
    this.#tell(error)
    this.#wait(RETRY_MS)
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
