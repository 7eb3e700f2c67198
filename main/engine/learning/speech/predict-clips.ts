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
import type { ClipCopy } from './clip-features'
import { featuresOfCopy } from './clip-input'

export interface CopyPrediction {
  /** Mean logits of the clip's windows, shape [classes]; zeros where it has none. */
  readonly logits: readonly number[]
  readonly windowCount: number
}

const BATCH_WINDOWS = 32

/** Predicts whole clips as the application would: the windows of detected speech, their logits averaged. */
export async function predictCopies(
  network: tf.LayersModel,
  copies: readonly ClipCopy[],
  { spec, plan, classes }: { spec: NetworkInputSpec; plan: WindowPlan; classes: number },
): Promise<CopyPrediction[]> {
  const sums = copies.map(() => new Float64Array(classes))
  const counts = copies.map(() => 0)
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
  for (const [index, copy] of copies.entries()) {
    const features = featuresOfCopy(copy, spec)
    const reference = clipReference(features, spec)
    for (const window of planWindows(copy.speech, features.isSpeech.length, plan)) {
      if (window.state !== 'speech') continue
      writeWindow(batch, owners.length, stepFeatures(features, window, reference, spec), spec)
      owners.push(index)
      if (owners.length === BATCH_WINDOWS) await flush()
    }
  }
  await flush()
  return copies.map((_, index) => ({
    logits: Array.from(sums[index]!, (sum) => sum / Math.max(1, counts[index]!)),
    windowCount: counts[index]!,
  }))
}
