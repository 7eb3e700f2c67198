import type { EditContext } from '../../../annotate/edit-draft'
import { useCodingStore } from '../../../stores/coding'

/** What edits are made from, as it is when they are made; null: nothing can be edited. */
export function useEditContext(): () => EditContext | null {
  return useCodingStore().context
}
