import { computed, type MaybeRefOrGetter, onScopeDispose, shallowRef, toValue, watch } from 'vue'
import type { TimelineCursor } from './timeline-model'

/** Numbers that change more often than this cannot be read. */
const READ_EVERY_SECS = 0.08

/** Playhead, hover and the instant whose values are shown. */
export function useTimelineCursor(playheadSecs: MaybeRefOrGetter<number>): TimelineCursor {
  const playhead = computed(() => toValue(playheadSecs))
  const hoverSecs = shallowRef<number | null>(null)
  const readSecs = shallowRef(playhead.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  let readAtMs = Number.NEGATIVE_INFINITY

  function read(): void {
    timer = undefined
    readAtMs = performance.now()
    readSecs.value = hoverSecs.value ?? playhead.value
  }
  watch([playhead, hoverSecs], () => {
    if (timer !== undefined) return
    const waitMs = READ_EVERY_SECS * 1000 - (performance.now() - readAtMs)
    if (waitMs <= 0) read()
    else timer = setTimeout(read, waitMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { playheadSecs: playhead, hoverSecs, readSecs }
}
