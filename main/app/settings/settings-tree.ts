/** A value as JSON has it. */
export type Tree = Record<string, unknown>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The tree with what the patch names; lists and single values are replaced, trees are gone into. */
export function overlay(base: unknown, patch: unknown): unknown {
  if (!isTree(base) || !isTree(patch)) return patch === undefined ? base : patch
  const merged: Tree = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    if (!Object.hasOwn(base, name)) merged[name] = value
    else merged[name] = overlay(base[name], value)
  }
  return merged
}

/** What a tree says that another does not; null where they are equal. The other overlaid with it is the tree again. */
export function difference(tree: unknown, base: unknown): unknown {
  if (!isTree(tree) || !isTree(base)) return isEqual(tree, base) ? undefined : tree
  const found: Tree = {}
  for (const [name, value] of Object.entries(tree)) {
    const own = Object.hasOwn(base, name) ? difference(value, base[name]) : value
    if (own !== undefined) found[name] = own
  }
  return Object.keys(found).length === 0 ? undefined : found
}

/** Paths in a tree that its model has no place for. `isOpen` names trees whose keys are free. */
export function unknownPaths(
  tree: unknown,
  model: unknown,
  isOpen: (path: string) => boolean,
  at: readonly string[] = [],
): string[] {
  if (!isTree(tree) || !isTree(model) || isOpen(at.join('.'))) return []
  return Object.entries(tree).flatMap(([name, value]) => {
    const path = [...at, name]
    return Object.hasOwn(model, name) ? unknownPaths(value, model[name], isOpen, path) : [path.join('.')]
  })
}

/** The tree without what lies at a path. */
export function without(tree: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path
  if (first === undefined || !isTree(tree) || !Object.hasOwn(tree, first)) return tree
  const { [first]: inner, ...others } = tree
  if (rest.length === 0) return others
  return { ...others, [first]: without(inner, rest) }
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
