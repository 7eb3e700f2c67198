import type { AnnotationEdit } from '../../preload/contract/annotation'
import type { Fault, Reply } from '../../preload/contract/reply'
import { toFault } from '../bridge/bridge'

/** saving: an edit is under way; unsaved: edits wait their turn; failed: writing failed, and is tried again. */
export type SaveState = 'saved' | 'saving' | 'unsaved' | 'failed'

/** Main will never take this edit, however often it is sent. */
const REFUSED = 'usage.invalid'

export type SendEdit = (edit: AnnotationEdit) => Promise<Reply<null>>

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 15_000

/**
 * Sends a clip's edits to main, one after the other and in order. An edit leaves the queue when it stands on the disk; after a
 * failure it is sent again, with growing pauses, for as long as it takes. What main refuses for good leaves the queue, and that is told.
 */
export class EditSender {
  readonly #send: SendEdit
  readonly #changed: () => void
  readonly #refused: (edit: AnnotationEdit, fault: Fault) => void
  readonly #queue: AnnotationEdit[] = []
  readonly #waiting: (() => void)[] = []
  #fault: Fault | null = null
  #isSending = false
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  /** @param changed is called after every change of state @param refused an edit was given up, because main will never take it */
  constructor(
    send: SendEdit,
    changed: () => void,
    refused: (edit: AnnotationEdit, fault: Fault) => void = () => undefined,
  ) {
    this.#send = send
    this.#changed = changed
    this.#refused = refused
  }

  get state(): SaveState {
    if (this.#queue.length === 0) return 'saved'
    if (this.#fault) return 'failed'
    return this.#isSending ? 'saving' : 'unsaved'
  }

  /** Why the last attempt failed; null: it did not. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** Edits that do not stand on the disk yet, the one under way among them; the oldest first. */
  get pending(): readonly AnnotationEdit[] {
    return this.#queue
  }

  push(edit: AnnotationEdit): void {
    this.#queue.push(edit)
    if (!this.#isSending && this.#timer === null) void this.#run()
    this.#changed()
  }

  /** Tries at once, instead of at the end of the pause. */
  retryNow(): void {
    if (this.#isSending || this.#queue.length === 0) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    void this.#run()
  }

  /** Gives up what is not saved; what is under way may still be written. @returns how many edits were given up */
  drop(): number {
    const count = this.#queue.length
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#queue.length = 0
    this.#fault = null
    this.#failures = 0
    this.#settle()
    this.#changed()
    return count
  }

  /** Resolves when everything stands on the disk, or was given up. */
  whenEmpty(): Promise<void> {
    if (this.#queue.length === 0 && !this.#isSending) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async #run(): Promise<void> {
    this.#isSending = true
    for (let edit = this.#queue[0]; edit; edit = this.#queue[0]) {
      const fault = await this.#attempt(edit)
      if (fault?.code === REFUSED) {
        if (this.#queue[0] === edit) this.#queue.shift()
        this.#refused(edit, fault)
        continue
      }
      if (fault) {
        // Given up meanwhile: nobody waits for it any more.
        if (this.#queue[0] !== edit) continue
        this.#fault = fault
        const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++)
        this.#timer = setTimeout(() => {
          this.#timer = null
          void this.#run()
        }, pauseMs)
        break
      }
      this.#fault = null
      this.#failures = 0
      if (this.#queue[0] === edit) this.#queue.shift()
      this.#changed()
    }
    this.#isSending = false
    this.#settle()
    this.#changed()
  }

  async #attempt(edit: AnnotationEdit): Promise<Fault | null> {
    try {
      const reply = await this.#send(edit)
      return reply.ok ? null : reply.fault
    } catch (error) {
      return toFault(error)
    }
  }

  #settle(): void {
    if (this.#queue.length > 0 || this.#isSending) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
