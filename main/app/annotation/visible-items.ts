import type { AnnotationItem, AnnotationKind } from '../../../preload/contract/annotation'

/** They say nothing of emotions: whose face it is, what is left out, what the clip is. */
const NEUTRAL_KINDS: readonly AnnotationKind[] = ['track', 'exclusion', 'variable']

/** What an observer who is blind to a clip may see of it: their own work and what is neutral. */
export function itemsForBlind(items: readonly AnnotationItem[], observerId: string): AnnotationItem[] {
  return items.filter((item) => item.observerId === observerId || NEUTRAL_KINDS.includes(item.kind))
}
