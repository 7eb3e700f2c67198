/**
 * Four folds by actor, from the published folds of Luna-Jimenez et al. 2022 (arXiv 2111.02172 and its repository),
 * restricted to actors 1 to 20. No speaker is in two of them.
 */
export const ACTOR_FOLDS: readonly (readonly number[])[] = [
  [2, 5, 14, 15, 16],
  [3, 6, 7, 13, 18],
  [10, 11, 12, 19, 20],
  [1, 4, 8, 9, 17],
]

export interface Split<Item> {
  readonly train: readonly Item[]
  readonly test: readonly Item[]
}

/** Clips of the fold's actors to test, those of the other folds' actors to train; clips of other actors in neither. */
export function splitByFold<Item extends { readonly actor: number }>(
  items: readonly Item[],
  fold: number,
  folds: readonly (readonly number[])[] = ACTOR_FOLDS,
): Split<Item> {
  const held = new Set(folds[fold])
  const known = new Set(folds.flat())
  return {
    train: items.filter(({ actor }) => known.has(actor) && !held.has(actor)),
    test: items.filter(({ actor }) => held.has(actor)),
  }
}
