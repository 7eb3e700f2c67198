import { EMOTION_SET, WHOLE_CLIP } from '../../../preload/contract/tier-rules'
import type { PairedClip, RatedClip, RatedTraces } from '../agreement/types'
import { joinIntervals } from '../agreement/observed-part'
import type { RaterRef, StudyClip, StudyTier } from './types'

/** Models first, then the final tier, then people by name. */
const KIND_ORDER = ['face', 'speech', 'fusion', 'final', 'manual', 'other'] as const

/** Everybody who labelled anything in any clip. */
export function ratersOf(clips: readonly StudyClip[]): RaterRef[] {
  const found = new Map<string, RaterRef>()
  for (const { tiers } of clips)
    for (const tier of tiers) {
      const key = raterKey(tier)
      if (found.has(key)) continue
      const { kind, set, isPoints } = tier
      found.set(key, { key, kind, observer: isPerson(tier) ? tier.rater : '', set, isPoints })
    }
  return [...found.values()].sort(
    (a, b) =>
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  )
}

function isPerson({ kind }: Pick<StudyTier, 'kind'>): boolean {
  return kind === 'manual' || kind === 'other'
}

/** "face", "speech", "fusion", "final"; of people their name, with the set behind it where it is not that of emotions. */
export function raterKey(tier: StudyTier): string {
  if (!isPerson(tier)) return tier.isPoints ? `${tier.kind}/points` : tier.kind
  if (tier.isPoints) return `${tier.rater}/points`
  return tier.set === EMOTION_SET ? tier.rater : `${tier.rater}/${tier.set}`
}

export interface Unpaired {
  readonly clipId: string
  readonly reason: string
}

/**
 * Tiers of two raters side by side. Tiers of one subject go together. Where there is no such pair and each rater has a single
 * tier in the clip, one of which is about the clip as a whole (as speech always is), these two go together.
 */
export function pairClips(
  clips: readonly StudyClip[],
  first: RaterRef,
  second: RaterRef,
): { pairs: PairedClip[]; unpaired: Unpaired[] } {
  const pairs: PairedClip[] = []
  const unpaired: Unpaired[] = []
  for (const clip of clips) {
    const rows = tierRows(clip, [first, second])
    const both = rows.filter(({ tiers }) => tiers[0] && tiers[1])
    for (const { subject, tiers } of both)
      pairs.push({
        clipId: clip.clipId,
        subject,
        observed: clip.observed,
        first: tiers[0]?.stretches ?? [],
        second: tiers[1]?.stretches ?? [],
      })
    if (both.length > 0) continue
    unpaired.push({ clipId: clip.clipId, reason: whyUnpaired(clip, first, second) })
  }
  return { pairs, unpaired }
}

function whyUnpaired(clip: StudyClip, first: RaterRef, second: RaterRef): string {
  for (const rater of [first, second])
    if (!clip.tiers.some((tier) => raterKey(tier) === rater.key)) return `nothing by ${rater.key}`
  const subjects = (rater: RaterRef): string =>
    clip.tiers
      .filter((tier) => raterKey(tier) === rater.key)
      .map(({ subject }) => subject || WHOLE_CLIP)
      .join(', ')
  return `no subject in common: ${first.key} has ${subjects(first)}, ${second.key} has ${subjects(second)}`
}

/** The same of any number of raters, with null where one has no tier; clips and subjects with two or more. */
export function rateClips(clips: readonly StudyClip[], raters: readonly RaterRef[]): RatedClip[] {
  return clips.flatMap((clip) =>
    tierRows(clip, raters)
      .filter(({ tiers }) => tiers.filter((tier) => tier !== null).length >= 2)
      .map(({ subject, tiers }) => ({
        clipId: clip.clipId,
        subject,
        observed: clip.observed,
        tracks: tiers.map((tier) => tier?.stretches ?? null),
      })),
  )
}

interface TierRow {
  readonly subject: string
  readonly tiers: readonly (StudyTier | null)[]
}

function tierRows(clip: StudyClip, raters: readonly RaterRef[]): TierRow[] {
  const own = raters.map(({ key }) => clip.tiers.filter((tier) => raterKey(tier) === key))
  const subjects = [...new Set(own.flat().map(({ subject }) => subject))]
  const rows = subjects.map((subject): TierRow => ({
    subject,
    tiers: own.map((tiers) => tiers.find((tier) => tier.subject === subject) ?? null),
  }))
  const isShared = rows.some(({ tiers }) => tiers.filter((tier) => tier !== null).length >= 2)
  const named = new Set(subjects.filter((subject) => subject !== ''))
  if (isShared || named.size !== 1 || own.some((tiers) => tiers.length > 1)) return rows
  return [{ subject: [...named][0] ?? '', tiers: own.map(([tier]) => tier ?? null) }]
}

/** Ratings of one dimension by the given observers; clips and subjects that two or more rated. */
export function rateTraces(
  clips: readonly StudyClip[],
  observers: readonly string[],
  dimension: string,
): RatedTraces[] {
  return clips.flatMap((clip) => {
    const own = clip.ratings.filter((rating) => rating.dimension === dimension)
    return [...new Set(own.map(({ subject }) => subject))].flatMap((subject) => {
      const traces = observers.map(
        (observer) =>
          own.find((rating) => rating.subject === subject && rating.observer === observer)?.trace ?? null,
      )
      if (traces.filter((trace) => trace !== null).length < 2) return []
      return [{ clipId: clip.clipId, subject, observed: joinIntervals(clip.observed), traces }]
    })
  })
}
