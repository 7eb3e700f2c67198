import { EMOTIONS, EMOTION_COUNT } from '../../emotions'
import { UnmaskError } from '../../errors'
import { Random } from '../random'
import type { Pair, PairSet } from './pair-set'

/** What one model said about items of known class, over the canonical seven. */
export interface SideItem {
  readonly id: string
  /** The actor of an utterance; an image's own id. */
  readonly group: string
  readonly part: string
  /** Canonical index 0..6. */
  readonly truth: number
  /** Calibrated posterior, shape [7]. */
  readonly probs: Float64Array
}

export interface Side {
  readonly items: readonly SideItem[]
  /** Prior of the model over the canonical seven. */
  readonly prior: Float64Array
  /** In words, for the protocol. */
  readonly name: string
}

export interface DrawOptions {
  /** Rounded up to a multiple of the classes. */
  readonly count: number
  readonly seed: number
  /** The canonical seven unless said. */
  readonly classes?: number
}

export interface DrawnPair {
  /** Indices into the items of the two sides. */
  readonly face: number
  readonly voice: number
  /** Canonical index 0..6. */
  readonly truth: number
}

/**
 * Draws pairs of one class each: every class equally often, within a class any face with any voice, with replacement.
 * @throws UnmaskError 'data.invalid' when a side lacks a class
 */
export function drawPairs(
  faces: readonly { readonly truth: number }[],
  voices: readonly { readonly truth: number }[],
  { count, seed, classes = EMOTION_COUNT }: DrawOptions,
): DrawnPair[] {
  const random = new Random(seed, 0x51ed)
  const facesOf = byClass(faces, { classes, side: 'face' })
  const voicesOf = byClass(voices, { classes, side: 'voice' })
  const perClass = Math.ceil(count / classes)
  const drawn = Array.from({ length: perClass * classes }, (_, index) => index % classes)
  return random.shuffle(drawn).map((truth) => ({
    face: pick(facesOf[truth] ?? [], random),
    voice: pick(voicesOf[truth] ?? [], random),
    truth,
  }))
}

/** Drawn pairs as a set that every rule of fusion takes. Parts and groups are those of the voices. */
export function simulatedPairs(
  faces: Side,
  voices: Side,
  { count, seed }: Omit<DrawOptions, 'classes'>,
): PairSet {
  const drawn = drawPairs(faces.items, voices.items, { count, seed })
  return {
    labels: EMOTIONS,
    facePrior: faces.prior,
    voicePrior: voices.prior,
    pairs: drawn.map(({ face, voice, truth }, index): Pair => {
      const seen = faces.items[face] as SideItem
      const heard = voices.items[voice] as SideItem
      return {
        id: `${index}:${seen.id}+${heard.id}`,
        group: heard.group,
        part: heard.part,
        truth,
        face: seen.probs,
        voice: heard.probs,
        isFaceWrong: false,
      }
    }),
    protocol:
      `simulated pairs: ${drawn.length} draws of a class (each equally often), a face and an utterance of that class, ` +
      `seed ${seed}; face: ${faces.name}; voice: ${voices.name}; seven classes`,
  }
}

function byClass(
  items: readonly { readonly truth: number }[],
  { classes, side }: { readonly classes: number; readonly side: string },
): number[][] {
  const result = Array.from({ length: classes }, () => [] as number[])
  items.forEach(({ truth }, index) => result[truth]?.push(index))
  result.forEach((list, label) => {
    if (list.length === 0)
      throw new UnmaskError(
        'data.invalid',
        `no ${side} of ${classes === EMOTION_COUNT ? EMOTIONS[label] : `class ${label}`} to draw pairs from`,
      )
  })
  return result
}

function pick(list: readonly number[], random: Random): number {
  return list[random.below(list.length)] as number
}
