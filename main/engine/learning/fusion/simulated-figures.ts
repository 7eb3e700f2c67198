import { EMOTIONS, EMOTION_COUNT, type ModelLabel } from '../../emotions'
import { createLabelMap } from '../../fusion/label-map'
import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import { type FaceSet, selectFaces } from '../data/face-set'
import { leadingVotes } from '../data/votes'
import type { VectorSet } from '../dense/dense-net'
import type { EpochRow } from '../evaluation/curves'
import type { Predictions } from '../evaluation/predictions'
import { Random } from '../random'
import { crossConcatenate } from './cross-concatenation'
import { crossCalibrate } from './cross-fit'
import { chooseExponents, type ExponentChoice } from './exponent-choice'
import { faceOutputs, type FaceOutputs } from './face-outputs'
import { type FusionFigure, measureRuns } from './figures'
import { canonicalTruth } from './pair-set'
import { decisionFigures, logVectors } from './real-figures'
import { drawPairs, type Side, simulatedPairs } from './simulated-pairs'

/** Pairs that figures are taken on, and pairs that the exponents are chosen on: other draws. */
const REPORT_PAIRS = { count: 7000, seed: 1 } as const
const CHOICE_PAIRS = { count: 7000, seed: 2 } as const
/** Training faces of each class for the concatenation, which needs no more. */
const TRAINING_FACES_PER_CLASS = 400
const CONCAT_SEEDS = [1, 2, 3]

export interface SimulatedOptions {
  /** Own speech model, out of fold. */
  readonly speech: Predictions
  readonly voicePrior: readonly number[]
  readonly voiceName: string
  /** Fold of a group (an actor) of the speech predictions. */
  readonly partOf: (group: string) => string
  readonly face: LoadedModel<FaceCard>
  readonly testFaces: FaceSet
  /** In words: "FER2013 PublicTest". */
  readonly testFacesName: string
  readonly trainingFaces: FaceSet
  readonly cacheFolder: string
  readonly signal?: AbortSignal
  readonly onMessage?: (message: string) => void
}

interface ReadFaces {
  readonly outputs: FaceOutputs
  /** Canonical index, -1 where none leads. */
  readonly truth: readonly number[]
}

/** The votes' majority where there are votes, which is what the application's head answers to; else the label. */
function truthOf({ votes, labels }: FaceSet): number[] {
  return Array.from(votes ? leadingVotes(votes) : labels)
}

/** Chooses the exponents on simulated pairs and measures every way of fusing on others. */
export async function simulatedFigures(
  options: SimulatedOptions,
): Promise<{ figures: FusionFigure[]; choice: ExponentChoice; curves: EpochRow[] }> {
  const test = await readFaces(options, options.testFaces)
  const faces = faceSide(options, test)
  const voices = voiceSide(options)
  const choice = chooseExponents(simulatedPairs(faces, voices, CHOICE_PAIRS))
  const set = simulatedPairs(faces, voices, REPORT_PAIRS)
  const figures = decisionFigures([{ seed: REPORT_PAIRS.seed, set }], {
    pairs: 'simulated pairs',
    sides: 'own voice and own face',
    idPrefix: 'simulated-7',
    chosen: choice,
    modelId: null,
    hasHeadline: false,
  })
  options.onMessage?.('simulated pairs: the network on concatenated vectors is trained')
  const concatenated = await concatFigures(options, { test, faces, voices })
  return { figures: [...figures, concatenated.figure], choice, curves: concatenated.curves }
}

async function readFaces(options: SimulatedOptions, set: FaceSet): Promise<ReadFaces> {
  options.onMessage?.(`${set.count} faces are read by ${options.face.card.id}`)
  return { outputs: await faceOutputs(options.face, set, options), truth: truthOf(set) }
}

/** Temperatures of faces are fitted on every other face and used on the rest, and swapped. */
function faceSide({ face: { card }, testFaces, testFacesName }: SimulatedOptions, read: ReadFaces): Side {
  const { outputs, truth } = read
  const labels = card.labels as ModelLabel[]
  const known = Array.from(truth.keys()).filter((item) => truth[item] !== -1)
  const own = known.map((item) => labels.indexOf(EMOTIONS[truth[item] ?? 0] as ModelLabel))
  const { probs } = crossCalibrate(
    known.map((item, index) => ({
      part: index % 2 === 0 ? 'even' : 'odd',
      truth: own[index] ?? -1,
      logits: Array.from(outputs.logits.subarray(item * outputs.classes, (item + 1) * outputs.classes)),
    })),
  )
  const { map, prior } = createLabelMap({ id: card.id, labels, prior: card.prior })
  const counts = EMOTIONS.map(
    (emotion, index) => `${truth.filter((label) => label === index).length} ${emotion}`,
  )
  return {
    prior,
    name:
      `${card.id} on ${known.length} faces of ${testFacesName} (${testFaces.votes ? 'leading FER+ emotion' : 'label'}: ` +
      `${counts.join(', ')}), ${card.input.mirrorAverage ? 'mirror average' : 'one pass'}, temperature fitted on the other half`,
    items: known.map((item, index) => ({
      id: testFaces.ids[item] ?? String(item),
      group: testFaces.ids[item] ?? String(item),
      part: '',
      truth: truth[item] ?? -1,
      probs: seven(map, probs[index] ?? new Float64Array()),
    })),
  }
}

