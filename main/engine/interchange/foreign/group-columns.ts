import type { ForeignColumn, ForeignGroup } from '../../../../preload/contract/foreign-tracks'

/** Columns that belong on one axis, emotions first. Those of no known kind have an axis each. */
export function groupColumns(columns: readonly ForeignColumn[]): ForeignGroup[] {
  const kinds = columns.map(kindOf)
  const groups: ForeignGroup[] = []
  for (const kind of ['emotions', 'affect', 'actionUnits', 'confidence'] as const) {
    const places = kinds.flatMap((one, place) => (one === kind ? [place] : []))
    if (places.length > 0) groups.push({ id: kind, kind, columns: places, ...rangeOf(kind, columns, places) })
  }
  kinds.forEach((kind, place) => {
    if (kind === 'other')
      groups.push({ id: `column-${place}`, kind, columns: [place], ...rangeOf(kind, columns, [place]) })
  })
  return groups
}

function kindOf({ name, emotion }: ForeignColumn): ForeignGroup['kind'] {
  if (emotion !== null) return 'emotions'
  if (/^(valence|arousal)$/i.test(name)) return 'affect'
  if (/^AU ?\d{1,2}(_[rc])?$/i.test(name) || /^action unit\b/i.test(name)) return 'actionUnits'
  return /confidence|score$/i.test(name) ? 'confidence' : 'other'
}

/** The usual range of a kind where the values lie inside it, else a round one around them. */
function rangeOf(
  kind: ForeignGroup['kind'],
  columns: readonly ForeignColumn[],
  places: readonly number[],
): { low: number; high: number } {
  const least = Math.min(...places.map((place) => columns[place]?.least ?? 0))
  const greatest = Math.max(...places.map((place) => columns[place]?.greatest ?? 0))
  const usual: Readonly<Record<ForeignGroup['kind'], readonly (readonly [number, number])[]>> = {
    emotions: [
      [0, 1],
      [0, 100],
    ],
    affect: [
      [-1, 1],
      [-100, 100],
    ],
    actionUnits: [
      [0, 1],
      [0, 5],
    ],
    confidence: [[0, 1]],
    other: [],
  }
  for (const [low, high] of usual[kind]) if (least >= low && greatest <= high) return { low, high }
  return roundRange(least, greatest)
}

function roundRange(least: number, greatest: number): { low: number; high: number } {
  if (!(greatest > least)) return { low: least - 0.5, high: greatest + 0.5 }
  const step = 10 ** Math.floor(Math.log10(greatest - least))
  return { low: Math.floor(least / step) * step, high: Math.ceil(greatest / step) * step }
}
