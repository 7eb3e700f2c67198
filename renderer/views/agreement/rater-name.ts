import type { StudyRater } from '../../../preload/contract/agreement'
import { t } from '../../strings'

/** A rater as people call it; a key that is not among those known stands for itself. */
export function raterName(key: string, raters: readonly StudyRater[]): string {
  const rater = raters.find((known) => known.key === key)
  if (!rater) return key
  const { kind, observer, set, isPoints } = rater
  if (kind === 'face' || kind === 'speech' || kind === 'fusion' || kind === 'final')
    return t(`agreement.rater.${kind}`)
  if (isPoints) return t('agreement.rater.points', { observer })
  return key === observer || set === '' ? observer || key : t('agreement.rater.set', { observer, set })
}

/** The engine's name of time without a label, and of a missing event. */
export const NO_LABEL = '(none)'

export function subjectName(subject: string): string {
  return subject === '' ? t('agreement.subject.clip') : subject
}
