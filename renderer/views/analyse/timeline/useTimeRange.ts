import { computed, type MaybeRefOrGetter, type Ref, toValue } from 'vue'
import {
  clampRange,
  panRange,
  type RangeLimits,
  spanOf,
  type TimeRange,
  zoomRange,
} from '../../../plots/time-scale'

export interface TimeRangeControl {
  readonly range: Readonly<Ref<TimeRange>>
  readonly limits: Readonly<Ref<RangeLimits>>
  show(range: TimeRange): void
  zoom(factor: number, aboutSecs: number): void
  panBySecs(secs: number): void
  /** @param share of what is in view; above 0: later */
  panByShare(share: number): void
  fit(): void
}

/** Steps of the commands: a zoom by half as much again, a move by a quarter of the view. */
export const ZOOM_STEP = 1.5
export const PAN_STEP = 0.25

/** The part of the clip in view. `wanted` may be null, for all of it, and is what the owner keeps. */
export function useTimeRange(
  wanted: Ref<TimeRange | null | undefined>,
  limits: MaybeRefOrGetter<RangeLimits>,
): TimeRangeControl {
  const bounds = computed(() => toValue(limits))
  const range = computed(() => clampRange(wanted.value ?? bounds.value, bounds.value))
  const show = (next: TimeRange): void => {
    wanted.value = clampRange(next, bounds.value)
  }
  return {
    range,
    limits: bounds,
    show,
    zoom: (factor, aboutSecs) => show(zoomRange(range.value, { aboutSecs, factor }, bounds.value)),
    panBySecs: (secs) => show(panRange(range.value, secs, bounds.value)),
    panByShare: (share) => show(panRange(range.value, share * spanOf(range.value), bounds.value)),
    fit: () => show(bounds.value),
  }
}
