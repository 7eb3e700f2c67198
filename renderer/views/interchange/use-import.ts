import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type {
  AppliedImport,
  ImportAsk,
  ImportPlan,
  OpenedImport,
} from '../../../preload/contract/interchange'
import { bridge, toFault, unwrap } from '../../bridge/bridge'
import { useAnnotationStore } from '../../stores/annotation'
import { useTransportStore } from '../../stores/transport'
import { choicesOf, draftOf, type ImportDraft, labelsInUse } from './import-choices'

/** Typing in a field is not to ask for a plan with every letter. */
const PLAN_DELAY_MS = 200

/** Files that are being brought in: what they hold, what the user says of it, what would happen, and doing it. */
export function useImport() {
  const annotation = useAnnotationStore()
  const transport = useTransportStore()
  const opened = shallowRef<OpenedImport | null>(null)
  const draft = shallowRef<ImportDraft | null>(null)
  const plan = shallowRef<ImportPlan | null>(null)
  const applied = shallowRef<AppliedImport | null>(null)
  const undone = shallowRef<{ readonly undoneCount: number; readonly keptCount: number } | null>(null)
  const isBusy = shallowRef(false)
  const failure = shallowRef<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  const labels = computed(() => (opened.value && draft.value ? labelsInUse(opened.value, draft.value) : []))

  async function attempt<T>(run: () => Promise<T>): Promise<T | null> {
    isBusy.value = true
    failure.value = null
    try {
      return await run()
    } catch (error) {
      failure.value = toFault(error).message
      return null
    } finally {
      isBusy.value = false
    }
  }

  function take(next: OpenedImport): void {
    opened.value = next
    draft.value = draftOf(next, annotation.token)
  }

  async function choose(): Promise<void> {
    const next = await attempt(async () => unwrap(await bridge().chooseImport(null)))
    if (!next) return
    await close()
    applied.value = null
    undone.value = null
    take(next)
  }

  /** BORIS: whether states that never stop last to the end. */
  async function setCloses(closesUnpaired: boolean): Promise<void> {
    const importId = opened.value?.importId
    if (importId === undefined) return
    const next = await attempt(async () => unwrap(await bridge().rereadImport({ importId, closesUnpaired })))
    if (next) take(next)
  }

  function ask(): ImportAsk | null {
    if (!opened.value || !draft.value) return null
    const { timesSecs, areFrames } = transport.steps
    const token = annotation.token
    return {
      importId: opened.value.importId,
      choices: choicesOf(draft.value),
      frames: token !== null && areFrames && timesSecs.length > 0 ? { token, timesSecs } : null,
    }
  }

  async function makePlan(): Promise<void> {
    const now = ++asked
    const wanted = ask()
    if (!wanted || applied.value) return
    const reply = await bridge().planImport(wanted)
    if (now !== asked) return
    plan.value = reply.ok ? reply.value : null
    failure.value = reply.ok ? null : reply.fault.message
  }

  watch(draft, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void makePlan(), PLAN_DELAY_MS)
  })

  async function apply(): Promise<void> {
    const wanted = ask()
    if (!wanted) return
    clearTimeout(timer)
    const done = await attempt(async () => {
      const result = unwrap(await bridge().applyImport({ ...wanted, openToken: annotation.token }))
      // In the history of the open clip, so that one undo takes it back.
      const { windowEdit } = result
      const isInHistory =
        windowEdit !== null && windowEdit.token === annotation.token && annotation.apply(windowEdit.edit)
      if (windowEdit && !isInHistory) unwrap(await bridge().editAnnotations(windowEdit))
      return result
    })
    if (done) applied.value = done
  }

  async function undo(): Promise<void> {
    const importId = opened.value?.importId
    if (importId === undefined) return
    const result = await attempt(async () => unwrap(await bridge().undoImport({ importId })))
    if (result) undone.value = result
  }

  async function close(): Promise<void> {
    clearTimeout(timer)
    const importId = opened.value?.importId
    opened.value = null
    draft.value = null
    plan.value = null
    if (importId !== undefined) await bridge().closeImport({ importId })
  }

  onScopeDispose(() => {
    void close()
  })

  return { opened, draft, plan, labels, applied, undone, isBusy, failure, choose, setCloses, apply, undo }
}
