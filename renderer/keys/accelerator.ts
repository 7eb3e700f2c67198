import { partsOf } from './chord'

const MODIFIERS: Readonly<Record<string, string>> = {
  Mod: 'CmdOrCtrl',
  Ctrl: 'Ctrl',
  Meta: 'Super',
  Alt: 'Alt',
  Shift: 'Shift',
}
const KEYS: Readonly<Record<string, string>> = {
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  '+': 'Plus',
}
const NAMED =
  /^(F\d{1,2}|Space|Enter|Home|End|PageUp|PageDown|Insert|Delete|Backspace|Tab|Escape|Left|Right|Up|Down|Plus)$/

/** A chord as Electron's menu writes it; null where the menu has no name for its key. */
export function acceleratorOf(chord: string): string | null {
  const { modifiers, key } = partsOf(chord)
  const name = KEYS[key] ?? key
  if (!NAMED.test(name) && !/^[\x21-\x7e]$/.test(name)) return null
  return [...modifiers.map((modifier) => MODIFIERS[modifier] ?? modifier), name].join('+')
}