function voiceSide({ speech, voicePrior, voiceName, partOf }: SimulatedOptions): Side {
  const { probs } = crossCalibrate(
    speech.items.map(({ group, truth, logits }) => ({ part: partOf(group), truth, logits })),
  )
  const { map, prior } = createLabelMap({ id: 'speech', labels: speech.labels, prior: voicePrior })
  return {
    prior,
    name: `${voiceName}, out of fold, temperatures fitted on the other folds`,
    items: speech.items.map(({ id, group, truth }, index) => ({
      id,
      group,
      part: partOf(group),
      truth: canonicalTruth(speech.labels, truth),
      probs: seven(map, probs[index] ?? new Float64Array()),
    })),
  }
}

function seven(map: ReturnType<typeof createLabelMap>['map'], probs: Float64Array): Float64Array {
  const out = new Float64Array(EMOTION_COUNT)
  map(probs, out)
  return out
}

/** The face network's embedding beside the voice's out-of-fold log-posteriors. */
async function concatFigures(
  options: SimulatedOptions,
  { test, faces, voices }: { test: ReadFaces; faces: Side; voices: Side },
): Promise<{ figure: FusionFigure; curves: EpochRow[] }> {
  const chosen = drawTraining(options.trainingFaces)
  const training = await readFaces(options, chosen)
  const parts = voices.items.map(({ part }) => part)
  const voiceVectors = logVectors(voices.items.map(({ probs }) => probs))
  const known = Array.from(test.truth.keys()).filter((item) => test.truth[item] !== -1)
  const testFaces = rowsOf(test.outputs, known)
  const testPairs = drawPairs(faces.items, voices.items, REPORT_PAIRS).map((pair, index) => ({
    ...pair,
    id: `${index}:${faces.items[pair.face]?.id ?? ''}+${voices.items[pair.voice]?.id ?? ''}`,
    group: voices.items[pair.voice]?.group ?? '',
    part: voices.items[pair.voice]?.part ?? '',
  }))
  const curves: EpochRow[] = []
  const seedRuns = CONCAT_SEEDS.map((seed) => ({
    seed,
    predictions: crossConcatenate({
      labels: EMOTIONS,
      trainFaces: {
        vectors: rowsOf(training.outputs, Array.from(training.truth.keys())),
        truth: training.truth,
        parts: null,
      },
      trainVoices: { vectors: voiceVectors, truth: voices.items.map(({ truth }) => truth), parts },
      testFaces,
      testVoices: voiceVectors,
      testPairs,
      pairing: 'same-class',
      seed,
      protocol:
        `simulated pairs: ${testPairs.length} draws of a class (each equally often), a face and an utterance of that class, seed ${REPORT_PAIRS.seed}; ` +
        `face: embedding of ${faces.name}; voice: log-posteriors of ${voices.name}; seven classes; ` +
        `training faces: ${chosen.count} of the training part`,
      signal: options.signal,
      ...(seed === CONCAT_SEEDS[0] ? { onRow: (row: EpochRow) => curves.push(row) } : {}),
    }),
  }))
  const figure = measureRuns(seedRuns, {
    id: 'simulated-7-concat',
    pairs: 'simulated pairs',
    sides: 'own voice and own face',
    way: "concatenated: the face network's embedding and the voice's log-posteriors",
    method: 'concatenation-fusion',
    seedsOf: 'training of the concatenation',
  })
  return { figure, curves }
}

/** Equally many training faces of each class as far as there are any, by seed. */
function drawTraining(set: FaceSet): FaceSet {
  const truth = truthOf(set)
  const random = new Random(1, 0x7ace)
  const items = EMOTIONS.flatMap((_, emotion) => {
    const own = Array.from(truth.keys()).filter((item) => truth[item] === emotion)
    return random.shuffle(own).slice(0, TRAINING_FACES_PER_CLASS)
  })
  return selectFaces(set, items)
}

function rowsOf({ embeddings, width }: FaceOutputs, items: readonly number[]): VectorSet {
  const inputs = new Float32Array(items.length * width)
  items.forEach((item, row) => inputs.set(embeddings.subarray(item * width, (item + 1) * width), row * width))
  return { count: items.length, width, inputs }
}
