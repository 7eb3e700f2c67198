import { MIRRORED_POINT } from './landmark-pairs'

type Point = readonly [number, number]

/**
 * Lengths between points, in units of the face's size. Each stands for something that expressions move: brows, lids,
 * nose wings, lips, jaw. A length and its mirror image both stand, so that one-sided expressions are seen.
 */
const LENGTHS: readonly (readonly [number, number])[] = bothSides([
  // Brow: length, distances of its ends and middle from the eye and of the two brows from each other.
  [17, 21],
  [21, 22],
  [17, 36],
  [19, 37],
  [19, 41],
  [21, 39],
  [21, 27],
  // Eye: opening at two places, length.
  [37, 41],
  [38, 40],
  [36, 39],
  // Nose: width of the wings, wings to the inner eye corner and to the upper lip.
  [31, 35],
  [31, 39],
  [33, 51],
  [31, 48],
  // Mouth: width, heights of the outer and inner contour, thickness of the lips, corners to eyes and chin.
  [48, 54],
  [60, 64],
  [49, 59],
  [50, 58],
  [51, 57],
  [61, 67],
  [62, 66],
  [51, 62],
  [66, 57],
  [48, 36],
  [48, 39],
  [48, 8],
  [48, 33],
  // Jaw: chin to nose and lip, width at the mouth.
  [8, 33],
  [8, 57],
  [4, 12],
  [27, 8],
])

/** Angles at the middle point of three, in radians. */
const ANGLES: readonly (readonly [number, number, number])[] = bothSides([
  [17, 19, 21],
  [36, 37, 39],
  [36, 41, 39],
  [48, 51, 54],
  [48, 57, 54],
  [60, 62, 64],
  [60, 66, 64],
  [48, 60, 51],
  [31, 48, 8],
  [36, 48, 33],
])

/** Quotients of lengths, each as (numerators summed) / (denominator): openness of eye and mouth, lift of the brow. */
const RATIOS: readonly {
  readonly over: readonly (readonly [number, number])[]
  readonly under: readonly [number, number]
}[] = [
  {
    over: [
      [37, 41],
      [38, 40],
    ],
    under: [36, 39],
  },
  {
    over: [
      [44, 46],
      [43, 47],
    ],
    under: [45, 42],
  },
  {
    over: [
      [50, 58],
      [51, 57],
      [52, 56],
    ],
    under: [48, 54],
  },
  {
    over: [
      [61, 67],
      [62, 66],
      [63, 65],
    ],
    under: [60, 64],
  },
  { over: [[19, 37]], under: [36, 39] },
  { over: [[24, 44]], under: [45, 42] },
]

/** Heights of points over the line of the mouth corners or of the lids: which way lips and brows bend. */
const BENDS: readonly (readonly [point: number, lineStart: number, lineEnd: number])[] = bothSides([
  [51, 48, 54],
  [57, 48, 54],
  [62, 60, 64],
  [66, 60, 64],
  [19, 17, 21],
])

const POINTS = 68

export const GEOMETRY_FEATURES = POINTS * 2 + LENGTHS.length + ANGLES.length + RATIOS.length + BENDS.length

/**
 * What the shape of a face says, whatever its place, size and tilt in the picture: the points in the face's own frame
 * (origin at their mean, x along the line through the middles of the eyes, unit the root mean square distance from the
 * mean), lengths, angles, ratios of openness and bends of lips and brows.
 * @param points shape [68, 2], any unit, y down
 * @returns shape [GEOMETRY_FEATURES]
 * Reference: the families of features are those of geometric methods such as Ghimire and Lee, Sensors 13(6), 2013.
 */
export function geometryFeatures(points: ArrayLike<number>): Float32Array {
  const face = ownFrame(points)
  const at = (point: number): Point => face[point]!
  const length = ([a, b]: readonly [number, number]) => distance(at(a), at(b))
  return Float32Array.from([
    ...face.flat(),
    ...LENGTHS.map(length),
    ...ANGLES.map(([a, b, c]) => angleAt(at(a), at(b), at(c))),
    ...RATIOS.map(
      ({ over, under }) =>
        over.reduce((sum, pair) => sum + length(pair), 0) / over.length / Math.max(0.02, length(under)),
    ),
    ...BENDS.map(([point, start, end]) => heightOver(at(point), at(start), at(end))),
  ])
}

