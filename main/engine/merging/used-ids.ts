import type { ProjectCopy } from './read-copy'

/** Ids of codes, ratings, observers, subjects and variables that items of either copy refer to, by whatever id they have there. */
export function idsInUse(...copies: readonly ProjectCopy[]): ReadonlySet<string> {
  const used = new Set<string>()
  for (const { clips } of copies)
    for (const versions of clips.values())
      for (const { item } of versions.values()) {
        if (!item) continue
        used.add(item.observerId)
        if ('subjectId' in item) used.add(item.subjectId)
        if ('codeId' in item) used.add(item.codeId)
        if ('dimensionId' in item) used.add(item.dimensionId)
        if ('variableId' in item) used.add(item.variableId)
      }
  return used
}
