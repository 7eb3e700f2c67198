import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type { Code, Observer, OpenStudy, Study } from '../../preload/contract/annotation'
import { bridge, FaultError, unwrap } from '../bridge/bridge'
import { useToastStore } from './toasts'

/** The study of the open project: what is coded, by whom, about whom; and who codes in this window. */
export const useStudyStore = defineStore('study', () => {
  const open = shallowRef<OpenStudy | null>(null)
  const isLoaded = shallowRef(false)
  /** Counts what main told, so that a slow answer does not undo later news. */
  let news = 0

  const study = computed<Study | null>(() => open.value?.study ?? null)
  const observerId = computed<string | null>(() => open.value?.observerId ?? null)
  const observer = computed<Observer | null>(
    () => study.value?.observers.find(({ id }) => id === observerId.value) ?? null,
  )
  const readOnlyReason = computed<string | null>(() => open.value?.readOnlyReason ?? null)
  const isReadOnly = computed(() => readOnlyReason.value !== null)
  const notices = computed<readonly string[]>(() => open.value?.notices ?? [])
  const codeById = computed<ReadonlyMap<string, Code>>(
    () => new Map(study.value?.scheme.codes.map((code) => [code.id, code])),
  )

  const stops = [
    bridge().on('studyChanged', (event) => take(event.open)),
    bridge().on('projectChanged', () => void load()),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))

  function take(next: OpenStudy | null): void {
    news++
    open.value = next
    isLoaded.value = true
  }

  /** Asks for the study of the open project; safe to call again. A failure is shown, and there is no study then. */
  async function load(): Promise<void> {
    const asked = ++news
    const reply = await bridge().openStudy(null)
    if (asked !== news) return
    take(reply.ok ? reply.value : null)
    if (!reply.ok) useToastStore().report(new FaultError(reply.fault))
  }

  /** Replaces the study. @throws FaultError naming what is in use or cannot be; nothing changes then */
  async function change(next: Study): Promise<void> {
    const asked = news
    unwrap(await bridge().changeStudy({ study: next }))
    // Main tells everybody; whoever asked need not wait for that.
    if (asked === news && open.value) open.value = { ...open.value, study: next }
  }

  const leaving = new Set<() => Promise<void>>()

  /** Is waited for before somebody else codes; what it throws keeps who codes. @returns ends it */
  function beforeObserverChange(run: () => Promise<void>): () => void {
    leaving.add(run)
    return () => void leaving.delete(run)
  }

  /** Who codes from now on; null: nobody. @throws FaultError; Error where what was coded cannot be saved */
  async function chooseObserver(id: string | null): Promise<void> {
    if (id !== observerId.value) for (const run of leaving) await run()
    const asked = news
    unwrap(await bridge().chooseObserver({ observerId: id }))
    if (asked === news && open.value) open.value = { ...open.value, observerId: id }
  }

  return {
    open,
    study,
    observer,
    observerId,
    isReadOnly,
    readOnlyReason,
    notices,
    codeById,
    isLoaded,
    beforeObserverChange,
    load,
    change,
    chooseObserver,
  }
})
