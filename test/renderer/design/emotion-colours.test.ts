import { describe, expect, it } from 'vitest'
import { EMOTIONS as ENGINE_EMOTIONS } from '../../../main/engine/emotions'
import {
  DEFAULT_EMOTION_COLOURS,
  EMOTIONS,
  relativeLuminance,
  textOn,
} from '../../../renderer/design/emotion-colours'

/** Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009: matrices at full severity, on linear RGB. */
const MACHADO = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const

const linear = (hex: string) =>
  [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })

/** CIE L*a*b* of linear sRGB, D65. */
function lab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((t) => (Math.max(0, t) > 0.008856 ? Math.cbrt(t) : 7.787 * Math.max(0, t) + 16 / 116))
  const [x = 0, y = 0, z = 0] = xyz
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function seenBy(matrix: readonly number[], hex: string): number[] {
  const rgb = linear(hex)
  return [0, 3, 6].map((row) => [0, 1, 2].reduce((sum, i) => sum + matrix[row + i]! * rgb[i]!, 0))
}

describe('emotion colours', () => {
  it('names the emotions of the engine in its order', () => {
    expect([...EMOTIONS]).toEqual([...ENGINE_EMOTIONS])
  })

  // Well above 11, the closest pair in the palette of Okabe and Ito; a distance of about 2 can just be noticed.
  it.each(Object.entries(MACHADO))('keeps every pair apart under %s', (_, matrix) => {
    const seen = EMOTIONS.map((emotion) => lab(seenBy(matrix, DEFAULT_EMOTION_COLOURS[emotion])))
    const distances = seen.flatMap((a, i) =>
      seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, axis) => value - b[axis]!))),
    )
    expect(distances).toHaveLength(21)
    expect(Math.min(...distances)).toBeGreaterThan(27)
  })

  it('gives a text colour of at least 4.5:1 on each', () => {
    for (const emotion of EMOTIONS) {
      const colour = DEFAULT_EMOTION_COLOURS[emotion]
      const [light, dark] = [relativeLuminance(textOn(colour)), relativeLuminance(colour)].sort(
        (a, b) => b - a,
      )
      expect((light! + 0.05) / (dark! + 0.05), emotion).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('knows black from white', () => {
    expect(relativeLuminance('#ffffff')).toBeCloseTo(1, 6)
    expect(relativeLuminance('#000000')).toBe(0)
    expect(textOn('#ffff00')).toBe('#000000')
    expect(textOn('#000080')).toBe('#ffffff')
  })
})
