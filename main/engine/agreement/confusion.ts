import { orderLabels } from './label-order'
import type { Piece } from './pieces'
import { type ConfusionMoment, type ConfusionTable, NO_LABEL, type UnlabelledRule } from './types'

/** Pieces of one clip and subject, of two raters. */
export interface ClipPieces {
  readonly clipId: string
  readonly subject: string
  readonly pieces: readonly Piece[]
}

/** The two labels of a piece as the rule has them; null: it does not count. */
export function countedLabels({ labels }: Piece, rule: UnlabelledRule): readonly [string, string] | null {
  const [first = null, second = null] = labels
  if (rule === 'category') return [first ?? NO_LABEL, second ?? NO_LABEL]
  return first === null || second === null ? null : [first, second]
}

/** Table of two raters over one clip or several, in units and in seconds, with the moments behind each cell. */
export function confusionOf(
  clips: readonly ClipPieces[],
  rule: UnlabelledRule,
  labelOrder: readonly string[],
): ConfusionTable {
  const used = new Set<string>()
  for (const { pieces } of clips)
    for (const piece of pieces) for (const label of countedLabels(piece, rule) ?? []) used.add(label)
  const labels = orderLabels(used, labelOrder)
  const places = new Map(labels.map((label, place) => [label, place]))
  const units = labels.map(() => labels.map(() => 0))
  const seconds = labels.map(() => labels.map(() => 0))
  const moments: ConfusionMoment[] = []
  for (const { clipId, subject, pieces } of clips)
    for (const piece of pieces) {
      const counted = countedLabels(piece, rule)
      if (!counted) continue
      const first = places.get(counted[0]) ?? 0
      const second = places.get(counted[1]) ?? 0
      const { startSecs, endSecs, unitCount } = piece
      units[first]![second]! += unitCount
      seconds[first]![second]! += endSecs - startSecs
      const last = moments.at(-1)
      const goesOn =
        last?.clipId === clipId &&
        last.subject === subject &&
        last.first === first &&
        last.second === second &&
        last.endSecs === startSecs
      if (last && goesOn)
        moments[moments.length - 1] = { ...last, endSecs, unitCount: last.unitCount + unitCount }
      else moments.push({ clipId, subject, startSecs, endSecs, unitCount, first, second })
    }
  return { labels, units, seconds, moments }
}
