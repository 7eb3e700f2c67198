import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { Code } from '../../preload/contract/annotation'
import { subjectOfFace } from '../../preload/contract/tier-rules'
import type { ViewerSegment } from '../../preload/contract/viewer-port'
import { CodingMachine } from '../annotate/coding-machine'
import { type Decision, decisions, type Proposal, proposalKey } from '../annotate/corrections'
import type { EditContext, MadeEdit } from '../annotate/edit-draft'
import { useAnalysisStore } from './analysis'
import { useAnnotationStore } from './annotation'
import { useSettingsStore } from './settings'
import { useStudyStore } from './study'
import { useTransportStore } from './transport'

/** The model's lines that proposals come from. */
export const PROPOSAL_SOURCES = ['fusion', 'face', 'speech'] as const
export type ProposalSource = (typeof PROPOSAL_SOURCES)[number]

/** What runs is put into the clip so often, so that a crash costs no more. */
const WRITE_EVERY_MS = 500
const USUAL_HOLD_MS = 250
const USUAL_STEP_FRAMES = 10

/** Coding by key, and what the model proposes: annotations, study and playhead brought together. */
export const useCodingStore = defineStore('coding', () => {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const transport = useTransportStore()
  const analysis = useAnalysisStore()
  const settings = useSettingsStore()

  const machine = new CodingMachine({
    context,
    subjectId: () => annotations.subjectId,
    step: () => transport.step,
    holdMs: () => (settings.isLoaded ? settings.settings.playback.holdMs : USUAL_HOLD_MS),
    stepFrames: () => (settings.isLoaded ? settings.settings.playback.stepFrames : USUAL_STEP_FRAMES),
    apply: (edit, key) => void annotations.apply(edit, { key }),
    forget: (key) => annotations.forgetStep(key),
    changed: (running) => (annotations.running = running),
  })

  const stops = [annotations.addSettler((changes) => machine.settle(changes))]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  watch(
    () => transport.step,
    (step) => machine.moved(step, transport.isPlaying),
    { flush: 'sync' },
  )
  watch(
    () => transport.isPlaying,
    () => machine.write(),
  )
  watch(
    () => annotations.running.length > 0,
    (isRunning, _, onCleanup) => {
      if (!isRunning) return
      const timer = setInterval(() => machine.write(), WRITE_EVERY_MS)
      onCleanup(() => clearInterval(timer))
    },
  )
  // Coding off means that no key will end what runs.
  watch(
    () => annotations.isCoding,
    (isOn) => {
      if (!isOn) machine.settle(null)
    },
    { flush: 'sync' },
  )

  /** What edits are made from, as it is now; null: nothing can be edited. */
  function context(): EditContext | null {
    const { observerId } = studies
    if (observerId === null || !annotations.canEdit) return null
    return {
      items: annotations.byId,
      tiers: annotations.tiers,
      codes: studies.codeById,
      observerId,
      grid: transport.steps,
      now: () => new Date().toISOString(),
      newId: () => crypto.randomUUID(),
    }
  }

  /** Makes an edit of the clip as it is now, and chooses what it made. @returns whether there was something to do */
  function run(make: (context: EditContext) => MadeEdit | null, { selects = true } = {}): boolean {
    const before = context()
    const made = before && make(before)
    if (!made) return false
    // What runs and is touched ends first, which changes what the edit is made from.
    annotations.settle(made.changes)
    const after = annotations.byId === before.items ? made : remade(make)
    if (!after || !annotations.apply(after)) return false
    if (selects) annotations.select(after.selects)
    return true
  }

  function remade(make: (context: EditContext) => MadeEdit | null): MadeEdit | null {
    const now = context()
    return now && make(now)
  }

  /** A code's key, or its button, goes down. */
  function press(codeId: string): void {
    const code = studies.codeById.get(codeId)
    if (code) machine.keyDown(code, performance.now())
  }

  /** It goes up again. */
  function release(codeId: string): void {
    const code = studies.codeById.get(codeId)
    if (code) machine.keyUp(code, performance.now())
  }

  /** Ends what runs for the subject who is coded now. */
  function endHere(): void {
    machine.endHere()
  }

  const keyTakers: ((code: Code) => boolean)[] = []

  /** Code keys go to this first, for instance while a queue asks for a label. @param take false: not wanted @returns ends it */
  function takeCodeKeys(take: (code: Code) => boolean): () => void {
    keyTakers.push(take)
    return () => void keyTakers.splice(keyTakers.indexOf(take), 1)
  }

  function offerCodeKey(code: Code): boolean {
    return keyTakers.findLast((take) => take(code)) !== undefined
  }

  const chosenSource = shallowRef<ProposalSource | null>(null)
  const chosenKey = shallowRef<string | null>(null)
  const modelSegments = computed(() => {
    const { opened } = analysis
    if (!opened || analysis.token !== annotations.token || annotations.isBlind) return []
    return opened.segments.filter(({ source: who }) => who === 'model')
  })
  /** Lines of the model that this clip has. */
  const sources = computed(() =>
    PROPOSAL_SOURCES.filter((source) => modelSegments.value.some(({ modality }) => modality === source)),
  )
  const source = computed<ProposalSource | null>({
    get: () =>
      chosenSource.value && sources.value.includes(chosenSource.value)
        ? chosenSource.value
        : (sources.value[0] ?? null),
    set: (next) => (chosenSource.value = next),
  })
  /** The model's segments of the line in use, of the subject who is coded, by start; of everybody where the clip as a whole is coded. */
  const proposals = computed<readonly ViewerSegment[]>(() =>
    modelSegments.value
      .filter(
        (segment) =>
          segment.modality === source.value &&
          (annotations.subjectId === '' ||
            segment.faceId < 0 ||
            subjectOf(segment) === annotations.subjectId),
      )
      .sort((a, b) => a.startSecs - b.startSecs),
  )
  const decided = computed<ReadonlyMap<string, Decision>>(() =>
    studies.observerId === null
      ? new Map()
      : decisions(
          annotations.tiers.flatMap(({ isOwn, segments }) => (isOwn ? segments : [])),
          studies.observerId,
        ),
  )
  /** The one that is decided about: the chosen one as long as the playhead is in it, else the one at the playhead. */
  const proposal = computed<ViewerSegment | null>(() => {
    const { timeSecs } = transport
    const chosen = proposals.value.find((one) => proposalKey(one) === chosenKey.value)
    if (chosen && chosen.startSecs <= timeSecs + 1e-6 && timeSecs < chosen.endSecs) return chosen
    const open = proposals.value.filter(
      (one) => one.startSecs <= timeSecs + 1e-6 && timeSecs < one.endSecs - 1e-6,
    )
    return open.find((one) => decisionOf(one) === null) ?? open[0] ?? null
  })

  /** Whose segment a proposal becomes: who its face is. Sound belongs to the subject who is coded. */
  function subjectOf({ faceId, startSecs }: Pick<ViewerSegment, 'faceId' | 'startSecs'>): string {
    return faceId < 0 ? annotations.subjectId : subjectOfFace(annotations.tracks, faceId, startSecs)
  }

  function decisionOf(one: Pick<Proposal, 'id' | 'tier'>): Decision | null {
    return decided.value.get(proposalKey(one)) ?? null
  }

  function chooseProposal(one: Pick<Proposal, 'id' | 'tier'> | null): void {
    chosenKey.value = one && proposalKey(one)
  }

  return {
    context,
    run,
    press,
    release,
    endHere,
    takeCodeKeys,
    offerCodeKey,
    sources,
    source,
    proposals,
    proposal,
    chosenKey,
    decided,
    subjectOf,
    decisionOf,
    chooseProposal,
  }
})
