import { intersect } from '../agreement/observed-part'
import { orderLabels } from '../agreement/label-order'
import { NO_LABEL } from '../agreement/types'
import { raterKey } from '../study-data/raters'
import { TOUCHING_SECS } from '../timeline/episodes'
import type { StudyClip, StudyTier } from '../study-data/types'
import type { TransitionTable } from './types'

/** The states of a tier one after the other, within each stretch that was observed without a break. */
export function stateSequences(
  clip: StudyClip,
  tier: StudyTier,
  gaps: TransitionTable['gaps'],
): readonly (readonly string[])[] {
  return clip.observed.map((window) => {
    const sequence: string[] = []
    const add = (label: string): void => {
      if (sequence.at(-1) !== label) sequence.push(label)
    }
    let atSecs = window.startSecs
    for (const { startSecs, endSecs, label } of tier.stretches) {
      const [part] = intersect([{ startSecs, endSecs }], [window])
      if (!part) continue
      if (gaps === 'state' && part.startSecs - atSecs > TOUCHING_SECS) add(NO_LABEL)
      add(label)
      atSecs = part.endSecs
    }
    if (gaps === 'state' && window.endSecs - atSecs > TOUCHING_SECS) add(NO_LABEL)
    return sequence
  })
}

/**
 * Transitions from each state to the next different one, and the probability of each next state given the one before
 * (Bakeman & Gottman 1997, Observing Interaction, ch. 7; with no transition from a state to itself). Nothing is said of what
 * followed across excluded time.
 */
export function transitionTable(
  sequences: readonly (readonly string[])[],
  about: Pick<TransitionTable, 'clipId' | 'subject' | 'raterKey' | 'tier' | 'gaps'>,
  labelOrder: readonly string[],
): TransitionTable {
  const labels = orderLabels(sequences.flat(), labelOrder)
  const places = new Map(labels.map((label, place) => [label, place]))
  const counts = labels.map(() => labels.map(() => 0))
  for (const sequence of sequences)
    for (let index = 1; index < sequence.length; index++) {
      const row = counts[places.get(sequence[index - 1] ?? '') ?? 0]!
      const column = places.get(sequence[index] ?? '') ?? 0
      row[column] = (row[column] ?? 0) + 1
    }
  const probabilities = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return row.map((count) => (total > 0 ? count / total : null))
  })
  return { ...about, labels, counts, probabilities }
}

/** Tables of each clip's tiers, and of every rater over all clips; points have no states to leave. */
export function transitionTables(
  chosen: readonly { readonly clip: StudyClip; readonly tier: StudyTier }[],
  labelOrder: readonly string[],
): TransitionTable[] {
  const tables: TransitionTable[] = []
  const states = chosen.filter(({ tier }) => !tier.isPoints)
  for (const gaps of ['state', 'joined'] as const) {
    const byRater = new Map<string, (readonly string[])[]>()
    for (const { clip, tier } of states) {
      const sequences = stateSequences(clip, tier, gaps)
      const key = raterKey(tier)
      const known = byRater.get(key)
      if (known) known.push(...sequences)
      else byRater.set(key, [...sequences])
      tables.push(
        transitionTable(
          sequences,
          { clipId: clip.clipId, subject: tier.subject, raterKey: key, tier: tier.name, gaps },
          labelOrder,
        ),
      )
    }
    for (const [key, sequences] of byRater)
      tables.push(
        transitionTable(sequences, { clipId: '', subject: '', raterKey: key, tier: '', gaps }, labelOrder),
      )
  }
  return tables
}
