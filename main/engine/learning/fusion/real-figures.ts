import { RAVDESS_LABELS } from '../data/ravdess'
import type { VectorSet } from '../dense/dense-net'
import type { AvModel } from './av-table'
import { crossConcatenate, type ConcatSide, type CrossConcatOptions } from './cross-concatenation'
import { bestOf, type ExponentChoice, exponentGrid } from './exponent-choice'
import { type FigureOptions, type FusionFigure, measureRule, measureRuns, type SeededSet } from './figures'
import { engineRule, singleRule, surerRule, weightedSumRule } from './fusion-rules'
import { CONFIDENCE_GATE, GATES_OFF, type GateSource, ORACLE_GATE, qualityGate } from './pair-gates'
import { type FusionRule, logOf, type PairSet, predictPairs, toSevenClasses } from './pair-set'
import { type MatchedClip, realPairs, type RealPairsOptions } from './real-pairs'
import { withWrongFaces } from './wrong-faces'

/** Share of faces that are wrong in the figures on gates. */
export const WRONG_SHARE = 0.3
/** Which faces are wrong, and simulated qualities, are drawn this often; the first draw is the row's own. */
const WRONG_SEEDS = [1, 2, 3, 4, 5]

/** What the exponents and the weight of the sum were chosen to be, on other pairs. */
export type Chosen = Pick<ExponentChoice, 'faceExponent' | 'speechExponent' | 'faceWeight'>

export interface SetFigureOptions {
  readonly pairs: string
  readonly sides: string
  /** Begins every id, which must be unique among all figures. */
  readonly idPrefix: string
  readonly chosen: Chosen
  readonly modelId: string | null
  readonly hasHeadline: boolean
}

/** Every way of fusing decisions, on pairs as they are (all runs) and with wrong faces (the first run). */
export function decisionFigures(runs: readonly SeededSet[], options: SetFigureOptions): FusionFigure[] {
  const { pairs, sides, idPrefix, chosen, modelId } = options
  const { faceExponent, speechExponent } = chosen
  const exponents = { faceExponent, speechExponent }
  const product = (gates: GateSource): FusionRule => engineRule(exponents, gates)
  const figure = (
    id: string,
    way: string,
    rule: FusionRule,
    more: Partial<FigureOptions> & { readonly note?: string } = {},
  ) => measureRule(runs, rule, { id: `${idPrefix}-${id}`, pairs, sides, way, note: way, ...more })
  const productNote = `gated product, b = ${faceExponent} (face), ${speechExponent} (voice), uniform prior`
  const own = [
    figure('voice', 'voice alone', singleRule('voice'), { method: 'other' }),
    figure('face', 'face alone', singleRule('face'), { method: 'other' }),
    figure('product', 'product', product(GATES_OFF), {
      gates: GATES_OFF.name,
      note: `${productNote}; ${GATES_OFF.note}`,
      isHeadline: options.hasHeadline,
      modelId,
    }),
    figure('product-confidence', 'product', product(CONFIDENCE_GATE), {
      gates: CONFIDENCE_GATE.name,
      note: `${productNote}; ${CONFIDENCE_GATE.note}`,
    }),
    figure('average', 'average of posteriors', weightedSumRule(0.5)),
    figure('weighted-sum', 'weighted sum of posteriors', weightedSumRule(chosen.faceWeight), {
      note: `weighted sum, ${chosen.faceWeight} on the face as chosen on simulated pairs`,
    }),
    figure('surer', 'the surer of the two', surerRule),
  ]
  const first = runs[0] as SeededSet
  return [...own, ...wrongFaceFigures(first.set, options, product, productNote)]
}

