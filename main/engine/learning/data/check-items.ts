import type { CheckedItem, CountRow, Finding } from './data-report'
import { groupEqual } from './duplicates'

/** Counts per class of every split or speaker, sorted by name. */
export function countItems(
  items: readonly CheckedItem[],
  classes: readonly string[],
  nameOf: (item: CheckedItem) => string,
): CountRow[] {
  const rows = new Map<string, number[]>()
  for (const item of items) {
    const name = nameOf(item)
    const counts = rows.get(name) ?? classes.map(() => 0)
    const place = classes.indexOf(item.label)
    counts[place] = (counts[place] ?? 0) + 1
    rows.set(name, counts)
  }
  return [...rows]
    .map(([name, counts]) => ({ name, counts, total: counts.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => splitOrder(a.name) - splitOrder(b.name) || (a.name < b.name ? -1 : 1))
}

/** What is wrong with a list of items whatever they are: leaks between splits, doubles, contradictions, missing classes. */
export function checkItems(items: readonly CheckedItem[], wantedClasses: readonly string[]): Finding[] {
  const groups = groupEqual(items.map(({ contents }) => contents)).map((group) =>
    group.map((place) => items[place]!),
  )
  return [
    ...sharedItems(groups),
    ...sharedSpeakers(items),
    ...doubles(groups),
    ...contradictions(groups),
    ...emptyClasses(items, wantedClasses),
  ]
}

/** Training first, then what is chosen by, then what is tested on. */
export function splitOrder(split: string): number {
  if (/train/i.test(split)) return 0
  if (/private|^test/i.test(split)) return 2
  return 1
}

/** The split of two that should lose the items they share: the later in the order above. */
export function laterSplit(a: string, b: string): string {
  const difference = splitOrder(a) - splitOrder(b)
  if (difference !== 0) return difference > 0 ? a : b
  return a > b ? a : b
}

function sharedItems(groups: readonly (readonly CheckedItem[])[]): Finding[] {
  const idsOf = new Map<string, { later: string; earlier: string; ids: Set<string> }>()
  for (const group of groups) {
    const splits = [...new Set(group.map(({ split }) => split))]
    for (const [place, one] of splits.entries())
      for (const other of splits.slice(place + 1)) {
        const later = laterSplit(one, other)
        const earlier = later === one ? other : one
        const key = JSON.stringify([later, earlier])
        const entry = idsOf.get(key) ?? { later, earlier, ids: new Set<string>() }
        for (const { id, split } of group) if (split === later) entry.ids.add(id)
        idsOf.set(key, entry)
      }
  }
  return [...idsOf.values()].map(({ later, earlier, ids }) => ({
    kind: 'shared-items',
    severity: 'error',
    message: `${ids.size} of split ${named(later)} stand in ${named(earlier)} too; figures on them say how well a model remembers`,
    ids: [...ids],
  }))
}

function sharedSpeakers(items: readonly CheckedItem[]): Finding[] {
  const splitsOf = new Map<string, Set<string>>()
  for (const { speaker, split } of items)
    if (speaker !== '') splitsOf.set(speaker, (splitsOf.get(speaker) ?? new Set()).add(split))
  return [...splitsOf]
    .filter(([, splits]) => splits.size > 1)
    .map(([speaker, splits]) => ({
      kind: 'shared-speakers',
      severity: 'error',
      message: `speaker ${named(speaker)} is in ${splits.size} splits (${[...splits].map(named).join(', ')}); keep each person in one`,
      ids: items.filter((item) => item.speaker === speaker).map(({ id }) => id),
    }))
}

function doubles(groups: readonly (readonly CheckedItem[])[]): Finding[] {
  if (groups.length === 0) return []
  const ids = groups.flatMap((group) => group.slice(1).map(({ id }) => id))
  return [
    {
      kind: 'duplicates',
      severity: 'warning',
      message: `${ids.length} ${ids.length === 1 ? 'is a copy of another item' : `are copies of ${groups.length} others`}; the first: ${groups[0]![1]!.id} is ${groups[0]![0]!.id} again`,
      ids,
    },
  ]
}

function contradictions(groups: readonly (readonly CheckedItem[])[]): Finding[] {
  const conflicting = groups.filter((group) => new Set(group.map(({ label }) => label)).size > 1)
  if (conflicting.length === 0) return []
  return [
    {
      kind: 'conflicting-labels',
      severity: 'warning',
      message: `${conflicting.length} contents stand there with more than one label`,
      ids: conflicting.flatMap((group) => group.map(({ id }) => id)),
    },
  ]
}

function emptyClasses(items: readonly CheckedItem[], wanted: readonly string[]): Finding[] {
  const splits = [...new Set(items.map(({ split }) => split))].sort()
  return splits.flatMap((split) => {
    const present = new Set(items.filter((item) => item.split === split).map(({ label }) => label))
    const missing = wanted.filter((label) => !present.has(label))
    if (missing.length === 0) return []
    return [
      {
        kind: 'empty-class' as const,
        severity: 'warning' as const,
        message: `no ${missing.join(', ')}${split === '' ? '' : ` in ${named(split)}`}`,
        ids: [],
      },
    ]
  })
}

function named(name: string): string {
  return name === '' ? '(none named)' : name
}
