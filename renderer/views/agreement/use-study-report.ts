import { computed, type ComputedRef, onScopeDispose, shallowRef, watch } from 'vue'
import type { Fault } from '../../../preload/contract/reply'
import { bridge, toFault } from '../../bridge/bridge'

/** Choices change in quick succession while somebody looks through them. */
const SETTLE_MS = 150
/** After an edit: those who code make the next one within a moment. */
const EDIT_SETTLE_MS = 700

export interface StudyReport<R> {
  /** What was computed last; stays in sight while the next is computed. */
  readonly report: ComputedRef<R | null>
  readonly fault: ComputedRef<Fault | null>
  readonly isBusy: ComputedRef<boolean>
  /** Asks anew, for instance after it was stopped. */
  retry(): void
}

/**
 * Keeps a report in line with what is asked and with what is coded. Of several asks in a row only the last one counts.
 * @param ask null: there is nothing to ask yet
 */
export function useStudyReport<A, R>(
  ask: ComputedRef<A | null>,
  run: (ask: A) => Promise<R>,
): StudyReport<R> {
  const report = shallowRef<R | null>(null)
  const fault = shallowRef<Fault | null>(null)
  const isBusy = shallowRef(false)
  let visit = 0
  /** A process that died by accident is asked once more; one that dies of what it is asked is not. */
  let hasRetried = false
  let timer: ReturnType<typeof setTimeout> | null = null

  function later(waitMs: number): void {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => void compute(), waitMs)
  }

  async function compute(): Promise<void> {
    timer = null
    const mine = ++visit
    const wanted = ask.value
    if (wanted === null) {
      report.value = null
      fault.value = null
      isBusy.value = false
      return
    }
    isBusy.value = true
    try {
      const answer = await run(wanted)
      if (mine !== visit) return
      report.value = answer
      fault.value = null
      hasRetried = false
    } catch (error) {
      if (mine !== visit) return
      const found = toFault(error)
      if (found.code === 'host.crashed' && !hasRetried) {
        hasRetried = true
        return later(0)
      }
      fault.value = found
      hasRetried = false
    }
    isBusy.value = false
  }

  // By what it says, not by identity: a list that was made anew says the same.
  watch(
    () => JSON.stringify(ask.value),
    () => later(SETTLE_MS),
  )
  void compute()

  const stops = [
    bridge().on('codingChanged', () => later(EDIT_SETTLE_MS)),
    bridge().on('studyChanged', () => later(EDIT_SETTLE_MS)),
    bridge().on('clipsChanged', () => later(EDIT_SETTLE_MS)),
  ]
  onScopeDispose(() => {
    visit++
    if (timer !== null) clearTimeout(timer)
    for (const stop of stops) stop()
  })

  return {
    report: computed(() => report.value),
    fault: computed(() => fault.value),
    isBusy: computed(() => isBusy.value),
    retry: () => later(0),
  }
}

/** How far the process has come with what is under way; null: nothing was said yet. */
export function useStudyProgress(): ComputedRef<{ readonly done: number; readonly total: number } | null> {
  const progress = shallowRef<{ readonly done: number; readonly total: number } | null>(null)
  onScopeDispose(bridge().on('studyProgress', (event) => (progress.value = event)))
  return computed(() => progress.value)
}
