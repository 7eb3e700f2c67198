import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type {
  AnnotationChange,
  AnnotationEdit,
  AnnotationItem,
  Study,
} from '../../preload/contract/annotation'
import type { Fault } from '../../preload/contract/reply'
import type { ViewerSegment } from '../../preload/contract/viewer-port'
import { EditHistory } from '../annotate/edit-history'
import { EditSender, type SaveState } from '../annotate/edit-sender'
import { finalTierMaker } from '../annotate/final-tiers'
import {
  applyChanges,
  differingIds,
  effectiveChanges,
  idOf,
  inverseOf,
  type ItemMap,
  itemMap,
} from '../annotate/item-document'
import { changeOthers, type OtherItem, otherItems } from '../annotate/other-items'
import { type AnnotationTier, buildTiers, changeTiers } from '../annotate/tiers'
import { bridge, toFault, unwrap } from '../bridge/bridge'
import { tellUnsaved } from '../bridge/unsaved'
import { t } from '../strings'
import { useAnalysisStore } from './analysis'
import { sameWhileEqual } from './same-while-equal'
import { useStudyStore } from './study'
import { useToastStore } from './toasts'

export type AnnotationPhase = 'idle' | 'loading' | 'ready' | 'failed'

/** A state that a key began and nothing has ended yet. Its item is in the clip already, and grows. */
export interface RunningBout {
  readonly itemId: string
  readonly codeId: string
  readonly set: string
  readonly subjectId: string
  readonly startSecs: number
}

/** Whoever keeps something unfinished: ends what these changes touch; null: everything. */
export type Settle = (changes: readonly AnnotationChange[] | null) => void

interface Visit {
  readonly history: EditHistory
  /** Whose edits are in it. */
  readonly observerId: string | null
  items: ItemMap
}

/** Saving takes milliseconds; longer means that something is wrong. */
const LEAVE_WAIT_MS = 3000

const NOTHING = itemMap([])
const NO_SEGMENTS: readonly ViewerSegment[] = []

/**
 * What people say of the clip that Analyse shows. Edits are on the screen at once and go to main in order; undo and redo are kept for
 * each clip until the project closes.
 */
