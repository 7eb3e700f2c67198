import type { ConfusionCounts, LabelFigures } from '../../../preload/contract/agreement'
import { cohenKappa, proportionsOf } from '../../engine/agreement/kappa'
import { defined, undefinedBecause } from '../../engine/agreement/figure'
import { NO_LABEL } from '../../engine/agreement/types'

/**
 * Each label against all others. Specific agreement is 2 a / (2 a + b + c) of the table collapsed to two by two: the share of
 * what either rater gave this label in which the other did, too (Cicchetti, D. V. & Feinstein, A. R. (1990). High agreement but
 * low kappa: II. Journal of Clinical Epidemiology 43, 551-558). Kappa is Cohen's of the collapsed table.
 * @param hasEmptyCell of paired events nothing is known of "neither": specific agreement alone is defined
 */
export function labelFigures(
  { labels, counts }: ConfusionCounts,
  { hasEmptyCell = false } = {},
): LabelFigures[] {
  const cell = (row: number, column: number): number => counts[row]?.[column] ?? 0
  const total = counts.flat().reduce((sum, count) => sum + count, 0)
  return labels.flatMap((label, at) => {
    if (hasEmptyCell && label === NO_LABEL) return []
    const first = labels.reduce((sum, _, column) => sum + cell(at, column), 0)
    const second = labels.reduce((sum, _, row) => sum + cell(row, at), 0)
    const both = cell(at, at)
    const neither = total - first - second + both
    return {
      label,
      first,
      second,
      both,
      specific:
        first + second > 0
          ? defined((2 * both) / (first + second))
          : undefinedBecause('neither rater used this label'),
      kappa: hasEmptyCell
        ? undefinedBecause('events have no count of moments that carry neither')
        : cohenKappa(
            proportionsOf([
              [both, first - both],
              [second - both, neither],
            ]),
            false,
          ).figure,
    }
  })
}
