import { watch } from 'vue'
import { bridge } from '../bridge/bridge'
import { acceleratorOf } from './accelerator'
import { COMMAND_IDS } from './commands'
import type { KeyMap } from './key-map'

/** Has the application menu show the keys as they are now. */
export function useMenuKeys(keyMap: () => KeyMap): void {
  watch(
    keyMap,
    (map) => {
      const entries = COMMAND_IDS.map((id) => [id, acceleratorOf(map.chords(id)[0] ?? '')] as const)
      const keys = Object.fromEntries(
        entries.filter((entry): entry is [(typeof entry)[0], string] => !!entry[1]),
      )
      // A menu without keys is no reason to trouble anybody: the keys work all the same.
      bridge()
        .showMenuKeys({ keys })
        .catch(() => undefined)
    },
    { immediate: true },
  )
}
