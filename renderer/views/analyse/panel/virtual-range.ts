/** Rows of a long list that have to exist for what is seen, with some beyond either edge so that scrolling shows no gap. */
export function visibleRange(list: {
  readonly count: number
  readonly rowPx: number
  readonly scrollPx: number
  readonly heightPx: number
  readonly beyond?: number
}): { readonly from: number; readonly to: number } {
  const { count, rowPx, scrollPx, heightPx, beyond = 6 } = list
  const from = Math.max(0, Math.floor(scrollPx / rowPx) - beyond)
  const to = Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + beyond)
  return { from: Math.min(from, to), to }
}

/** Where to scroll so that a row shows, moving no further than needed. */
export function scrollToShow(
  row: number,
  {
    rowPx,
    scrollPx,
    heightPx,
  }: { readonly rowPx: number; readonly scrollPx: number; readonly heightPx: number },
): number {
  const topPx = row * rowPx
  if (topPx < scrollPx) return topPx
  if (topPx + rowPx > scrollPx + heightPx) return topPx + rowPx - heightPx
  return scrollPx
}
