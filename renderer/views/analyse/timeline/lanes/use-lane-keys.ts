import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { barAt, firstAtLeast, type LaneBar } from '../../../../plots/lanes/lane-index'
import { keepInView, pxFromSecs } from '../../../../plots/time-scale'
import { formatTime } from '../../../../plots/time-ticks'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useStudyStore } from '../../../../stores/study'
import { t } from '../../../../strings'
import { barWords } from './bar-words'
import { type LaneTarget, targetOf } from './lane-target'
import { type LanesView, type PlacedRow, placedRows, plotScale } from './lanes-view'

export interface LaneFocus {
  readonly rowKey: string
  readonly barId: string
}

/** Instants closer than this are one. */
const SAME_SECS = 2e-6

/**
 * Lanes without a pointer: up and down choose a lane, Ctrl and left or right go from bar to bar and choose what is gone to, the menu
 * key shows what can be done with it. Everything is said to a screen reader.
 */
export function useLaneKeys(options: {
  readonly view: () => LanesView
  readonly onMenu: (target: LaneTarget, at: { readonly x: number; readonly y: number }) => void
}): {
  readonly focus: Ref<LaneFocus | null>
  readonly announcement: Readonly<Ref<string>>
} {
  const annotation = useAnnotationStore()
  const studies = useStudyStore()
  const focus = shallowRef<LaneFocus | null>(null)
  const announcement = shallowRef('')
  let rowKey: string | null = null

  const rows = (): PlacedRow[] => {
    const { tracks, heightsPx, plotWidthPx } = options.view()
    return placedRows(tracks, heightsPx, plotWidthPx)
  }
  const titleOf = ({ track, row }: PlacedRow): string => {
    const title = track.isOwn ? t('lanes.own', { name: track.title }) : track.title
    return row.name === '' ? title : `${title}, ${row.name}`
  }

  function chooseRow(by: 1 | -1): void {
    const all = rows()
    if (all.length === 0) return
    const at = all.findIndex(({ row }) => row.key === rowKey)
    const next =
      all[at < 0 ? (by === 1 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))]!
    rowKey = next.row.key
    show(next)
    const count = next.row.index.bars.length
    const { cursor } = options.view()
    const here =
      next.row.index.bars[barAt(next.row.index, cursor.hoverSecs.value ?? cursor.playheadSecs.value)]
    focus.value = here ? { rowKey, barId: here.id } : null
    announcement.value = here ? words(next, here) : t('lanes.announce.lane', { track: titleOf(next), count })
  }

  function chooseBar(by: 1 | -1): void {
    const place = current()
    if (!place) return
    const { index } = place.row
    const known = focus.value ? index.bars.findIndex(({ id }) => id === focus.value?.barId) : -1
    const at = known >= 0 ? known + by : fromCursor(place, by)
    const bar = index.bars[at]
    if (!bar) {
      announcement.value = t('lanes.announce.noBar', { track: titleOf(place) })
      return
    }
    focus.value = { rowKey: place.row.key, barId: bar.id }
    annotation.select([bar.id])
    const { control, cursor } = options.view()
    cursor.hoverSecs.value = bar.startSecs
    const next = keepInView(control.range.value, bar.startSecs, control.limits.value)
    if (next !== control.range.value) control.show(next)
    show(place)
    announcement.value = words(place, bar)
  }

  function fromCursor({ row }: PlacedRow, by: 1 | -1): number {
    const { cursor } = options.view()
    const secs = cursor.hoverSecs.value ?? cursor.playheadSecs.value
    const next = firstAtLeast(row.index.startSecs, secs - SAME_SECS)
    return by === 1 ? next : next - 1
  }

  /** The lane that has the keys; the first one of one's own to begin with. */
  function current(): PlacedRow | null {
    const all = rows()
    const place =
      all.find(({ row }) => row.key === rowKey) ?? all.find(({ track }) => track.isOwn) ?? all[0] ?? null
    rowKey = place?.row.key ?? null
    return place
  }

  function words(place: PlacedRow, bar: LaneBar): string {
    const isPoint = bar.startSecs === bar.endSecs
    return t(isPoint ? 'lanes.announce.point' : 'lanes.announce.bar', {
      track: titleOf(place),
      text: barWords(bar),
      from: formatTime(bar.startSecs, 3),
      to: formatTime(bar.endSecs, 3),
    })
  }

  /** Scrolls no further than needed. */
  function show({ rect }: PlacedRow): void {
    const { scroller } = options.view()
    if (!scroller) return
    if (rect.y < scroller.scrollTop) scroller.scrollTop = rect.y - 4
    else if (rect.y + rect.height > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = rect.y + rect.height - scroller.clientHeight + 4
  }

  /** The bar that has the keys, and where it stands in the window. */
  function focused(): { readonly target: LaneTarget; readonly x: number; readonly y: number } | null {
    const view = options.view()
    const place = rows().find(({ row }) => row.key === focus.value?.rowKey)
    const at = place?.row.index.bars.findIndex(({ id }) => id === focus.value?.barId) ?? -1
    const bar = place?.row.index.bars[at]
    if (!place || !bar || !view.hitArea) return null
    const box = view.hitArea.getBoundingClientRect()
    const hit = { bar, at, part: 'body' as const, neighbour: null }
    const middleSecs = (bar.startSecs + bar.endSecs) / 2
    const owner = { items: annotation.byId, observerId: annotation.canEdit ? studies.observerId : null }
    return {
      target: targetOf(place, hit, middleSecs, owner),
      x: box.left + Math.max(0, pxFromSecs(plotScale(view), bar.startSecs)),
      y: box.top + place.rect.y + place.rect.height,
    }
  }

  function openMenu(): boolean {
    const found = focused()
    if (found) options.onMenu(found.target, found)
    return found !== null
  }

  function onKeydown(event: KeyboardEvent): void {
    const isJump = event.ctrlKey && !event.altKey && !event.shiftKey
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
    let isTaken = true
    if (isPlain && event.key === 'ArrowDown') chooseRow(1)
    else if (isPlain && event.key === 'ArrowUp') chooseRow(-1)
    else if (isJump && event.key === 'ArrowRight') chooseBar(1)
    else if (isJump && event.key === 'ArrowLeft') chooseBar(-1)
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) isTaken = openMenu()
    else if (isPlain && event.key === 'Escape' && focus.value) {
      focus.value = null
      annotation.select([])
    } else isTaken = false
    if (!isTaken) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  const leave = (): void => {
    // While its menu is open the bar stays marked.
    if (document.activeElement?.closest('[role="menu"]') === null) focus.value = null
  }
  const attach = (target: HTMLElement): void => {
    target.addEventListener('keydown', onKeydown, { capture: true })
    target.addEventListener('blur', leave)
  }
  const detach = (target: HTMLElement): void => {
    target.removeEventListener('keydown', onKeydown, { capture: true })
    target.removeEventListener('blur', leave)
  }
  watch(
    () => options.view().hitArea,
    (now, before) => {
      if (before) detach(before)
      if (now) attach(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    const { hitArea } = options.view()
    if (hitArea) detach(hitArea)
  })
  return { focus, announcement }
}
