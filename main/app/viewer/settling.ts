import { settledSchema } from '../../host/viewer/settled'

/** Asks a process to say when it has read its messages so far. */
export class Settling {
  readonly #post: (message: unknown) => void
  readonly #waiting = new Map<number, () => void>()
  #lastId = 0

  constructor(post: (message: unknown) => void) {
    this.#post = post
  }

  /** Also ends when the process does: another one is told everything anew before anything else. */
  wait(): Promise<void> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#post({ type: 'settle', id })
    })
  }

  /** Takes a message of the process; others are let pass. */
  receive(message: unknown): void {
    const parsed = settledSchema.safeParse(message)
    if (!parsed.success) return
    this.#waiting.get(parsed.data.id)?.()
    this.#waiting.delete(parsed.data.id)
  }

  end(): void {
    for (const resolve of this.#waiting.values()) resolve()
    this.#waiting.clear()
  }
}
