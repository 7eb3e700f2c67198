import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import type { EditContext, MadeEdit } from '../../../../annotate/edit-draft'
import { lastEdge, nearestEdge } from '../../../../annotate/frame-grid'
import { barsInBand, type OverlayRow } from '../../../../plots/lanes/draw-overlay'
import { hitTest } from '../../../../plots/lanes/hit-test'
import { secsFromPx, spanOf } from '../../../../plots/time-scale'
import type { Rect } from '../../../../plots/types'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useStudyStore } from '../../../../stores/study'
import { useTransportStore } from '../../../../stores/transport'
import { useEditContext } from '../../code/use-edit-context'
import { type Brush, type DragState, dragTo, isPoint, type LaneDrag } from './lane-drag'
import { snapOnLanes } from './lane-snap'
import { cursorOf, type LaneTarget, targetOf } from './lane-target'
import { type LanesView, placedRows, plotScale, rowUnder } from './lanes-view'
import type { ShownTier } from './tier-lanes'

/** A press that moves less than this is a click. */
const CLICK_PX = 4
/** Edges and the playhead attract from so far. */
const SNAP_PX = 8
/** So near to the end of the plot a drag moves the view along, by this share of it a frame. */
const PAN_EDGE_PX = 18
const PAN_SHARE = 0.012
const NO_IDS: ReadonlySet<string> = new Set()

/** A drag as it stands, for the overlay. */
export interface ShownDrag {
  readonly drag: LaneDrag
  readonly state: DragState
  /** Of the pointer, over the plots; counts from the top of the first track. */
  readonly x: number
  readonly y: number
}

export interface LanePointerOptions {
  readonly view: () => LanesView
  readonly brush: () => Brush | null
  /** The tier behind a row; null: the row is none of a person's. */
  readonly tierOf: (rowKey: string) => Pick<ShownTier, 'subjectId' | 'kind' | 'set' | 'isOwn'> | null
  readonly onMenu: (target: LaneTarget, at: { readonly x: number; readonly y: number }) => void
  /** A bar was pressed; null: an empty place was. */
  readonly onPick: (target: LaneTarget | null) => void
  readonly onPlay: (target: LaneTarget) => void
}

interface Press {
  readonly pointerId: number
  readonly startX: number
  readonly startY: number
  readonly target: LaneTarget
  readonly drag: LaneDrag | 'band' | null
  /** What was chosen before. */
  readonly selected: ReadonlySet<string>
  /** A rubber band adds to it, and does not begin anew. */
  readonly isAdding: boolean
  hasMoved: boolean
}

