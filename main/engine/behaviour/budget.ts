import { EMOTIONS } from '../emotions'
import { intersect } from '../agreement/observed-part'
import { orderLabels } from '../agreement/label-order'
import type { Interval } from '../speech/types'
import { raterKey } from '../study-data/raters'
import type { ProbabilityTrack, StudyClip, StudyTier } from '../study-data/types'
import { Bins } from './bins'
import { weightedFigures } from './continuous'
import type { BoutFigures, BudgetRow } from './types'

/**
 * Labels of a tier's rows: those that anybody used in its set, in any clip, so that a label that never occurs in this tier has
 * a row with 0; of models all seven emotions.
 */
export class LabelSets {
  readonly #used = new Map<string, Set<string>>()
  readonly #order: readonly string[]

  constructor(clips: readonly StudyClip[], order: readonly string[]) {
    this.#order = order
    for (const { tiers } of clips)
      for (const tier of tiers) {
        const labels = this.#used.get(keyOf(tier)) ?? new Set<string>()
        this.#used.set(keyOf(tier), labels)
        for (const { label } of tier.stretches) labels.add(label)
        if (isModel(tier)) for (const emotion of EMOTIONS) labels.add(emotion)
      }
  }

  of(tier: StudyTier): string[] {
    return orderLabels(this.#used.get(keyOf(tier)) ?? [], this.#order)
  }
}

function keyOf({ set, isPoints }: StudyTier): string {
  return isPoints ? '/points' : set
}

function isModel({ kind }: StudyTier): boolean {
  return kind === 'face' || kind === 'speech' || kind === 'fusion'
}

/**
 * Time budget of a tier: bouts, durations, proportion of the observed time, rate and latency of every label in every bin.
 * Excluded time and the edges of bins end a bout; what goes on behind them is another bout, and each counts where it lies, with
 * the length it has there (so the bouts of the bins may be more than those of the clip).
 */
export function tierBudget(
  clip: StudyClip,
  tier: StudyTier,
  labels: readonly string[],
  binSecs: number | null,
): BudgetRow[] {
  const bins = new Bins(clip.durationSecs, binSecs)
  const observedSecs = bins.secsIn(intersect(tier.observed, clip.observed))
  const track = clip.probabilities.find(({ kind, subject }) => kind === tier.kind && subject === tier.subject)
  const byLabel = new Map<string, Interval[]>(labels.map((label) => [label, []]))
  for (const stretch of tier.stretches) byLabel.get(stretch.label)?.push(stretch)
  const rows: BudgetRow[] = []
  for (const [label, stretches] of byLabel) {
    const figures = tier.isPoints
      ? pointFigures(stretches, clip.observed, bins, observedSecs)
      : boutFigures(stretches, tier, clip.observed, bins, observedSecs)
    const probabilities = track && probabilityOf(track, label, bins)
    for (const [bin, { startSecs, endSecs }] of bins.list.entries())
      rows.push({
        clipId: clip.clipId,
        subject: tier.subject,
        raterKey: raterKey(tier),
        kind: tier.kind,
        observer: tier.rater,
        tier: tier.name,
        isPoints: tier.isPoints,
        label,
        binStartSecs: startSecs,
        binEndSecs: endSecs,
        observedSecs: observedSecs[bin] ?? 0,
        ...(figures[bin] ?? NOT_OBSERVED),
        meanP: probabilities?.[bin]?.mean.value ?? null,
        maxP: probabilities?.[bin]?.max.value ?? null,
      })
  }
  return rows
}

function probabilityOf(track: ProbabilityTrack, label: string, bins: Bins) {
  const emotion = EMOTIONS.findIndex((name) => name === label)
  if (emotion < 0) return null
  return weightedFigures(
    {
      startsSecs: track.startsSecs,
      endsSecs: track.endsSecs,
      valueAt: (index) => track.probs[index * EMOTIONS.length + emotion] ?? Number.NaN,
    },
    bins,
  )
}

const NOT_OBSERVED: BoutFigures = {
  bouts: null,
  totalSecs: null,
  meanSecs: null,
  sdSecs: null,
  minSecs: null,
  maxSecs: null,
  proportion: null,
  ratePerMin: null,
  latencySecs: null,
}

function boutFigures(
  stretches: readonly Interval[],
  tier: StudyTier,
  observed: readonly Interval[],
  bins: Bins,
  observedSecs: Float64Array,
): BoutFigures[] {
  const seen = intersect(stretches, observed)
  const lengths: number[][] = bins.list.map(() => [])
  const firsts = bins.list.map(() => Number.POSITIVE_INFINITY)
  for (const stretch of seen)
    for (const { bin, part } of bins.partsOf(stretch)) {
      lengths[bin]?.push(part.endSecs - part.startSecs)
      firsts[bin] = Math.min(firsts[bin] ?? 0, part.startSecs)
    }
  // A bout may bridge a moment without a reading; that moment is in its length, but not in the observed time.
  const readSecs = bins.secsIn(intersect(seen, tier.observed))
  return bins.list.map(({ startSecs }, bin) => {
    const secs = observedSecs[bin] ?? 0
    if (secs <= 0) return NOT_OBSERVED
    const own = lengths[bin] ?? []
    return {
      ...lengthFigures(own),
      proportion: Math.min(1, (readSecs[bin] ?? 0) / secs),
      ratePerMin: (own.length / secs) * 60,
      latencySecs: own.length > 0 ? (firsts[bin] ?? 0) - startSecs : null,
    }
  })
}

function lengthFigures(
  lengths: readonly number[],
): Pick<BoutFigures, 'bouts' | 'totalSecs' | 'meanSecs' | 'sdSecs' | 'minSecs' | 'maxSecs'> {
  const bouts = lengths.length
  const totalSecs = lengths.reduce((sum, secs) => sum + secs, 0)
  const meanSecs = bouts > 0 ? totalSecs / bouts : null
  const squares = lengths.reduce((sum, secs) => sum + (secs - (meanSecs ?? 0)) ** 2, 0)
  return {
    bouts,
    totalSecs,
    meanSecs,
    sdSecs: bouts > 1 ? Math.sqrt(squares / (bouts - 1)) : null,
    minSecs: bouts > 0 ? lengths.reduce((least, secs) => Math.min(least, secs)) : null,
    maxSecs: bouts > 0 ? lengths.reduce((most, secs) => Math.max(most, secs)) : null,
  }
}

/** Points have a number, a rate and a latency; they last no time. */
function pointFigures(
  points: readonly Interval[],
  observed: readonly Interval[],
  bins: Bins,
  observedSecs: Float64Array,
): BoutFigures[] {
  const counts = new Int32Array(bins.list.length)
  const firsts = bins.list.map(() => Number.POSITIVE_INFINITY)
  for (const { startSecs } of points) {
    const isSeen = observed.some((stretch) => stretch.startSecs <= startSecs && startSecs < stretch.endSecs)
    if (!isSeen) continue
    const bin = bins.at(startSecs)
    counts[bin] = (counts[bin] ?? 0) + 1
    firsts[bin] = Math.min(firsts[bin] ?? 0, startSecs)
  }
  return bins.list.map(({ startSecs }, bin) => {
    const secs = observedSecs[bin] ?? 0
    if (secs <= 0) return NOT_OBSERVED
    const bouts = counts[bin] ?? 0
    return {
      ...NOT_OBSERVED,
      bouts,
      ratePerMin: (bouts / secs) * 60,
      latencySecs: bouts > 0 ? (firsts[bin] ?? 0) - startSecs : null,
    }
  })
}
