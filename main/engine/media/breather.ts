import { setImmediate } from 'node:timers/promises'

/** Lets timers, messages and abort signals in during long synchronous work. */
export class Breather {
  private lastMs = performance.now()

  /** @param everyMs the longest the event loop is kept waiting, as far as single steps allow */
  constructor(private readonly everyMs = 15) {}

  get isDue(): boolean {
    return performance.now() - this.lastMs >= this.everyMs
  }

  async breathe(): Promise<void> {
    await setImmediate()
    this.lastMs = performance.now()
  }
}
