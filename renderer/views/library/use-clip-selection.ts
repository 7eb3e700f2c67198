import { computed, type ComputedRef, type Ref, shallowRef, watch } from 'vue'

export interface ListKey {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

export interface ClipSelection {
  readonly selected: Ref<ReadonlySet<string>>
  /** The clip that keys act on; null in an empty list. */
  readonly current: Ref<string | null>
  /** Selected clips in the order shown. */
  readonly chosen: ComputedRef<readonly string[]>
  click(token: string, keys: Pick<ListKey, 'shiftKey' | 'ctrlKey' | 'metaKey'>): void
  /** @returns true where the key moved or selected something */
  press(event: ListKey, layout: { readonly columns: number; readonly pageRows: number }): boolean
  /** The list got the focus: its keys need a clip to act on. */
  enter(): void
  clear(): void
}

/** Selecting in a list as file managers do it: click, Ctrl, Shift, arrows, Space, Ctrl+A. @param tokens in the order shown */
export function useClipSelection(tokens: Readonly<Ref<readonly string[]>>): ClipSelection {
  const selected = shallowRef<ReadonlySet<string>>(new Set())
  const current = shallowRef<string | null>(null)
  const anchor = shallowRef<string | null>(null)
  const chosen = computed(() => tokens.value.filter((token) => selected.value.has(token)))

  watch(tokens, (next) => {
    const known = new Set(next)
    // What a search hides is not acted on by mistake.
    if ([...selected.value].some((token) => !known.has(token)))
      selected.value = new Set([...selected.value].filter((token) => known.has(token)))
    if (current.value !== null && !known.has(current.value)) current.value = next[0] ?? null
  })

  function selectTo(token: string, keepsOthers: boolean): void {
    const from = Math.max(0, tokens.value.indexOf(anchor.value ?? token))
    const to = tokens.value.indexOf(token)
    const span = tokens.value.slice(Math.min(from, to), Math.max(from, to) + 1)
    selected.value = new Set(keepsOthers ? [...selected.value, ...span] : span)
    current.value = token
  }

  function toggle(token: string): void {
    const next = new Set(selected.value)
    if (!next.delete(token)) next.add(token)
    selected.value = next
    current.value = token
    anchor.value = token
  }

  function selectOnly(token: string): void {
    selected.value = new Set([token])
    current.value = token
    anchor.value = token
  }

  function click(token: string, keys: Pick<ListKey, 'shiftKey' | 'ctrlKey' | 'metaKey'>): void {
    const isToggle = keys.ctrlKey || keys.metaKey
    if (keys.shiftKey) selectTo(token, isToggle)
    else if (isToggle) toggle(token)
    else selectOnly(token)
  }

  function press(event: ListKey, layout: { readonly columns: number; readonly pageRows: number }): boolean {
    const list = tokens.value
    const isToggle = event.ctrlKey || event.metaKey
    if (list.length === 0) return false
    if (isToggle && event.key.toLowerCase() === 'a') {
      selected.value = new Set(list)
      return true
    }
    if (event.key === ' ' && current.value !== null) {
      toggle(current.value)
      return true
    }
    if (event.key === 'Escape' && selected.value.size > 0) {
      clear()
      return true
    }
    const step = stepOf(event.key, layout)
    if (step === null) return false
    const here = current.value === null ? -1 : list.indexOf(current.value)
    // The first arrow enters the list rather than leaving its first clip.
    const place = here < 0 && Math.abs(step) < Infinity ? 0 : here + step
    const token = list[Math.max(0, Math.min(list.length - 1, place))]
    if (token === undefined) return false
    if (event.shiftKey) selectTo(token, false)
    else if (isToggle) current.value = token
    else selectOnly(token)
    return true
  }

  function enter(): void {
    current.value ??= tokens.value[0] ?? null
  }

  function clear(): void {
    selected.value = new Set()
    anchor.value = current.value
  }

  return { selected, current, chosen, click, press, enter, clear }
}

function stepOf(key: string, { columns, pageRows }: { columns: number; pageRows: number }): number | null {
  switch (key) {
    case 'ArrowRight':
      return columns > 1 ? 1 : null
    case 'ArrowLeft':
      return columns > 1 ? -1 : null
    case 'ArrowDown':
      return columns
    case 'ArrowUp':
      return -columns
    case 'PageDown':
      return columns * pageRows
    case 'PageUp':
      return -columns * pageRows
    case 'Home':
      return -Infinity
    case 'End':
      return Infinity
    default:
      return null
  }
}
