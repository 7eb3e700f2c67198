import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Fault } from '../../preload/contract/reply'
import type { MomentRules, OpenedClip } from '../../preload/contract/viewer-port'
import { toFault } from '../bridge/bridge'
import { buildRowIndex, type RowIndex } from '../views/analyse/stage/row-index'
import { useStudyStore } from './study'
import { viewerLink } from './viewer-link'

/** absent: the clip has no results yet; it plays all the same. */
export type AnalysisPhase = 'idle' | 'loading' | 'ready' | 'absent' | 'failed'

/** The results of the clip that Analyse shows: one at a time, its columns as they came, replaced whole. */
export const useAnalysisStore = defineStore('analysis', () => {
  const token = shallowRef<string | null>(null)
  const phase = shallowRef<AnalysisPhase>('idle')
  const opened = shallowRef<OpenedClip | null>(null)
  const rowIndex = shallowRef<RowIndex | null>(null)
  const fault = shallowRef<Fault | null>(null)
  /** Why the viewer process was started again; null: it was not, or that was dismissed. */
  const restartReason = shallowRef<string | null>(null)
  let visit = 0
  let stopListening: (() => void) | null = null

  // Whoever codes blind from now on must not find here what was read for somebody else, in whatever view they were chosen.
  const studies = useStudyStore()
  watch(
    () => (studies.observer?.isBlind ? studies.observer.id : null),
    () => {
      if (token.value === null || opened.value === null) return
      opened.value = null
      rowIndex.value = null
      void open(token.value)
    },
    { flush: 'sync' },
  )

  /** Columns that the tables of an older version do not have. */
  const missingColumns = computed(() => opened.value?.rows.missing ?? [])

  /** Opens a clip; of several calls in a row only the last one counts. The open one again reads its files anew. */
  async function open(clipToken: string): Promise<void> {
    stopListening ??= viewerLink().onRestart(reopen)
    if (token.value !== clipToken) close()
    token.value = clipToken
    phase.value = 'loading'
    fault.value = null
    const mine = ++visit
    try {
      const answer = await viewerLink().request('openClip', { token: clipToken })
      if (mine !== visit) return
      opened.value = answer
      rowIndex.value = buildRowIndex(answer.rows)
      phase.value = 'ready'
    } catch (error) {
      if (mine !== visit) return
      opened.value = null
      rowIndex.value = null
      const found = toFault(error)
      phase.value = found.code === 'input.not-found' ? 'absent' : 'failed'
      fault.value = found.code === 'input.not-found' ? null : found
    }
  }

  function close(): void {
    visit++
    const left = token.value
    token.value = null
    opened.value = null
    rowIndex.value = null
    fault.value = null
    restartReason.value = null
    phase.value = 'idle'
    if (left === null) return
    viewerLink()
      .request('closeClip', { token: left })
      // The clip may have left the project, or the process may be gone: nothing is kept there either way.
      .catch(() => undefined)
  }

  function reopen(reason: string): void {
    if (token.value === null) return
    restartReason.value = reason
    void open(token.value)
  }

  /** The jump list by other rules. @throws FaultError */
  async function findMoments(momentRules: MomentRules): Promise<void> {
    const asked = opened.value
    if (asked === null || token.value === null) return
    const moments = await viewerLink().request('moments', { token: token.value, momentRules })
    if (opened.value === asked) opened.value = { ...asked, moments }
  }

  return { token, phase, opened, rowIndex, fault, restartReason, missingColumns, open, close, findMoments }
})
