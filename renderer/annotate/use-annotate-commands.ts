import { computed, watch } from 'vue'
import type { Code, SegmentItem } from '../../preload/contract/annotation'
import type { ViewerSegment } from '../../preload/contract/viewer-port'
import { useCodeKeys } from '../keys/code-keys'
import { useCommands } from '../keys/command-bus'
import { currentPlatform } from '../keys/platform'
import { keyMap } from '../keys/use-keys'
import { useAnnotationStore } from '../stores/annotation'
import { useCodingStore } from '../stores/coding'
import { useStudyStore } from '../stores/study'
import { useToastStore } from '../stores/toasts'
import { useTransportStore } from '../stores/transport'
import { t } from '../strings'
import {
  codeOfLabel,
  confirmItems,
  confirmProposal,
  isCodedOver,
  rejectItems,
  rejectProposal,
  relabelProposal,
  withdrawDecision,
} from './corrections'
import { type Edge, extendEdges, nudgeEdges } from './edge-edits'
import type { EditContext, MadeEdit } from './edit-draft'
import { addExclusion } from './other-edits'
import {
  deleteItems,
  mergeSegments,
  moveSegments,
  relabelSegments,
  setConfidence,
  splitAt,
} from './segment-edits'
import { usePlaySelection } from './use-play-selection'

/** Steps in which keys change how sure a coder is. */
const SURE_STEP = 0.25

/**
 * Everything that keys do to annotations while Analyse is open. Called once, by what holds the clip. 'annotate.done', 'annotate.comment' and
 * 'annotate.nextReview' are offered by the panel, which asks or shows something first.
 */
