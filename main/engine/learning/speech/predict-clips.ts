import type { tf } from '../../inference/tf'
import {
  allocateBatch,
  clipReference,
  type NetworkInputSpec,
  stepFeatures,
  writeWindow,
} from '../../speech/network-input'
import { runSpeechNetwork } from '../../speech/speech-network'
import { planWindows, type WindowPlan } from '../../speech/windows'
import type { SpeechClip } from './clip-features'
import { baseFromLogMel } from './clip-input'

export interface ClipPrediction {
  readonly name: string
  readonly actor: number
  readonly label: number
  /** Mean logits of the clip's windows, shape [classes]; zeros where it has none. */
  readonly logits: readonly number[]
  readonly windowCount: number
}

const BATCH_WINDOWS = 32

/** Predicts whole clips as the application would: the windows of detected speech, their logits averaged. */
export async function predictClips(
  network: tf.LayersModel,
  clips: readonly SpeechClip[],
  { spec, plan, classes }: { spec: NetworkInputSpec; plan: WindowPlan; classes: number },
): Promise<ClipPrediction[]> {
  const sums = clips.map(() => new Float64Array(classes))
  const counts = clips.map(() => 0)
  const batch = allocateBatch(BATCH_WINDOWS, spec)
  const owners: number[] = []
  const flush = async () => {
    if (owners.length === 0) return
    const logits = await runSpeechNetwork(network, batch, { spec, count: owners.length, hasMask: true })
    owners.forEach((owner, row) => {
      counts[owner]!++
      for (let label = 0; label < classes; label++) sums[owner]![label]! += logits[row * classes + label]!
    })
    owners.length = 0
  }
  for (const [index, clip] of clips.entries()) {
    const features = baseFromLogMel(clip, spec.mfcc)
    const reference = clipReference(features, spec)
    for (const window of planWindows(clip.speech, features.isSpeech.length, plan)) {
      if (window.state !== 'speech') continue
      writeWindow(batch, owners.length, stepFeatures(features, window, reference, spec), spec)
      owners.push(index)
      if (owners.length === BATCH_WINDOWS) await flush()
    }
  }
  await flush()
  return clips.map(({ name, actor, label }, index) => ({
    name,
    actor,
    label,
    logits: Array.from(sums[index]!, (sum) => sum / Math.max(1, counts[index]!)),
    windowCount: counts[index]!,
  }))
}
