import { onScopeDispose, shallowRef } from 'vue'
import type { ClipVariableChange } from '../../../../preload/contract/study-tools'
import { bridge, unwrap } from '../../../bridge/bridge'
import { useToastStore } from '../../../stores/toasts'

/** Values of all clips' variables; what is changed here shows at once and goes back where main refuses it. */
export function useClipVariables() {
  const toasts = useToastStore()
  const values = shallowRef<ReadonlyMap<string, Readonly<Record<string, string>>>>(new Map())
  const isLoaded = shallowRef(false)
  let reading = 0

  async function load(): Promise<void> {
    const mine = ++reading
    try {
      const list = unwrap(await bridge().listClipVariables(null))
      if (mine === reading) values.value = new Map(list.map((clip) => [clip.token, clip.values]))
    } catch (error) {
      toasts.report(error)
    }
    isLoaded.value = true
  }

  /** @returns false: main refused, and says why in a toast */
  async function set(changes: readonly ClipVariableChange[]): Promise<boolean> {
    if (changes.length === 0) return true
    reading++
    const next = new Map(values.value)
    for (const { token, variableId, value } of changes)
      next.set(token, { ...next.get(token), [variableId]: value })
    values.value = next
    try {
      unwrap(await bridge().setClipVariables({ changes: [...changes] }))
      return true
    } catch (error) {
      toasts.report(error)
      await load()
      return false
    }
  }

  onScopeDispose(bridge().on('codingChanged', () => void load()))
  return { values, isLoaded, load, set }
}
