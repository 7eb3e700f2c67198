import { onScopeDispose, type Ref, watch } from 'vue'

/** Closes what is open at Escape, or where something outside of it is pressed. The focus goes back to its first button. */
export function useDismissal(root: Readonly<Ref<HTMLElement | null>>, isOpen: Ref<boolean>): void {
  function onPointerDown(event: PointerEvent): void {
    if (event.target instanceof Node && !root.value?.contains(event.target)) isOpen.value = false
  }
  function onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    isOpen.value = false
    root.value?.querySelector('button')?.focus()
  }
  function detach(): void {
    window.removeEventListener('pointerdown', onPointerDown, true)
    window.removeEventListener('keydown', onKeydown, true)
  }
  watch(isOpen, (isNowOpen) => {
    detach()
    if (!isNowOpen) return
    window.addEventListener('pointerdown', onPointerDown, true)
    window.addEventListener('keydown', onKeydown, true)
  })
  onScopeDispose(detach)
}
