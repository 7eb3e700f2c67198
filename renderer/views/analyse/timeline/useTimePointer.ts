import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { secsFromPx, spanOf, type TimeRange, type TimeScale } from '../../../plots/time-scale'
import type { TimeRangeControl } from './useTimeRange'

export interface TimePointerOptions {
  readonly control: TimeRangeControl
  /** Over the element's own pixels, 0 at its left edge. */
  readonly scale: () => TimeScale
  /** 'zoom': the wheel zooms; 'scroll': it scrolls the tracks and zooms with Ctrl only. A pinch always zooms. */
  readonly wheel: () => 'zoom' | 'scroll'
  /** What dragging does: move the time, or draw the playhead along. Shift and drag always selects. */
  readonly drag: 'pan' | 'scrub'
  readonly onSeek: (secs: number) => void
  readonly onHover: (secs: number | null) => void
}

/** A press that moves less than this is a click. */
const CLICK_PX = 4
/** Zoom for a pixel of wheel; a usual notch of 100 to 120 px is about a quarter. A pinch comes as small steps with Ctrl. */
const WHEEL_ZOOM = 0.0022
const PINCH_ZOOM = 0.01
const LINE_PX = 16

interface Press {
  readonly pointerId: number
  readonly startX: number
  readonly startSecs: number
  readonly startRange: TimeRange
  readonly kind: 'pan' | 'scrub' | 'select'
  hasMoved: boolean
}

/** Wheel, drag, selection and clicks on an element that shows time. @returns the stretch being selected */
export function useTimePointer(
  element: Readonly<Ref<HTMLElement | null>>,
  options: TimePointerOptions,
): { readonly selection: Readonly<Ref<TimeRange | null>>; readonly isPanning: Readonly<Ref<boolean>> } {
  const selection = shallowRef<TimeRange | null>(null)
  const isPanning = shallowRef(false)
  let press: Press | null = null

  const xOf = (event: MouseEvent): number =>
    event.clientX - (element.value?.getBoundingClientRect().left ?? 0)
  const secsAt = (event: MouseEvent): number => {
    const { fromSecs, toSecs } = options.control.range.value
    return Math.min(toSecs, Math.max(fromSecs, secsFromPx(options.scale(), xOf(event))))
  }

  function onWheel(event: WheelEvent): void {
    // Alt and wheel always scrolls the tracks.
    if (event.altKey) return
    const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1
    const [dx, dy] = [event.deltaX * unitPx, event.deltaY * unitPx]
    const isSideways = event.shiftKey || Math.abs(dx) > Math.abs(dy)
    if (!isSideways && !event.ctrlKey && !event.metaKey && options.wheel() === 'scroll') return
    event.preventDefault()
    const scale = options.scale()
    if (isSideways) {
      const movedPx = Math.abs(dx) > Math.abs(dy) ? dx : dy
      options.control.panBySecs((movedPx / scale.widthPx) * spanOf(scale.range))
      return
    }
    const isPinch = event.ctrlKey && Math.abs(dy) < 50 && event.deltaMode === WheelEvent.DOM_DELTA_PIXEL
    options.control.zoom(Math.exp(-dy * (isPinch ? PINCH_ZOOM : WHEEL_ZOOM)), secsAt(event))
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button > 1 || !element.value) return
    element.value.setPointerCapture(event.pointerId)
    const kind = event.button === 1 ? 'pan' : event.shiftKey ? 'select' : options.drag
    const startSecs = secsAt(event)
    press = {
      pointerId: event.pointerId,
      startX: event.clientX,
      startSecs,
      startRange: options.control.range.value,
      kind,
      hasMoved: false,
    }
    if (kind === 'scrub') options.onSeek(startSecs)
  }

  function onPointerMove(event: PointerEvent): void {
    options.onHover(secsAt(event))
    if (!press || press.pointerId !== event.pointerId) return
    const movedPx = event.clientX - press.startX
    if (!press.hasMoved && Math.abs(movedPx) < CLICK_PX) return
    press.hasMoved = true
    if (press.kind === 'scrub') options.onSeek(secsAt(event))
    else if (press.kind === 'select') selection.value = ordered(press.startSecs, secsAt(event))
    else {
      isPanning.value = true
      // From where the press began: small rounding must not add up.
      const bySecs = (-movedPx / options.scale().widthPx) * spanOf(press.startRange)
      options.control.show({
        fromSecs: press.startRange.fromSecs + bySecs,
        toSecs: press.startRange.toSecs + bySecs,
      })
    }
  }

  function onPointerUp(event: PointerEvent): void {
    if (!press || press.pointerId !== event.pointerId) return
    if (press.kind === 'select' && selection.value) options.control.show(selection.value)
    else if (press.kind !== 'scrub' && !press.hasMoved && event.button === 0) options.onSeek(secsAt(event))
    release()
  }

  function release(): void {
    press = null
    selection.value = null
    isPanning.value = false
  }

  const leave = (): void => options.onHover(null)
  const fit = (): void => options.control.fit()
  // The focus stays where the keys are being used; those who tab to the element get it.
  const keepFocus = (event: MouseEvent): void => event.preventDefault()

  watch(
    element,
    (now, before) => {
      if (before) detach(before)
      if (now) attach(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    if (element.value) detach(element.value)
  })

  function attach(target: HTMLElement): void {
    // Only a listener that is not passive may keep the wheel from scrolling.
    target.addEventListener('wheel', onWheel, { passive: false })
    target.addEventListener('pointerdown', onPointerDown)
    target.addEventListener('pointermove', onPointerMove)
    target.addEventListener('pointerup', onPointerUp)
    target.addEventListener('pointercancel', release)
    target.addEventListener('pointerleave', leave)
    target.addEventListener('dblclick', fit)
    target.addEventListener('mousedown', keepFocus)
  }

  function detach(target: HTMLElement): void {
    target.removeEventListener('wheel', onWheel)
    target.removeEventListener('pointerdown', onPointerDown)
    target.removeEventListener('pointermove', onPointerMove)
    target.removeEventListener('pointerup', onPointerUp)
    target.removeEventListener('pointercancel', release)
    target.removeEventListener('pointerleave', leave)
    target.removeEventListener('dblclick', fit)
    target.removeEventListener('mousedown', keepFocus)
  }

  return { selection, isPanning }
}

function ordered(a: number, b: number): TimeRange {
  return a < b ? { fromSecs: a, toSecs: b } : { fromSecs: b, toSecs: a }
}
