import { shallowRef, type ShallowRef, watch } from 'vue'
import type { ClipChoice, ConfusionBasis, StatisticGrouping } from '../../../preload/contract/agreement'
import { useProjectStore } from '../../stores/project'

export type AgreementPageName = 'compare' | 'ratings' | 'statistics'

/** Everything that is chosen in this view. Clips by id: tokens are new in each session. */
export interface AgreementChoices {
  readonly page: AgreementPageName
  readonly clips:
    | { readonly kind: 'all' }
    | { readonly kind: 'clips'; readonly clipIds: readonly string[] }
    | { readonly kind: 'group'; readonly variable: string; readonly value: string }
  readonly subject: string | null
  /** Keys of raters, the first two leading. */
  readonly raters: readonly string[]
  readonly method: ConfusionBasis
  readonly stepSecs: number
  readonly toleranceSecs: number
  readonly unlabelled: 'category' | 'skip'
  readonly weights: 'linear' | 'quadratic' | null
  readonly cells: 'counts' | 'seconds' | 'row'
  readonly dimension: string
  readonly ratingRaters: readonly string[]
  readonly ratingStepSecs: number
  /** Null: all. */
  readonly statisticRaters: readonly string[] | null
  readonly by: StatisticGrouping
  readonly variable: string | null
  readonly binSecs: number
  readonly hasBins: boolean
  readonly baseline: boolean
  readonly gaps: 'state' | 'joined'
}

export const DEFAULT_CHOICES: AgreementChoices = {
  page: 'compare',
  clips: { kind: 'all' },
  subject: null,
  raters: [],
  method: 'units',
  stepSecs: 0.04,
  toleranceSecs: 0.5,
  unlabelled: 'category',
  weights: null,
  cells: 'counts',
  dimension: '',
  ratingRaters: [],
  ratingStepSecs: 0.25,
  statisticRaters: null,
  by: 'rater',
  variable: null,
  binSecs: 10,
  hasBins: false,
  baseline: false,
  gaps: 'state',
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isAmount = (least: number, most: number) => (value: unknown) =>
  typeof value === 'number' && value >= least && value <= most
const isOneOf =
  (...words: readonly unknown[]) =>
  (value: unknown) =>
    words.includes(value)

const CHECKS: { readonly [K in keyof AgreementChoices]: (value: unknown) => boolean } = {
  page: isOneOf('compare', 'ratings', 'statistics'),
  clips: isClips,
  subject: (value) => value === null || isText(value),
  raters: isTexts,
  method: isOneOf('units', 'seconds', 'events'),
  stepSecs: isAmount(0.01, 60),
  toleranceSecs: isAmount(0, 60),
  unlabelled: isOneOf('category', 'skip'),
  weights: isOneOf(null, 'linear', 'quadratic'),
  cells: isOneOf('counts', 'seconds', 'row'),
  dimension: isText,
  ratingRaters: isTexts,
  ratingStepSecs: isAmount(0.01, 60),
  statisticRaters: (value) => value === null || isTexts(value),
  by: isOneOf('rater', 'subject', 'clip', 'group'),
  variable: (value) => value === null || isText(value),
  binSecs: isAmount(0.1, 86_400),
  hasBins: isOneOf(true, false),
  baseline: isOneOf(true, false),
  gaps: isOneOf('state', 'joined'),
}

function isClips(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { kind, clipIds, variable, value: of } = value as Record<string, unknown>
  if (kind === 'clips') return isTexts(clipIds)
  return kind === 'all' || (kind === 'group' && isText(variable) && isText(of))
}

/** What was chosen for a project last; fields that cannot be used fall back one by one. */
export function readChoices(text: string | null): AgreementChoices {
  if (text === null) return DEFAULT_CHOICES
  try {
    const kept: unknown = JSON.parse(text)
    if (typeof kept !== 'object' || kept === null) return DEFAULT_CHOICES
    const fields = Object.entries(kept).filter(
      ([name, value]) => name in CHECKS && CHECKS[name as keyof AgreementChoices](value),
    )
    return { ...DEFAULT_CHOICES, ...Object.fromEntries(fields) }
  } catch {
    // Not written by us: what was remembered is of no use.
    return DEFAULT_CHOICES
  }
}

/** The choices of the open project, the same next time. */
export function useChoices(): {
  readonly choices: Readonly<ShallowRef<AgreementChoices>>
  choose(changes: Partial<AgreementChoices>): void
} {
  const projects = useProjectStore()
  const key = () => `agreement.${projects.project?.place ?? ''}`
  const choices = shallowRef(readChoices(localStorage.getItem(key())))
  watch(
    () => projects.project?.place,
    () => (choices.value = readChoices(localStorage.getItem(key()))),
  )
  return {
    choices,
    choose(changes) {
      choices.value = { ...choices.value, ...changes }
      localStorage.setItem(key(), JSON.stringify(choices.value))
    },
  }
}

/** @param tokens of the project's clips by their ids; clips that are gone are left out */
export function clipChoiceOf(
  { clips }: Pick<AgreementChoices, 'clips'>,
  tokens: ReadonlyMap<string, string>,
): ClipChoice {
  if (clips.kind !== 'clips') return clips
  const known = clips.clipIds.flatMap((clipId) => tokens.get(clipId) ?? [])
  return known.length > 0 ? { kind: 'clips', tokens: known } : { kind: 'all' }
}
