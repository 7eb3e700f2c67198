import { describe, expect, it } from 'vitest'
import {
  DEFAULT_EMOTION_COLOURS,
  EMOTIONS,
  relativeLuminance,
} from '../../../renderer/design/emotion-colours'
import { DIVERGING_DARK_MAP, DIVERGING_MAP, SEQUENTIAL_MAP } from '../../../renderer/plots/colour-maps'
import { DARK_THEME, legibleOn, LIGHT_THEME } from '../../../renderer/plots/theme'

/** CIE lightness L* of an sRGB colour under D65, 0..100. */
function lightnessOf(map: Uint8ClampedArray, code: number): number {
  const [red = 0, green = 0, blue = 0] = map.subarray(code * 3, code * 3 + 3)
  const hex = `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
  const y = relativeLuminance(hex)
  return y > 216 / 24_389 ? 116 * Math.cbrt(y) - 16 : (24_389 / 27) * y
}

describe('the sequential map', () => {
  it('climbs in lightness by even steps, so that it reads in grey', () => {
    const steps = Array.from(
      { length: 16 },
      (_, at) => lightnessOf(SEQUENTIAL_MAP, at * 16 + 15) - lightnessOf(SEQUENTIAL_MAP, at * 16),
    )
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
    expect(mean).toBeGreaterThan(4)
    // The map is even in OKLab; CIELAB sees its darkest steps as up to four tenths wider.
    for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.45)
  })
})

describe('the diverging maps', () => {
  it.each([
    ['light', DIVERGING_MAP, 1],
    ['dark', DIVERGING_DARK_MAP, -1],
  ] as const)('are symmetric in lightness about a %s middle', (_, map, sign) => {
    const middle = lightnessOf(map, 127)
    for (const distance of [20, 60, 100, 127]) {
      const [below, above] = [lightnessOf(map, 127 - distance), lightnessOf(map, 128 + distance)]
      // Bytes of sRGB and the other measure of lightness leave a few units.
      expect(Math.abs(below - above)).toBeLessThan(8)
      expect(sign * (middle - below)).toBeGreaterThan(0)
    }
  })
})

describe('legibleOn', () => {
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  it.each([LIGHT_THEME.ground, DARK_THEME.ground])('makes every emotion’s line show on %s', (ground) => {
    for (const emotion of EMOTIONS)
      expect(contrast(ground, legibleOn(ground, DEFAULT_EMOTION_COLOURS[emotion]))).toBeGreaterThanOrEqual(3)
  })
  it('leaves colours that show as they are', () => {
    expect(legibleOn('#ffffff', '#1257de')).toBe('#1257de')
  })
})
