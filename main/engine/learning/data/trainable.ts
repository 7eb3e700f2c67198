import { EMOTIONS } from '../../emotions'
import type { FaceSet } from './face-set'
import { dataError } from './problems'
import type { VoiceClip } from './voice-clip'

export interface TrainableOptions {
  /** Fewest items that each class needs. */
  readonly minimumPerClass: number
  /** Classes that must be there; for faces the seven, for voices those that occur unless said. */
  readonly classes?: readonly string[]
  /** For the message. */
  readonly path: string
}

/**
 * Refuses data too small to train from.
 * @throws UnmaskError 'data.invalid' that names the classes and what each has
 */
export function requireTrainable(
  data: FaceSet | readonly VoiceClip[],
  { minimumPerClass, classes, path }: TrainableOptions,
): void {
  const labels =
    'pixels' in data
      ? Array.from(data.labels, (label) => EMOTIONS[label] ?? 'none of the seven')
      : data.map(({ label }) => label)
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  const wanted = classes ?? ('pixels' in data ? EMOTIONS : [...counts.keys()])
  if (wanted.length < 2)
    throw dataError({
      path,
      line: null,
      message: `all ${labels.length} items are of one class; at least two are needed`,
    })
  const few = wanted.filter((label) => (counts.get(label) ?? 0) < minimumPerClass)
  if (few.length === 0) return
  const have = few.map((label) => `${label} ${counts.get(label) ?? 0}`).join(', ')
  throw dataError({
    path,
    line: null,
    message: `${labels.length} items are too few to train from: each class needs ${minimumPerClass}, but there are ${have}; add items or leave the class out`,
  })
}
