import { FINAL_RULE } from '../../../../preload/contract/tier-rules'
import type { ClipAnnotation } from './clip-annotation'

/** A paragraph on the coding by hand, for METHODS.txt; '' where nobody coded. */
export function codingMethods({ study, items }: ClipAnnotation): string {
  const segments = items.filter((item) => item.kind === 'segment')
  const coders = study.observers.filter(({ id }) => items.some(({ observerId }) => observerId === id))
  if (coders.length === 0) return ''
  const count = (status: string): number => segments.filter((item) => item.status === status).length
  const corrected = count('confirmed') + count('edited') + count('rejected')
  const blind = coders.filter(({ isBlind }) => isBlind).length
  const codes = study.scheme.codes.map(({ name }) => name).join(', ')
  const sentences = [
    `Manual coding: ${coders.length === 1 ? 'one observer' : `${coders.length} observers`} coded with the scheme "${study.scheme.name}" (${codes}) on decoded frame times${
      blind === 0
        ? ', seeing what the models proposed'
        : `; ${blind === coders.length ? 'blind' : `${blind} of them blind`} to the models and to other observers until they had marked the clip as done`
    }.`,
    corrected > 0 &&
      `Of the models' proposals ${count('confirmed')} were confirmed, ${count('edited')} changed and ${count('rejected')} rejected; ${count('added')} segments were added.`,
    `Final label: ${FINAL_RULE}`,
    items.some(({ kind }) => kind === 'exclusion') &&
      'Stretches excluded by an observer, with their reasons, count in no statistic.',
  ]
  return sentences.filter((sentence) => sentence !== false).join(' ')
}
