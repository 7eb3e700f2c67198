import type { ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import type { Prediction, Predictions } from '../evaluation/predictions'
import { RAVDESS_LABELS } from '../data/ravdess'
import { ACTOR_FOLDS } from '../speech/folds'
import { type AvClip, type AvModel, ravdessKey } from './av-table'
import { crossCalibrate } from './cross-fit'
import type { PairSet } from './pair-set'

/** A clip's picture side and what the speech model said out of fold about its sound. */
export interface MatchedClip {
  readonly clip: AvClip
  /** Number of the actor's fold among the four of the speech networks, in which the published folds are contained. */
  readonly part: string
  /** Logits in the order of RAVDESS_LABELS. */
  readonly voice: readonly number[]
}

/**
 * The fold of an actor among the four.
 * @throws UnmaskError 'data.invalid' for an actor of none
 */
export function foldOfActor(actor: string): string {
  const fold = ACTOR_FOLDS.findIndex((actors) => actors.includes(actor))
  if (fold === -1)
    throw new UnmaskError('data.invalid', `actor "${actor}" is in none of the four folds by actor`)
  return String(fold)
}

/**
 * Finds for every clip of the table the prediction for its sound, by the last six fields of the name.
 * @throws UnmaskError 'data.invalid' when one is missing, stands twice, or has another label or other classes
 */
export function matchClips(table: readonly AvClip[], speech: Predictions): MatchedClip[] {
  const order = RAVDESS_LABELS.map((label) => speech.labels.indexOf(label))
  if (order.includes(-1) || speech.labels.length !== RAVDESS_LABELS.length)
    throw new UnmaskError(
      'data.invalid',
      `speech predictions are of ${speech.labels.join(', ')}; the pairs need ${RAVDESS_LABELS.join(', ')}`,
    )
  const byKey = new Map<string, Prediction>()
  for (const item of speech.items) {
    const key = ravdessKey(nameOf(item.id))
    if (byKey.has(key))
      throw new UnmaskError('data.invalid', `speech predictions hold the clip ...${key} twice`)
    byKey.set(key, item)
  }
  return table.map((clip) => {
    const item = byKey.get(clip.key)
    if (!item)
      throw new UnmaskError(
        'data.invalid',
        `speech predictions lack the clip ...${clip.key}; predict all ${table.length} out of fold`,
      )
    if (speech.labels[item.truth] !== RAVDESS_LABELS[clip.label])
      throw new UnmaskError(
        'data.invalid',
        `clip ${clip.name} is ${RAVDESS_LABELS[clip.label]} in the table, ${speech.labels[item.truth] ?? 'unknown'} in the speech predictions`,
      )
    return {
      clip,
      part: foldOfActor(clip.actor),
      voice: order.map((index) => item.logits[index] ?? Number.NaN),
    }
  })
}

/** File name without folder and ending, whatever names the item. */
function nameOf(id: string): string {
  return (id.split(/[\\/]/).at(-1) ?? id).replace(/\.[a-z0-9]+$/i, '')
}

export interface RealPairsOptions {
  /** Published model that gives the picture side. */
  readonly faceModel: AvModel
  /** Published model that gives the sound side; null: the matched own predictions. */
  readonly voiceModel?: AvModel | null
  /** Prior of the own speech model (its card), in the order of RAVDESS_LABELS. */
  readonly voicePrior: readonly number[]
  /** In words, for the protocol: which run gave the own speech predictions. */
  readonly voiceName: string
}

/**
 * Real pairs in eight classes. Temperatures of both sides are fitted on the other folds; the published models' priors are
 * the class shares of the other folds, on which they were trained.
 */
export function realPairs(matched: readonly MatchedClip[], options: RealPairsOptions): PairSet {
  const { faceModel, voiceModel = null, voicePrior, voiceName } = options
  const sideOf = (logitsOf: (item: MatchedClip) => readonly number[]) =>
    crossCalibrate(
      matched.map((item) => ({ part: item.part, truth: item.clip.label, logits: logitsOf(item) })),
    )
  const face = sideOf(({ clip }) => clip.outputs[faceModel])
  const voice = sideOf(({ clip, voice: own }) => (voiceModel ? clip.outputs[voiceModel] : own))
  const shares = classShares(matched)
  return {
    labels: RAVDESS_LABELS satisfies readonly ModelLabel[],
    facePrior: shares,
    voicePrior: voiceModel ? shares : Float64Array.from(voicePrior),
    pairs: matched.map(({ clip, part }, index) => ({
      id: clip.name,
      group: clip.actor,
      part,
      truth: clip.label,
      face: face.probs[index] as Float64Array,
      voice: voice.probs[index] as Float64Array,
      isFaceWrong: false,
    })),
    protocol:
      `real pairs: ${matched.length} audio-visual RAVDESS clips of ${new Set(matched.map(({ clip }) => clip.actor)).size} actors; ` +
      `voice: ${voiceModel ? `${voiceModel} (published outputs)` : voiceName}; face: ${faceModel} ` +
      '(published outputs of Luna-Jimenez et al. 2022); both out of fold, temperatures fitted on the other folds',
  }
}

/** Every fold has the same ones, so one vector serves all. */
function classShares(matched: readonly MatchedClip[]): Float64Array {
  const counts = new Float64Array(RAVDESS_LABELS.length)
  for (const { clip } of matched) counts[clip.label] = (counts[clip.label] ?? 0) + 1
  return counts.map((count) => count / matched.length)
}
