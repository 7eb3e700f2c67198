import { type MaybeRefOrGetter, onScopeDispose, shallowRef, type ShallowRef, toValue, watch } from 'vue'

/** Ten times a second. */
const PACE_MS = 100

/** A value that follows at once while at rest, and at a pace that can be read while `isFast`. The last value always comes. */
export function usePaced<T>(
  value: MaybeRefOrGetter<T>,
  isFast: MaybeRefOrGetter<boolean>,
  paceMs = PACE_MS,
): Readonly<ShallowRef<T>> {
  const paced = shallowRef(toValue(value)) as ShallowRef<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = (): void => {
    clearTimeout(timer)
    timer = undefined
    paced.value = toValue(value)
  }
  watch([() => toValue(value), () => toValue(isFast)], () => {
    if (!toValue(isFast)) follow()
    else timer ??= setTimeout(follow, paceMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return paced
}
