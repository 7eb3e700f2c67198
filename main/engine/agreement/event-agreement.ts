import { eventKappa } from './event-kappa'
import { pairEvents } from './event-pairing'
import { defined, undefinedBecause } from './figure'
import { orderLabels } from './label-order'
import { observedPart } from './observed-part'
import { spreadOf } from './spread'
import {
  type EventAgreement,
  type EventPair,
  type EventSide,
  type LabelStretch,
  NO_LABEL,
  type PairedClip,
} from './types'

/** Events of a clip, cut to what is observed, and paired; by time. */
export function pairClipEvents(clip: PairedClip, toleranceSecs: number): EventPair[] {
  const first = eventsOf(clip.first, clip)
  const second = eventsOf(clip.second, clip)
  return pairEvents(first, second, toleranceSecs).map((places) => ({
    clipId: clip.clipId,
    subject: clip.subject,
    first: first[places.first] ?? null,
    second: second[places.second] ?? null,
  }))
}

function eventsOf(stretches: readonly LabelStretch[], { observed }: PairedClip): EventSide[] {
  const events: EventSide[] = []
  for (const stretch of stretches) {
    const part = observedPart(stretch, observed)
    if (part) events.push({ startSecs: part.startSecs, endSecs: part.endSecs, label: stretch.label })
  }
  return events.sort((a, b) => a.startSecs - b.startSecs)
}

/** Counts and coefficients of paired events, of one clip or of several together. */
export function eventAgreement(
  pairs: readonly EventPair[],
  toleranceSecs: number,
  labelOrder: readonly string[],
): EventAgreement {
  const used = pairs.flatMap(({ first, second }) => [first?.label, second?.label])
  const labels = [
    ...orderLabels(
      used.filter((label) => label !== undefined),
      labelOrder,
    ),
    NO_LABEL,
  ]
  const places = new Map(labels.map((label, place) => [label, place]))
  const counts = labels.map(() => labels.map(() => 0))
  const tally = { sameLabel: 0, otherLabel: 0, firstOnly: 0, secondOnly: 0 }
  const onsets: number[] = []
  const offsets: number[] = []
  for (const { first, second } of pairs) {
    const row = counts[places.get(first?.label ?? NO_LABEL) ?? 0]!
    const column = places.get(second?.label ?? NO_LABEL) ?? 0
    row[column] = (row[column] ?? 0) + 1
    if (!second) tally.firstOnly++
    else if (!first) tally.secondOnly++
    else {
      tally[first.label === second.label ? 'sameLabel' : 'otherLabel']++
      onsets.push(second.startSecs - first.startSecs)
      const arePoints = first.endSecs === first.startSecs && second.endSecs === second.startSecs
      if (!arePoints) offsets.push(second.endSecs - first.endSecs)
    }
  }
  const pairCount = tally.sameLabel + tally.otherLabel
  return {
    toleranceSecs,
    firstCount: pairCount + tally.firstOnly,
    secondCount: pairCount + tally.secondOnly,
    ...tally,
    agreement:
      pairs.length > 0
        ? defined(tally.sameLabel / pairs.length)
        : undefinedBecause('no events of either rater'),
    kappa: eventKappa(counts),
    onsetDifference: spreadOf(onsets, 'no paired events'),
    offsetDifference: spreadOf(offsets, pairCount > 0 ? 'points have no duration' : 'no paired events'),
    labels,
    counts,
    pairs,
  }
}
