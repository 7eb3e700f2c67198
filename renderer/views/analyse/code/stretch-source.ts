import type { TimeRange } from '../../../plots/time-scale'
import { t } from '../../../strings'
import { frameAt } from '../time/frame-times'
import { clockText } from '../time/time-text'

/** A stretch that is at hand to be excluded or made a baseline, and where it comes from. */
export interface StretchSource extends TimeRange {
  readonly from: 'loop' | 'selection' | 'playhead'
}

/** Length of a stretch that begins at the playhead, to be changed afterwards. */
const USUAL_SECS = 2

export interface StretchOptions {
  readonly loop: TimeRange | null
  /** What is chosen, from the first start to the last end; null: nothing with a length. */
  readonly selection: TimeRange | null
  readonly timeSecs: number
  readonly timesSecs: Float64Array
  readonly durationSecs: number
}

/** The loop, else what is chosen, else some seconds from the playhead on; edges lie on frame times. Null: no time is left. */
export function stretchAtHand({
  loop,
  selection,
  timeSecs,
  timesSecs,
  durationSecs,
}: StretchOptions): StretchSource | null {
  if (loop) return { ...loop, from: 'loop' }
  if (selection && selection.toSecs > selection.fromSecs) return { ...selection, from: 'selection' }
  const end = timeSecs + USUAL_SECS
  const toSecs = end >= durationSecs ? durationSecs : (timesSecs[frameAt(timesSecs, end)] ?? durationSecs)
  return toSecs > timeSecs ? { fromSecs: timeSecs, toSecs, from: 'playhead' } : null
}

/** What pressing the button does, for exclusions and baselines. */
export function stretchText(kind: 'exclusion' | 'baseline', stretch: StretchSource): string {
  const span = { from: clockText(stretch.fromSecs), to: clockText(stretch.toSecs) }
  const isExclusion = kind === 'exclusion'
  switch (stretch.from) {
    case 'loop':
      return isExclusion ? t('notes.excludeLoop', span) : t('notes.baselineLoop', span)
    case 'selection':
      return isExclusion ? t('notes.excludeSelection', span) : t('notes.baselineSelection', span)
    default:
      return isExclusion ? t('notes.excludeHere') : t('notes.baselineHere')
  }
}
