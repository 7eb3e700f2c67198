/** A clip that is to be labelled. */
export interface QueuedClip {
  /** Absolute. */
  readonly path: string
  /** Unique in the results folder. */
  readonly clipId: string
}

/**
 * Clips in the order in which they will be labelled. It may change while a batch takes from it: clips are added, taken out,
 * moved; it may be paused, and clips that run may be stopped one by one.
 */
export class ClipQueue {
  #waiting: QueuedClip[]
  readonly #running = new Map<string, AbortController>()
  readonly #takers: (() => void)[] = []
  #isPaused = false

  constructor(clips: readonly QueuedClip[] = []) {
    this.#waiting = [...clips]
  }

  get waiting(): readonly QueuedClip[] {
    return this.#waiting
  }

  get runningCount(): number {
    return this.#running.size
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Puts clips at the end; those that wait or run already stay where they are. */
  add(clips: readonly QueuedClip[]): void {
    const known = new Set([...this.#running.keys(), ...this.#waiting.map(({ path }) => path)])
    for (const clip of clips) {
      if (known.has(clip.path)) continue
      known.add(clip.path)
      this.#waiting.push(clip)
    }
    this.#wake()
  }

  /** Takes clips out that wait and stops those that run. */
  remove(paths: ReadonlySet<string>): void {
    this.#waiting = this.#waiting.filter(({ path }) => !paths.has(path))
    for (const path of paths) this.#running.get(path)?.abort()
    this.#wake()
  }

  /**
   * Moves waiting clips, in the order they have, so that the first of them comes to stand at a place.
   * @param index among those that are not moved, 0..their number; beyond means the end
   */
  move(paths: ReadonlySet<string>, index: number): void {
    const moved = this.#waiting.filter(({ path }) => paths.has(path))
    const others = this.#waiting.filter(({ path }) => !paths.has(path))
    const place = Math.max(0, Math.min(others.length, Math.trunc(index)))
    this.#waiting = [...others.slice(0, place), ...moved, ...others.slice(place)]
  }

  /** Nothing more is begun; what runs is finished. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#wake()
  }

  /**
   * The next clip and what stops it; waits while the queue is paused, or is empty but other clips still run, since these may
   * yet be put back. Whoever takes a clip says `settle` when it is done with it.
   * @returns null when all is done or the signal is given
   */
  async take(signal: AbortSignal): Promise<{ clip: QueuedClip; signal: AbortSignal } | null> {
    for (;;) {
      if (signal.aborted) return null
      const clip = this.#isPaused ? undefined : this.#waiting.shift()
      if (clip) {
        const controller = new AbortController()
        this.#running.set(clip.path, controller)
        return { clip, signal: controller.signal }
      }
      if (this.#waiting.length === 0 && this.#running.size === 0) return null
      await this.#change(signal)
    }
  }

  settle(clip: QueuedClip): void {
    this.#running.delete(clip.path)
    this.#wake()
  }

  /** Puts a clip that was begun back to where it is begun next. */
  putBack(clip: QueuedClip): void {
    if (this.#waiting.every(({ path }) => path !== clip.path)) this.#waiting.unshift(clip)
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#takers.push(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #wake(): void {
    for (const wake of this.#takers.splice(0)) wake()
  }
}
