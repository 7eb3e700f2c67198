import type { AnnotationChange } from '../../preload/contract/annotation'
import { compactChanges, idOf } from './item-document'

/** One step of undo: a whole edit, however many items it changed. */
export interface HistoryStep {
  readonly title: string
  readonly forward: readonly AnnotationChange[]
  /** Back to how it was before, exactly. */
  readonly inverse: readonly AnnotationChange[]
  /** Later edits of the same key become part of this step: the growing of a bout is one with its beginning. */
  readonly key: string | null
}

/** Steps kept; the oldest are forgotten first. */
export const HISTORY_DEPTH = 5000

/** What was done in a clip, for undo and redo. Holds no items: the caller applies what undo and redo answer. */
export class EditHistory {
  readonly #depth: number
  #done: HistoryStep[] = []
  #undone: HistoryStep[] = []

  constructor(depth = HISTORY_DEPTH) {
    this.#depth = depth
  }

  get canUndo(): boolean {
    return this.#done.length > 0
  }

  get canRedo(): boolean {
    return this.#undone.length > 0
  }

  get undoTitle(): string | null {
    return this.#done.at(-1)?.title ?? null
  }

  get redoTitle(): string | null {
    return this.#undone.at(-1)?.title ?? null
  }

  get undoCount(): number {
    return this.#done.length
  }

  /** What undo would take back. */
  get lastDone(): HistoryStep | null {
    return this.#done.at(-1) ?? null
  }

  /** What redo would do again. */
  get lastUndone(): HistoryStep | null {
    return this.#undone.at(-1) ?? null
  }

  /**
   * A new step; what was undone before it cannot be done again. A step with the key of an earlier one joins it where it can, and
   * then what was undone stays, unless it is about the same items.
   */
  record(step: HistoryStep): void {
    if (step.key !== null && this.#join(step)) {
      const ids = new Set(step.forward.map(idOf))
      if (this.#undone.some(({ forward }) => forward.some((change) => ids.has(idOf(change)))))
        this.#undone = []
      return
    }
    this.#undone = []
    this.#done.push(step)
    if (this.#done.length > this.#depth) this.#done.splice(0, this.#done.length - this.#depth)
  }

  undo(): HistoryStep | null {
    const step = this.#done.pop()
    if (!step) return null
    this.#undone.push(step)
    return step
  }

  redo(): HistoryStep | null {
    const step = this.#undone.pop()
    if (!step) return null
    this.#done.push(step)
    return step
  }

  /** Takes a step out that comes to nothing. */
  forget(key: string): void {
    this.#done = this.#done.filter((step) => step.key !== key)
  }

  clear(): void {
    this.#done = []
    this.#undone = []
  }

  /** Whether a step, done or undone, touches one of these items. */
  touches(ids: ReadonlySet<string>): boolean {
    if (ids.size === 0) return false
    return [...this.#done, ...this.#undone].some(({ forward }) =>
      forward.some((change) => ids.has(idOf(change))),
    )
  }

  /** Joins a step to the one with its key, unless a step in between touched the same items: order would matter then. */
  #join(step: HistoryStep): boolean {
    const ids = new Set(step.forward.map(idOf))
    for (let at = this.#done.length - 1; at >= 0; at--) {
      const known = this.#done[at]!
      if (known.key === step.key) {
        this.#done[at] = {
          title: step.title,
          key: step.key,
          forward: compactChanges([...known.forward, ...step.forward]),
          inverse: firstOfEach([...known.inverse, ...step.inverse]),
        }
        return true
      }
      if (known.forward.some((change) => ids.has(idOf(change)))) return false
    }
    return false
  }
}

function firstOfEach(changes: readonly AnnotationChange[]): AnnotationChange[] {
  const first = new Map<string, AnnotationChange>()
  for (const change of changes) if (!first.has(idOf(change))) first.set(idOf(change), change)
  return [...first.values()]
}