function wrongFaceFigures(
  set: PairSet,
  { pairs, sides, idPrefix }: SetFigureOptions,
  product: (gates: GateSource) => FusionRule,
  productNote: string,
): FusionFigure[] {
  const spoilt = WRONG_SEEDS.map((seed) => ({
    seed,
    set: withWrongFaces(set, { share: WRONG_SHARE, seed }),
  }))
  const figure = (
    id: string,
    way: string,
    { ruleOf, gates, note }: { ruleOf: (seed: number) => FusionRule; gates: string; note: string },
  ) => {
    const seedRuns = spoilt.map(({ seed, set: own }) => ({
      seed,
      predictions: predictPairs(own, ruleOf(seed), `${own.protocol}; ${note}`),
    }))
    return measureRuns(seedRuns, {
      id: `${idPrefix}-wrong-${id}`,
      pairs,
      sides,
      way,
      gates,
      wrongShare: WRONG_SHARE,
      seedsOf: 'which faces are wrong',
    })
  }
  const quality = (auc: number) => (seed: number) => qualityGate({ auc, wrongShare: WRONG_SHARE, seed })
  const gated: readonly (readonly [string, (seed: number) => GateSource])[] = [
    ['off', () => GATES_OFF],
    ['oracle', () => ORACLE_GATE],
    ['quality-90', quality(0.9)],
    ['quality-80', quality(0.8)],
    ['confidence', () => CONFIDENCE_GATE],
  ]
  return [
    ...gated.map(([id, gatesOf]) =>
      figure(`product-${id}`, 'product', {
        ruleOf: (seed) => product(gatesOf(seed)),
        gates: gatesOf(1).name,
        note: `${productNote}; ${gatesOf(1).note}`,
      }),
    ),
    figure('average', 'average of posteriors', {
      ruleOf: () => weightedSumRule(0.5),
      gates: '',
      note: 'average of posteriors',
    }),
  ]
}

export interface RealFigureOptions extends Pick<RealPairsOptions, 'voicePrior' | 'voiceName'> {
  readonly chosen: Chosen
  readonly modelId: string | null
  readonly signal?: AbortSignal
}

const HEADLINE_FACE: AvModel = 'action units, static'

/** The clips with the voices of one run of training. */
export interface MatchedRun {
  readonly seed: number
  readonly clips: readonly MatchedClip[]
}

/**
 * All figures on the real pairs: own speech with the published pictures' outputs, in eight and in seven classes.
 * @param runs the first is every row's own; the others give mean and SD
 */
export function realFigures(runs: readonly MatchedRun[], options: RealFigureOptions): FusionFigure[] {
  const eight = setsOf(runs, { ...options, faceModel: HEADLINE_FACE })
  const seven = eight.map(({ seed, set }) => ({ seed, set: toSevenClasses(set) }))
  const sides = 'own voice and published static face'
  const common = { pairs: 'real pairs', sides, chosen: options.chosen, modelId: options.modelId }
  return [
    ...decisionFigures(eight, { ...common, idPrefix: 'real-8', hasHeadline: true }),
    ...concatFigures(runs, eight, options),
    ...decisionFigures(seven, { ...common, idPrefix: 'real-7', hasHeadline: false }),
    ...otherSides(runs, options),
  ]
}

function setsOf(runs: readonly MatchedRun[], options: RealPairsOptions): SeededSet[] {
  return runs.map(({ seed, clips }) => ({ seed, set: realPairs(clips, options) }))
}

/** The product with the other published models, for comparison with what was measured elsewhere. */
function otherSides(
  runs: readonly MatchedRun[],
  { chosen: { faceExponent, speechExponent }, ...options }: RealFigureOptions,
): FusionFigure[] {
  const others: readonly {
    readonly id: string
    readonly sides: string
    readonly models: Pick<RealPairsOptions, 'faceModel' | 'voiceModel'>
  }[] = [
    {
      id: 'real-8-bilstm',
      sides: 'own voice and published bi-LSTM face',
      models: { faceModel: 'action units, bi-LSTM' },
    },
    {
      id: 'real-8-wav2vec-static',
      sides: 'published wav2vec voice and published static face',
      models: { faceModel: 'action units, static', voiceModel: 'wav2vec speech' },
    },
    {
      id: 'real-8-wav2vec-bilstm',
      sides: 'published wav2vec voice and published bi-LSTM face',
      models: { faceModel: 'action units, bi-LSTM', voiceModel: 'wav2vec speech' },
    },
  ]
  return others.map(({ id, sides, models }) =>
    measureRule(
      setsOf(models.voiceModel ? runs.slice(0, 1) : runs, { ...options, ...models }),
      engineRule({ faceExponent, speechExponent }),
      {
        id,
        pairs: 'real pairs',
        sides,
        way: 'product',
        gates: GATES_OFF.name,
        note: `gated product, b = ${faceExponent}, ${speechExponent}, uniform prior; ${GATES_OFF.note}`,
      },
    ),
  )
}