export function useAnnotateCommands(): void {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const transport = useTransportStore()
  const coding = useCodingStore()
  const toasts = useToastStore()
  const selection = usePlaySelection()

  const chosenIds = () => [...annotations.selection]
  const run = (make: (context: EditContext) => MadeEdit | null, options = { selects: true }) => {
    if (!annotations.canEdit) toasts.show('info', whyNot())
    else coding.run(make, options)
  }
  const whyNot = () =>
    studies.observerId === null
      ? t('annotate.nobody')
      : studies.isReadOnly
        ? t('annotate.readOnly', { reason: studies.readOnlyReason ?? '' })
        : t('annotate.notReady')

  function toggleCoding(): void {
    if (!annotations.isCoding && !annotations.canEdit) toasts.show('info', whyNot())
    else annotations.isCoding = !annotations.isCoding
  }
  // Nothing can be coded any more, for instance because the clip is another.
  watch(
    () => studies.observerId !== null && !studies.isReadOnly,
    (can) => {
      if (!can) annotations.isCoding = false
    },
  )

  /** What keys split: what is chosen, else the bouts of the observer under the playhead, of the subject who is coded. */
  function splitHere(): void {
    const { timeSecs } = transport
    const ids = annotations.selection.size > 0 ? chosenIds() : ownAt(timeSecs).map(({ id }) => id)
    run((context) => splitAt(context, ids, timeSecs))
  }

  function ownAt(secs: number): SegmentItem[] {
    return annotations.tiers
      .filter(
        ({ isOwn, kind, subjectId }) => isOwn && kind === 'state' && subjectId === annotations.subjectId,
      )
      .flatMap(({ segments }) =>
        segments.filter(({ startSecs, endSecs }) => startSecs <= secs && secs < endSecs),
      )
  }

  const nudge = (edge: Edge, frames: number) => () =>
    run((context) => nudgeEdges(context, chosenIds(), edge, frames))
  const move = (frames: number) => () => run((context) => moveSegments(context, chosenIds(), frames))
  const extend = (edge: Edge) => () =>
    run((context) => extendEdges(context, chosenIds(), edge, transport.timeSecs))

  /** Rises and falls in steps; below the lowest it is not stated. */
  function changeConfidence(by: number): void {
    const stated = chosenIds().flatMap((id) => {
      const item = annotations.byId.get(id)
      return item?.kind === 'segment' && item.confidence !== null ? [item.confidence] : []
    })
    const now = stated.length === 0 ? (by > 0 ? -SURE_STEP : 1 + SURE_STEP) : Math.min(...stated)
    const next = Math.round((now + by) / SURE_STEP) * SURE_STEP
    run((context) => setConfidence(context, chosenIds(), next < 0 ? null : Math.min(1, next)))
  }

  function exclude(): void {
    const stretch = transport.loop ?? selection.range()
    if (!stretch) toasts.show('info', t('annotate.excludeWhat'))
    else run((context) => addExclusion(context, { startSecs: stretch.fromSecs, endSecs: stretch.toSecs }, ''))
  }

  /** The proposal at the playhead; without one, what is chosen and was a proposal. */
  function decide(
    ofProposal: (context: EditContext, proposal: ViewerSegment, subjectId: string) => MadeEdit | null,
    ofItems: (context: EditContext, ids: readonly string[]) => MadeEdit | null,
  ): void {
    const { proposal } = coding
    if (!proposal) {
      run((context) => ofItems(context, chosenIds()))
      return
    }
    const subjectId = coding.subjectOf(proposal)
    const context = coding.context()
    if (context && codeOfLabel(context.codes, proposal.label) === null)
      toasts.show('info', t('annotate.noCode', { label: proposal.label }))
    else if (context && ofProposal === rejectProposal && isOverruled(context, proposal, subjectId))
      toasts.show('info', t('annotate.codedOver'))
    else run((now) => ofProposal(now, proposal, subjectId), { selects: false })
  }

  const isOverruled = (context: EditContext, proposal: ViewerSegment, subjectId: string) =>
    coding.decisionOf(proposal) === null && isCodedOver(context, proposal, subjectId)

  function goToProposal(by: 1 | -1): void {
    const open = coding.proposals.filter((one) => coding.decisionOf(one) === null)
    const { timeSecs } = transport
    const current = coding.proposal
    const isBehind = (one: ViewerSegment) =>
      by === 1 ? one.startSecs > timeSecs + 1e-6 : one.startSecs < (current?.startSecs ?? timeSecs) - 1e-6
    const inOrder = by === 1 ? open : [...open].reverse()
    const next = inOrder.find(isBehind) ?? inOrder.find((one) => one !== current)
    if (!next) {
      toasts.show('info', t('annotate.allDecided'))
      return
    }
    // What is decided now is the proposal, not what was chosen before.
    annotations.select([])
    coding.chooseProposal(next)
    transport.goToSecs(next.startSecs)
  }

  function nextSubject(): void {
    const ids = ['', ...(studies.study?.subjects.map(({ id }) => id) ?? [])]
    annotations.subjectId = ids[(ids.indexOf(annotations.subjectId) + 1) % ids.length] ?? ''
    const name = studies.study?.subjects.find(({ id }) => id === annotations.subjectId)?.name
    toasts.show('info', t('annotate.subjectNow', { name: name ?? t('codingBar.wholeClip') }))
  }

  function nextObserver(): void {
    const ids = studies.study?.observers.map(({ id }) => id) ?? []
    const next = ids[(ids.indexOf(studies.observerId ?? '') + 1) % ids.length]
    if (next === undefined || next === studies.observerId) return
    studies.chooseObserver(next).catch(toasts.report)
  }

  useCommands({
    'annotate.toggleCoding': toggleCoding,
    'annotate.undo': () => void annotations.undo(),
    'annotate.redo': () => void annotations.redo(),
    'annotate.delete': () => run((context) => deleteItems(context, chosenIds())),
    'annotate.split': splitHere,
    'annotate.merge': () => run((context) => mergeSegments(context, chosenIds())),
    'annotate.startEarlier': nudge('start', -1),
    'annotate.startLater': nudge('start', 1),
    'annotate.endEarlier': nudge('end', -1),
    'annotate.endLater': nudge('end', 1),
    'annotate.moveEarlier': move(-1),
    'annotate.moveLater': move(1),
    'annotate.startHere': extend('start'),
    'annotate.endHere': extend('end'),
    'annotate.previousOwn': () => selection.choose(-1),
    'annotate.nextOwn': () => selection.choose(1),
    'annotate.loopSelection': selection.loop,
    'annotate.playSelection': selection.play,
    'annotate.confirm': () => decide(confirmProposal, confirmItems),
    'annotate.reject': () => decide(rejectProposal, rejectItems),
    'annotate.withdraw': () => {
      const { proposal } = coding
      if (proposal) run((context) => withdrawDecision(context, proposal))
    },
    'annotate.nextProposal': () => goToProposal(1),
    'annotate.previousProposal': () => goToProposal(-1),
    'annotate.exclude': exclude,
    'annotate.surer': () => changeConfidence(SURE_STEP),
    'annotate.lessSure': () => changeConfidence(-SURE_STEP),
    'annotate.nextSubject': nextSubject,
    'annotate.nextObserver': nextObserver,
  })

  const platform = currentPlatform()
  const codes = computed<readonly Code[]>(() => studies.study?.scheme.codes ?? [])

  /** Coding: the key codes. Otherwise it relabels what is chosen, or else the chosen proposal, unless the key is a command's. */
  function codeKey(code: Code): boolean {
    if (!annotations.canEdit) return false
    if (coding.offerCodeKey(code)) return true
    if (annotations.isCoding) {
      coding.press(code.id)
      return true
    }
    if (code.key === null || keyMap.value.find(code.key, 'analyse') !== null) return false
    const { proposal } = coding
    if (annotations.selection.size > 0)
      coding.run((context) => relabelSegments(context, chosenIds(), code.id))
    else if (proposal && coding.chosenKey !== null)
      coding.run((context) => relabelProposal(context, proposal, coding.subjectOf(proposal), code.id), {
        selects: false,
      })
    else return false
    return true
  }

  useCodeKeys({
    platform,
    codes: () => codes.value,
    down: codeKey,
    up: (code) => coding.release(code.id),
    end: () => {
      if (!annotations.isCoding) return false
      coding.endHere()
      return true
    },
  })
}
