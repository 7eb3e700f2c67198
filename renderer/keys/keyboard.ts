import { onScopeDispose } from 'vue'
import { type Platform, chordsOf } from './chord'
import type { Scope } from './commands'
import { isOffered, runCommand } from './command-bus'
import type { KeyMap } from './key-map'

export interface KeyboardOptions {
  readonly platform: Platform
  readonly keyMap: () => KeyMap
  /** The view in front. */
  readonly scope: () => Scope
  readonly target?: Document
}

/** Turns key presses into commands for as long as the calling component lives. */
export function useKeyboard(options: KeyboardOptions): void {
  const target = options.target ?? document
  const listen = (event: KeyboardEvent) => handleKey(event, options, target)
  target.addEventListener('keydown', listen)
  onScopeDispose(() => target.removeEventListener('keydown', listen))
}

function handleKey(event: KeyboardEvent, { platform, keyMap, scope }: KeyboardOptions, page: Document): void {
  if (event.defaultPrevented || event.isComposing) return
  // A modal dialog has the keyboard to itself.
  if (page.querySelector('dialog[open]') !== null) return
  const focused = focusOf(event)
  const isTyping = focused !== null && isTextField(focused)
  for (const chord of chordsOf(event, platform)) {
    const command = keyMap().find(chord, scope())
    if (!command || !isOffered(command.id)) continue
    if (isTyping && !command.inFields) return
    if (focused !== null && belongsToControl(focused, chord)) return
    event.preventDefault()
    if (!event.repeat || command.repeats) runCommand(command.id)
    return
  }
}

export function focusOf(event: KeyboardEvent): Element | null {
  const [first] = event.composedPath()
  return first instanceof Element ? first : null
}

const TEXTLESS_INPUTS = new Set([
  'button',
  'checkbox',
  'radio',
  'range',
  'color',
  'file',
  'image',
  'reset',
  'submit',
])

export function isTextField(element: Element): boolean {
  if (element.closest('[contenteditable=""], [contenteditable="true"]')) return true
  if (element.tagName === 'TEXTAREA') return true
  return element.tagName === 'INPUT' && !TEXTLESS_INPUTS.has((element as HTMLInputElement).type)
}

const PRESSING = 'button, a[href], summary, [role="button"], [role="tab"], [role="menuitem"], [role="switch"]'
const MOVING =
  'select, [role="slider"], [role="listbox"], [role="tablist"], [role="menu"], [role="radiogroup"]'
const MOVING_INPUTS = 'input[type="range"], input[type="radio"], input[type="color"]'
const ARROWS = /^(Arrow|Page|Home|End)/

/** What a focused control does with a key by itself goes before any command. */
export function belongsToControl(element: Element, chord: string): boolean {
  if (chord === 'Space' || chord === 'Enter')
    return element.closest(`${PRESSING}, select, input, [role="option"]`) !== null
  if (ARROWS.test(chord)) return element.closest(`${MOVING}, ${MOVING_INPUTS}`) !== null
  // A list finds its entries by their first letter.
  return element.tagName === 'SELECT' && chord.length === 1
}
