import { computed, type ComputedRef, onScopeDispose, type Ref, shallowRef, watch } from 'vue'

/** Rows drawn beyond the edges, so that scrolling by wheel shows no gaps. */
const MARGIN_ROWS = 3

export interface WindowRows {
  readonly columns: ComputedRef<number>
  /** Rows that fit at a time, at least one. */
  readonly pageRows: ComputedRef<number>
  /** Items to draw: first (inclusive) and end (exclusive). */
  readonly first: ComputedRef<number>
  readonly end: ComputedRef<number>
  /** Height above the first drawn row, and of everything. */
  readonly offsetPx: ComputedRef<number>
  readonly heightPx: ComputedRef<number>
  /** Brings an item into view with as little movement as will do. */
  reveal(index: number): void
}

export interface WindowLayout {
  readonly rowHeightPx: number
  /** Of one item, the gap included; null: one item a row. */
  readonly minItemWidthPx: number | null
}

/** Draws only what can be seen of a long list whose rows are equally high. */
export function useWindowRows(
  scroller: Readonly<Ref<HTMLElement | null>>,
  count: Readonly<Ref<number>>,
  layout: Readonly<Ref<WindowLayout>>,
): WindowRows {
  const widthPx = shallowRef(0)
  const viewPx = shallowRef(600)
  const scrollPx = shallowRef(0)

  const columns = computed(() => {
    const item = layout.value.minItemWidthPx
    return item === null ? 1 : Math.max(1, Math.floor(widthPx.value / item))
  })
  const rows = computed(() => Math.ceil(count.value / columns.value))
  const pageRows = computed(() => Math.max(1, Math.floor(viewPx.value / layout.value.rowHeightPx)))
  const firstRow = computed(() =>
    Math.max(0, Math.min(rows.value, Math.floor(scrollPx.value / layout.value.rowHeightPx)) - MARGIN_ROWS),
  )
  const first = computed(() => firstRow.value * columns.value)
  const end = computed(() => {
    const lastRow = Math.ceil((scrollPx.value + viewPx.value) / layout.value.rowHeightPx) + MARGIN_ROWS
    return Math.min(count.value, lastRow * columns.value)
  })
  const offsetPx = computed(() => firstRow.value * layout.value.rowHeightPx)
  const heightPx = computed(() => rows.value * layout.value.rowHeightPx)

  const measure = () => {
    const element = scroller.value
    if (!element) return
    // The bar of the scroller is not room for items.
    widthPx.value = element.clientWidth - paddingOf(element)
    viewPx.value = element.clientHeight
    scrollPx.value = element.scrollTop
  }
  const observer = new ResizeObserver(measure)
  const onScroll = () => (scrollPx.value = scroller.value?.scrollTop ?? 0)
  watch(
    scroller,
    (element, before) => {
      if (before) {
        observer.unobserve(before)
        before.removeEventListener('scroll', onScroll)
      }
      if (!element) return
      observer.observe(element)
      element.addEventListener('scroll', onScroll, { passive: true })
      measure()
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    observer.disconnect()
    scroller.value?.removeEventListener('scroll', onScroll)
  })

  function reveal(index: number): void {
    const element = scroller.value
    if (!element || index < 0) return
    const { rowHeightPx } = layout.value
    const topPx = Math.floor(index / columns.value) * rowHeightPx
    if (topPx < element.scrollTop) element.scrollTop = topPx
    else if (topPx + rowHeightPx > element.scrollTop + element.clientHeight)
      element.scrollTop = topPx + rowHeightPx - element.clientHeight
  }

  return { columns, pageRows, first, end, offsetPx, heightPx, reveal }
}

function paddingOf(element: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(element)
  return (parseFloat(paddingLeft) || 0) + (parseFloat(paddingRight) || 0)
}
