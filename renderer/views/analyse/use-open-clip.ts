import { computed, type ComputedRef, watch } from 'vue'
import type { ProjectClip } from '../../../preload/contract/project'
import { useAnalysisStore } from '../../stores/analysis'
import { useClipFramesStore } from '../../stores/clip-frames'
import { useClipMediaStore } from '../../stores/clip-media'
import { useNavigationStore } from '../../stores/navigation'
import { useTransportStore } from '../../stores/transport'

const NO_STEPS = new Float64Array(0)

/** Opens the clip that Analyse is about, and gives the playhead its steps as soon as they are known. */
export function useOpenClip(clip: ComputedRef<ProjectClip | null>): void {
  const navigation = useNavigationStore()
  const analysis = useAnalysisStore()
  const frames = useClipFramesStore()
  const media = useClipMediaStore()
  const transport = useTransportStore()
  let stepsToken: string | null = null

  watch(
    () => navigation.clipToken,
    (token) => {
      if (token === null) {
        analysis.close()
        frames.close()
        media.close()
        return
      }
      // Coming back to the clip that is open finds it as it was left.
      if (analysis.token !== token || frames.token !== token) void open(token)
      else if (media.token !== token) void media.open(token)
    },
    { immediate: true },
  )

  /**
   * Results first: they prove the frames' times, which spares decoding for them, and the plots of a long clip want the processor for
   * themselves.
   */
  async function open(token: string): Promise<void> {
    if (frames.token !== token) frames.close()
    if (media.token !== token) media.close()
    await analysis.open(token)
    if (navigation.clipToken !== token) return
    if (media.token !== token) void media.open(token)
    await frames.open(
      token,
      analysis.opened ? analysis.opened.clip.video !== null : clip.value?.kind !== 'audio',
    )
  }

  /** Decoded frames say what there is; before they are known, and for sound alone, the rows of the results do. */
  const steps = computed(() => {
    const { opened, rowIndex } = analysis
    const durationSecs = opened?.clip.durationSecs ?? endOf(frames.opened?.timesSecs)
    if (frames.opened) {
      // The tables' times where they are of the same frames: all that is shown then agrees to the last digit.
      const isSame = rowIndex?.timesSecs.length === frames.opened.frameCount
      const timesSecs = isSame ? rowIndex.timesSecs : frames.opened.timesSecs
      return { timesSecs, durationSecs, areFrames: true }
    }
    if (opened && rowIndex)
      return {
        timesSecs: rowIndex.timesSecs,
        durationSecs,
        areFrames: opened.clip.rowSource === 'video',
      }
    // Sound that is not labelled yet has neither frames nor rows.
    const soundSecs = frames.phase === 'soundOnly' ? (clip.value?.durationSecs ?? 0) : 0
    return { timesSecs: evenSteps(soundSecs), durationSecs: soundSecs, areFrames: false }
  })
  watch(
    steps,
    (next) => {
      const isSameClip = stepsToken === navigation.clipToken
      stepsToken = navigation.clipToken
      transport.setSteps(next, { isSameClip })
    },
    { immediate: true },
  )
}

/** The usual hop of the speech analysis. */
const HOP_SECS = 0.25

function evenSteps(durationSecs: number): Float64Array {
  if (durationSecs <= 0) return NO_STEPS
  return Float64Array.from({ length: Math.ceil(durationSecs / HOP_SECS) }, (_, at) => at * HOP_SECS)
}

/** When the last frame ends: it is shown as long as the one before it. */
function endOf(timesSecs: Float64Array | undefined): number {
  const last = timesSecs?.[timesSecs.length - 1] ?? 0
  const before = timesSecs?.[timesSecs.length - 2] ?? last
  return last + (last - before)
}
