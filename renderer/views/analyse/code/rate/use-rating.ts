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
import { createRecorder, type RatingRecorder, valueAt } from './rating-recorder'
import { type KnownRating, ratingWriter, type RatingWriter } from './rating-writer'
import { TRACE_SPAN_SECS, type Trace } from './rating-trace'

/** So often a rating is written while it is made. */
const WRITE_EVERY_MS = 1500

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
  /** The frame that is shown, not taken yet. */
  let pending: { readonly step: number; readonly value: number } | null = null
  let speedBefore: number | null = null
  let writer: RatingWriter | null = null
  let undoKey = ''
  /** What stood there when the rating began. */
  const shadow = shallowRef<readonly RatingItem[]>([])

  const ratings = (dimensionId: string, subjectId: string): RatingItem[] =>
    annotations.others.filter(
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
    if (range) hand.value = rounded(Math.max(range.minimum, Math.min(range.maximum, next)), range)
  }

  const endOfStep = (step: number) => frameEndSecs(transport.steps.timesSecs, step, transport.durationSecs)

  /** Takes the frame that is shown; of a jump it is known only afterwards that it was one. */
  function sample(): void {
    take()
    pending = { step: transport.step, value: value.value }
  }

  function take(): void {
    if (!recorder || !pending) return
    const { step, value: rated } = pending
    pending = null
    recorder.add(transport.steps.timesSecs[step] ?? 0, rated)
    lastStep = step
    const endSecs = endOfStep(step)
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
    shadow.value = ratings(rated.id, annotations.subjectId)
    recorder = createRecorder()
    lastStep = transport.step
    writer = ratingWriter(shadow.value.map(traceOf), {
      startSecs: transport.timeSecs,
      reactionTimeSecs: reactionTimeSecs(),
      newId: () => crypto.randomUUID(),
    })
    undoKey = `rating:${crypto.randomUUID()}`
    isRating.value = true
    sample()
    await transport.play()
    if (!transport.isPlaying) stop()
  }

  function stop(): void {
    if (!isRating.value) return
    isRating.value = false
    take()
    transport.pause()
    if (speedBefore !== null && !keepsSpeed()) transport.setSpeed(speedBefore)
    write(true)
    recorder = null
    writer = null
    shadow.value = []
    of = null
    live.value = null
    hand.value = null
  }

  /** Puts the rating into the clip as far as it has come; all of it is one step of undo. */
  function write(isEnd: boolean): void {
    if (!recorder || recorder.isEmpty || !of || !writer || of.observerId !== studies.observerId) return
    const { dimension: rated, observerId, subjectId } = of
    const fresh = recorder.trace(endOfStep(lastStep))
    const wanted = isEnd ? writer.inTheEnd(fresh) : writer.onTheWay(fresh)
    const comments = new Map(shadow.value.map(({ id, comment }) => [id, comment]))
    const editedAt = new Date().toISOString()
    const puts = [...wanted].map(([id, trace]): AnnotationChange => {
      const comment = comments.get(id) ?? ''
      const item: RatingItem = {
        ...trace,
        id,
        kind: 'rating',
        observerId,
        subjectId,
        dimensionId: rated.id,
        editedAt,
        comment,
      }
      const known = annotations.byId.get(id)
      // What is as it was keeps its date, and is not written again.
      return { put: known?.kind === 'rating' && isSameTrace(known, item) ? known : item }
    })
    const removals = [...writer.ids()]
      .filter((id) => !wanted.has(id))
      .map((remove): AnnotationChange => ({ remove }))
    annotations.apply(
      { changes: [...puts, ...removals], title: t('rate.title', { name: rated.name }) },
      { key: undoKey },
    )
  }

  watch(isRating, (now, _, onCleanup) => {
    if (!now) return
    const timer = setInterval(() => write(false), WRITE_EVERY_MS)
    onCleanup(() => clearInterval(timer))
  })
  // Undo of it, another observer and another clip end it first.
  onScopeDispose(
    annotations.addSettler((changes) => {
      const ids = writer?.ids()
      if (!changes || changes.some((change) => ids?.has('put' in change ? change.put.id : change.remove)))
        stop()
    }),
  )

  watch(
    () => transport.step,
    (step) => {
      if (!isRating.value) return
      if (step < lastStep) leaveBehind()
      else sample()
    },
    { flush: 'sync' },
  )
  watch(
    () => transport.jumps,
    () => {
      if (isRating.value) leaveBehind()
    },
    { flush: 'sync' },
  )

  /** Elsewhere is another stretch: what was rated so far is kept, and no value invented in between. */
  function leaveBehind(): void {
    pending = null
    stop()
  }

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

  const traces = computed<readonly Trace[]>(() => (live.value ? [...shadow.value, live.value] : own.value))
  return { isRating, value, traces, own, move, start, stop }
}

/** A hand is no finer than a ten-thousandth of the range. */
function rounded(value: number, { minimum, maximum }: RatingDimension): number {
  const digits = Math.max(0, Math.ceil(4 - Math.log10(maximum - minimum)))
  return Number(value.toFixed(Math.min(12, digits)))
}

const traceOf = ({ id, timesSecs, values, endSecs, reactionTimeSecs }: RatingItem): KnownRating => ({
  id,
  timesSecs,
  values,
  endSecs,
  reactionTimeSecs,
})

function isSameTrace(one: RatingItem, other: RatingItem): boolean {
  return (
    one.endSecs === other.endSecs &&
    one.reactionTimeSecs === other.reactionTimeSecs &&
    one.timesSecs.length === other.timesSecs.length &&
    one.timesSecs.every((secs, at) => secs === other.timesSecs[at] && one.values[at] === other.values[at])
  )
}
