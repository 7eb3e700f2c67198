import { type MaybeRefOrGetter, onScopeDispose, shallowRef, type ShallowRef, toValue, watch } from 'vue'
import type { WaveformColumns } from '../../../../preload/contract/viewer-port'
import { toFault } from '../../../bridge/bridge'
import { viewerLink } from '../../../stores/viewer-link'

/** While the sound is still being read, the picture is asked for again this often. */
const POLL_MS = 700

/** The waveform of the whole clip in so many columns; grows while the sound is being read. */
export function useClipWaveform(
  token: MaybeRefOrGetter<string | null>,
  durationSecs: MaybeRefOrGetter<number>,
  columns: MaybeRefOrGetter<number>,
): {
  readonly waveform: Readonly<ShallowRef<WaveformColumns | null>>
  readonly failure: Readonly<ShallowRef<string | null>>
} {
  const waveform = shallowRef<WaveformColumns | null>(null)
  const failure = shallowRef<string | null>(null)
  let visit = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(clip: string, mine: number): Promise<void> {
    try {
      const answer = await viewerLink().request('signals', {
        token: clip,
        kind: 'waveform',
        fromSecs: 0,
        toSecs: toValue(durationSecs),
        maxColumns: Math.max(1, Math.min(4000, Math.round(toValue(columns)))),
      })
      if (mine !== visit) return
      if (answer?.kind === 'waveform') waveform.value = answer
      if (!answer || !answer.isComplete) timer = setTimeout(() => void ask(clip, mine), POLL_MS)
    } catch (error) {
      if (mine === visit) failure.value = toFault(error).message
    }
  }

  async function prepare(clip: string, mine: number): Promise<void> {
    try {
      const sound = await viewerLink().request('prepareSignals', { token: clip })
      if (mine === visit && sound === null) visit++
    } catch (error) {
      if (mine === visit) failure.value = toFault(error).message
    }
  }

  watch(
    () => [toValue(token), toValue(durationSecs), Math.round(toValue(columns))] as const,
    ([clip, secs, count], before) => {
      clearTimeout(timer)
      const mine = ++visit
      if (before?.[0] !== clip) {
        waveform.value = null
        failure.value = null
      }
      if (clip === null || secs <= 0 || count < 1) return
      void prepare(clip, mine)
      void ask(clip, mine)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    visit++
    clearTimeout(timer)
  })
  return { waveform, failure }
}
