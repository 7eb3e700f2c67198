import type { Random } from '../random'
import type { FaceAugmentOptions } from './config'

/** Changes grey training images with one bilinear resample and point operations; holds its scratch arrays. */
export class FaceAugmenter {
  private readonly warped: Float32Array
  private readonly scratch: Float32Array
  private readonly levels = new Float32Array(256)

  constructor(
    private readonly sidePx: number,
    private readonly options: FaceAugmentOptions,
  ) {
    this.warped = new Float32Array(sidePx * sidePx)
    this.scratch = new Float32Array(sidePx * sidePx)
  }

  /**
   * @param image grey 0..255, shape [side, side]
   * @param out receives grey 0..255 from `offset` on; edges repeat where the picture moves in
   */
  apply(image: Uint8Array, random: Random, out: Float32Array, offset: number): void {
    const { options } = this
    this.warp(image, random)
    if (options.gammaRange > 1) this.applyGamma(random)
    if (random.chance(options.shrinkChance))
      this.shrinkAndBack(Math.round((this.sidePx * (20 + random.below(21))) / 48))
    if (random.chance(options.noiseChance)) this.addNoise(random)
    out.set(this.warped, offset)
  }

  /** Rotation, scale, shift and flip about the centre, in one inverse mapping. */
  private warp(image: Uint8Array, random: Random): void {
    const { sidePx: side, warped, options } = this
    const angle = (random.uniform(-1, 1) * options.rotationDegrees * Math.PI) / 180
    const scale = 1 + random.uniform(-1, 1) * options.scaleRange
    const shiftX = random.uniform(-1, 1) * options.shiftShare * side
    const shiftY = random.uniform(-1, 1) * options.shiftShare * side
    const isFlipped = random.chance(options.flipChance)
    const cos = Math.cos(angle) / scale
    const sin = Math.sin(angle) / scale
    const centre = (side - 1) / 2
    const last = side - 1
    const direction = isFlipped ? -1 : 1
    for (let row = 0; row < side; row++) {
      const down = row - centre - shiftY
      for (let column = 0; column < side; column++) {
        const right = column - centre - shiftX
        const x = Math.min(last, Math.max(0, centre + direction * (cos * right + sin * down)))
        const y = Math.min(last, Math.max(0, centre - sin * right + cos * down))
        const left = Math.min(last - 1, Math.floor(x))
        const top = Math.min(last - 1, Math.floor(y))
        const toRight = x - left
        const toBottom = y - top
        const at = top * side + left
        const upper = image[at]! + toRight * (image[at + 1]! - image[at]!)
        const lower = image[at + side]! + toRight * (image[at + side + 1]! - image[at + side]!)
        warped[row * side + column] = upper + toBottom * (lower - upper)
      }
    }
  }

  private applyGamma(random: Random): void {
    const { warped, levels } = this
    const gamma = Math.exp(random.uniform(-1, 1) * Math.log(this.options.gammaRange))
    for (let level = 0; level < 256; level++) levels[level] = 255 * (level / 255) ** gamma
    for (let index = 0; index < warped.length; index++) {
      const value = warped[index]!
      const low = Math.min(254, Math.floor(value))
      warped[index] = levels[low]! + (value - low) * (levels[low + 1]! - levels[low]!)
    }
  }

  /** What a face that is small in the picture looks like: area average down, bilinear up. */
  private shrinkAndBack(smallSide: number): void {
    const { sidePx: side, warped, scratch } = this
    const ratio = side / smallSide
    for (let row = 0; row < smallSide; row++)
      for (let column = 0; column < smallSide; column++)
        scratch[row * smallSide + column] = areaMean(warped, side, column * ratio, row * ratio, ratio)
    const last = smallSide - 1
    for (let row = 0; row < side; row++) {
      const y = Math.min(last, Math.max(0, (row + 0.5) / ratio - 0.5))
      const top = Math.min(last - 1, Math.floor(y))
      for (let column = 0; column < side; column++) {
        const x = Math.min(last, Math.max(0, (column + 0.5) / ratio - 0.5))
        const left = Math.min(last - 1, Math.floor(x))
        const at = top * smallSide + left
        const upper = scratch[at]! + (x - left) * (scratch[at + 1]! - scratch[at]!)
        const below = at + smallSide
        const lower = scratch[below]! + (x - left) * (scratch[below + 1]! - scratch[below]!)
        warped[row * side + column] = upper + (y - top) * (lower - upper)
      }
    }
  }

  private addNoise(random: Random): void {
    const { warped } = this
    const sd = random.uniform(0, this.options.noiseSd)
    for (let index = 0; index < warped.length; index++)
      warped[index] = Math.min(255, Math.max(0, warped[index]! + sd * random.gaussian()))
  }
}

function areaMean(values: Float32Array, side: number, x: number, y: number, size: number): number {
  let sum = 0
  let weight = 0
  for (let row = Math.floor(y); row < Math.min(side, y + size); row++) {
    const high = Math.min(row + 1, y + size) - Math.max(row, y)
    for (let column = Math.floor(x); column < Math.min(side, x + size); column++) {
      const wide = Math.min(column + 1, x + size) - Math.max(column, x)
      sum += high * wide * values[row * side + column]!
      weight += high * wide
    }
  }
  return sum / weight
}

const SMALLEST_ERASED_SHARE = 0.02

/**
 * Sets one random rectangle of a normalised image to 0, its mean (random erasing, Zhong et al., AAAI 2020).
 * @param values holds the image, shape [side, side], from `offset` on
 */
export function eraseRectangle(
  values: Float32Array,
  { offset, sidePx }: { offset: number; sidePx: number },
  { eraseChance, eraseShare }: FaceAugmentOptions,
  random: Random,
): void {
  if (!random.chance(eraseChance) || eraseShare <= SMALLEST_ERASED_SHARE) return
  const area = random.uniform(SMALLEST_ERASED_SHARE, eraseShare) * sidePx * sidePx
  const aspect = Math.exp(random.uniform(-1, 1) * Math.log(3))
  const width = Math.min(sidePx, Math.max(1, Math.round(Math.sqrt(area * aspect))))
  const height = Math.min(sidePx, Math.max(1, Math.round(area / width)))
  const left = random.below(sidePx - width + 1)
  const top = random.below(sidePx - height + 1)
  for (let row = top; row < top + height; row++)
    values.fill(0, offset + row * sidePx + left, offset + row * sidePx + left + width)
}
