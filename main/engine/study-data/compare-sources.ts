import { EMOTION_SET } from '../../../preload/contract/tier-rules'
import { intersect } from '../agreement/observed-part'
import type { PairedClip, RatedClip, RatedTraces } from '../agreement/types'
import { UnmaskError } from '../errors'
import { pairClips, raterKey, ratersOf, rateClips, rateTraces, type Unpaired } from './raters'
import type { RaterRef, StudyClip, StudyTier } from './types'

/** A file or folder that stands for one rater. */
export interface ComparedSource {
  /** For messages: the file's name. */
  readonly name: string
  readonly clips: readonly StudyClip[]
}

/** What was chosen of a source. */
export interface ChosenRater {
  readonly source: ComparedSource
  readonly rater: RaterRef
  /** Unique among the chosen ones: "Anna", "face", or with the file behind it. */
  readonly title: string
}

export interface ComparedClips {
  readonly chosen: readonly ChosenRater[]
  /** One clip of all sources, with a tier for each chosen rater by their titles. */
  readonly clips: readonly StudyClip[]
  /** What was chosen where there was a choice, for people. */
  readonly notices: readonly string[]
}

/**
 * Chooses a tier of each source and puts the clips of one id together. A tier is named as in segments.csv, or by rater: face,
 * speech, fusion, final, or the observer. Where none is named: the only one; else the only observer; else the first rater that
 * all sources have; else the first.
 * @param wanted of each source, null: not named
 * @throws UnmaskError 'usage.invalid' where a source has no such tier, or none at all
 */
export function chooseRaters(
  sources: readonly ComparedSource[],
  wanted: readonly (string | null)[],
): ComparedClips {
  const own = sources.map(({ clips }) => [...ratersOf(clips), ...onlyRating(clips)])
  const shared = own[0]?.find(({ key }) => own.every((raters) => raters.some((rater) => rater.key === key)))
  const notices: string[] = []
  const picked = sources.map((source, index) => {
    const raters = own[index] ?? []
    const name = wanted[index] ?? null
    const rater = name === null ? defaultRater(raters, shared) : namedRater(source, raters, name)
    if (!rater) throw new UnmaskError('usage.invalid', `there is no tier with labels in ${source.name}`)
    if (name === null && raters.length > 1)
      notices.push(`${source.name} has ${raters.map(({ key }) => key).join(', ')}: ${rater.key} was taken`)
    return { source, rater }
  })
  const chosen = picked.map((one): ChosenRater => ({ ...one, title: titleOf(one, picked) }))
  const { clips, notice } = mergeClips(chosen)
  return { chosen, clips, notices: notice === null ? notices : [...notices, notice] }
}

/** Observers who rated and labelled nothing. */
function onlyRating(clips: readonly StudyClip[]): RaterRef[] {
  const known = new Set(ratersOf(clips).map(({ key }) => key))
  const names = new Set(clips.flatMap(({ ratings }) => ratings.map(({ observer }) => observer)))
  return [...names]
    .filter((name) => !known.has(name))
    .sort()
    .map((name) => ({ key: name, kind: 'manual', observer: name, set: EMOTION_SET, isPoints: false }))
}

function defaultRater(raters: readonly RaterRef[], shared: RaterRef | undefined): RaterRef | undefined {
  const people = raters.filter(({ kind }) => kind === 'manual')
  if (people.length === 1) return people[0]
  return raters.find(({ key }) => key === shared?.key) ?? raters[0]
}

function namedRater(source: ComparedSource, raters: readonly RaterRef[], name: string): RaterRef {
  const byKey = raters.find(({ key }) => key === name)
  if (byKey) return byKey
  const tier = source.clips.flatMap(({ tiers }) => tiers).find((one) => one.name === name)
  const byTier = tier && raters.find(({ key }) => key === raterKey(tier))
  if (byTier) return byTier
  throw new UnmaskError(
    'usage.invalid',
    `there is no tier "${name}" in ${source.name}; there are ${raters.map(({ key }) => key).join(', ') || 'none'}`,
  )
}

interface Picked {
  readonly source: ComparedSource
  readonly rater: RaterRef
}

