// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { Code } from '../../../preload/contract/annotation'
import { codeOfPress, useCodeKeys } from '../../../renderer/keys/code-keys'
import { useCommands } from '../../../renderer/keys/command-bus'
import { createKeyMap } from '../../../renderer/keys/key-map'
import { useKeyboard } from '../../../renderer/keys/keyboard'

const code = (id: string, key: string | null): Code => ({
  id,
  key,
  kind: 'state',
  set: 'emotion',
  name: id,
  colour: '#000000',
  description: '',
})
const CODES = [code('anger', '4'), code('smile', 'm'), code('frown', null)]

let isOn: boolean
let scope: EffectScope
const heard: string[] = []
beforeEach(() => {
  isOn = true
  heard.length = 0
  scope = effectScope()
  scope.run(() => {
    // The window listens first, as it does in the app.
    useKeyboard({ platform: 'linux', keyMap: () => createKeyMap('linux'), scope: () => 'analyse' })
    useCommands({
      'transport.mute': () => heard.push('mute'),
      'transport.stepForward': () => heard.push('step'),
    })
    useCodeKeys({
      platform: 'linux',
      codes: () => CODES,
      down: ({ id }) => {
        if (isOn) heard.push(`down ${id}`)
        return isOn
      },
      up: ({ id }) => heard.push(`up ${id}`),
      end: () => {
        if (isOn) heard.push('end')
        return isOn
      },
    })
  })
})
afterEach(() => {
  scope.stop()
  document.body.innerHTML = ''
})

function send(
  type: 'keydown' | 'keyup',
  key: string,
  options: KeyboardEventInit = {},
  target: Element = document.body,
) {
  const event = new KeyboardEvent(type, {
    key,
    code: /^\d$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`,
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

describe('keys of codes', () => {
  it('go before commands while they are wanted, and are commands again otherwise', () => {
    expect(send('keydown', 'm').defaultPrevented).toBe(true)
    send('keyup', 'm')
    expect(heard).toEqual(['down smile', 'up smile'])
    isOn = false
    send('keydown', 'm')
    send('keyup', 'm')
    expect(heard).toEqual(['down smile', 'up smile', 'mute'])
  })

  it('leave other commands as they are, and those with a modifier', () => {
    send('keydown', 'ArrowRight', { code: 'ArrowRight' })
    send('keydown', 'm', { ctrlKey: true })
    send('keydown', 'M', { shiftKey: true })
    expect(heard).toEqual(['step'])
  })

  it('mean nothing more while they repeat, not even a command', () => {
    send('keydown', 'm')
    for (let at = 0; at < 5; at++) expect(send('keydown', 'm', { repeat: true }).defaultPrevented).toBe(true)
    send('keyup', 'm')
    expect(heard).toEqual(['down smile', 'up smile'])
  })

  it('end what runs with 0, unless a code has it', () => {
    send('keydown', '0')
    expect(heard).toEqual(['end'])
    const press = new KeyboardEvent('keydown', { key: '0', code: 'Digit0' })
    expect(codeOfPress(press, CODES, 'linux')).toBe('0')
    expect(codeOfPress(press, [code('none', '0')], 'linux')).toMatchObject({ id: 'none' })
  })

  it('are found by their place where digits need Shift, and on the number pad', () => {
    expect(
      codeOfPress(new KeyboardEvent('keydown', { key: "'", code: 'Digit4' }), CODES, 'linux'),
    ).toMatchObject({
      id: 'anger',
    })
    expect(
      codeOfPress(new KeyboardEvent('keydown', { key: '4', code: 'Numpad4' }), CODES, 'linux'),
    ).toMatchObject({
      id: 'anger',
    })
    expect(codeOfPress(new KeyboardEvent('keydown', { key: 'x', code: 'KeyX' }), CODES, 'linux')).toBeNull()
  })

  it.each(['<input>', '<textarea></textarea>', '<div contenteditable="true"></div>', '<select></select>'])(
    'are typed in %s',
    (html) => {
      const field = add(html)
      expect(send('keydown', '4', {}, field).defaultPrevented).toBe(false)
      expect(send('keydown', 'm', {}, field).defaultPrevented).toBe(false)
      expect(send('keydown', '0', {}, field).defaultPrevented).toBe(false)
      expect(heard).toEqual([])
    },
  )

  it('are left to an open dialog', () => {
    add('<dialog open><p>Sure?</p></dialog>')
    send('keydown', '4')
    expect(heard).toEqual([])
  })

  it('come up wherever that is: in a field, with Shift, and when the window is left', () => {
    send('keydown', 'm')
    send('keyup', 'M', { shiftKey: true, code: 'KeyM' }, add('<input>'))
    expect(heard).toEqual(['down smile', 'up smile'])
    send('keydown', '4')
    window.dispatchEvent(new Event('blur'))
    send('keyup', '4')
    expect(heard.slice(2)).toEqual(['down anger', 'up anger'])
  })

  it('end with the component that listens', () => {
    const listener = vi.fn()
    send('keydown', '4')
    scope.stop()
    document.addEventListener('keydown', listener)
    expect(heard).toEqual(['down anger', 'up anger'])
    send('keydown', 'm')
    expect(heard).toHaveLength(2)
    expect(listener).toHaveBeenCalledOnce()
    document.removeEventListener('keydown', listener)
  })
})
