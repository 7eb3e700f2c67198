import { type Ref, shallowRef } from 'vue'
import type { ClipChoice } from './clip-order'

const ALL: ClipChoice = { search: '', filter: 'all', sort: 'name' }

/** Outlives the view, so that coming back from a clip finds the list as it was left. */
const choice = shallowRef<ClipChoice>(ALL)
const mode = shallowRef<'grid' | 'table'>('grid')

/** What of the clips is shown, and how. */
export function useLibraryChoice(): {
  readonly choice: Ref<ClipChoice>
  readonly mode: Ref<'grid' | 'table'>
  clear(): void
} {
  return { choice, mode, clear: () => (choice.value = { ...ALL, sort: choice.value.sort }) }
}
