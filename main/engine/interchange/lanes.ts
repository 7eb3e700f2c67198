import type { InterchangeAnnotation, InterchangeTier } from './document'

/** An annotation with its bounds in the target's whole units. */
export interface Placed {
  readonly annotation: InterchangeAnnotation
  readonly start: number
  readonly end: number
}

/** A tier of the target file: one of ours, or the part of it that does not overlap itself. */
export interface Lane {
  readonly tier: InterchangeTier
  /** Unique in the file. */
  readonly name: string
  readonly isRejected: boolean
  readonly placed: readonly Placed[]
}

export interface LaneRules {
  /** 1000: milliseconds. */
  readonly unitsPerSec: number
  /** Shortest thing that the target can hold; a shorter one is drawn this long and its true end kept aside. */
  readonly leastUnits: number
  /** Points may coincide and have no length: they need no lanes. */
  readonly hasPoints?: boolean
  /** The first unit there is; what lies before it is drawn from there. */
  readonly firstUnit?: number
  /** A tier's name as the target can hold it. */
  readonly nameOf?: (name: string) => string
}

/**
 * Spreads each tier over as many lanes as it takes for nothing to overlap within one. What was rejected has lanes of its
 * own: other programs do not know the word and would show it as a label that holds.
 */
export function lanesOf(tiers: readonly InterchangeTier[], rules: LaneRules): Lane[] {
  const nameOf = (tier: InterchangeTier): string => rules.nameOf?.(tier.name) ?? tier.name
  const taken = new Set(tiers.map(nameOf))
  const firstOf = new Map<string, InterchangeTier>()
  for (const tier of tiers) if (!firstOf.has(nameOf(tier))) firstOf.set(nameOf(tier), tier)
  const free = (wanted: string): string => {
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted} (${count})`
    taken.add(name)
    return name
  }
  return tiers.flatMap((tier) => {
    const isFree = rules.hasPoints === true && tier.kind === 'points'
    const held = spread(place(tier, rules, false), isFree)
    const rejected = spread(place(tier, rules, true), isFree)
    return [
      ...(held.length === 0 && rejected.length === 0 ? [[]] : held).map((placed, index) => ({
        tier,
        name: index === 0 && firstOf.get(nameOf(tier)) === tier ? nameOf(tier) : free(nameOf(tier)),
        isRejected: false,
        placed,
      })),
      ...rejected.map((placed) => ({
        tier,
        name: free(`${nameOf(tier)} (rejected)`),
        isRejected: true,
        placed,
      })),
    ]
  })
}

function place(tier: InterchangeTier, rules: LaneRules, isRejected: boolean): Placed[] {
  return tier.annotations
    .filter(({ status }) => (status === 'rejected') === isRejected)
    .map((annotation) => {
      const first = rules.firstUnit ?? Number.NEGATIVE_INFINITY
      const start = Math.max(first, Math.round(annotation.startSecs * rules.unitsPerSec))
      const end = Math.round(annotation.endSecs * rules.unitsPerSec)
      const isPoint = rules.hasPoints === true && tier.kind === 'points'
      return { annotation, start, end: isPoint ? start : Math.max(end, start + rules.leastUnits) }
    })
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

/** Each goes to the first lane whose last one has ended: the fewest lanes there can be. */
function spread(placed: readonly Placed[], isFree: boolean): Placed[][] {
  if (isFree) return placed.length > 0 ? [[...placed]] : []
  const lanes: Placed[][] = []
  for (const one of placed) {
    const lane = lanes.find((other) => {
      const last = other.at(-1)
      // Two instants at one time need two lanes, though neither has a length.
      return !last || (last.end <= one.start && !(last.start === one.start && last.end === one.end))
    })
    if (lane) lane.push(one)
    else lanes.push([one])
  }
  return lanes
}
