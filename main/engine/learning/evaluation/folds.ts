import { UnmaskError } from '../../errors'

/** How items are divided for fitting a temperature on some and using it on others; a group is never divided. */
export type FoldGroups = readonly (readonly string[])[]

/** Two halves: every other group in the order in which groups first appear. Seedless, so it can be redone by hand. */
export function alternateHalves(groups: readonly string[]): number[] {
  const order = new Map<string, number>()
  for (const group of groups) if (!order.has(group)) order.set(group, order.size)
  return groups.map((group) => order.get(group)! % 2)
}

/**
 * The fold of each item.
 * @throws UnmaskError 'data.invalid' when a group stands in two folds or in none: nothing may be on both sides
 */
export function foldsOfGroups(groups: readonly string[], folds: FoldGroups): number[] {
  const foldOf = new Map<string, number>()
  folds.forEach((members, fold) => {
    for (const group of members) {
      const other = foldOf.get(group)
      if (other !== undefined && other !== fold)
        throw new UnmaskError(
          'data.invalid',
          `group "${group}" stands in folds ${other} and ${fold}; it can be in one`,
        )
      foldOf.set(group, fold)
    }
  })
  return groups.map((group) => {
    const fold = foldOf.get(group)
    if (fold === undefined)
      throw new UnmaskError('data.invalid', `group "${group}" is in none of the ${folds.length} folds`)
    return fold
  })
}
