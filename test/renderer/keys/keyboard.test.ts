// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useCommands } from '../../../renderer/keys/command-bus'
import type { Scope } from '../../../renderer/keys/commands'
import { createKeyMap } from '../../../renderer/keys/key-map'
import { useKeyboard } from '../../../renderer/keys/keyboard'

const ran = vi.fn()
let scope: EffectScope
let view: Scope = 'analyse'

beforeEach(() => {
  view = 'analyse'
  ran.mockReset()
  scope = effectScope()
  const ids = [
    'transport.playPause',
    'transport.stepForward',
    'view.library',
    'transport.mute',
    'live.toggle',
  ]
  scope.run(() => {
    useCommands(Object.fromEntries(ids.map((id) => [id, () => void ran(id)])))
    useKeyboard({ platform: 'linux', keyMap: () => createKeyMap('linux'), scope: () => view })
  })
})
afterEach(() => {
  scope.stop()
  document.body.innerHTML = ''
})

function press(key: string, options: KeyboardEventInit = {}, target: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...options,
  })
  target.dispatchEvent(event)
  return event
}

function add(html: string): Element {
  document.body.innerHTML = html
  return document.body.firstElementChild!
}

describe('useKeyboard', () => {
  it('runs the command of the view in front and keeps the key from the page', () => {
    expect(press(' ').defaultPrevented).toBe(true)
    expect(ran.mock.calls).toEqual([['transport.playPause']])
    view = 'live'
    press(' ')
    expect(ran).toHaveBeenLastCalledWith('live.toggle')
    view = 'library'
    expect(press(' ').defaultPrevented).toBe(false)
    expect(ran).toHaveBeenCalledTimes(2)
  })

  it('leaves a key alone that nobody offers a command for', () => {
    expect(press('f').defaultPrevented).toBe(false)
  })

  it.each([
    '<input>',
    '<input type="number">',
    '<input type="search">',
    '<textarea></textarea>',
    '<div contenteditable="true"></div>',
  ])('does not take what is typed in %s', (html) => {
    const field = add(html)
    for (const key of [' ', 'm', 'ArrowRight']) expect(press(key, {}, field).defaultPrevented).toBe(false)
    expect(ran).not.toHaveBeenCalled()
  })

  it('changes the view from inside a field all the same', () => {
    press('1', { ctrlKey: true, code: 'Digit1' }, add('<input>'))
    expect(ran).toHaveBeenCalledWith('view.library')
  })

  it.each([
    '<button></button>',
    '<a href="#x">x</a>',
    '<details><summary>x</summary></details>',
    '<input type="checkbox">',
    '<div role="option"></div>',
  ])('lets Space press %s', (html) => {
    const outer = add(html)
    press(' ', {}, outer.querySelector('summary') ?? outer)
    expect(ran).not.toHaveBeenCalled()
    press('m', {}, outer)
    expect(ran).toHaveBeenCalledWith('transport.mute')
  })

  it.each(['<select></select>', '<input type="range">', '<div role="slider"></div>', '<input type="radio">'])(
    'lets arrows move %s',
    (html) => {
      press('ArrowRight', {}, add(html))
      expect(ran).not.toHaveBeenCalled()
    },
  )

  it('waits while a dialog is open', () => {
    add('<dialog open><p></p></dialog>')
    press(' ')
    expect(ran).not.toHaveBeenCalled()
  })

  it('repeats steps while a key is held, and nothing else', () => {
    for (const key of ['ArrowRight', ' ']) press(key, { repeat: true })
    expect(ran.mock.calls).toEqual([['transport.stepForward']])
    expect(press(' ', { repeat: true }).defaultPrevented).toBe(true)
  })

  it('does not take a key that another listener took, or a character that is not finished', () => {
    const inner = add('<p></p>')
    inner.addEventListener('keydown', (event) => event.preventDefault())
    press('m', {}, inner)
    press('m', { isComposing: true })
    expect(ran).not.toHaveBeenCalled()
  })

  it('ends with its scope', () => {
    scope.stop()
    press('m')
    expect(ran).not.toHaveBeenCalled()
  })
})
