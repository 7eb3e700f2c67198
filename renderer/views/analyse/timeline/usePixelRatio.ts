import { onScopeDispose, type Ref, shallowRef } from 'vue'

/** Pixels of the screen to a CSS pixel; changes with zoom and when the window goes to another screen. */
export function usePixelRatio(): Readonly<Ref<number>> {
  const ratio = shallowRef(window.devicePixelRatio || 1)
  let query: MediaQueryList | null = null
  function follow(): void {
    query?.removeEventListener('change', follow)
    ratio.value = window.devicePixelRatio || 1
    query = window.matchMedia(`(resolution: ${ratio.value}dppx)`)
    query.addEventListener('change', follow)
  }
  follow()
  onScopeDispose(() => query?.removeEventListener('change', follow))
  return ratio
}