/**
 * Own faces of these clips are not to be had, so the concatenated vectors are both models' calibrated log-posteriors. Each
 * run's voices are joined by a network of its own seed.
 */
function concatFigures(
  runs: readonly MatchedRun[],
  sets: readonly SeededSet[],
  { signal }: RealFigureOptions,
): FusionFigure[] {
  return (['same-class', 'own'] as const).map((pairing) => {
    const seedRuns = concatSeeds(runs.length).map((seed, index) => {
      const { clips } = runs[index % runs.length] as MatchedRun
      const { set } = sets[index % sets.length] as SeededSet
      return { seed, predictions: concatenated(clips, set, { pairing, seed, signal }) }
    })
    return measureRuns(seedRuns, {
      id: `real-8-concat-${pairing}`,
      pairs: 'real pairs',
      sides: 'own voice and published static face',
      way: `concatenated log-posteriors${pairing === 'own' ? ', trained on real pairs' : ''}`,
      method: 'concatenation-fusion',
      isHeadline: pairing === 'same-class',
      seedsOf:
        runs.length > 1 ? 'training of the voice and of the concatenation' : 'training of the concatenation',
      notes:
        pairing === 'own'
          ? [
              'Trained on real pairs of the other folds, which the product never sees: a ceiling, not a way to ship.',
            ]
          : [],
    })
  })
}

/** At least three trainings of the small network. */
function concatSeeds(runs: number): number[] {
  return Array.from({ length: Math.max(3, runs) }, (_, index) => index + 1)
}

function concatenated(
  clips: readonly MatchedClip[],
  set: PairSet,
  { pairing, seed, signal }: Pick<CrossConcatOptions, 'pairing' | 'seed' | 'signal'>,
) {
  const truth = clips.map(({ clip }) => clip.label)
  const parts = clips.map(({ part }) => part)
  const faces: ConcatSide = { vectors: logVectors(set.pairs.map(({ face }) => face)), truth, parts }
  const voices: ConcatSide = { vectors: logVectors(set.pairs.map(({ voice }) => voice)), truth, parts }
  return crossConcatenate({
    labels: RAVDESS_LABELS,
    trainFaces: faces,
    trainVoices: voices,
    testFaces: faces.vectors,
    testVoices: voices.vectors,
    testPairs: set.pairs.map((pair, index) => ({ ...pair, face: index, voice: index })),
    pairing,
    seed,
    protocol: set.protocol,
    signal,
  })
}

export function logVectors(probs: readonly Float64Array[]): VectorSet {
  const width = probs[0]?.length ?? 0
  const inputs = new Float32Array(probs.length * width)
  probs.forEach((row, index) => inputs.set(logOf(row), index * width))
  return { count: probs.length, width, inputs }
}

/** What b the real pairs themselves would have preferred: a sensitivity, never a choice. */
export function realSensitivity(matched: readonly MatchedClip[], options: RealFigureOptions) {
  const set = realPairs(matched, { ...options, faceModel: HEADLINE_FACE })
  const grid = exponentGrid(set)
  const atOne = grid.find(({ faceExponent, speechExponent }) => faceExponent === 1 && speechExponent === 1)
  return { best: bestOf(grid), atOne: atOne ?? bestOf(grid) }
}
