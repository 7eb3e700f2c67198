import { EMOTIONS } from '../emotions'
import { NO_LABEL } from './types'

/** Labels in one order: those of the order given, then the emotions in theirs, then others by name, NO_LABEL last. */
export function orderLabels(labels: Iterable<string>, order: readonly string[]): string[] {
  const ranks = new Map<string, number>()
  for (const label of [...order, ...EMOTIONS]) if (!ranks.has(label)) ranks.set(label, ranks.size)
  const rank = (label: string): number =>
    label === NO_LABEL ? Number.POSITIVE_INFINITY : (ranks.get(label) ?? ranks.size)
  return [...new Set(labels)].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)]
    if (first !== second) return first < second ? -1 : 1
    return a < b ? -1 : a > b ? 1 : 0
  })
}
