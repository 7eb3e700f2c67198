import type { CodingScheme, Study } from '../../../preload/contract/annotation'
import type { Fault } from '../../../preload/contract/reply'
import { toFault } from '../../bridge/bridge'
import { useStudyStore } from '../../stores/study'
import { useToastStore } from '../../stores/toasts'

/** Ends when every change that was begun has. */
let lastChange: Promise<unknown> = Promise.resolve()

/** Changes of the study as the sections make them: what main refuses is shown, and false comes back. */
export function useStudyChange() {
  const store = useStudyStore()
  const toasts = useToastStore()

  /** @returns what main says against it; null: it is done */
  function tryChange(edit: (study: Study) => Study): Promise<Fault | null> {
    // Each begins with what the one before it left: two that are made at once would undo each other.
    const mine = lastChange.then(() => attempt(edit))
    lastChange = mine
    return mine
  }

  async function attempt(edit: (study: Study) => Study): Promise<Fault | null> {
    if (!store.study) return null
    try {
      await store.change(edit(store.study))
      return null
    } catch (error) {
      return toFault(error)
    }
  }

  async function change(edit: (study: Study) => Study): Promise<boolean> {
    const refusal = await tryChange(edit)
    if (refusal !== null) toasts.show('error', refusal.message)
    return refusal === null
  }

  const changeScheme = (edit: (scheme: CodingScheme) => CodingScheme): Promise<boolean> =>
    change((study) => ({ ...study, scheme: edit(study.scheme) }))

  return { tryChange, change, changeScheme }
}
