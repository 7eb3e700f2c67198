import { computed, type ComputedRef } from 'vue'

/** A list that is the same object again as long as it holds the same, so that nothing that rests on it is made anew. */
export function sameWhileEqual<T>(read: () => readonly T[]): ComputedRef<readonly T[]> {
  let last: readonly T[] = []
  return computed(() => {
    const now = read()
    if (now.length !== last.length || now.some((one, at) => one !== last[at])) last = now
    return last
  })
}