function titleOf(one: Picked, all: readonly Picked[]): string {
  const same = all.filter(({ rater }) => rater.key === one.rater.key)
  if (same.length === 1) return one.rater.key
  const inFile = `${one.rater.key} (${one.source.name})`
  const alike = same.filter(({ source }) => source.name === one.source.name)
  return alike.length === 1 ? inFile : `${inFile} ${alike.indexOf(one) + 1}`
}

function mergeClips(chosen: readonly ChosenRater[]): { clips: StudyClip[]; notice: string | null } {
  const ids = chosen.map(({ source }) => source.clips.map(({ clipId }) => clipId))
  const isSingle = ids.every((own) => own.length === 1)
  const names = [...new Set(ids.flat())].sort()
  if (isSingle && names.length > 1) {
    const clip = mergeClip(
      chosen,
      chosen.map(({ source }) => source.clips[0] ?? null),
    )
    return {
      clips: clip ? [clip] : [],
      notice: `the tables name different clips (${names.join(', ')}); they are compared as one clip all the same`,
    }
  }
  const clips = names.flatMap((clipId) => {
    const own = chosen.map(({ source }) => source.clips.find((clip) => clip.clipId === clipId) ?? null)
    return mergeClip(chosen, own) ?? []
  })
  return { clips, notice: null }
}

/** One clip with a tier for every source that has it; time that any of them excludes counts nowhere. */
function mergeClip(chosen: readonly ChosenRater[], own: readonly (StudyClip | null)[]): StudyClip | null {
  const there = own.filter((clip) => clip !== null)
  const [first] = there
  if (!first) return null
  const known = there.filter(({ isDurationKnown }) => isDurationKnown)
  const durationSecs = Math.max(...(known.length > 0 ? known : there).map((clip) => clip.durationSecs))
  const observed = there
    .map((clip) => untilEnd(clip, durationSecs))
    .reduce((common, stretches) => intersect(common, stretches))
  const tiers = chosen.flatMap(({ rater, title }, index): StudyTier[] =>
    (own[index]?.tiers ?? [])
      .filter((tier) => raterKey(tier) === rater.key)
      .map((tier) => ({ ...tier, kind: 'other', rater: title, set: EMOTION_SET, observed })),
  )
  return {
    ...first,
    durationSecs,
    isDurationKnown: known.length > 0,
    observed,
    excluded: there.flatMap(({ excluded }) => excluded),
    tiers,
    ratings: chosen.flatMap(({ rater, title }, index) =>
      (own[index]?.ratings ?? [])
        .filter(({ observer }) => observer === rater.observer)
        .map((rating) => ({ ...rating, observer: title })),
    ),
    baselines: [],
    probabilities: [],
  }
}

/** A table that stands alone ends with its last label; what another knows to come after was seen, too. */
function untilEnd({ observed, durationSecs, isDurationKnown }: StudyClip, endSecs: number) {
  return isDurationKnown || endSecs <= durationSecs
    ? observed
    : [...observed, { startSecs: durationSecs, endSecs }]
}

function refOf({ rater, title }: ChosenRater): RaterRef {
  return {
    key: rater.isPoints ? `${title}/points` : title,
    kind: 'other',
    observer: title,
    set: EMOTION_SET,
    isPoints: rater.isPoints,
  }
}

/** The clips of two of the chosen. */
export function comparedPairs(
  { clips }: ComparedClips,
  first: ChosenRater,
  second: ChosenRater,
): { pairs: PairedClip[]; unpaired: Unpaired[] } {
  return pairClips(clips, refOf(first), refOf(second))
}

/** The clips of all of them. */
export function comparedAll({ clips, chosen }: ComparedClips): RatedClip[] {
  return rateClips(clips, chosen.map(refOf))
}

/** Ratings of the chosen, by dimension; those that two or more of them have. */
export function comparedRatings({
  clips,
  chosen,
}: ComparedClips): { readonly dimension: string; readonly clips: readonly RatedTraces[] }[] {
  const titles = chosen.map(({ title }) => title)
  const dimensions = new Set(clips.flatMap(({ ratings }) => ratings.map(({ dimension }) => dimension)))
  return [...dimensions]
    .sort()
    .map((dimension) => ({ dimension, clips: rateTraces(clips, titles, dimension) }))
    .filter((rated) => rated.clips.length > 0)
}
