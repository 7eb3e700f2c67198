import { checkStep, notesOf } from './compare-tiers'
import { type Figure, undefinedBecause } from './figure'
import { nominalAlpha, numericAlpha, type ValuedUnit } from './krippendorff'
import { piecesOf } from './pieces'
import {
  type AlphaFigures,
  type AlphaMetric,
  type AlphaResult,
  NO_LABEL,
  type RatedClip,
  type UnlabelledRule,
} from './types'

export interface AlphaOptions {
  readonly stepSecs: number
  readonly unlabelled: UnlabelledRule
  /** ordinal: places of the labels in `labelOrder`; interval: labels are numbers. */
  readonly metric: AlphaMetric
  readonly labelOrder: readonly string[]
}

export const DEFAULT_ALPHA: AlphaOptions = {
  stepSecs: 0.04,
  unlabelled: 'category',
  metric: 'nominal',
  labelOrder: [],
}

/**
 * Krippendorff's alpha of two or more raters over time units, of each clip and of all units together. A rater who did not code
 * a clip is missing there; with unlabelled time skipped, so is one without a label at the moment.
 * Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability; see krippendorff.ts.
 * @throws UnmaskError 'usage.invalid' where the step is out of its range
 */
export function alphaOfTiers(
  clips: readonly RatedClip[],
  raters: readonly string[],
  options: Partial<AlphaOptions> = {},
): AlphaResult {
  const all: AlphaOptions = { ...DEFAULT_ALPHA, ...options }
  checkStep(all.stepSecs)
  const units = clips.map((clip) => unitsOf(clip, all))
  return {
    metric: all.metric,
    raters,
    stepSecs: all.stepSecs,
    unlabelled: all.unlabelled,
    pooled: figuresOf(units.flat(), all),
    clips: clips.map(({ clipId, subject }, index) => ({
      clipId,
      subject,
      ...figuresOf(units[index] ?? [], all),
    })),
    notes: notesOf(all),
  }
}

interface WeighedUnit {
  readonly values: readonly string[]
  readonly unitCount: number
  readonly secs: number
}

function unitsOf({ observed, tracks }: RatedClip, options: AlphaOptions): WeighedUnit[] {
  const present = tracks.filter((track) => track !== null)
  return piecesOf(observed, present, options.stepSecs).map(({ labels, unitCount, startSecs, endSecs }) => ({
    values:
      options.unlabelled === 'category'
        ? labels.map((label) => label ?? NO_LABEL)
        : labels.filter((label) => label !== null),
    unitCount,
    secs: endSecs - startSecs,
  }))
}

function figuresOf(units: readonly WeighedUnit[], options: AlphaOptions): AlphaFigures {
  const paired = units.filter(({ values }) => values.length >= 2)
  return {
    unitCount: paired.reduce((sum, { unitCount }) => sum + unitCount, 0),
    valueCount: paired.reduce((sum, { unitCount, values }) => sum + unitCount * values.length, 0),
    alpha: alphaOf(
      paired.map(({ values, unitCount }) => ({ values, weight: unitCount })),
      options,
      true,
    ),
    durationAlpha: alphaOf(
      paired.map(({ values, secs }) => ({ values, weight: secs })),
      options,
      false,
    ),
  }
}

function alphaOf(
  units: readonly ValuedUnit<string>[],
  { metric, labelOrder }: AlphaOptions,
  isCounted: boolean,
): Figure {
  if (metric === 'nominal') return nominalAlpha(units, isCounted)
  const numbers = new Map<string, number>()
  for (const { values } of units)
    for (const label of values) {
      const value =
        metric === 'ordinal' ? labelOrder.indexOf(label) : label.trim() === '' ? Number.NaN : Number(label)
      if (!Number.isFinite(value) || (metric === 'ordinal' && value < 0))
        return undefinedBecause(
          metric === 'ordinal'
            ? `"${label}" has no place on the ordered scale`
            : `"${label}" is not a number, as an interval scale needs`,
        )
      numbers.set(label, value)
    }
  return numericAlpha(
    units.map(({ values, weight }) => ({ values: values.map((label) => numbers.get(label) ?? 0), weight })),
    metric,
    isCounted,
  )
}
