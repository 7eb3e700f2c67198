import { describe, expect, it } from 'vitest'
import { DEFAULT_EMOTION_COLOURS } from '../../../../renderer/design/emotion-colours'
import {
  closePairs,
  contrast,
  faintOn,
  seenAs,
  VISIONS,
} from '../../../../renderer/views/settings/colour-vision'

const usual = Object.values(DEFAULT_EMOTION_COLOURS)

describe('seenAs', () => {
  it.each(VISIONS)('leaves black, white and greys as they are (%s)', (vision) => {
    for (const grey of ['#000000', '#808080', '#ffffff']) {
      const seen = parseInt(seenAs(grey, vision).slice(1, 3), 16)
      // The rows of the published matrices sum to 1 within 1e-5, less than one step of 255.
      expect(Math.abs(seen - parseInt(grey.slice(1, 3), 16))).toBeLessThanOrEqual(1)
    }
  })

  it('makes red and green alike without red or green cones, and not without blue ones', () => {
    const [red, green] = ['#b04030', '#767628']
    expect(closePairs([red, green], 'deutan')).toEqual([[0, 1]])
    expect(closePairs([red, green], 'normal')).toEqual([])
    expect(closePairs([red, green], 'tritan')).toEqual([])
  })
})

describe('the usual palette', () => {
  it.each(VISIONS)('stays apart (%s)', (vision) => expect(closePairs(usual, vision)).toEqual([]))
  it.each(['#ffffff', '#171b21'])('shows on %s', (ground) => expect(faintOn(usual, ground)).toEqual([]))
})

describe('contrast', () => {
  it('is 21 between black and white, 1 with itself, either way round', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6)
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 6)
    expect(contrast('#336699', '#336699')).toBe(1)
  })
  it('finds what is faint', () => expect(faintOn(['#fefefe', '#000000'], '#ffffff')).toEqual([0]))
})
