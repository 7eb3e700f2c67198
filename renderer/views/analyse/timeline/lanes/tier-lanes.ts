import type { Code, SegmentItem, Study } from '../../../../../preload/contract/annotation'
import { EMOTION_SET } from '../../../../../preload/contract/tier-rules'
import { type AnnotationTier, laneKey } from '../../../../annotate/tiers'
import { t } from '../../../../strings'

/** A tier as it is shown: also one in which nothing stands yet, to be coded in. */
export type ShownTier = Pick<
  AnnotationTier,
  'key' | 'observerId' | 'subjectId' | 'set' | 'kind' | 'isOwn' | 'segments'
>

const NO_SEGMENTS: readonly SegmentItem[] = []

/** Tiers in the order they are shown: the observer's own first, with those in which they could code now; then the others'. */
export function shownTiers(
  tiers: readonly AnnotationTier[],
  study: Study,
  observer: { readonly id: string | null; readonly subjectId: string },
): ShownTier[] {
  const own: ShownTier[] = tiers.filter(({ isOwn }) => isOwn)
  const { id: observerId, subjectId } = observer
  if (observerId !== null) {
    const known = new Set(own.map(({ key }) => key))
    for (const { kind, set } of lanesOfScheme(study.scheme.codes)) {
      const key = laneKey({ observerId, subjectId, kind, set })
      if (!known.has(key))
        own.push({ key, observerId, subjectId, kind, set, isOwn: true, segments: NO_SEGMENTS })
    }
  }
  return [...sortOwn(own, study), ...tiers.filter(({ isOwn }) => !isOwn)]
}

/** Sets in the scheme's order, points last. */
function lanesOfScheme(codes: readonly Code[]): { kind: Code['kind']; set: string }[] {
  const sets = new Set(codes.filter(({ kind }) => kind === 'state').map(({ set }) => set))
  const lanes: { kind: Code['kind']; set: string }[] = [...sets].map((set) => ({ kind: 'state', set }))
  if (codes.some(({ kind }) => kind === 'point')) lanes.push({ kind: 'point', set: '' })
  return lanes
}

function sortOwn(tiers: readonly ShownTier[], study: Study): ShownTier[] {
  const subjects = ['', ...study.subjects.map(({ id }) => id)]
  const lanes = lanesOfScheme(study.scheme.codes).map(({ kind, set }) => `${kind}|${set}`)
  const place = (list: readonly string[], value: string): number => {
    const at = list.indexOf(value)
    return at < 0 ? list.length : at
  }
  return [...tiers].sort(
    (a, b) =>
      place(subjects, a.subjectId) - place(subjects, b.subjectId) ||
      place(lanes, `${a.kind}|${a.set}`) - place(lanes, `${b.kind}|${b.set}`),
  )
}

/** A tier's name for people: who coded, about whom where it is one of several, and which set where it is not the emotions. */
export function tierTitle(tier: ShownTier, study: Study): string {
  const observer = study.observers.find(({ id }) => id === tier.observerId)?.name ?? tier.observerId
  const subject = study.subjects.find(({ id }) => id === tier.subjectId)?.name ?? tier.subjectId
  const whom = subject === '' ? observer : t('lanes.of', { subject, name: observer })
  if (tier.kind === 'point') return t('lanes.points', { name: whom })
  return tier.set === EMOTION_SET ? whom : t('lanes.set', { name: whom, set: tier.set })
}
