import { throwIfAborted, toFault } from '../../errors'
import { decodeAudio } from '../../media/decode-audio'
import { probe } from '../../media/probe'
import { analyseSpeech, type AnalyseSpeechOptions } from '../../speech/analyse-speech'

/** A speech model as the engine's analysis takes it. */
export type SpeechModel = NonNullable<AnalyseSpeechOptions['model']>

export interface ClipLogits {
  /**
   * Mean over the clip's windows of detected speech, shape [labels]; equal where it has none, which is how a reader
   * without information would answer.
   */
  readonly logits: readonly number[]
  readonly windowCount: number
}

/**
 * What a speech model says of whole clips, through the engine's own analysis: whatever it does with a model (front end,
 * windows, members) is what is measured.
 */
export async function readClipLogits(
  model: SpeechModel,
  path: string,
  signal?: AbortSignal,
): Promise<ClipLogits> {
  const { card } = model
  const info = await probe(path)
  const blocks = decodeAudio(info, { sampleRateHz: card.input.sampleRateHz, signal })
  const { windows } = await analyseSpeech(blocks, { model, signal })
  const spoken = windows.flatMap(({ modelProbs }) => (modelProbs ? [modelProbs] : []))
  const sums = new Float64Array(card.labels.length)
  for (const probs of spoken)
    // The engine gives calibrated probabilities; the logits are their logarithms times T, up to a constant.
    probs.forEach((p, label) => (sums[label]! += card.calibration.temperature * Math.log(Math.max(p, LEAST))))
  return { logits: Array.from(sums, (sum) => sum / Math.max(1, spoken.length)), windowCount: spoken.length }
}

/** Least normal 32-bit number: what a probability that vanished was at most. */
const LEAST = 2 ** -126

export interface ReadClipsOptions {
  readonly signal?: AbortSignal
  readonly onClip?: (done: number, total: number) => void
}

export interface ClipFailure {
  readonly path: string
  readonly reason: string
}

/** All clips in turn; one that cannot be read is left out and reported, not fatal. */
export async function readAllClipLogits<Clip extends { readonly path: string }>(
  model: SpeechModel,
  clips: readonly Clip[],
  { signal, onClip }: ReadClipsOptions,
): Promise<{ read: { clip: Clip; result: ClipLogits }[]; failures: ClipFailure[] }> {
  const read: { clip: Clip; result: ClipLogits }[] = []
  const failures: ClipFailure[] = []
  for (const [index, clip] of clips.entries()) {
    throwIfAborted(signal)
    try {
      read.push({ clip, result: await readClipLogits(model, clip.path, signal) })
    } catch (error) {
      throwIfAborted(signal)
      failures.push({ path: clip.path, reason: toFault(error).message })
    }
    onClip?.(index + 1, clips.length)
  }
  return { read, failures }
}
