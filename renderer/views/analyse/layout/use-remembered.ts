import { shallowRef, type ShallowRef, watch } from 'vue'

/** A value of this window that is the same next time: sizes of panes, the tab that was open. Falls back where it is damaged. */
export function useRemembered<T extends number | string | boolean>(
  key: string,
  initial: T,
  isValid: (value: T) => boolean = () => true,
): ShallowRef<T> {
  const value = shallowRef(read(key, initial, isValid)) as ShallowRef<T>
  watch(value, (now) => localStorage.setItem(`analyse.${key}`, JSON.stringify(now)))
  return value
}

function read<T extends number | string | boolean>(
  key: string,
  initial: T,
  isValid: (value: T) => boolean,
): T {
  const kept = localStorage.getItem(`analyse.${key}`)
  if (kept === null) return initial
  try {
    const parsed: unknown = JSON.parse(kept)
    return typeof parsed === typeof initial && isValid(parsed as T) ? (parsed as T) : initial
  } catch {
    // Not written by us: what was remembered is of no use.
    return initial
  }
}
