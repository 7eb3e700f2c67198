import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type {
  BackendCheck,
  Evaluation,
  ModelEntry,
  ModelList,
  ReportSet,
} from '../../preload/contract/models'
import type { Fault } from '../../preload/contract/reply'
import type { BackendSetting } from '../../preload/contract/settings'
import { bridge, toFault, unwrap } from '../bridge/bridge'

/** The outcome of trying a backend: what runs, or why it does not. */
export type BackendState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'checking'; readonly backend: BackendSetting }
  | { readonly kind: 'runs'; readonly backend: BackendSetting; readonly check: BackendCheck }
  | { readonly kind: 'fails'; readonly backend: BackendSetting; readonly fault: Fault }

/** The models there are, their reports, and what runs them. */
export const useModelsStore = defineStore('models', () => {
  const list = shallowRef<ModelList | null>(null)
  const reports = shallowRef<ReadonlyMap<string, readonly ReportSet[]>>(new Map())
  const compared = shallowRef<readonly Evaluation[] | null>(null)
  const backend = shallowRef<BackendState>({ kind: 'unknown' })
  let checkCount = 0

  /** @throws FaultError */
  async function load(): Promise<void> {
    list.value = unwrap(await bridge().listModels(null))
  }

  /** @throws FaultError */
  async function loadReports(id: string): Promise<void> {
    if (reports.value.has(id)) return
    const sets = unwrap(await bridge().modelReports({ id }))
    reports.value = new Map([...reports.value, [id, sets]])
  }

  /** @throws FaultError */
  async function loadComparison(): Promise<void> {
    compared.value ??= unwrap(await bridge().comparedReports(null))
  }

  /** Puts a report of the user's own before those of a model. @returns false when none was picked. @throws FaultError */
  async function openReport(id: string): Promise<boolean> {
    const set = unwrap(await bridge().openReportFolder(null))
    if (!set) return false
    reports.value = new Map([...reports.value, [id, [set, ...(reports.value.get(id) ?? [])]]])
    return true
  }

  /** @returns null when none was picked. @throws FaultError */
  async function add(): Promise<ModelEntry | null> {
    const added = unwrap(await bridge().addModelFolder(null))
    if (added) await load()
    return added
  }

  /** @throws FaultError */
  async function remove(id: string): Promise<void> {
    unwrap(await bridge().removeModel({ id }))
    await load()
  }

  /** Tries a backend. The latest of several checks counts. */
  async function check(wanted: BackendSetting): Promise<void> {
    const mine = ++checkCount
    backend.value = { kind: 'checking', backend: wanted }
    let found: BackendState
    try {
      found = {
        kind: 'runs',
        backend: wanted,
        check: unwrap(await bridge().checkBackend({ backend: wanted })),
      }
    } catch (error) {
      found = { kind: 'fails', backend: wanted, fault: toFault(error) }
    }
    if (mine === checkCount) backend.value = found
  }

  /** Tries it unless that was done already. */
  async function checkOnce(wanted: BackendSetting): Promise<void> {
    if (backend.value.kind === 'unknown' || backend.value.backend !== wanted) await check(wanted)
  }

  return {
    list,
    reports,
    compared,
    backend,
    load,
    loadReports,
    loadComparison,
    openReport,
    add,
    remove,
    check,
    checkOnce,
  }
})
