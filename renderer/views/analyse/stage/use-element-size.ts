import { onScopeDispose, shallowRef, type ShallowRef, watch } from 'vue'
import type { Size } from './stage-geometry'

/** The size of an element in CSS pixels, and how many device pixels one of them has, as both change. */
export function useElementSize(element: Readonly<ShallowRef<HTMLElement | null>>): {
  readonly size: Readonly<ShallowRef<Size>>
  readonly pixelRatio: Readonly<ShallowRef<number>>
} {
  const size = shallowRef<Size>({ widthPx: 0, heightPx: 0 })
  const pixelRatio = shallowRef(window.devicePixelRatio)
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return
    size.value = { widthPx: entry.contentRect.width, heightPx: entry.contentRect.height }
    pixelRatio.value = window.devicePixelRatio
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) observer.observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return { size, pixelRatio }
}
