import type { AnnotationItem, CodingScheme } from '../../../preload/contract/annotation'

/** Neighbours may overlap by rounding alone. */
const TOUCHING_SECS = 1e-6

/** What may be there only once at a time: a place in a tier. */
interface Claim {
  /** Tier, face or variable. */
  readonly of: string
  readonly startSecs: number
  readonly endSecs: number
  /** Two claims that say the same do not clash; null: they do, whatever they say. */
  readonly says: string | null
}

/**
 * What an item claims: a bout of a state its stretch of the tier (observer, subject, set), a rating that of its dimension,
 * a face track and a clip's variable what they say. Null: it bears company, as points, comments and exclusions do.
 */
export function claimOf(item: AnnotationItem, scheme: CodingScheme): Claim | null {
  switch (item.kind) {
    case 'segment': {
      const code = scheme.codes.find(({ id }) => id === item.codeId)
      if (code?.kind === 'point' || item.endSecs <= item.startSecs) return null
      // A code that the scheme has lost is in a set of its own.
      const set = code ? `set ${code.set}` : `code ${item.codeId}`
      const { startSecs, endSecs } = item
      return { of: key('state', item.observerId, item.subjectId, set), startSecs, endSecs, says: null }
    }
    case 'rating': {
      const startSecs = item.timesSecs[0] ?? item.endSecs
      const of = key('rating', item.observerId, item.subjectId, item.dimensionId)
      return item.endSecs > startSecs ? { of, startSecs, endSecs: item.endSecs, says: null } : null
    }
    case 'track':
      return {
        of: key('track', String(item.faceId)),
        startSecs: item.startSecs ?? -Infinity,
        endSecs: item.endSecs ?? Infinity,
        says: item.subjectId,
      }
    case 'variable':
      return { of: key('variable', item.variableId), startSecs: 0, endSecs: 1, says: item.value }
    default:
      return null
  }
}

const key = (...parts: readonly string[]): string => JSON.stringify(parts)

/** One version of an item, in the copy that has it. */
export interface Claimant<Side extends string> {
  readonly id: string
  readonly side: Side
  readonly item: AnnotationItem
}

export type Clash<Side extends string> = readonly [Claimant<Side>, Claimant<Side>]

/** All pairs of versions of different items that cannot stand together. In O(n log n + pairs). */
export function clashesAmong<Side extends string>(
  claimants: readonly Claimant<Side>[],
  scheme: CodingScheme,
): Clash<Side>[] {
  const byPlace = new Map<string, { claimant: Claimant<Side>; claim: Claim }[]>()
  for (const claimant of claimants) {
    const claim = claimOf(claimant.item, scheme)
    if (!claim) continue
    const others = byPlace.get(claim.of)
    if (others) others.push({ claimant, claim })
    else byPlace.set(claim.of, [{ claimant, claim }])
  }
  const clashes: Clash<Side>[] = []
  for (const claims of byPlace.values()) {
    claims.sort((a, b) => a.claim.startSecs - b.claim.startSecs)
    let running: typeof claims = []
    for (const next of claims) {
      running = running.filter(({ claim }) => claim.endSecs > next.claim.startSecs + TOUCHING_SECS)
      for (const { claimant, claim } of running) {
        const isSame = claim.says !== null && claim.says === next.claim.says
        if (claimant.id !== next.claimant.id && !isSame) clashes.push([claimant, next.claimant])
      }
      running.push(next)
    }
  }
  return clashes
}
