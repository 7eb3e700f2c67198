import type { ProjectClip } from '../../../preload/contract/project'
import { currentLanguage, t } from '../../strings'

type BadgeKind = 'neutral' | 'good' | 'warning' | 'bad' | 'accent'

/** The word for how far a clip is, and its colour. */
export function statusBadge(clip: ProjectClip): { readonly text: string; readonly kind: BadgeKind } {
  switch (clip.status) {
    case 'new':
      if (clip.isOutdated) return { text: t('library.status.outdated'), kind: 'warning' }
      if (clip.isInterrupted) return { text: t('library.status.interrupted'), kind: 'warning' }
      return { text: t('library.status.new'), kind: 'neutral' }
    case 'queued':
      return { text: t('library.status.queued'), kind: 'accent' }
    case 'running':
      return { text: t('library.status.running'), kind: 'accent' }
    case 'done':
      return { text: t('library.status.done'), kind: 'good' }
    case 'failed':
      return { text: t('library.status.failed'), kind: 'bad' }
    case 'missing':
      return { text: t('library.status.missing'), kind: 'bad' }
  }
}

/** "1:02:03", "2:05" or "0:04"; whole seconds. */
export function durationText(secs: number | null): string {
  if (secs === null) return ''
  const whole = Math.max(0, Math.round(secs))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const padded = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}

/** "3 h 20 min", "2 min 5 s" or "40 s", for sums and estimates. */
export function spanText(secs: number): string {
  const whole = Math.max(0, Math.round(secs))
  const unit = (value: number, name: 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(currentLanguage(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(
      value,
    )
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`
  if (minutes > 0)
    return rest > 0 && minutes < 10
      ? `${unit(minutes, 'minute')} ${unit(rest, 'second')}`
      : unit(minutes, 'minute')
  return unit(rest, 'second')
}

export function shareText(share: number): string {
  return new Intl.NumberFormat(currentLanguage(), { style: 'percent', maximumFractionDigits: 0 }).format(
    share,
  )
}

/** What a screen reader says of a clip in a list. */
export function spokenClip(clip: ProjectClip): string {
  const parts = [clip.name, statusBadge(clip).text, durationText(clip.durationSecs)]
  if (clip.dominant) parts.push(t('library.dominant', { emotion: t(`emotion.${clip.dominant}`) }))
  if (clip.faceCoverage !== null) parts.push(t('library.coverage', { share: shareText(clip.faceCoverage) }))
  if (clip.problem) parts.push(clip.problem.message)
  return parts.filter((part) => part !== '').join(', ')
}
