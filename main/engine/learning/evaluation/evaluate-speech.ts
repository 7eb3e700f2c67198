import type { ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import type { VoiceClip } from '../data/voice-clip'
import { type ClipFailure, readAllClipLogits, type SpeechModel } from './clip-logits'
import { evaluatePredictions } from './evaluate-predictions'
import type { Predictions } from './predictions'
import type { EvaluationReport } from './report-schema'
import { guardTrainingData } from './training-guard'

export interface EvaluateSpeechOptions {
  /** For the guard: "ravdess" and so on. */
  readonly dataSet: string
  readonly dataName: string
  readonly isTrainingDataAllowed?: boolean
  readonly excludeIds?: ReadonlySet<string>
  readonly seed?: number
  readonly resamples?: number
  readonly signal?: AbortSignal
  readonly onClip?: (done: number, total: number) => void
}

export interface SpeechEvaluation {
  readonly reports: EvaluationReport[]
  readonly failures: ClipFailure[]
}

/**
 * Measures a speech model on recordings of speakers it has not heard. The backend must be open.
 * @throws UnmaskError 'data.invalid' for training data, and when no clip can be read
 */
export async function evaluateSpeech(
  model: SpeechModel,
  allClips: readonly VoiceClip[],
  options: EvaluateSpeechOptions,
): Promise<SpeechEvaluation> {
  const { card } = model
  const clips = allClips.filter(({ id }) => !options.excludeIds?.has(id))
  const sources = clips.map(({ id, split, speaker }) => ({
    id,
    split,
    speaker: speaker || null,
    dataSet: options.dataSet,
  }))
  const guard = guardTrainingData(card, sources, options.isTrainingDataAllowed ?? false)
  const { read, failures } = await readAllClipLogits(model, clips, options)
  if (read.length === 0)
    throw new UnmaskError(
      'data.invalid',
      `none of ${clips.length} clips can be read; the first: ${failures[0]?.reason ?? 'no clip'}`,
    )
  const labels = card.labels as ModelLabel[]
  const speakers = new Set(read.map(({ clip }) => clip.speaker))
  const withoutWindow = read.filter(({ result }) => result.windowCount === 0).length
  const predictions: Predictions = {
    labels,
    protocol:
      `${options.dataName}, ${read.length} clips of ${speakers.size} speakers; a clip's windows of detected speech ` +
      `(${card.input.windowSecs} s every ${card.input.hopSecs} s), logits averaged; no seed`,
    items: read.map(({ clip, result }) => ({
      id: clip.id,
      group: clip.speaker || clip.id,
      truth: labels.indexOf(clip.label),
      logits: result.logits,
    })),
  }
  const notes = [...guard.notes]
  if (clips.length < allClips.length)
    notes.push(`Left out by request: ${allClips.length - clips.length} clips.`)
  if (failures.length > 0) notes.push(`Left out because they could not be read: ${failures.length} clips.`)
  if (withoutWindow > 0)
    notes.push(`Clips in which no speech was found, counted with equal probabilities: ${withoutWindow}.`)
  const report = evaluatePredictions(predictions, {
    id: 'speech',
    name: `${card.title}: ${labels.length} classes`,
    method: 'speech-cnn',
    isHeadline: true,
    isProductFigure: guard.trainingItems === 0,
    modelId: card.id,
    notes,
    prior: card.prior,
    shippedTemperature: card.calibration.temperature,
    groupUnit: speakers.size > 1 ? 'speaker' : 'clip',
    bootstrap: { seed: options.seed ?? 1, resamples: options.resamples },
  })
  return { reports: [report], failures }
}
