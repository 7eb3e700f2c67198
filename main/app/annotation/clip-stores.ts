import { ClipStore, type ClipStoreOptions } from '../../engine/annotation/clip-store'
import { UnmaskError } from '../../engine/errors'

/** Clips that nobody works on any more stay open up to this many: a merge or an import goes through hundreds. */
const IDLE_MAX = 8

interface OpenedStore {
  readonly store: Promise<ClipStore>
  users: number
  /** The window has the clip open. */
  isHeld: boolean
}

/** The stores of a project that are open: one a clip at most, ever, because two would cut each other's journal. */
export class ClipStores {
  readonly #options: Omit<ClipStoreOptions, 'clipId'>
  /** The one used last at the end. */
  readonly #opened = new Map<string, OpenedStore>()
  readonly #closing = new Map<string, Promise<void>>()
  #isClosed = false

  constructor(options: Omit<ClipStoreOptions, 'clipId'>) {
    this.#options = options
  }

  /** Works with a clip's store, which stays open meanwhile. @throws as ClipStore.open, and as the task */
  async use<T>(clipId: string, task: (store: ClipStore) => Promise<T> | T): Promise<T> {
    if (this.#isClosed) throw new UnmaskError('usage.invalid', 'the project is closed; open it again')
    const known = this.#opened.get(clipId) ?? this.#open(clipId)
    this.#opened.delete(clipId)
    this.#opened.set(clipId, known)
    known.users++
    try {
      return await task(await known.store)
    } finally {
      known.users--
      this.#tidy()
    }
  }

  /** Keeps a clip open until it is closed. */
  hold(clipId: string): void {
    const known = this.#opened.get(clipId)
    if (known) known.isHeld = true
  }

  /** Writes out and forgets a clip; at once, or when whoever works on it is done. @throws UnmaskError 'output.*' */
  async close(clipId: string): Promise<void> {
    const known = this.#opened.get(clipId)
    if (!known) return
    known.isHeld = false
    if (known.users === 0) await this.#close(clipId, known)
  }

  /** @param onTrouble told of each clip that could not be written out; its journal has everything */
  async closeAll(onTrouble: (error: unknown) => void): Promise<void> {
    this.#isClosed = true
    const closing = [...this.#opened].map(([clipId, known]) => this.#close(clipId, known))
    for (const result of await Promise.allSettled([...closing, ...this.#closing.values()]))
      if (result.status === 'rejected') onTrouble(result.reason)
  }

  #open(clipId: string): OpenedStore {
    const before = this.#closing.get(clipId)
    const store = (async () => {
      await before?.catch(() => undefined)
      return ClipStore.open({ ...this.#options, clipId })
    })()
    const opened = { store, users: 0, isHeld: false }
    // The next request tries again: the file may be readable then.
    store.catch(() => {
      if (this.#opened.get(clipId) === opened) this.#opened.delete(clipId)
    })
    return opened
  }

  async #close(clipId: string, known: OpenedStore): Promise<void> {
    if (this.#opened.get(clipId) === known) this.#opened.delete(clipId)
    const closing = known.store.then(
      (store) => store.close(),
      // It never opened, which its users were told.
      () => undefined,
    )
    this.#closing.set(clipId, closing)
    try {
      await closing
    } finally {
      if (this.#closing.get(clipId) === closing) this.#closing.delete(clipId)
    }
  }

  #tidy(): void {
    const idle = [...this.#opened].filter(([, { users, isHeld }]) => users === 0 && !isHeld)
    for (const [clipId, known] of idle.slice(0, Math.max(0, idle.length - IDLE_MAX)))
      this.#close(clipId, known).catch((error: unknown) => this.#options.onTrouble?.(error))
  }
}
