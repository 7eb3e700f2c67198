import type { FaceSet } from '../data/face-set'
import { Random } from '../random'

/** What spoils faces in use: a lens out of focus, a distant face, a detector that is off, a dark room. */
export const FACE_DEGRADATIONS = ['blur', 'half-size', 'misplaced', 'dark'] as const
export type FaceDegradation = (typeof FACE_DEGRADATIONS)[number]

/** Range of the blur's SD, as a share of the picture's side: 0.7 to 1.4 px of 48. */
const BLUR_SD_SHARES = [0.015, 0.03] as const
const MISPLACEMENT_SHARE = 0.1
const DARK_GAINS = [0.15, 0.4] as const
/** SD of a dark sensor's noise, of 255. */
const DARK_NOISE_SD = 4

/**
 * One spoiled face. Edges continue outwards.
 * @param face grey 0..255, shape [sidePx, sidePx]; not changed
 * @param random draws strength, direction and noise
 */
export function degradeFace(
  face: Uint8Array,
  sidePx: number,
  { kind, random }: { readonly kind: FaceDegradation; readonly random: Random },
): Uint8Array {
  switch (kind) {
    case 'blur':
      return blur(face, sidePx, random.uniform(...BLUR_SD_SHARES) * sidePx)
    case 'half-size':
      return halveAndRestore(face, sidePx)
    case 'misplaced': {
      const angle = random.uniform(0, 2 * Math.PI)
      const distance = MISPLACEMENT_SHARE * sidePx
      return shift(face, sidePx, distance * Math.cos(angle), distance * Math.sin(angle))
    }
    case 'dark': {
      const gain = random.uniform(...DARK_GAINS)
      // Uint8ClampedArray rounds and keeps 0..255.
      return new Uint8Array(
        Uint8ClampedArray.from(face, (value) => value * gain + DARK_NOISE_SD * random.gaussian()),
      )
    }
  }
}

/** Each face of a set spoiled in one way, the ways in turn; the set's order and seed say everything. */
export function degradeFaces(set: FaceSet, seed: number): { set: FaceSet; kinds: FaceDegradation[] } {
  const perFace = set.sidePx * set.sidePx
  const pixels = new Uint8Array(set.pixels.length)
  const kinds = Array.from(
    { length: set.count },
    (_, item) => FACE_DEGRADATIONS[item % FACE_DEGRADATIONS.length]!,
  )
  kinds.forEach((kind, item) => {
    const face = set.pixels.subarray(item * perFace, (item + 1) * perFace)
    pixels.set(degradeFace(face, set.sidePx, { kind, random: new Random(seed, item) }), item * perFace)
  })
  return { set: { ...set, pixels }, kinds }
}

/** Gaussian blur, along rows and then along columns. */
function blur(face: Uint8Array, sidePx: number, sdPx: number): Uint8Array {
  const reach = Math.ceil(3 * sdPx)
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, tap) =>
    Math.exp(-((tap - reach) ** 2) / (2 * sdPx ** 2)),
  )
  const total = kernel.reduce((sum, weight) => sum + weight, 0)
  const pass = (read: (row: number, column: number) => number): Float64Array =>
    Float64Array.from({ length: sidePx * sidePx }, (_, pixel) => {
      const row = Math.floor(pixel / sidePx)
      const column = pixel % sidePx
      return (
        kernel.reduce(
          (sum, weight, tap) => sum + weight * read(row, inside(column + tap - reach, sidePx)),
          0,
        ) / total
      )
    })
  const rows = pass((row, column) => face[row * sidePx + column]!)
  // The second pass reads columns as rows, so its result lies transposed.
  const both = pass((row, column) => rows[column * sidePx + row]!)
  return Uint8Array.from(face, (_, pixel) =>
    Math.round(both[(pixel % sidePx) * sidePx + Math.floor(pixel / sidePx)]!),
  )
}

/** Means of 2 x 2 pixels, brought back to size in straight lines: what is left of a face half as large. */
function halveAndRestore(face: Uint8Array, sidePx: number): Uint8Array {
  const half = Math.ceil(sidePx / 2)
  const at = (row: number, column: number) => face[inside(row, sidePx) * sidePx + inside(column, sidePx)]!
  const small = Float64Array.from({ length: half * half }, (_, pixel) => {
    const row = 2 * Math.floor(pixel / half)
    const column = 2 * (pixel % half)
    return (at(row, column) + at(row, column + 1) + at(row + 1, column) + at(row + 1, column + 1)) / 4
  })
  return Uint8Array.from(face, (_, pixel) =>
    Math.round(between(small, half, Math.floor(pixel / sidePx) / 2 - 0.25, (pixel % sidePx) / 2 - 0.25)),
  )
}

function shift(face: Uint8Array, sidePx: number, rightPx: number, downPx: number): Uint8Array {
  return Uint8Array.from(face, (_, pixel) =>
    Math.round(between(face, sidePx, Math.floor(pixel / sidePx) - downPx, (pixel % sidePx) - rightPx)),
  )
}

/** Bilinear value of a square picture; row and column count from the centre of the first pixel. */
function between(picture: ArrayLike<number>, sidePx: number, row: number, column: number): number {
  const top = Math.floor(row)
  const left = Math.floor(column)
  const read = (y: number, x: number) => picture[inside(y, sidePx) * sidePx + inside(x, sidePx)]!
  const mix = (y: number) => read(y, left) * (left + 1 - column) + read(y, left + 1) * (column - left)
  return mix(top) * (top + 1 - row) + mix(top + 1) * (row - top)
}

const inside = (index: number, sidePx: number) => Math.max(0, Math.min(sidePx - 1, index))