/** Clicks, drags and the rubber band on the lanes; on everything else the timeline's own pointer acts. */
export function useLanePointer(options: LanePointerOptions): {
  readonly shown: Readonly<Ref<ShownDrag | null>>
  readonly band: Readonly<Ref<Rect | null>>
} {
  const annotation = useAnnotationStore()
  const studies = useStudyStore()
  const transport = useTransportStore()
  const contextOf = useEditContext()
  const shown = shallowRef<ShownDrag | null>(null)
  const band = shallowRef<Rect | null>(null)
  let press: Press | null = null
  let last: PointerEvent | null = null
  let panFrame = 0
  let wasFollowing = false
  let stepBefore = 0

  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { hitArea } = options.view()
    const box = hitArea?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }

  function targetAt(event: MouseEvent): LaneTarget | null {
    const view = options.view()
    const { x, y } = placeOf(event)
    const place = rowUnder(view.tracks, view.heightsPx, view.plotWidthPx, y)
    if (!place) return null
    const scale = plotScale(view)
    return targetOf(place, hitTest(place.row.index, scale, x), secsFromPx(scale, x), {
      items: annotation.byId,
      observerId: annotation.canEdit ? studies.observerId : null,
    })
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || press) return
    const target = targetAt(event)
    if (!target) return
    const drag = dragOf(target, event)
    // Where nothing can be dragged the view pans, as over every other track.
    if (drag === null && !target.item) {
      if (!target.hit) options.onPick(null)
      else options.onPick(target)
      return
    }
    take(event)
    options.view().hitArea?.setPointerCapture(event.pointerId)
    const { x, y } = placeOf(event)
    press = {
      pointerId: event.pointerId,
      startX: x,
      startY: y,
      target,
      drag,
      selected: annotation.selection,
      isAdding: event.shiftKey || event.ctrlKey || event.metaKey,
      hasMoved: false,
    }
  }

  function dragOf(target: LaneTarget, event: PointerEvent): Press['drag'] {
    const brush = annotation.canEdit ? options.brush() : null
    const tier = options.tierOf(target.place.row.key)
    const isMany = event.shiftKey || event.ctrlKey || event.metaKey
    if (brush && brush.kind !== 'code' && !isMany && !isGrip(target))
      return { kind: 'create', brush, subjectId: annotation.subjectId, fromSecs: target.secs }
    if (target.item) {
      if (!target.isEditable) return null
      if (isGrip(target) && !isMany)
        return { kind: 'resize', item: target.item, edge: target.hit?.part === 'start' ? 'start' : 'end' }
      if (event.shiftKey) return 'band'
      const ids = annotation.selection.has(target.item.id) ? [...annotation.selection] : [target.item.id]
      return { kind: 'move', item: target.item, ids, fromSecs: target.secs }
    }
    if (target.hit) return isMany ? 'band' : null
    if (isMany) return 'band'
    if (!tier?.isOwn) return null
    return brush && fits(brush, tier)
      ? { kind: 'create', brush, subjectId: tier.subjectId, fromSecs: target.secs }
      : 'band'
  }

  const isGrip = ({ hit, isEditable }: LaneTarget): boolean =>
    isEditable && (hit?.part === 'start' || hit?.part === 'end')

  /** A brush draws in the lane that its code belongs to. */
  function fits(brush: Brush, tier: Pick<ShownTier, 'kind' | 'set'>): boolean {
    if (brush.kind !== 'code') return true
    const code = studies.codeById.get(brush.codeId)
    return code?.kind === tier.kind && (code.kind === 'point' || code.set === tier.set)
  }

  function onPointerMove(event: PointerEvent): void {
    if (!press) {
      const target = targetAt(event)
      const { hitArea } = options.view()
      const brush = annotation.canEdit ? options.brush() : null
      const tier = target && options.tierOf(target.place.row.key)
      const canDraw = brush !== null && (brush.kind !== 'code' || (tier?.isOwn === true && fits(brush, tier)))
      if (hitArea) hitArea.style.cursor = cursorOf(target, canDraw)
      return
    }
    if (press.pointerId !== event.pointerId) return
    event.stopImmediatePropagation()
    const { x, y } = placeOf(event)
    if (!press.hasMoved) {
      if (Math.hypot(x - press.startX, y - press.startY) < CLICK_PX || press.drag === null) return
      begin()
    }
    last = event
    follow()
    panAlong()
  }

  function begin(): void {
    if (!press) return
    press.hasMoved = true
    options.view().cursor.hoverSecs.value = null
    wasFollowing = transport.isFollowing
    stepBefore = transport.step
    // The stage follows the edge; the view stays where the pointer is.
    transport.isFollowing = false
    window.addEventListener('keydown', onKey, true)
    window.addEventListener('keyup', onKey, true)
    if (press.drag !== 'band' && press.target.item && !annotation.selection.has(press.target.item.id))
      annotation.select([press.target.item.id])
  }

  /** The drag at the last place of the pointer. */
  function follow(): void {
    if (!press || !last || press.drag === null) return
    const { x, y } = placeOf(last)
    const view = options.view()
    if (press.drag === 'band') return stretchBand(x, y)
    const context = contextOf()
    if (!context) return cancel()
    const scale = plotScale(view)
    const state = dragTo(context, press.drag, {
      secs: Math.min(view.control.limits.value.toSecs, Math.max(0, secsFromPx(scale, x))),
      snap: snapper(context, press.drag, last.ctrlKey || last.metaKey),
      isShared: last.altKey,
      subjectId: subjectUnder(y),
    })
    shown.value = { drag: press.drag, state, x, y }
    if (!transport.isPlaying && transport.step !== state.step) transport.goToStep(state.step)
  }

  function snapper(context: EditContext, drag: LaneDrag, isSuspended: boolean) {
    const view = options.view()
    const moving =
      drag.kind === 'move' ? new Set(drag.ids) : drag.kind === 'resize' ? new Set([drag.item.id]) : NO_IDS
    const reachSecs = isSuspended ? 0 : (SNAP_PX / view.plotWidthPx) * spanOf(view.range)
    const lanes = placedRows(view.tracks, view.heightsPx, view.plotWidthPx).map(({ row }) => row.index)
    // While the stage follows the drag, the playhead is where the drag is: it attracts from where it was.
    const playheadSecs = transport.isPlaying
      ? transport.timeSecs
      : (transport.steps.timesSecs[stepBefore] ?? transport.timeSecs)
    return (secs: number) =>
      snapOnLanes(secs, {
        grid: context.grid,
        lanes,
        playheadSecs,
        reachSecs,
        isLeftOut: (id) => moving.has(id),
      })
  }

  /** Bouts go to another subject's lane of the same kind when they are dragged there. */
  function subjectUnder(y: number): string | null {
    if (!press || press.drag === null || press.drag === 'band' || press.drag.kind !== 'move') return null
    const view = options.view()
    const place = rowUnder(view.tracks, view.heightsPx, view.plotWidthPx, y)
    const over = place && options.tierOf(place.row.key)
    const from = options.tierOf(press.target.place.row.key)
    if (!over?.isOwn || !from || over.kind !== from.kind || over.set !== from.set) return null
    return over.subjectId
  }

  function stretchBand(x: number, y: number): void {
    if (!press) return
    const view = options.view()
    const rect = {
      x: Math.min(x, press.startX),
      y: Math.min(y, press.startY),
      width: Math.abs(x - press.startX),
      height: Math.abs(y - press.startY),
    }
    band.value = rect
    const scale = plotScale(view)
    const range = { fromSecs: secsFromPx(scale, rect.x), toSecs: secsFromPx(scale, rect.x + rect.width) }
    const rows = overlayRows(view)
    const caught = barsInBand(rows, range, rect.y, rect.y + rect.height)
    annotation.select(press.isAdding ? [...press.selected, ...caught] : caught)
  }

  /** A drag to the end of the plot moves the view on. */
  function panAlong(): void {
    if (panFrame !== 0) return
    const tick = (): void => {
      panFrame = 0
      if (!press?.hasMoved || !last) return
      const view = options.view()
      const { x } = placeOf(last)
      const beyond = x < PAN_EDGE_PX ? -1 : x > view.plotWidthPx - PAN_EDGE_PX ? 1 : 0
      if (beyond === 0) return
      view.control.panBySecs(beyond * PAN_SHARE * spanOf(view.range))
      follow()
      panFrame = requestAnimationFrame(tick)
    }
    panFrame = requestAnimationFrame(tick)
  }

  function onPointerUp(event: PointerEvent): void {
    if (press?.pointerId !== event.pointerId) return
    event.stopImmediatePropagation()
    const { target, drag, hasMoved } = press
    const made = hasMoved ? (shown.value?.state.edit ?? null) : clickEdit(drag)
    finish()
    if (made) {
      annotation.apply(made)
      annotation.select(made.selects)
    } else if (!hasMoved) click(target, event)
  }

  /** A click with a brush for points makes one. */
  function clickEdit(drag: Press['drag']): MadeEdit | null {
    const context = contextOf()
    if (!context || drag === null || drag === 'band' || drag.kind !== 'create') return null
    if (!isPoint(context, drag.brush)) return null
    const snap = snapper(context, drag, false)
    return dragTo(context, drag, { secs: drag.fromSecs, snap, isShared: false, subjectId: null }).edit
  }

  function click(target: LaneTarget, event: PointerEvent): void {
    const { item } = target
    options.onPick(target.hit ? target : null)
    if (!item) {
      annotation.select([])
      return transport.goToSecs(target.secs)
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      const next = new Set(annotation.selection)
      if (!next.delete(item.id)) next.add(item.id)
      return annotation.select(next)
    }
    annotation.select([item.id])
    transport.goToSecs(target.secs)
  }

  function onKey(event: KeyboardEvent): void {
    if (!press?.hasMoved) return
    if (event.type === 'keydown' && event.key === 'Escape') {
      event.preventDefault()
      event.stopImmediatePropagation()
      return cancel()
    }
    // Ctrl and Alt change what the drag does also while the pointer rests.
    if (last && (event.key === 'Control' || event.key === 'Alt' || event.key === 'Meta')) {
      event.preventDefault()
      last = new PointerEvent('pointermove', {
        clientX: last.clientX,
        clientY: last.clientY,
        ctrlKey: event.ctrlKey,
        altKey: event.altKey,
        metaKey: event.metaKey,
      })
      follow()
    }
  }

  /** Nothing is changed, and the stage shows again what it did. */
  function cancel(): void {
    if (!press) return
    const { selected } = press
    const isMoved = press.hasMoved
    finish()
    if (!isMoved) return
    annotation.select(selected)
    if (!transport.isPlaying && transport.step !== stepBefore) {
      const isFollowing = transport.isFollowing
      transport.isFollowing = false
      transport.goToStep(stepBefore)
      transport.isFollowing = isFollowing
    }
  }

  function finish(): void {
    if (press?.hasMoved) {
      transport.isFollowing = wasFollowing
      window.removeEventListener('keydown', onKey, true)
      window.removeEventListener('keyup', onKey, true)
    }
    cancelAnimationFrame(panFrame)
    panFrame = 0
    press = null
    last = null
    shown.value = null
    band.value = null
  }

  function onDoubleClick(event: MouseEvent): void {
    const target = targetAt(event)
    if (!target?.hit) return
    take(event)
    options.onPlay(target)
  }

  function onContextMenu(event: MouseEvent): void {
    const target = targetAt(event)
    if (!target) return
    take(event)
    if (target.item && !annotation.selection.has(target.item.id)) annotation.select([target.item.id])
    options.onPick(target.hit ? target : null)
    options.onMenu(target, { x: event.clientX, y: event.clientY })
  }

  const onLeave = (): void => {
    const { hitArea } = options.view()
    if (hitArea && !press) hitArea.style.cursor = ''
  }

  const listeners = [
    ['pointerdown', onPointerDown],
    ['pointermove', onPointerMove],
    ['pointerup', onPointerUp],
    ['pointercancel', cancel],
    ['dblclick', onDoubleClick],
    ['contextmenu', onContextMenu],
    ['pointerleave', onLeave],
  ] as const
  const attach = (target: HTMLElement): void =>
    // Before the timeline's own listeners, which are not to see what is taken here.
    listeners.forEach(([name, run]) => target.addEventListener(name, run as EventListener, { capture: true }))
  const detach = (target: HTMLElement): void =>
    listeners.forEach(([name, run]) =>
      target.removeEventListener(name, run as EventListener, { capture: true }),
    )
  watch(
    () => options.view().hitArea,
    (now, before) => {
      if (before) detach(before)
      if (now) attach(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    finish()
    const { hitArea } = options.view()
    if (hitArea) detach(hitArea)
  })
  return { shown, band }
}

function take(event: Event): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** Rows as the overlay draws them, from the top of the first track. */
export function overlayRows(view: LanesView): OverlayRow[] {
  return placedRows(view.tracks, view.heightsPx, view.plotWidthPx).map(({ row, rect }) => ({
    key: row.key,
    rect,
    index: row.index,
    isPoints: row.mark !== 'bars',
  }))
}

/** Number of the frame that an edge stands on, for people; the clip's end has none. */
export function frameOfEdge(grid: Parameters<typeof lastEdge>[0], secs: number): number | null {
  const at = nearestEdge(grid, secs)
  return at >= lastEdge(grid) ? null : at
}
