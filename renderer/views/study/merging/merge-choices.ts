import type { MergeConflict, MergeSide } from '../../../../preload/contract/merging'

export type Choices = ReadonlyMap<string, MergeSide>

/** Conflicts that need a decision now: those of a clip whose recordings differ only once it is taken in. */
export function askedConflicts(conflicts: readonly MergeConflict[], choices: Choices): MergeConflict[] {
  const waiting = new Set(
    conflicts.filter(({ key }) => choices.get(key) !== 'there').flatMap(({ opens }) => opens),
  )
  return conflicts.filter(({ key }) => !waiting.has(key))
}

export function undecided(conflicts: readonly MergeConflict[], choices: Choices): MergeConflict[] {
  return askedConflicts(conflicts, choices).filter(({ key }) => !choices.has(key))
}

/** The same side for everything. */
export function decideAll(conflicts: readonly MergeConflict[], side: MergeSide): Choices {
  return new Map(conflicts.map(({ key }) => [key, side]))
}
