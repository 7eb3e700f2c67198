import { onScopeDispose } from 'vue'
import type { Code } from '../../preload/contract/annotation'
import { chordsOf, type Platform } from './chord'
import { belongsToControl, focusOf, isTextField } from './keyboard'

/** Ends what runs, unless a code has it. */
export const END_KEY = '0'

export interface CodeKeysOptions {
  readonly platform: Platform
  readonly codes: () => readonly Code[]
  /** A code's key goes down. @returns false: not wanted now, it may mean something else */
  readonly down: (code: Code) => boolean
  readonly up: (code: Code) => void
  /** @returns false: not wanted now */
  readonly end: () => boolean
  readonly target?: Document
}

/** The code whose key this is; its own key goes before the place that digits have on a keyboard where they need Shift. */
export function codeOfPress(
  press: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
  codes: readonly Code[],
  platform: Platform,
): Code | typeof END_KEY | null {
  const chords = chordsOf(press, platform)
  const place = /^(?:Digit|Numpad)([0-9])$/.exec(press.code)?.[1]
  const isBare = !press.ctrlKey && !press.altKey && !press.metaKey && !press.shiftKey
  const names = [...chords, ...(place !== undefined && isBare ? [place] : [])]
  for (const name of names) {
    const code = codes.find(({ key }) => key !== null && sameKey(key, name))
    if (code) return code
  }
  return names.includes(END_KEY) ? END_KEY : null
}

const sameKey = (key: string, chord: string): boolean => key.toUpperCase() === chord.toUpperCase()

/**
 * The scheme's keys, for as long as the calling component lives. They go before the window's commands, which hear what bubbles as far as
 * the document; text fields, lists and dialogs keep theirs. A key that is held is let go when it comes up, wherever that is, or when the
 * window is left.
 */
export function useCodeKeys(options: CodeKeysOptions): void {
  const page = options.target ?? document
  /** Codes of keys that are down, by the key's place. */
  const held = new Map<string, Code>()

  function onDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    if (page.querySelector('dialog[open]') !== null) return
    const found = codeOfPress(event, options.codes(), options.platform)
    if (found === null) return
    const focused = focusOf(event)
    if (focused !== null && (isTextField(focused) || belongsToControl(focused, event.key.toUpperCase())))
      return
    const id = event.code || event.key
    if (event.repeat) {
      // What a held key repeats means nothing more, and no command either.
      if (held.has(id)) event.preventDefault()
      return
    }
    const isTaken = found === END_KEY ? options.end() : options.down(found)
    if (!isTaken) return
    event.preventDefault()
    if (found !== END_KEY) held.set(id, found)
  }

  function onUp(event: KeyboardEvent): void {
    const id = event.code || event.key
    const code = held.get(id)
    if (!code) return
    held.delete(id)
    options.up(code)
  }

  function onLeave(): void {
    const codes = [...held.values()]
    held.clear()
    codes.forEach(options.up)
  }

  const view = page.defaultView
  page.documentElement.addEventListener('keydown', onDown)
  view?.addEventListener('keyup', onUp, { capture: true })
  view?.addEventListener('blur', onLeave)
  onScopeDispose(() => {
    onLeave()
    page.documentElement.removeEventListener('keydown', onDown)
    view?.removeEventListener('keyup', onUp, { capture: true })
    view?.removeEventListener('blur', onLeave)
  })
}
