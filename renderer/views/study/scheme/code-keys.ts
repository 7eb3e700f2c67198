import type { Code } from '../../../../preload/contract/annotation'
import { chordsOf, type KeyPress, type Platform } from '../../../keys/chord'
import type { CommandId } from '../../../keys/commands'
import type { KeyMap } from '../../../keys/key-map'

/** Keys that can mean a code: one digit or letter, alone. */
const CODE_KEY = /^[0-9A-Z]$/

/** Given to new codes, in this order; 0 ends the running state. */
const USUAL_KEYS = [...'123456789', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The code key that a press means; null where it can mean none. */
export function codeKeyOf(press: KeyPress, platform: Platform): string | null {
  return chordsOf(press, platform).find((chord) => CODE_KEY.test(chord)) ?? null
}

/** The first key that no code has and no command of Analyse needs; null where all are taken. */
export function freeKey(codes: readonly Code[], map: KeyMap): string | null {
  const taken = new Set(codes.map(({ key }) => key))
  const free = USUAL_KEYS.filter((key) => !taken.has(key))
  return free.find((key) => commandOn(key, map) === null) ?? free[0] ?? null
}

/** Another code that has this key; null: none. */
export function rivalOf(codes: readonly Code[], id: string, key: string): Code | null {
  return codes.find((code) => code.id !== id && code.key === key) ?? null
}

/** The command of Analyse that a key means while nobody codes; coding hides it. */
export function commandOn(key: string, map: KeyMap): CommandId | null {
  return map.find(key, 'analyse')?.id ?? null
}

/** Other keys of that command, which stay while coding: none of them a code's. */
export function chordsBeside(id: CommandId, codes: readonly Code[], map: KeyMap): readonly string[] {
  const taken = new Set(codes.map(({ key }) => key))
  return map.chords(id).filter((chord) => !taken.has(chord))
}
