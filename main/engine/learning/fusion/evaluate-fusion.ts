import { UnmaskError } from '../../errors'
import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import type { FaceSet } from '../data/face-set'
import type { EpochRow } from '../evaluation/curves'
import type { Predictions } from '../evaluation/predictions'
import { readAvTable } from './av-table'
import type { ExponentChoice } from './exponent-choice'
import type { FusionFigure } from './figures'
import { realFigures, realSensitivity } from './real-figures'
import { foldOfActor, matchClips } from './real-pairs'
import { simulatedFigures } from './simulated-figures'

export interface EvaluateFusionOptions {
  /** Table of the published models' outputs on the audio-visual clips. */
  readonly avTable: string
  /**
   * Own speech model: out-of-fold logits of every clip, one run for each seed of training; the first is every row's own
   * and alone makes the simulated pairs. The prior is that of its card, in the predictions' label order.
   */
  readonly speech: readonly { readonly seed: number; readonly predictions: Predictions }[]
  readonly voicePrior: readonly number[]
  readonly voiceName: string
  readonly face: LoadedModel<FaceCard>
  readonly testFaces: FaceSet
  /** In words: "FER2013 PublicTest". */
  readonly testFacesName: string
  readonly trainingFaces: FaceSet
  /** The id of the fusion's card, where the figures are for one. */
  readonly modelId: string | null
  readonly cacheFolder: string
  readonly signal?: AbortSignal
  readonly onMessage?: (message: string) => void
}

export interface FusionEvaluation {
  readonly figures: readonly FusionFigure[]
  readonly choice: ExponentChoice
  /** Training of the concatenated network on simulated pairs, first fold and seed. */
  readonly curves: readonly EpochRow[]
  /** What the real pairs themselves would have preferred: reported, never used. */
  readonly sensitivity: ReturnType<typeof realSensitivity>
}

/**
 * Every figure of fusion: the exponents are chosen on simulated pairs, then all ways are measured on other simulated
 * pairs and on the real pairs. The backend must be open. Seeded throughout.
 * @throws UnmaskError 'data.invalid' where pairs cannot be made of the data
 */
export async function evaluateFusion(options: EvaluateFusionOptions): Promise<FusionEvaluation> {
  const { speech, voicePrior, voiceName, modelId, signal, onMessage } = options
  const [first] = speech
  if (!first) throw new UnmaskError('data.invalid', 'no speech predictions were given')
  const table = await readAvTable(options.avTable)
  const runs = speech.map(({ seed, predictions }) => ({ seed, clips: matchClips(table, predictions) }))
  const simulated = await simulatedFigures({
    ...options,
    speech: first.predictions,
    partOf: foldOfActor,
  })
  onMessage?.(`real pairs: ${table.length} clips, ${runs.length} runs of the speech model`)
  const real = { chosen: simulated.choice, voicePrior, voiceName, modelId, signal }
  return {
    figures: [...realFigures(runs, real), ...simulated.figures],
    choice: simulated.choice,
    curves: simulated.curves,
    sensitivity: realSensitivity(runs[0]?.clips ?? [], real),
  }
}
