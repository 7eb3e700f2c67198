import { type Ref, watch } from 'vue'
import { keepInView, turnPage } from '../../../plots/time-scale'
import type { TimeRangeControl } from './useTimeRange'

/** A playhead that moves on by no more than this is playing; one that jumps was sent. */
const PLAYING_STEP_SECS = 0.5

/**
 * Keeps the playhead in view while asked to: the page turns while it plays, and a jump out of view moves the view no further
 * than needed.
 */
export function useFollow(
  playheadSecs: Readonly<Ref<number>>,
  control: TimeRangeControl,
  isFollowing: () => boolean,
): void {
  watch(playheadSecs, (now, before) => {
    if (!isFollowing()) return
    const range = control.range.value
    const isPlaying = now > before && now - before < PLAYING_STEP_SECS
    const next = isPlaying
      ? turnPage(range, now, control.limits.value)
      : keepInView(range, now, control.limits.value)
    if (next !== range) control.show(next)
  })
}
