import { UnmaskError } from '../errors'
import { raterKey, ratersOf } from '../study-data/raters'
import type { StudyData } from '../study-data/types'
import { Baselines } from './baselines'
import { LabelSets, tierBudget } from './budget'
import { continuousRows, seriesOf } from './continuous'
import { groupRows } from './groups'
import { transitionTables } from './transitions'
import type { BehaviourOptions, BehaviourResult } from './types'

export const DEFAULT_BEHAVIOUR: BehaviourOptions = {
  binSecs: null,
  groupBy: null,
  baseline: false,
  raters: null,
}

/** Below this a two-hour clip would have more bins than anyone reads. */
const SHORTEST_BIN_SECS = 0.1

/**
 * Time budget, continuous values, transitions and groups of every tier asked for. How each figure is defined stands where it
 * is made: budget.ts, continuous.ts, baselines.ts, transitions.ts, groups.ts.
 * @throws UnmaskError 'usage.invalid' where an option does not fit the data
 */
export function behaviourOf(data: StudyData, options: Partial<BehaviourOptions> = {}): BehaviourResult {
  const all: BehaviourOptions = { ...DEFAULT_BEHAVIOUR, ...options }
  checkOptions(all, data)
  const chosen = data.clips.flatMap((clip) =>
    clip.tiers
      .filter((tier) => all.raters === null || all.raters.includes(raterKey(tier)))
      .map((tier) => ({ clip, tier })),
  )
  const labelSets = new LabelSets(data.clips, data.labels)
  const whole = chosen.flatMap(({ clip, tier }) => tierBudget(clip, tier, labelSets.of(tier), null))
  const budget =
    all.binSecs === null
      ? whole
      : chosen.flatMap(({ clip, tier }) => tierBudget(clip, tier, labelSets.of(tier), all.binSecs))
  const series = data.clips.map((clip) => ({
    clip,
    series: seriesOf(clip).filter(
      ({ kind, observer }) => all.raters === null || all.raters.includes(kind === 'rating' ? observer : kind),
    ),
  }))
  const baselines = all.baseline ? new Baselines(series) : null
  const continuous = series.flatMap(({ clip, series: own }) =>
    continuousRows(clip, own, all.binSecs, baselines),
  )
  return {
    options: all,
    budget,
    continuous,
    transitions: transitionTables(chosen, data.labels),
    groups: groupRows(whole, data.clips, all.groupBy),
    notes: notesOf(data, all, continuous),
  }
}

function checkOptions({ binSecs, groupBy, raters }: BehaviourOptions, data: StudyData): void {
  if (binSecs !== null && !(binSecs >= SHORTEST_BIN_SECS))
    throw new UnmaskError('usage.invalid', `a bin must be ${SHORTEST_BIN_SECS} s or longer, not ${binSecs}`)
  if (groupBy !== null && !data.variables.some(({ name }) => name === groupBy))
    throw new UnmaskError(
      'usage.invalid',
      `there is no independent variable "${groupBy}"; ${listed(
        'there are',
        data.variables.map(({ name }) => name),
      )}`,
    )
  const known = new Set([...ratersOf(data.clips).map(({ key }) => key), ...data.observers])
  const unknown = raters?.find((key) => !known.has(key))
  if (unknown !== undefined)
    throw new UnmaskError(
      'usage.invalid',
      `nothing is labelled by "${unknown}"; ${listed('there are', [...known])}`,
    )
}

function listed(lead: string, names: readonly string[]): string {
  return names.length > 0 ? `${lead} ${names.join(', ')}` : 'there are none'
}

function notesOf(
  data: StudyData,
  { baseline, binSecs }: BehaviourOptions,
  continuous: BehaviourResult['continuous'],
): string[] {
  const notes = [
    'Observed time is analysed and not excluded time; of models the time with a reading, of people the whole clip.',
    binSecs === null
      ? 'Excluded time ends a bout; what goes on behind it is another one.'
      : 'Excluded time and the edges of bins end a bout; what goes on behind them is another one.',
  ]
  const unknown = data.clips.filter(({ isDurationKnown }) => !isDurationKnown).map(({ clipId }) => clipId)
  if (unknown.length > 0)
    notes.push(
      `The duration is not known of ${unknown.join(', ')}: these clips are taken to end with their last label.`,
    )
  if (!baseline) return notes
  const refused = new Set(
    continuous.flatMap(({ clipId, baselineMean }) =>
      baselineMean?.value === null ? [`${clipId}: ${baselineMean.reason}`] : [],
    ),
  )
  notes.push(
    "Corrected values are the value minus the mean of the person's own baseline stretches, weighted by time.",
    ...[...refused].map((reason) => `Not corrected: ${reason}.`),
  )
  return notes
}
