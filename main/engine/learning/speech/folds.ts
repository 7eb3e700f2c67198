import { UnmaskError } from '../../errors'
import { Random } from '../random'

/**
 * Four folds by actor, from the published folds of Luna-Jimenez et al. 2022 (arXiv 2111.02172 and its repository),
 * restricted to actors 1 to 20. No speaker is in two of them.
 */
export const ACTOR_FOLDS: readonly (readonly string[])[] = [
  ['02', '05', '14', '15', '16'],
  ['03', '06', '07', '13', '18'],
  ['10', '11', '12', '19', '20'],
  ['01', '04', '08', '09', '17'],
]

export interface Split<Item> {
  readonly train: readonly Item[]
  readonly test: readonly Item[]
}

interface Spoken {
  readonly id: string
  readonly speaker: string
}

/**
 * The folds of a data set: the published ones for RAVDESS (clips of its other actors are left out), else the speakers
 * dealt to four folds in their order.
 * @throws UnmaskError 'data.invalid' for fewer than four speakers
 */
export function speakerFolds(items: readonly Spoken[], isRavdess: boolean): readonly (readonly string[])[] {
  const speakers = [...new Set(items.map(({ speaker }) => speaker))].sort()
  const folds = isRavdess
    ? ACTOR_FOLDS.map((fold) => fold.filter((speaker) => speakers.includes(speaker)))
    : ACTOR_FOLDS.map((_, fold) => speakers.filter((speaker, at) => speaker !== '' && at % 4 === fold))
  if (folds.some((fold) => fold.length === 0))
    throw new UnmaskError(
      'data.invalid',
      `cross-validation needs recordings of at least four named speakers, in every fold one; there are ${speakers.length}: ${speakers.join(', ')}`,
    )
  return folds
}

/** Clips of the fold's speakers to test, those of the other folds' to train; clips of further speakers in neither. */
export function splitByFold<Item extends Spoken>(
  items: readonly Item[],
  fold: number,
  folds: readonly (readonly string[])[] = ACTOR_FOLDS,
): Split<Item> {
  const held = new Set(folds[fold])
  const known = new Set(folds.flat())
  return {
    train: items.filter(({ speaker }) => known.has(speaker) && !held.has(speaker)),
    test: items.filter(({ speaker }) => held.has(speaker)),
  }
}

const RANDOM_SPLIT_SEED = 2018

/**
 * The split of much of the literature: clips dealt at random, so that every speaker is on both sides. Only to show how
 * far its figures are from those on new voices.
 */
export function splitAtRandom<Item extends Spoken>(
  items: readonly Item[],
  fold: number,
  count = 4,
): Split<Item> {
  const order = new Random(RANDOM_SPLIT_SEED).shuffle(Array.from(items.keys()))
  const held = new Set(order.filter((_, at) => at % count === fold))
  return {
    train: items.filter((_, index) => !held.has(index)),
    test: items.filter((_, index) => held.has(index)),
  }
}

/** @throws UnmaskError 'data.invalid' where a clip, or unless it is allowed a speaker, is on both sides */
export function guardSplit({ train, test }: Split<Spoken>, isSpeakerAllowed = false): void {
  const ids = new Set(train.map(({ id }) => id))
  const speakers = new Set(train.map(({ speaker }) => speaker))
  const leak = test.find(({ id, speaker }) => ids.has(id) || (!isSpeakerAllowed && speakers.has(speaker)))
  if (leak)
    throw new UnmaskError(
      'data.invalid',
      `clip ${leak.id} of speaker ${leak.speaker || '(unknown)'} is tested, and ${ids.has(leak.id) ? 'the clip' : 'its speaker'} is trained on`,
    )
}
