import { throwIfAborted } from '../errors'
import type { LoadedSpeechModel } from '../inference/registry'
import type { AudioBlock } from '../media/types'
import { type CollectedFeatures, collectFeatures } from './collect-features'
import { type FrameClock, rangeToInterval, spanOf } from './frame-clock'
import { DEFAULT_MFCC_PARAMETERS, parseMfccParameters } from './mfcc-parameters'
import {
  allocateBatch,
  baseColumns,
  clipReference,
  type NetworkInputSpec,
  networkInputSpec,
  stepFeatures,
  writeWindow,
} from './network-input'
import { PITCH_COLUMNS } from './pitch-columns'
import { asLogits, calibratedProbabilities, combineLogits, runSpeechNetwork } from './speech-network'
import type { SpeechTimeline, SpeechWindow } from './types'
import { detectSpeech, type VadResult } from './vad'
import { DIGITAL_SILENCE_DB } from './vad-features'
import { windowLevels } from './window-levels'
import { windowPlan } from './window-plan'
import { type PlannedWindow, planWindows } from './windows'

export interface AnalyseSpeechOptions {
  /** Null: speech is found but not classified; the audio is then expected at 16 kHz. */
  readonly model: LoadedSpeechModel | null
  /** Default: the card's. At most the network's input length. */
  readonly windowSecs?: number
  readonly hopSecs?: number
  readonly signal?: AbortSignal
  /** Called with the seconds of audio read so far, then also with the share of windows classified, 0..1. */
  readonly onProgress?: (readSecs: number, classifiedShare: number) => void
}

/** Windows that go through the network together. */
const BATCH_WINDOWS = 32

/**
 * Finds speech in a stream of audio and reads emotion from it, window by window. Keeps 22 numbers per 10 ms of audio (25 with pitch),
 * no samples. Blocks may start anywhere on the clip's clock; gaps between them are silence.
 * @param blocks mono audio at the model's sampling rate
 * @throws UnmaskError 'usage.invalid' for windows the network cannot take; 'cancelled'
 */
export async function analyseSpeech(
  blocks: AsyncIterable<AudioBlock>,
  options: AnalyseSpeechOptions,
): Promise<SpeechTimeline> {
  const { model, signal, onProgress } = options
  const mfcc = model ? parseMfccParameters(model.card.input.features) : DEFAULT_MFCC_PARAMETERS
  const framesPerSec = mfcc.sampleRateHz / mfcc.hopSamples
  const plan = windowPlan(model?.card ?? null, options, framesPerSec)
  let readSecs = 0
  const collected = await collectFeatures(blocks, {
    parameters: mfcc,
    pitch: model?.card.members.some(({ pitch }) => pitch) ?? false,
    signal,
    onProgress: (secs) => {
      readSecs = secs
      onProgress?.(secs, 0)
    },
  })
  const { frameCount, vadRows } = collected
  const vad = detectSpeech(vadRows, framesPerSec)
  const planned = planWindows(vad.speech, frameCount, plan)
  const probs = model
    ? await classifyWindows(collected, vad, planned, {
        model,
        signal,
        onProgress: (share) => onProgress?.(readSecs, share),
      })
    : new Map<PlannedWindow, Float32Array>()
  const clock: FrameClock = { ...collected, mfcc }
  const windows: SpeechWindow[] = planned.map((window) => ({
    ...rangeToInterval(window, clock),
    state: window.state,
    ...windowLevels(vadRows, vad, window, plan.windowFrames),
    modelProbs: probs.get(window) ?? null,
  }))
  if (frameCount === 0) windows.push(...framelessRow(collected, clock))
  return { span: spanOf(clock), activity: vad.speech.map((range) => rangeToInterval(range, clock)), windows }
}

/** The one row of a sound too short for a frame; none where there is no sound at all. */
function framelessRow({ framelessEnergy }: CollectedFeatures, clock: FrameClock): SpeechWindow[] {
  const samples = clock.endSample - clock.startSample
  if (samples === 0) return []
  const rmsDb = framelessEnergy > 0 ? 10 * Math.log10(framelessEnergy / samples) : DIGITAL_SILENCE_DB
  return [{ ...spanOf(clock), state: 'silence', rmsDb, speechShare: 0, snrDb: null, modelProbs: null }]
}

interface ClassifyOptions {
  readonly model: LoadedSpeechModel
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Calibrated probabilities of the windows in state 'speech'; the level and melody references are those of all that was collected. */
export async function classifyWindows(
  collected: Pick<CollectedFeatures, 'base' | 'pitch' | 'frameCount'>,
  { isSpeech }: Pick<VadResult, 'isSpeech'>,
  planned: readonly PlannedWindow[],
  { model, signal, onProgress }: ClassifyOptions,
): Promise<Map<PlannedWindow, Float32Array>> {
  const { card, networks } = model
  const windows = planned.filter(({ state }) => state === 'speech')
  const members = card.members.map((member, index) => {
    const spec = networkInputSpec(card.input.features, member)
    const clip = { base: baseOf(collected, spec), isSpeech }
    const batch = allocateBatch(Math.min(BATCH_WINDOWS, windows.length), spec)
    return { member, network: networks[index]!, spec, clip, reference: clipReference(clip, spec), batch }
  })
  const weights = card.members.map(({ weight }) => weight)
  const labels = card.labels.length
  const probs = new Map<PlannedWindow, Float32Array>()
  for (let first = 0; first < windows.length; first += BATCH_WINDOWS) {
    throwIfAborted(signal)
    onProgress?.(first / windows.length)
    const chunk = windows.slice(first, first + BATCH_WINDOWS)
    const logits: Float32Array[] = []
    for (const { member, network, spec, clip, reference, batch } of members) {
      chunk.forEach((window, index) =>
        writeWindow(batch, index, stepFeatures(clip, window, reference, spec), spec),
      )
      const outputs = await runSpeechNetwork(network, batch, {
        spec,
        count: chunk.length,
        hasMask: member.hasMask,
        outputIndex: card.outputIndex,
      })
      logits.push(asLogits(outputs, card.output))
    }
    const combined = combineLogits(logits, weights)
    chunk.forEach((window, index) => {
      const row = combined.subarray(index * labels, (index + 1) * labels)
      probs.set(window, calibratedProbabilities(row, card.calibration.temperature))
    })
  }
  return probs
}

/** The columns that a member takes, from those that were collected once for all. */
function baseOf(
  { base, pitch, frameCount }: Pick<CollectedFeatures, 'base' | 'pitch' | 'frameCount'>,
  spec: NetworkInputSpec,
): Float32Array {
  if (!spec.pitch || !pitch) return base
  const columns = baseColumns(spec)
  const own = spec.mfcc.cepstra + 1
  const out = new Float32Array(frameCount * columns)
  for (let frame = 0; frame < frameCount; frame++) {
    out.set(base.subarray(frame * own, (frame + 1) * own), frame * columns)
    out.set(pitch.subarray(frame * PITCH_COLUMNS, (frame + 1) * PITCH_COLUMNS), frame * columns + own)
  }
  return out
}
