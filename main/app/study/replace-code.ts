import type { AnnotationChange, AnnotationItem, CodingScheme } from '../../../preload/contract/annotation'
import { UnmaskError } from '../../engine/errors'

/** @throws UnmaskError 'usage.invalid' where one code cannot stand for the other */
export function requireReplaceable({ codes }: CodingScheme, from: string, to: string): void {
  const [one, other] = [from, to].map((id) => codes.find((code) => code.id === id))
  if (!one || !other || one === other)
    throw new UnmaskError('usage.invalid', `"${from}" and "${to}" must be two codes of the scheme`)
  if (one.kind === other.kind && one.set === other.set) return
  throw new UnmaskError(
    'usage.invalid',
    `"${one.name}" and "${other.name}" are not of one kind and set; bouts of both might overlap then`,
  )
}

/** Gives everything that one code marks in a clip to another. Times, comments, origins and people stay. */
export function changesForReplacing(
  items: readonly AnnotationItem[],
  { from, to, at }: { readonly from: string; readonly to: string; readonly at: string },
): AnnotationChange[] {
  return items.flatMap((item) =>
    item.kind === 'segment' && item.codeId === from ? [{ put: { ...item, codeId: to, editedAt: at } }] : [],
  )
}
