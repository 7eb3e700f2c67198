import { shallowRef, type ShallowRef, watch } from 'vue'
import type { TimeRange } from '../../plots/time-scale'
import { type TimelineLayout, type TimelineLook, USUAL_LAYOUT, USUAL_LOOK } from './timeline/timeline-model'

/** How the timeline is arranged: the same for all clips, and next time; the part in view belongs to the clip. */
export interface TimelineArrangement {
  readonly range: ShallowRef<TimeRange | null>
  readonly look: ShallowRef<TimelineLook>
  readonly layout: ShallowRef<TimelineLayout>
}

export function useTimelineArrangement(clipToken: () => string): TimelineArrangement {
  const range = shallowRef<TimeRange | null>(null)
  watch(clipToken, () => (range.value = null))
  return {
    range,
    look: kept('timelineLook', USUAL_LOOK, isLook),
    layout: kept('timelineLayout', USUAL_LAYOUT, isLayout),
  }
}

function kept<T>(key: string, usual: T, isFit: (value: unknown) => value is T): ShallowRef<T> {
  const value = shallowRef(read(key, usual, isFit))
  watch(value, (now) => localStorage.setItem(`analyse.${key}`, JSON.stringify(now)))
  return value
}

function read<T>(key: string, usual: T, isFit: (value: unknown) => value is T): T {
  const text = localStorage.getItem(`analyse.${key}`)
  if (text === null) return usual
  try {
    const value: unknown = JSON.parse(text)
    return isFit(value) ? value : usual
  } catch {
    // Not written by us: what was remembered is of no use.
    return usual
  }
}

function isLook(value: unknown): value is TimelineLook {
  const look = value as Partial<TimelineLook> | null
  return (
    typeof look === 'object' &&
    look !== null &&
    (look.style === 'areas' || look.style === 'lines') &&
    typeof look.isSmoothed === 'boolean' &&
    Array.isArray(look.isVisible) &&
    look.isVisible.length === USUAL_LOOK.isVisible.length &&
    look.isVisible.every((one) => typeof one === 'boolean')
  )
}

function isLayout(value: unknown): value is TimelineLayout {
  const layout = value as Partial<TimelineLayout> | null
  const areTexts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string')
  return (
    typeof layout === 'object' &&
    layout !== null &&
    areTexts(layout.hidden) &&
    areTexts(layout.order) &&
    typeof layout.heightsPx === 'object' &&
    layout.heightsPx !== null &&
    Object.values(layout.heightsPx).every((height) => typeof height === 'number' && height > 0)
  )
}
