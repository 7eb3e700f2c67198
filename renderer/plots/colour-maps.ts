/** 256 colours, shape [256, 3], 0..255 each. */
export type ColourMap = Uint8ClampedArray

interface Oklch {
  /** Lightness as perceived, 0..1. */
  readonly lightness: number
  readonly chroma: number
  readonly hueDegrees: number
}

const SIZE = 256

/**
 * Dark to light with even steps of perceived lightness, from violet over green to yellow: lightness runs in a straight line in
 * OKLab (Ottosson, A perceptual color space for image processing, 2020), so that equal differences of the value look equal and
 * the map stays readable in grey.
 */
export const SEQUENTIAL_MAP: ColourMap = colourMap((share) => ({
  lightness: 0.16 + 0.78 * share,
  chroma: 0.055 + 0.115 * Math.sin(Math.PI * Math.min(1, 0.18 + 0.74 * share)),
  hueDegrees: 300 - 195 * share,
}))

/** Blue below, orange above, both as dark as they are far from the light middle. */
export const DIVERGING_MAP: ColourMap = colourMap((share) => diverging(share, 0.97, 0.5))

/** The same about a dark middle, for a dark window. */
export const DIVERGING_DARK_MAP: ColourMap = colourMap((share) => diverging(share, 0.22, 0.82))

function diverging(share: number, middleLightness: number, endLightness: number): Oklch {
  const distance = Math.abs(share * 2 - 1)
  return {
    lightness: middleLightness + (endLightness - middleLightness) * distance,
    chroma: 0.16 * distance ** 0.8,
    hueDegrees: share < 0.5 ? 252 : 45,
  }
}

function colourMap(colourAt: (share: number) => Oklch): ColourMap {
  const map = new Uint8ClampedArray(SIZE * 3)
  for (let code = 0; code < SIZE; code++) map.set(srgbFromOklch(colourAt(code / (SIZE - 1))), code * 3)
  return map
}

/** sRGB 0..255; a colour that a screen cannot show loses chroma until it can. */
function srgbFromOklch(colour: Oklch): [number, number, number] {
  for (let chroma = colour.chroma; ; chroma -= 0.002) {
    const linear = linearFromOklch({ ...colour, chroma: Math.max(0, chroma) })
    const isShown = linear.every((value) => value >= -1e-4 && value <= 1 + 1e-4)
    if (isShown || chroma <= 0) return linear.map(byteFromLinear) as [number, number, number]
  }
}

function linearFromOklch({ lightness, chroma, hueDegrees }: Oklch): [number, number, number] {
  const hue = (hueDegrees * Math.PI) / 180
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
}

function byteFromLinear(linear: number): number {
  const value = Math.min(1, Math.max(0, linear))
  return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)
}
