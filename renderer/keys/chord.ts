/**
 * Chords: "Mod+Shift+E". Mod is Ctrl, on a Mac Command. Parts stand in the order of MODIFIERS; the key is what it types
 * on this keyboard (letters large, symbols as they are) or the name the browser has for it ("ArrowLeft", "PageUp").
 */
export type Platform = 'linux' | 'darwin' | 'win32'

const MODIFIERS = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'] as const

/** The parts of a keydown that decide its chord. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'> & {
  getModifierState?(name: string): boolean
}

const BARE_MODIFIERS = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
])

/**
 * What a key press may mean, likeliest first: by what the key types, then by its place on the keyboard, so that Ctrl+E is
 * found under a Cyrillic layout and digits under a French one. Empty for modifiers alone.
 */
export function chordsOf(press: KeyPress, platform: Platform): string[] {
  const places = placeChord(press, platform)
  if (BARE_MODIFIERS.has(press.key)) return press.key === 'Dead' && places ? [places] : []
  const isSymbol = [...press.key].length === 1
  // AltGr types symbols ("[" on a German keyboard): Ctrl and Alt then belong to the symbol.
  const isAltGr = isSymbol && press.getModifierState?.('AltGraph') === true
  // On a Mac, Option types another character; what was meant is the key.
  const isOptionSymbol = isSymbol && platform === 'darwin' && press.altKey
  const typed = isOptionSymbol
    ? null
    : join(
        {
          ctrlKey: press.ctrlKey && !isAltGr,
          altKey: press.altKey && !isAltGr,
          metaKey: press.metaKey,
          // Shift is part of typing "?" or "+", but not of typing a letter or pressing an arrow.
          shiftKey: press.shiftKey && !(isSymbol && !isLetter(press.key) && press.key !== ' '),
        },
        nameOf(press.key),
        platform,
      )
  return [typed, isAltGr ? null : places].filter(
    (chord, index, all): chord is string => chord !== null && all.indexOf(chord) === index,
  )
}

/** The chord by the key's place on a US keyboard; letters and digits alone, other places differ too much. */
function placeChord(press: KeyPress, platform: Platform): string | null {
  const found = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(press.code)
  const key = found?.[1] ?? found?.[2]
  // A letter typed without modifiers means that letter, wherever the key lies.
  if (!key || (/^[a-z]$/i.test(press.key) && !press.altKey)) return null
  // A digit's place without modifiers types a symbol on many keyboards, which may have a meaning of its own.
  if (found?.[2] && !press.ctrlKey && !press.metaKey && !press.altKey) return null
  return join(press, key, platform)
}

function join(
  held: Pick<KeyPress, 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
  key: string,
  platform: Platform,
): string {
  const isMac = platform === 'darwin'
  const names = [
    (isMac ? held.metaKey : held.ctrlKey) && 'Mod',
    isMac && held.ctrlKey && 'Ctrl',
    !isMac && held.metaKey && 'Meta',
    held.altKey && 'Alt',
    held.shiftKey && 'Shift',
  ].filter((name) => name !== false)
  return [...names, key].join('+')
}

const isLetter = (key: string): boolean => key.toLowerCase() !== key.toUpperCase()

function nameOf(key: string): string {
  if (key === ' ') return 'Space'
  return [...key].length === 1 ? key.toUpperCase() : key
}

/** True for what chordsOf can give: modifiers in their order, then one key. */
export function isChord(text: string): boolean {
  const { modifiers, key } = partsOf(text)
  const isWhole = key !== '' && !isModifier(key) && [...modifiers, key].join('+') === text
  const places = modifiers.map((name) => MODIFIERS.findIndex((modifier) => modifier === name))
  return isWhole && places.every((place, index) => place > (places[index - 1] ?? -1))
}

const isModifier = (name: string): boolean => MODIFIERS.some((modifier) => modifier === name)

/** "Mod++" is Mod and the plus key. */
export function partsOf(chord: string): { modifiers: string[]; key: string } {
  const isPlus = chord === '+' || chord.endsWith('++')
  const parts = (isPlus ? chord.slice(0, -1) : chord).split('+').filter((part) => part !== '')
  return { modifiers: isPlus ? parts : parts.slice(0, -1), key: isPlus ? '+' : (parts.at(-1) ?? '') }
}

const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘' }
const NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl', Meta: 'Win' }
const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
  Delete: 'Del',
}

/** The keys of a chord as they stand on the keyboard, one after the other. */
export function chordLabels(chord: string, platform: Platform): string[] {
  const { modifiers, key } = partsOf(chord)
  const names = platform === 'darwin' ? MAC_NAMES : NAMES
  return [...modifiers.map((name) => names[name] ?? name), KEY_NAMES[key] ?? key]
}

/** The same in one piece, for tooltips: "Ctrl+E". */
export function chordText(chord: string, platform: Platform): string {
  return chordLabels(chord, platform).join(platform === 'darwin' ? '' : '+')
}
