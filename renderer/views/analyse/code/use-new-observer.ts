import { computed, type ComputedRef, shallowRef, type ShallowRef } from 'vue'
import { useStudyStore } from '../../../stores/study'
import { useToastStore } from '../../../stores/toasts'
import { nameProblem, usualObserverName, withObserver } from './people'

export interface NewObserver {
  readonly name: ShallowRef<string>
  readonly isBlind: ShallowRef<boolean>
  /** Why the name cannot be taken, once somebody tried; null: it can. */
  readonly problem: ComputedRef<string | null>
  readonly isBusy: ShallowRef<boolean>
  /** Adds the observer to the study and lets them code. @returns whether it worked */
  begin(): Promise<boolean>
}

/** A form for one more observer. The name is filled in, so that one click is enough. */
export function useNewObserver(): NewObserver {
  const studies = useStudyStore()
  const toasts = useToastStore()
  const name = shallowRef(usualObserverName(studies.study?.observers ?? []))
  const isBlind = shallowRef(false)
  const isBusy = shallowRef(false)
  const wasTried = shallowRef(false)
  const found = computed(() => nameProblem(name.value, studies.study?.observers ?? [], 'newObserver.taken'))

  async function begin(): Promise<boolean> {
    const { study } = studies
    wasTried.value = true
    if (!study || isBusy.value || found.value !== null) return false
    isBusy.value = true
    try {
      const observer = { id: crypto.randomUUID(), name: name.value.trim(), isBlind: isBlind.value }
      await studies.change(withObserver(study, observer))
      await studies.chooseObserver(observer.id)
      return true
    } catch (error) {
      toasts.report(error)
      return false
    } finally {
      isBusy.value = false
    }
  }

  return {
    name,
    isBlind,
    problem: computed(() => (wasTried.value && !isBusy.value ? found.value : null)),
    isBusy,
    begin,
  }
}
