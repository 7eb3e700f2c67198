import { EMOTION_COUNT } from '../../emotions'
import { normaliseImage } from '../../face/crop'
import { FACE_VOTE_COUNT, type FaceSet } from '../data/face-set'
import type { Random } from '../random'
import { eraseRectangle, FaceAugmenter } from './augment'
import type { FaceConfig } from './config'

/** Normalisation of every face, in training and in use; the card repeats it. Values are of 255. */
export const FACE_NORMALISATION = { kind: 'per-image', sdFloor: 20, clip: 3 } as const

export interface FaceBatch {
  readonly size: number
  /** Shape [size, side, side, 1], normalised. */
  readonly images: Float32Array
  /** Smoothed and mixed FER2013 labels, shape [size, 7]; a row sums to 1. */
  readonly labels: Float32Array
  /** Mixed shares of FER+ votes, shape [size, 8]; zeros where a picture has none. */
  readonly shares: Float32Array
}

/** Makes augmented batches of a set. */
export class FaceBatcher {
  private readonly augmenter: FaceAugmenter

  constructor(
    private readonly set: FaceSet,
    /** As votesToShares gives them; null without votes. */
    private readonly voteShares: Float32Array | null,
    private readonly config: FaceConfig,
  ) {
    this.augmenter = new FaceAugmenter(set.sidePx, config.augment)
  }

  make(items: ArrayLike<number>, random: Random): FaceBatch {
    const { set, config } = this
    const { sidePx } = set
    const perFace = sidePx * sidePx
    const size = items.length
    const batch = {
      size,
      images: new Float32Array(size * perFace),
      labels: new Float32Array(size * EMOTION_COUNT),
      shares: new Float32Array(size * FACE_VOTE_COUNT),
    }
    for (let index = 0; index < size; index++) {
      const item = items[index]!
      const offset = index * perFace
      const face = set.pixels.subarray(item * perFace, (item + 1) * perFace)
      this.augmenter.apply(face, random, batch.images, offset)
      normaliseImage(
        batch.images.subarray(offset, offset + perFace),
        FACE_NORMALISATION.sdFloor,
        FACE_NORMALISATION.clip,
      )
      eraseRectangle(batch.images, { offset, sidePx }, config.augment, random)
      this.writeTargets(item, index, batch)
    }
    if (random.chance(config.mixupChance)) mix(batch, config.mixupShape, random)
    return batch
  }

  private writeTargets(item: number, index: number, batch: FaceBatch): void {
    const { labelSmoothing } = this.config
    const label = this.set.labels[item]!
    const start = index * EMOTION_COUNT
    for (let emotion = 0; emotion < EMOTION_COUNT; emotion++)
      batch.labels[start + emotion] =
        labelSmoothing / EMOTION_COUNT + (emotion === label ? 1 - labelSmoothing : 0)
    if (this.voteShares)
      batch.shares.set(
        this.voteShares.subarray(item * FACE_VOTE_COUNT, (item + 1) * FACE_VOTE_COUNT),
        index * FACE_VOTE_COUNT,
      )
    // Without votes the label stands for them all, so that the head of the application learns too.
    else batch.shares[index * FACE_VOTE_COUNT + label] = 1
  }
}

/** Each item becomes a mixture with another of the batch; targets likewise. */
function mix(batch: FaceBatch, shape: number, random: Random): void {
  const order = random.shuffle(Array.from({ length: batch.size }, (_, index) => index))
  const drawn = random.symmetricBeta(shape)
  const share = Math.max(drawn, 1 - drawn)
  for (const values of [batch.images, batch.labels, batch.shares]) {
    const original = values.slice()
    const width = values.length / batch.size
    order.forEach((other, index) => {
      const own = index * width
      const from = other * width
      for (let k = 0; k < width; k++)
        values[own + k] = share * original[own + k]! + (1 - share) * original[from + k]!
    })
  }
}

/** Normalised images as they are, optionally mirrored, shape [items, side, side, 1]. */
export function plainImages(set: FaceSet, items: ArrayLike<number>, isMirrored = false): Float32Array {
  const { sidePx, pixels } = set
  const perFace = sidePx * sidePx
  const images = new Float32Array(items.length * perFace)
  for (let index = 0; index < items.length; index++) {
    const from = items[index]! * perFace
    const to = index * perFace
    for (let row = 0; row < sidePx; row++)
      for (let column = 0; column < sidePx; column++)
        images[to + row * sidePx + column] =
          pixels[from + row * sidePx + (isMirrored ? sidePx - 1 - column : column)]!
    normaliseImage(images.subarray(to, to + perFace), FACE_NORMALISATION.sdFloor, FACE_NORMALISATION.clip)
  }
  return images
}
