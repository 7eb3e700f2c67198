import { onScopeDispose, type Ref, shallowRef, watch } from 'vue'

/**
 * A value that takes long to work out: read at once to begin with, and then when what it rests on has not changed for a while. What
 * follows from it is done in a task of its own, so that a key in between does not wait for both.
 * @param of what it rests on
 */
export function useSettled<T>(of: () => unknown, read: () => T, afterSecs: number): Readonly<Ref<T>> {
  const value = shallowRef(read()) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  function settle(): void {
    const next = read()
    timer = setTimeout(() => (value.value = next), 0)
  }
  watch(of, () => {
    clearTimeout(timer)
    timer = setTimeout(settle, afterSecs * 1000)
  })
  onScopeDispose(() => clearTimeout(timer))
  return value
}
