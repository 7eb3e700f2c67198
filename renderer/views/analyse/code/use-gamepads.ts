import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { PadState } from './gamepad-axis'

/**
 * The game controllers that are connected, as long as the calling component lives. A page learns of a controller when a button of
 * it is pressed (W3C Gamepad, section "Connection").
 */
export function useGamepads(): {
  readonly pads: Readonly<ShallowRef<readonly PadState[]>>
  /** Where its sticks stand now; null: it is not connected any more. */
  read(index: number): PadState | null
} {
  const pads = shallowRef<readonly PadState[]>([])
  const all = (): Gamepad[] =>
    navigator.getGamepads().filter((pad): pad is Gamepad => pad?.connected === true)
  const update = (): void => {
    pads.value = all().map(({ index, id, axes }) => ({ index, id, axes }))
  }
  window.addEventListener('gamepadconnected', update)
  window.addEventListener('gamepaddisconnected', update)
  onScopeDispose(() => {
    window.removeEventListener('gamepadconnected', update)
    window.removeEventListener('gamepaddisconnected', update)
  })
  update()
  return { pads, read: (index) => all().find((pad) => pad.index === index) ?? null }
}
