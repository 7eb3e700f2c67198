import { describe, expect, it } from 'vitest'
import { acceleratorOf } from '../../../renderer/keys/accelerator'

describe('acceleratorOf', () => {
  it.each([
    ['Mod+Shift+N', 'CmdOrCtrl+Shift+N'],
    ['Mod+,', 'CmdOrCtrl+,'],
    ['Alt+ArrowLeft', 'Alt+Left'],
    ['Mod++', 'CmdOrCtrl+Plus'],
    ['F1', 'F1'],
    ['Mod+У', null],
    ['', null],
    ['MediaPlayPause', null],
  ])('%s is %s', (chord, accelerator) => expect(acceleratorOf(chord)).toBe(accelerator))
})
