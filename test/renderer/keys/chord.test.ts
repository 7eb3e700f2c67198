import { describe, expect, it } from 'vitest'
import {
  chordLabels,
  chordsOf,
  chordText,
  isChord,
  type KeyPress,
  partsOf,
} from '../../../renderer/keys/chord'

const NONE = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false }
const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ...NONE,
  ...held,
})
const altGr = (name: string) => name === 'AltGraph'

describe('chordsOf', () => {
  it.each<[string, KeyPress, 'linux' | 'darwin' | 'win32', string[]]>([
    ['a letter', press('j', 'KeyJ'), 'linux', ['J']],
    ['a letter with Shift', press('J', 'KeyJ', { shiftKey: true }), 'linux', ['Shift+J']],
    ['a letter with Caps Lock', press('J', 'KeyJ'), 'linux', ['J']],
    ['the space bar', press(' ', 'Space'), 'linux', ['Space']],
    [
      'an arrow with Shift',
      press('ArrowLeft', 'ArrowLeft', { shiftKey: true }),
      'linux',
      ['Shift+ArrowLeft'],
    ],
    ['Ctrl on Windows', press('e', 'KeyE', { ctrlKey: true }), 'win32', ['Mod+E']],
    ['Command on a Mac', press('e', 'KeyE', { metaKey: true }), 'darwin', ['Mod+E']],
    ['Ctrl on a Mac is not Command', press('e', 'KeyE', { ctrlKey: true }), 'darwin', ['Ctrl+E']],
    ['the Windows key is not Ctrl', press('e', 'KeyE', { metaKey: true }), 'win32', ['Meta+E']],
    ['Option on a Mac types another character', press('å', 'KeyA', { altKey: true }), 'darwin', ['Alt+A']],
    ['? on a US keyboard', press('?', 'Slash', { shiftKey: true }), 'linux', ['?']],
    ['? on a German keyboard', press('?', 'Minus', { shiftKey: true }), 'linux', ['?']],
    ['+ needs Shift on a US keyboard', press('+', 'Equal', { shiftKey: true }), 'linux', ['+']],
    ['+ of the number pad', press('+', 'NumpadAdd'), 'linux', ['+']],
    [
      '[ on a German keyboard is AltGr+8',
      press('[', 'Digit8', { ctrlKey: true, altKey: true, getModifierState: altGr }),
      'win32',
      ['['],
    ],
    ['Ctrl+1 on a French keyboard', press('&', 'Digit1', { ctrlKey: true }), 'linux', ['Mod+&', 'Mod+1']],
    ['a French digit is typed with Shift', press('1', 'Digit1', { shiftKey: true }), 'linux', ['1']],
    ['& of a French keyboard is no digit', press('&', 'Digit1'), 'linux', ['&']],
    ['Ctrl+E on a Russian keyboard', press('у', 'KeyE', { ctrlKey: true }), 'linux', ['Mod+У', 'Mod+E']],
    ['J on a Russian keyboard', press('о', 'KeyJ'), 'linux', ['О', 'J']],
    ['Z on a German keyboard lies at Y', press('z', 'KeyY', { ctrlKey: true }), 'linux', ['Mod+Z']],
    [
      'several modifiers in their order',
      press('N', 'KeyN', { ctrlKey: true, shiftKey: true, altKey: true }),
      'linux',
      ['Mod+Alt+Shift+N'],
    ],
    ['a modifier alone', press('Shift', 'ShiftLeft', { shiftKey: true }), 'linux', []],
    ['a dead key', press('Dead', 'Equal'), 'linux', []],
    ['an unfinished character', press('Process', 'KeyA'), 'linux', []],
  ])('reads %s', (_, event, platform, chords) => {
    expect(chordsOf(event, platform)).toEqual(chords)
  })

  it('gives chords that isChord accepts', () => {
    for (const event of [
      press('+', 'Equal', { ctrlKey: true }),
      press('a', 'KeyA', { altKey: true, shiftKey: true }),
    ])
      for (const chord of chordsOf(event, 'linux')) expect(isChord(chord)).toBe(true)
  })
})

describe('isChord', () => {
  it.each(['A', 'Mod+A', 'Mod+Alt+Shift+ArrowLeft', '+', 'Mod++', '?'])('accepts %s', (chord) =>
    expect(isChord(chord)).toBe(true),
  )
  it.each(['', 'Shift+Mod+A', 'Mod+Mod+A', 'Hyper+A', 'Mod+'])('refuses "%s"', (chord) =>
    expect(isChord(chord)).toBe(false),
  )
})

describe('chords in words', () => {
  it('takes the plus key apart from the sign between', () => {
    expect(partsOf('Mod++')).toEqual({ modifiers: ['Mod'], key: '+' })
  })
  it.each([
    ['Mod+Shift+E', 'linux', 'Ctrl+Shift+E'],
    ['Mod+Shift+E', 'darwin', '⌘⇧E'],
    ['Shift+ArrowLeft', 'win32', 'Shift+←'],
  ] as const)('writes %s on %s as %s', (chord, platform, text) => {
    expect(chordText(chord, platform)).toBe(text)
  })
  it('has one label a key', () => expect(chordLabels('Mod+PageUp', 'linux')).toEqual(['Ctrl', 'PgUp']))
})
