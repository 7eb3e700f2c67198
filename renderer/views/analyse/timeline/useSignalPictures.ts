import { type MaybeRefOrGetter, onScopeDispose, type Ref, shallowRef, toValue, watch } from 'vue'
import type { SignalPictures } from '../../../plots/clip-tracks'
import { spanOf, type TimeRange } from '../../../plots/time-scale'
import type { LogMelColumns, MfccColumns, SignalKind, WaveformColumns } from '../../../plots/types'
import type { SignalsProvider } from './timeline-model'
import { fullScaleOf, peakOf } from './waveform-scale'

/** Time without a further move of the view before new pictures are asked for. */
const DEBOUNCE_SECS = 0.09
/** Asked for on either side of the view, as a share of it, so that small moves show no empty edge. */
const MARGIN_SHARE = 0.25
const MOST_COLUMNS = 4000
/** While the sound is still being read, it is asked for again this often. */
const POLL_SECS = 0.7

export interface SignalPicturesOptions {
  readonly provider: MaybeRefOrGetter<SignalsProvider | null>
  readonly range: Readonly<Ref<TimeRange>>
  /** The whole clip, for the scale of the waveform. */
  readonly whole: MaybeRefOrGetter<TimeRange>
  /** Kinds that are shown. */
  readonly kinds: MaybeRefOrGetter<readonly SignalKind[]>
  /** Columns across the view. */
  readonly columns: MaybeRefOrGetter<number>
}

/**
 * Pictures of the sound for what is in view. Answers to questions that are no longer asked are dropped; until the next one
 * comes the last picture stays, at its place in time.
 */
export function useSignalPictures(options: SignalPicturesOptions): {
  readonly pictures: SignalPictures
  /** Grows with each answer of a kind. */
  readonly revisions: Readonly<Record<SignalKind, Ref<number>>>
  readonly failure: Readonly<Ref<string | null>>
  readonly isReading: Readonly<Ref<boolean>>
} {
  const waveform = shallowRef<WaveformColumns | null>(null)
  const logMel = shallowRef<LogMelColumns | null>(null)
  const mfcc = shallowRef<MfccColumns | null>(null)
  const peak = shallowRef(0)
  const revisions = { waveform: shallowRef(0), 'log-mel': shallowRef(0), mfcc: shallowRef(0) }
  const failure = shallowRef<string | null>(null)
  const isReading = shallowRef(false)
  const asked: Record<SignalKind, number> = { waveform: 0, 'log-mel': 0, mfcc: 0 }
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(kind: SignalKind, provider: SignalsProvider): Promise<boolean> {
    const number = ++asked[kind]
    const { fromSecs, toSecs } = options.range.value
    const whole = toValue(options.whole)
    const marginSecs = (toSecs - fromSecs) * MARGIN_SHARE
    const from = Math.max(whole.fromSecs, fromSecs - marginSecs)
    const to = Math.min(whole.toSecs, toSecs + marginSecs)
    const columns = Math.round((toValue(options.columns) * (to - from)) / spanOf(options.range.value))
    const answer = await provider(kind, from, to, Math.min(MOST_COLUMNS, Math.max(1, columns)))
    if (number !== asked[kind] || !answer) return answer !== null
    if (answer.kind === 'waveform') {
      waveform.value = answer
      peak.value = Math.max(peak.value, peakOf(answer))
    } else if (answer.kind === 'log-mel') logMel.value = answer
    else mfcc.value = answer
    revisions[kind].value++
    return answer.isComplete
  }

  async function askAll(): Promise<void> {
    const provider = toValue(options.provider)
    const kinds = toValue(options.kinds)
    if (!provider || kinds.length === 0 || toValue(options.columns) < 1) return
    try {
      const isComplete = await Promise.all(kinds.map((kind) => ask(kind, provider)))
      failure.value = null
      isReading.value = isComplete.includes(false)
      if (isReading.value) plan(POLL_SECS)
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error)
      isReading.value = false
    }
  }

  function plan(delaySecs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void askAll(), delaySecs * 1000)
  }

  watch(
    () => toValue(options.provider),
    () => {
      for (const kind of ['waveform', 'log-mel', 'mfcc'] as const) {
        asked[kind]++
        revisions[kind].value++
      }
      waveform.value = null
      logMel.value = null
      mfcc.value = null
      peak.value = 0
      plan(0)
    },
    { immediate: true },
  )
  watch([options.range, () => toValue(options.columns), () => toValue(options.kinds).join()], () =>
    plan(DEBOUNCE_SECS),
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const kind of ['waveform', 'log-mel', 'mfcc'] as const) asked[kind]++
  })

  return {
    pictures: {
      waveform: () => waveform.value,
      logMel: () => logMel.value,
      mfcc: () => mfcc.value,
      fullScale: () => fullScaleOf(peak.value),
    },
    revisions,
    failure,
    isReading,
  }
}