export const useAnnotationStore = defineStore('annotation', () => {
  const studies = useStudyStore()
  const analysis = useAnalysisStore()
  const toasts = useToastStore()

  const token = shallowRef<string | null>(null)
  const phase = shallowRef<AnnotationPhase>('idle')
  const fault = shallowRef<Fault | null>(null)
  const byId = shallowRef<ItemMap>(NOTHING)
  const isBlind = shallowRef(false)
  const notices = shallowRef<readonly string[]>([])
  const selection = shallowRef<ReadonlySet<string>>(new Set())
  const isCoding = shallowRef(false)
  const subjectId = shallowRef('')
  const running = shallowRef<readonly RunningBout[]>([])
  const saveState = shallowRef<SaveState>('saved')
  const saveProblem = shallowRef<string | null>(null)
  const unsavedCount = shallowRef(0)
  /** Counts what changes undo and redo. */
  const historyTick = shallowRef(0)

  const visits = new Map<string, Visit>()
  const senders = new Map<string, EditSender>()
  const settlers = new Set<Settle>()
  let history = new EditHistory()
  /** Whose edits are in it. */
  let historyOf: string | null = null
  let opening = 0
  /** Edits made while main is asked what there is: its answer may not know them yet. */
  let meanwhile: AnnotationEdit[] = []

  const items = computed<readonly AnnotationItem[]>(() => [...byId.value.values()])
  /** Everything but segments, which are thousands: the same list again after an edit of segments alone. */
  const others = shallowRef<readonly OtherItem[]>([])
  const canEdit = computed(
    () => phase.value === 'ready' && studies.observerId !== null && !studies.isReadOnly,
  )
  let lastTiers: {
    readonly study: Study
    readonly observerId: string | null
    readonly tiers: readonly AnnotationTier[]
  } | null = null
  /** Edits since the tiers were last made; null: they have to be made from the whole. */
  let sinceTiers: { readonly before: ItemMap; readonly changes: readonly AnnotationChange[] }[] | null = null
  const tiers = computed<readonly AnnotationTier[]>(() => {
    const { study, observerId, codeById } = studies
    const now = byId.value
    if (!study) return []
    const isSame = lastTiers?.study === study && lastTiers.observerId === observerId
    const next =
      lastTiers && isSame && sinceTiers
        ? sinceTiers.reduce(
            (known, { before, changes }) => changeTiers(known, before, changes, study, codeById, observerId),
            lastTiers.tiers,
          )
        : buildTiers(now.values(), study, codeById, observerId, lastTiers?.tiers)
    lastTiers = { study, observerId, tiers: next }
    sinceTiers = []
    return next
  })
  const tracks = sameWhileEqual(() => others.value.filter((item) => item.kind === 'track'))
  const makeFinal = finalTierMaker()
  const finalTiers = computed(() => {
    if (!studies.study) return []
    const opened = analysis.token === token.value ? analysis.opened : null
    return makeFinal({
      tiers: tiers.value,
      tracks: tracks.value,
      study: studies.study,
      segments: opened?.segments ?? NO_SEGMENTS,
      modalities: opened?.clip.modalities ?? [],
    })
  })
  const fromHistory = <T>(read: () => T) =>
    computed(() => {
      void historyTick.value
      return read()
    })
  const canUndo = fromHistory(() => canEdit.value && history.canUndo)
  const canRedo = fromHistory(() => canEdit.value && history.canRedo)
  const undoTitle = fromHistory(() => history.undoTitle)
  const redoTitle = fromHistory(() => history.redoTitle)

  const stops = [
    studies.beforeObserverChange(leaveObserver),
    bridge().on('annotationsChanged', (event) => {
      if (event.token === token.value) void read(event.token)
    }),
    bridge().on('annotationTrouble', ({ message }) => toasts.show('error', message)),
    bridge().on('projectChanged', () => void forgetProject()),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  watch(
    () => studies.observerId,
    () => {
      settle(null)
      select([])
      if (studies.observerId === null) isCoding.value = false
    },
    { flush: 'sync' },
  )

  // Saving takes milliseconds; only what cannot be saved would be lost with the window.
  watch([saveState, unsavedCount], () => {
    const isLost = saveState.value === 'failed'
    const reason = (saveProblem.value ?? '').slice(0, 200)
    const text = isLost ? t('annotate.unsavedClosing', { count: unsavedCount.value, reason }) : null
    void tellUnsaved('annotations', text).catch((error: unknown) => toasts.report(error))
  })

  /** Opens a clip's annotations; of several calls in a row only the last one counts. */
  async function open(clipToken: string): Promise<void> {
    if (token.value === clipToken && phase.value === 'ready') return
    if (token.value !== clipToken) {
      close()
      token.value = clipToken
      const visit = visits.get(clipToken)
      history = visit?.history ?? new EditHistory()
      historyOf = visit ? visit.observerId : studies.observerId
      phase.value = 'loading'
    }
    await read(clipToken)
  }

  /** Asks main what there is, and puts on top what it does not know yet. */
  async function read(clipToken: string): Promise<void> {
    const mine = ++opening
    const isAnew = phase.value === 'ready'
    if (!isAnew) phase.value = 'loading'
    fault.value = null
    meanwhile = []
    try {
      const answer = unwrap(await bridge().openAnnotations({ token: clipToken }))
      if (mine !== opening) return
      const unsaved = [...(senders.get(clipToken)?.pending ?? []), ...meanwhile]
      const next = unsaved.reduce((known, edit) => applyChanges(known, edit.changes), itemMap(answer.items))
      keepHistory(isAnew ? byId.value : (visits.get(clipToken)?.items ?? null), next)
      sinceTiers = null
      others.value = otherItems(next)
      show(next)
      isBlind.value = answer.isBlind
      notices.value = answer.notices
      phase.value = 'ready'
    } catch (error) {
      if (mine !== opening) return
      fault.value = toFault(error)
      // What is shown stays: nothing of it is lost because main could not be asked.
      if (isAnew) toasts.report(error)
      else phase.value = 'failed'
    }
  }

  /**
   * Undo goes back to exactly what was. Where somebody else changed what it would go back to, or bouts of this observer, that would
   * overwrite their work or make bouts overlap: then it is cleared, and that is said.
   */
  function keepHistory(before: ItemMap | null, after: ItemMap): void {
    if (historyOf !== studies.observerId) {
      // What another observer did is theirs to undo; nothing was lost, so there is nothing to tell.
      historyOf = studies.observerId
      history.clear()
      historyTick.value++
      return
    }
    if (!before || (!history.canUndo && !history.canRedo)) return
    const changed = differingIds(before, after)
    const isOwnBout = [...changed].some((id) => {
      const item = after.get(id) ?? before.get(id)
      return item?.kind === 'segment' && item.observerId === studies.observerId
    })
    if (!isOwnBout && !history.touches(changed)) return
    history.clear()
    historyTick.value++
    toasts.show('info', t('annotate.historyCleared'))
  }

  /** Ends what is unfinished and leaves the clip; what is not saved yet is sent all the same. */
  function close(): void {
    const left = token.value
    if (left === null) return
    settle(null)
    opening++
    if (phase.value === 'ready') visits.set(left, { history, observerId: historyOf, items: byId.value })
    token.value = null
    phase.value = 'idle'
    fault.value = null
    history = new EditHistory()
    isBlind.value = false
    notices.value = []
    sinceTiers = null
    others.value = []
    show(NOTHING)
    void closeInMain(left)
  }

  async function closeInMain(left: string): Promise<void> {
    await senders.get(left)?.whenEmpty()
    if (token.value === left) return
    const reply = await bridge().closeAnnotations({ token: left })
    // A clip that left the project is not open in main any more.
    if (!reply.ok && reply.fault.code !== 'input.not-found') toasts.show('error', reply.fault.message)
  }

  function forgetProject(): void {
    // Tokens are new in each project; what is unsaved keeps its sender.
    visits.clear()
  }

  function show(next: ItemMap): void {
    byId.value = next
    const kept = [...selection.value].filter((id) => next.has(id))
    if (kept.length < selection.value.size) selection.value = new Set(kept)
    historyTick.value++
  }

  /**
   * Takes an edit: on the screen at once, one step of undo, sent to main.
   * @param options.key edits of one key are one step of undo @returns false where nothing can be edited
   */
  function apply(edit: AnnotationEdit, { key = null }: { readonly key?: string | null } = {}): boolean {
    if (!canEdit.value) return false
    if (key === null) settle(edit.changes)
    const forward = effectiveChanges(byId.value, edit.changes)
    if (forward.length === 0) return true
    history.record({ title: edit.title, forward, inverse: inverseOf(byId.value, forward), key })
    perform({ title: edit.title, changes: forward })
    return true
  }

  function perform(edit: AnnotationEdit): void {
    const clipToken = token.value
    if (clipToken === null) return
    sinceTiers?.push({ before: byId.value, changes: edit.changes })
    others.value = changeOthers(others.value, byId.value, edit.changes)
    show(applyChanges(byId.value, edit.changes))
    meanwhile.push(edit)
    senderOf(clipToken).push(edit)
  }

  /** @returns false where there is nothing to undo */
  function undo(): boolean {
    if (!canEdit.value || !history.lastDone) return false
    settle(history.lastDone.forward)
    const step = history.undo()
    if (!step) return false
    perform({ title: t('annotate.undo', { title: step.title }), changes: step.inverse })
    selectChanged(step.inverse)
    return true
  }

  /** @returns false where there is nothing to do again */
  function redo(): boolean {
    if (!canEdit.value || !history.lastUndone) return false
    settle(history.lastUndone.forward)
    // Ending something unfinished may be an edit of its own, and after an edit there is nothing to do again.
    const step = history.redo()
    if (!step) return false
    perform({ title: t('annotate.redo', { title: step.title }), changes: step.forward })
    selectChanged(step.forward)
    return true
  }

  /** Takes a step of undo away whose edits come to nothing. */
  function forgetStep(key: string): void {
    history.forget(key)
    historyTick.value++
  }

  /** What came back is what people look for next. */
  function selectChanged(changes: readonly AnnotationChange[]): void {
    select(
      changes.flatMap((change) => ('put' in change && change.put.kind === 'segment' ? [idOf(change)] : [])),
    )
  }

  function select(ids: Iterable<string>): void {
    const next = new Set([...ids].filter((id) => byId.value.has(id)))
    const isSame = next.size === selection.value.size && [...next].every((id) => selection.value.has(id))
    if (!isSame) selection.value = next
  }

  /** Ends what is unfinished and touched by changes, as its own edit; null: everything. */
  function settle(changes: readonly AnnotationChange[] | null): void {
    for (const run of [...settlers]) run(changes)
  }

  /** Whoever keeps something unfinished is asked before anything touches it. @returns a function that ends that */
  function addSettler(run: Settle): () => void {
    settlers.add(run)
    return () => void settlers.delete(run)
  }

  function senderOf(clipToken: string): EditSender {
    const known = senders.get(clipToken)
    if (known) return known
    const made = new EditSender(
      (edit) => bridge().editAnnotations({ token: clipToken, edit }),
      tellSaving,
      (edit, { message }) => refused(clipToken, edit, message),
    )
    senders.set(clipToken, made)
    return made
  }

  /** The clip is shown as it stands on the disk again: what builds on a refused edit would be refused as well. */
  function refused(clipToken: string, { title }: AnnotationEdit, reason: string): void {
    toasts.show('error', t('annotate.refused', { title, reason }))
    visits.delete(clipToken)
    if (clipToken !== token.value) return
    meanwhile = []
    history.clear()
    historyTick.value++
    void read(clipToken)
  }

  /** Before somebody else codes: what runs ends in the name of who began it, and is saved. */
  async function leaveObserver(): Promise<void> {
    settle(null)
    const saved = Promise.all([...senders.values()].map((sender) => sender.whenEmpty()))
    await Promise.race([saved, new Promise((resolve) => setTimeout(resolve, LEAVE_WAIT_MS))])
    if (saveState.value !== 'saved')
      throw new Error(t('annotate.unsavedObserver', { reason: saveProblem.value ?? '' }))
  }

  function tellSaving(): void {
    const all = [...senders.values()]
    const states = all.map(({ state }) => state)
    saveState.value =
      (['failed', 'saving', 'unsaved'] as const).find((state) => states.includes(state)) ?? 'saved'
    saveProblem.value = all.find((sender) => sender.fault !== null)?.fault?.message ?? null
    unsavedCount.value = all.reduce((sum, { pending }) => sum + pending.length, 0)
    for (const [clipToken, { state }] of senders)
      if (state === 'saved' && clipToken !== token.value) senders.delete(clipToken)
  }

  /** Tries to save at once what failed. */
  function retrySaving(): void {
    for (const sender of senders.values()) sender.retryNow()
  }

  /** Gives up what could not be saved, and shows what stands on the disk. Asking the user first is up to the caller. */
  async function dropUnsaved(): Promise<void> {
    for (const sender of senders.values()) sender.drop()
    history.clear()
    historyTick.value++
    if (token.value !== null) await read(token.value)
  }

  return {
    token,
    phase,
    fault,
    items,
    others,
    tracks,
    byId,
    isBlind,
    notices,
    tiers,
    finalTiers,
    selection,
    isCoding,
    subjectId,
    running,
    canEdit,
    saveState,
    saveProblem,
    unsavedCount,
    canUndo,
    canRedo,
    undoTitle,
    redoTitle,
    open,
    close,
    apply,
    undo,
    redo,
    forgetStep,
    select,
    settle,
    addSettler,
    retrySaving,
    dropUnsaved,
  }
})
