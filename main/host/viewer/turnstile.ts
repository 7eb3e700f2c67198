import { throwIfAborted, UnmaskError } from '../../engine/errors'

/** Lets work with large results through one after another, so that a flood of requests does not fill the memory. */
export class Turnstile {
  readonly #waitingMax: number
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** @param waitingMax more than this at a time are refused */
  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /**
   * @throws UnmaskError 'usage.invalid' where too many wait; 'cancelled' where the signal was aborted before its turn; and
   * whatever `work` throws
   */
  async pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#waitingMax)
      throw new UnmaskError(
        'usage.invalid',
        `${this.#waiting} requests of this kind are waiting already; wait for their answers`,
      )
    this.#waiting++
    const before = this.#last
    const turn = before.then(() => {
      throwIfAborted(signal)
      return work()
    })
    // The next one goes on whatever becomes of this one.
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await turn
    } finally {
      this.#waiting--
    }
  }
}
