import type { AnnotationChange, AnnotationItem, AnnotationKind } from '../../../preload/contract/annotation'

/** They say nothing of emotions: whose face it is, what is left out, what the clip is. */
const NEUTRAL_KINDS: readonly AnnotationKind[] = ['track', 'exclusion', 'variable']

/**
 * What an observer who is blind to a clip may see of it: their own work and what is neutral. Time that others left out counts nowhere and is
 * shown; why they left it out are their words, which are kept from the page and put back under what it writes.
 */
export class BlindSight {
  readonly #reasons = new Map<string, string>()

  visible(items: readonly AnnotationItem[], observerId: string): AnnotationItem[] {
    return items.flatMap((item): AnnotationItem[] => {
      if (item.observerId === observerId) return [item]
      if (!NEUTRAL_KINDS.includes(item.kind)) return []
      if (item.kind !== 'exclusion') return [item]
      this.#reasons.set(item.id, item.reason)
      return [{ ...item, reason: '' }]
    })
  }

  /** Changes of who did not see the reasons. */
  restored(changes: readonly AnnotationChange[]): AnnotationChange[] {
    return changes.map((change) => {
      if (!('put' in change) || change.put.kind !== 'exclusion' || change.put.reason !== '') return change
      return { put: { ...change.put, reason: this.#reasons.get(change.put.id) ?? '' } }
    })
  }
}
