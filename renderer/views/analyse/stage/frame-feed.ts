import { toFault } from '../../../bridge/bridge'

/** What a picture is kept as: anything that is let go by `close`. */
interface Closable {
  close(): void
}

export interface FrameFeedOptions<P extends Closable> {
  /** Decodes a step for showing. A newer call makes an older one fail with 'cancelled'. */
  readonly read: (step: number) => Promise<P>
  readonly stepCount: () => number
  /** Pictures kept around the last one shown. */
  readonly kept?: number
  /** Pictures fetched ahead of a step, in the direction of the last move. */
  readonly ahead?: number
}

const KEPT = 24
const AHEAD = 4

/**
 * Pictures of steps for a paused clip: those near the playhead are kept ready to draw and fetched before they are asked
 * for. Only the step that was asked for last is of interest; whoever asked for another gets null.
 */
export class FrameFeed<P extends Closable> {
  readonly #options: Required<FrameFeedOptions<P>>
  readonly #pictures = new Map<number, P>()
  #wanted = -1
  #direction: 1 | -1 = 1
  #visit = 0
  #isClosed = false

  constructor(options: FrameFeedOptions<P>) {
    this.#options = { kept: KEPT, ahead: AHEAD, ...options }
  }

  /** The picture of a step if it is at hand. */
  peek(step: number): P | null {
    return this.#pictures.get(step) ?? null
  }

  /**
   * @returns null when another step was asked for meanwhile
   * @throws FaultError when the step cannot be decoded
   */
  async show(step: number): Promise<P | null> {
    if (this.#isClosed) return null
    if (this.#wanted >= 0 && step !== this.#wanted) this.#direction = step < this.#wanted ? -1 : 1
    this.#wanted = step
    const visit = ++this.#visit
    const picture = this.#pictures.get(step) ?? (await this.#fetch(step, visit))
    if (picture === null || visit !== this.#visit) return null
    void this.#fetchAhead(visit)
    return picture
  }

  /** Nothing is wanted any more, for instance while the clip plays; what is kept stays. */
  rest(): void {
    this.#visit++
  }

  clear(): void {
    this.#visit++
    for (const picture of this.#pictures.values()) picture.close()
    this.#pictures.clear()
  }

  close(): void {
    this.#isClosed = true
    this.clear()
  }

  async #fetch(step: number, visit: number): Promise<P | null> {
    try {
      const picture = await this.#options.read(step)
      if (this.#isClosed) {
        picture.close()
        return null
      }
      this.#keep(step, picture)
      return picture
    } catch (error) {
      // Overtaken by a newer step, which is what counts.
      if (visit !== this.#visit || toFault(error).code === 'cancelled') return null
      throw error
    }
  }

  async #fetchAhead(visit: number): Promise<void> {
    const { ahead, stepCount } = this.#options
    for (let distance = 1; distance <= ahead; distance++) {
      const step = this.#wanted + distance * this.#direction
      if (step < 0 || step >= stepCount()) return
      if (this.#pictures.has(step)) continue
      try {
        if ((await this.#fetch(step, visit)) === null) return
      } catch {
        // Nobody has asked for it yet; whoever does is told.
        return
      }
      if (visit !== this.#visit) return
    }
  }

  #keep(step: number, picture: P): void {
    this.#pictures.get(step)?.close()
    this.#pictures.set(step, picture)
    while (this.#pictures.size > this.#options.kept) {
      let farthest = step
      for (const kept of this.#pictures.keys())
        if (Math.abs(kept - this.#wanted) > Math.abs(farthest - this.#wanted)) farthest = kept
      this.#pictures.get(farthest)?.close()
      this.#pictures.delete(farthest)
    }
  }
}
