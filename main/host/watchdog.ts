const MAX_STEP_MS = 1000
const STEPS = 8

/**
 * Bites when nothing has fed it for too long. Time in which this process itself stood still (Ctrl-Z, a laptop asleep)
 * does not count: whoever is watched stood still as well.
 */
export class Watchdog {
  readonly #limitMs: number
  readonly #stepMs: number
  readonly #nowMs: () => number
  #timer: NodeJS.Timeout | null = null
  #silentMs = 0
  #lastTickMs = 0

  constructor(limitSecs: number, nowMs: () => number = () => performance.now()) {
    this.#limitMs = limitSecs * 1000
    this.#stepMs = Math.max(1, Math.min(MAX_STEP_MS, this.#limitMs / STEPS))
    this.#nowMs = nowMs
  }

  /** Begins to count anew. */
  watch(onStall: () => void): void {
    this.stop()
    this.#silentMs = 0
    this.#lastTickMs = this.#nowMs()
    this.#timer = setInterval(() => {
      const nowMs = this.#nowMs()
      // A tick that comes far too late was held up by more than a busy moment.
      this.#silentMs += Math.min(nowMs - this.#lastTickMs, 2 * this.#stepMs)
      this.#lastTickMs = nowMs
      if (this.#silentMs < this.#limitMs) return
      this.stop()
      onStall()
    }, this.#stepMs)
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }
}