/** Features of the mirrored face, from those of the face. */
export function mirrorFeatures(features: ArrayLike<number>): Float32Array {
  const mirrored = new Float32Array(features.length)
  for (let point = 0; point < POINTS; point++) {
    const from = MIRRORED_POINT[point]!
    mirrored[point * 2] = -features[from * 2]!
    mirrored[point * 2 + 1] = features[from * 2 + 1]!
  }
  MIRRORED_FEATURE.forEach((from, index) => (mirrored[POINTS * 2 + index] = features[POINTS * 2 + from]!))
  return mirrored
}

/** Which ratio each becomes in a mirror. */
const MIRRORED_RATIO = [1, 0, 2, 3, 5, 4] as const

/** Which length, angle, ratio or bend each becomes in a mirror, numbered from 0 over all of them. */
const MIRRORED_FEATURE: readonly number[] = (() => {
  const lengths = LENGTHS.map((points) => nameOf(points))
  const angles = ANGLES.map((points) => nameOf(points))
  const bends = BENDS.map((points) => nameOf(points))
  const afterLengths = lengths.length
  const afterAngles = afterLengths + angles.length
  const afterRatios = afterAngles + RATIOS.length
  return [
    ...LENGTHS.map((points) => lengths.indexOf(nameOf(points.map(mirror)))),
    ...ANGLES.map((points) => afterLengths + angles.indexOf(nameOf(points.map(mirror)))),
    ...MIRRORED_RATIO.map((ratio) => afterAngles + ratio),
    ...BENDS.map((points) => afterRatios + bends.indexOf(nameOf(points.map(mirror)))),
  ]
})()

function mirror(point: number): number {
  return MIRRORED_POINT[point]!
}

/** The points of a length, an angle or a bend tell it from every other of its list, in whichever order they stand. */
function nameOf(points: readonly number[]): string {
  return [...points].sort((a, b) => a - b).join('-')
}

/** Each entry with its mirror image, where that is another. */
function bothSides<Entry extends readonly number[]>(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>()
  return entries
    .flatMap((entry) => [entry, entry.map(mirror) as unknown as Entry])
    .filter((entry) => !seen.has(nameOf(entry)) && seen.add(nameOf(entry)))
}

function ownFrame(points: ArrayLike<number>): Point[] {
  const face = Array.from({ length: POINTS }, (_, point): Point => [
    points[point * 2]!,
    points[point * 2 + 1]!,
  ])
  const meanX = face.reduce((sum, [x]) => sum + x, 0) / POINTS
  const meanY = face.reduce((sum, [, y]) => sum + y, 0) / POINTS
  const size = Math.sqrt(face.reduce((sum, [x, y]) => sum + (x - meanX) ** 2 + (y - meanY) ** 2, 0) / POINTS)
  const left = middleOf(face.slice(36, 42))
  const right = middleOf(face.slice(42, 48))
  const tilt = Math.atan2(right[1] - left[1], right[0] - left[0])
  const cos = Math.cos(tilt) / (size || 1)
  const sin = Math.sin(tilt) / (size || 1)
  return face.map(([x, y]): Point => [
    (x - meanX) * cos + (y - meanY) * sin,
    (y - meanY) * cos - (x - meanX) * sin,
  ])
}

function middleOf(points: readonly Point[]): Point {
  return [
    points.reduce((sum, [x]) => sum + x, 0) / points.length,
    points.reduce((sum, [, y]) => sum + y, 0) / points.length,
  ]
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by)
}

/** 0..pi; a tiny arm gives 0 rather than noise. */
function angleAt(a: Point, corner: Point, b: Point): number {
  const [ux, uy] = [a[0] - corner[0], a[1] - corner[1]]
  const [vx, vy] = [b[0] - corner[0], b[1] - corner[1]]
  const lengths = Math.hypot(ux, uy) * Math.hypot(vx, vy)
  return lengths < 1e-9 ? 0 : Math.acos(Math.max(-1, Math.min(1, (ux * vx + uy * vy) / lengths)))
}

/** Signed distance of a point from a line's middle across the face's upright, positive above (y runs down). */
function heightOver(point: Point, start: Point, end: Point): number {
  return (start[1] + end[1]) / 2 - point[1]
}
