import type { LaneBar } from '../../../../plots/lanes/lane-index'
import { t } from '../../../../strings'

/** A bar in words, with all that its drawing says by signs. */
export function barWords(bar: LaneBar): string {
  const label = bar.suffix === '' ? bar.text : `${bar.text} ${bar.suffix}`
  const text =
    bar.state === 'rejected'
      ? t('lanes.bar.rejected', { text: label })
      : bar.struckText !== null
        ? t('lanes.bar.relabelled', { text: label, before: bar.struckText })
        : bar.state === 'confirmed'
          ? t('lanes.bar.confirmed', { text: label })
          : label
  return bar.isUnsure ? t('lanes.bar.unsure', { text }) : text
}
