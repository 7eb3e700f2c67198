import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'

/** Size of an element's content in CSS pixels, kept current. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>): {
  readonly widthPx: Readonly<Ref<number>>
  readonly heightPx: Readonly<Ref<number>>
} {
  const widthPx = shallowRef(0)
  const heightPx = shallowRef(0)
  const observer = new ResizeObserver((entries) => {
    const box = entries[entries.length - 1]?.contentRect
    if (!box) return
    widthPx.value = box.width
    heightPx.value = box.height
  })
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before)
      if (now) {
        widthPx.value = now.clientWidth
        heightPx.value = now.clientHeight
        observer.observe(now)
      }
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return { widthPx, heightPx }
}
