import { relativeLuminance } from '../../design/emotion-colours'

export const VISIONS = ['normal', 'protan', 'deutan', 'tritan'] as const
export type Vision = (typeof VISIONS)[number]

/**
 * What is left of linear RGB without one kind of cone: Machado, Oliveira and Fernandes (2009), A physiologically-based
 * model for simulation of color vision deficiency, table 1, severity 1.
 */
const MATRICES: Readonly<Record<Exclude<Vision, 'normal'>, readonly (readonly number[])[]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** Colours closer than this in CIE L*a*b* are easily taken for each other in thin areas of a plot. */
const CLOSE_DELTA_E = 12
/** Areas below this contrast to their ground are hard to see; text would need 4.5. */
const FAINT_CONTRAST = 1.8

/** How a colour looks to somebody. @param colour `#rrggbb` */
export function seenAs(colour: string, vision: Vision): string {
  if (vision === 'normal') return colour
  const linear = linearOf(colour)
  const seen = MATRICES[vision].map((row) =>
    row.reduce((sum, weight, channel) => sum + weight * linear[channel]!, 0),
  )
  return `#${seen.map((value) => toByte(value).toString(16).padStart(2, '0')).join('')}`
}

/** Pairs of places in a list of colours that look nearly alike. */
export function closePairs(colours: readonly string[], vision: Vision): [number, number][] {
  const places = colours.map((colour) => labOf(seenAs(colour, vision)))
  const pairs: [number, number][] = []
  for (const [one, a] of places.entries())
    for (const [offset, b] of places.slice(one + 1).entries())
      if (distance(a, b) < CLOSE_DELTA_E) pairs.push([one, one + 1 + offset])
  return pairs
}

/** Places of colours that hardly show on a ground. */
export function faintOn(colours: readonly string[], ground: string): number[] {
  return colours.flatMap((colour, place) => (contrast(colour, ground) < FAINT_CONTRAST ? [place] : []))
}

/** WCAG 2.2 contrast, 1..21. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [relativeLuminance(one), relativeLuminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function linearOf(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
}

function toByte(linear: number): number {
  const value = Math.min(1, Math.max(0, linear))
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055))
}

/** CIE L*a*b* under D65 (IEC 61966-2-1, CIE 15). */
function labOf(colour: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = linearOf(colour)
  const f = (value: number) => (value > 216 / 24389 ? Math.cbrt(value) : (841 / 108) * value + 4 / 29)
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue)
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, axis) => value - b[axis]!))
