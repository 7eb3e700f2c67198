import { isDeepStrictEqual } from 'node:util'
import type { CodingScheme, Study } from '../../../preload/contract/annotation'
import { UnmaskError } from '../../engine/errors'

/**
 * Whether a study may take the place of another.
 * @param clipUsing the id of a clip in which an id is used; null: none
 * @throws UnmaskError 'usage.invalid' naming what is in the way
 */
export function checkStudyChange(
  before: Study,
  after: Study,
  clipUsing: (id: string) => string | null,
): void {
  if (before.scheme.isLocked && after.scheme.isLocked && !isDeepStrictEqual(before.scheme, after.scheme))
    throw invalid('the coding scheme is locked; unlock it first, or ask whoever leads the study')
  if (before.scheme.isLocked && !after.scheme.isLocked && !isSameButLock(before.scheme, after.scheme))
    throw invalid('the coding scheme is locked; unlock it first, then change it')
  const lists = [
    ['code', before.scheme.codes, after.scheme.codes],
    ['rating', before.scheme.dimensions, after.scheme.dimensions],
    ['observer', before.observers, after.observers],
    ['subject', before.subjects, after.subjects],
    ['variable', before.variables, after.variables],
  ] as const
  for (const [what, old, now] of lists) {
    const kept = new Set(now.map(({ id }) => id))
    for (const { id, name } of old) {
      if (kept.has(id)) continue
      const clipId = clipUsing(id)
      if (clipId !== null)
        throw invalid(
          `${what} "${name}" is in use in clip ${clipId}; remove or relabel what uses it first, or keep the ${what}`,
        )
    }
  }
  const areSetsRenamed = isSamePartition(before.scheme, after.scheme)
  for (const code of before.scheme.codes) {
    const now = after.scheme.codes.find(({ id }) => id === code.id)
    if (!now || (now.kind === code.kind && (now.set === code.set || areSetsRenamed))) continue
    const clipId = clipUsing(code.id)
    if (clipId !== null)
      throw invalid(
        `code "${code.name}" is in use in clip ${clipId}: its kind and set cannot change any more, because segments that exclude each other now might overlap then; make a new code`,
      )
  }
}

/** States that exclude each other before do so after, and no others: sets have at most other names. */
function isSamePartition(before: CodingScheme, after: CodingScheme): boolean {
  const newSets = new Map<string, string>()
  for (const { id, kind, set } of before.codes) {
    const now = after.codes.find((code) => code.id === id)
    if (kind !== 'state' || !now) continue
    if (now.kind !== 'state' || (newSets.get(set) ?? now.set) !== now.set) return false
    newSets.set(set, now.set)
  }
  return new Set(newSets.values()).size === newSets.size
}

function isSameButLock(before: CodingScheme, after: CodingScheme): boolean {
  return isDeepStrictEqual({ ...before, isLocked: false }, { ...after, isLocked: false })
}

function invalid(message: string): UnmaskError {
  return new UnmaskError('usage.invalid', message)
}
