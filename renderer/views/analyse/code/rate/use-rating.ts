import { computed, type ComputedRef, onScopeDispose, shallowRef, type ShallowRef, watch } from 'vue'
import type {
  AnnotationChange,
  RatingDimension,
  RatingItem,
} from '../../../../../preload/contract/annotation'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useStudyStore } from '../../../../stores/study'
import { useTransportStore } from '../../../../stores/transport'
import { t } from '../../../../strings'
import { frameEndSecs } from '../../time/frame-times'
import { createRecorder, rateAnew, type RatingRecorder, valueAt } from './rating-recorder'
import { TRACE_SPAN_SECS, type Trace } from './rating-trace'

export interface RatingOptions {
  readonly dimension: () => RatingDimension | null
  readonly reactionTimeSecs: () => number
  /** The clip plays at the transport's speed instead of the normal one. */
  readonly keepsSpeed: () => boolean
}

export interface Rating {
  readonly isRating: Readonly<ShallowRef<boolean>>
  /** Where the hand is; at rest what is rated at the playhead, else neutral. */
  readonly value: ComputedRef<number>
  /** What there is to draw around the playhead. */
  readonly traces: ComputedRef<readonly Trace[]>
  /** The observer's ratings of the dimension and subject. */
  readonly own: ComputedRef<readonly RatingItem[]>
  /** Moves the hand; beyond the range it stays at its end. */
  move(value: number): void
  /** Rates anew from the playhead on, and plays. */
  start(): Promise<void>
  /** Ends and keeps what was rated. */
  stop(): void
}

/** A rating that is made while the clip plays: a value at every shown frame, until the clip is paused, ends or jumps. */
export function useRating({ dimension, reactionTimeSecs, keepsSpeed }: RatingOptions): Rating {
  const annotations = useAnnotationStore()
  const studies = useStudyStore()
  const transport = useTransportStore()
  const isRating = shallowRef(false)
  const hand = shallowRef<number | null>(null)
  const live = shallowRef<Trace | null>(null)
  let recorder: RatingRecorder | null = null
  let of: {
    readonly dimension: RatingDimension
    readonly subjectId: string
    readonly observerId: string
  } | null = null
  let lastStep = 0
  let speedBefore: number | null = null

  const ratings = (dimensionId: string, subjectId: string): RatingItem[] =>
    annotations.items.filter(
      (item): item is RatingItem =>
        item.kind === 'rating' &&
        item.observerId === studies.observerId &&
        item.dimensionId === dimensionId &&
        item.subjectId === subjectId,
    )
  const own = computed(() => ratings(dimension()?.id ?? '', annotations.subjectId))
  const value = computed(() => {
    if (hand.value !== null) return hand.value
    for (const rating of own.value) {
      const rated = valueAt(rating, transport.timeSecs)
      if (rated !== null) return rated
    }
    return dimension()?.neutral ?? 0
  })

  function move(next: number): void {
    const range = of?.dimension ?? dimension()
    if (range) hand.value = Math.max(range.minimum, Math.min(range.maximum, next))
  }

  const endOfStep = (step: number) => frameEndSecs(transport.steps.timesSecs, step, transport.durationSecs)

  function sample(): void {
    if (!recorder) return
    recorder.add(transport.steps.timesSecs[transport.step] ?? transport.timeSecs, value.value)
    const endSecs = endOfStep(transport.step)
    live.value = recorder.tail(endSecs - TRACE_SPAN_SECS, endSecs)
  }

  async function start(): Promise<void> {
    const rated = dimension()
    const { observerId } = studies
    if (!rated || observerId === null || studies.isReadOnly || isRating.value) return
    transport.pause()
    // A loop would rate the same stretch again and again.
    transport.setLoop(null)
    speedBefore = transport.speed
    if (!keepsSpeed()) transport.setSpeed(1)
    if (transport.step >= transport.stepCount - 1) transport.goToStep(0)
    hand.value ??= value.value
    of = { dimension: rated, subjectId: annotations.subjectId, observerId }
    recorder = createRecorder()
    lastStep = transport.step
    isRating.value = true
    sample()
    await transport.play()
    if (!transport.isPlaying) stop()
  }

  function stop(): void {
    if (!isRating.value) return
    isRating.value = false
    transport.pause()
    if (speedBefore !== null && !keepsSpeed()) transport.setSpeed(speedBefore)
    keep()
    recorder = null
    of = null
    live.value = null
    hand.value = null
  }

  function keep(): void {
    if (!recorder || recorder.isEmpty || !of || of.observerId !== studies.observerId) return
    const fresh = { ...recorder.trace(endOfStep(lastStep)), reactionTimeSecs: reactionTimeSecs() }
    const old = ratings(of.dimension.id, of.subjectId)
    const ids = old.map(({ id }) => id)
    const editedAt = new Date().toISOString()
    const base = { kind: 'rating', observerId: of.observerId, subjectId: of.subjectId, editedAt } as const
    const comment = old.map((rating) => rating.comment).find((text) => text !== '') ?? ''
    const puts = rateAnew(old, fresh).map(
      ({ timesSecs, values, endSecs, ...trace }, at): AnnotationChange => ({
        put: {
          ...base,
          id: ids[at] ?? crypto.randomUUID(),
          dimensionId: of!.dimension.id,
          timesSecs,
          values,
          endSecs,
          reactionTimeSecs: trace.reactionTimeSecs,
          comment,
        },
      }),
    )
    const removals = ids.slice(puts.length).map((remove): AnnotationChange => ({ remove }))
    annotations.apply({
      changes: [...puts, ...removals],
      title: t('rate.title', { name: of.dimension.name }),
    })
  }

  watch(
    () => [transport.step, transport.jumps] as const,
    ([step], [, jumpsBefore]) => {
      if (!isRating.value) return
      // Elsewhere is another stretch: what was rated so far is kept, and no value invented in between.
      if (step < lastStep || transport.jumps !== jumpsBefore) return stop()
      sample()
      lastStep = step
    },
    { flush: 'sync' },
  )
  watch(
    () => transport.isPlaying,
    (isPlaying) => {
      if (!isPlaying) stop()
    },
  )
  // A hand at rest shows what is there.
  watch(
    () => transport.timeSecs,
    () => {
      if (!isRating.value) hand.value = null
    },
  )
  onScopeDispose(stop)

  const traces = computed<readonly Trace[]>(() => (live.value ? [...own.value, live.value] : own.value))
  return { isRating, value, traces, own, move, start, stop }
}
