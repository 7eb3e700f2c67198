/** Points of the iBUG 300-W scheme (68, from 0) and which of them are mirror images of each other. */

const OPPOSITE: readonly (readonly [number, number])[] = [
  // Jaw 0..16, brows 17..26, nostrils 31..35.
  ...Array.from({ length: 8 }, (_, index) => [index, 16 - index] as const),
  ...Array.from({ length: 5 }, (_, index) => [17 + index, 26 - index] as const),
  [31, 35],
  [32, 34],
  // Eyes: outer corner, upper lid, inner corner, lower lid.
  [36, 45],
  [37, 44],
  [38, 43],
  [39, 42],
  [40, 47],
  [41, 46],
  // Mouth, outer and inner contour.
  [48, 54],
  [49, 53],
  [50, 52],
  [59, 55],
  [58, 56],
  [60, 64],
  [61, 63],
  [67, 65],
]

/** For each point the one it becomes in a mirror; points of the middle line stay themselves. */
export const MIRRORED_POINT: readonly number[] = (() => {
  const mirrored = Array.from({ length: 68 }, (_, point) => point)
  for (const [left, right] of OPPOSITE) {
    mirrored[left] = right
    mirrored[right] = left
  }
  return mirrored
})()

/** The points of a face seen in a mirror: x runs the other way and left points change places with right ones. */
export function mirrorPoints(points: ArrayLike<number>, sidePx: number): Float32Array {
  const mirrored = new Float32Array(points.length)
  for (let point = 0; point < MIRRORED_POINT.length; point++) {
    const from = MIRRORED_POINT[point]!
    mirrored[point * 2] = sidePx - points[from * 2]!
    mirrored[point * 2 + 1] = points[from * 2 + 1]!
  }
  return mirrored
}
