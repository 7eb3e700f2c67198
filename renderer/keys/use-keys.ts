import { computed, type ComputedRef } from 'vue'
import { chordText } from './chord'
import type { CommandId } from './commands'
import { createKeyMap, type KeyMap, storedOverrides } from './key-map'
import { currentPlatform } from './platform'

const platform = currentPlatform()

/** The keys as they are now: by default and as the researcher changed them. */
export const keyMap: ComputedRef<KeyMap> = computed(() => createKeyMap(platform, storedOverrides.value))

/** The key of a command for a tooltip, "Ctrl+E"; undefined where it has none. */
export function shortcutOf(id: CommandId): string | undefined {
  const [chord] = keyMap.value.chords(id)
  return chord === undefined ? undefined : chordText(chord, platform)
}
