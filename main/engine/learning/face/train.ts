import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { EMOTION_COUNT } from '../../emotions'
import { UnmaskError } from '../../errors'
import { openBackend } from '../../inference/backend'
import type { FaceCard } from '../../inference/card'
import type { LoadedModel } from '../../inference/registry'
import type { tf } from '../../inference/tf'
import { FACE_VOTE_COUNT, type FaceSet } from '../data/face-set'
import { type EpochRow, writeCurves } from '../evaluation/curves'
import { type Checkpoint, configHashOf, readCheckpointFile, takeArrays } from '../training/checkpoint'
import type { DropoutStream } from '../training/fused-layers'
import { readWeights, writeWeights } from '../training/parameters'
import { CHECKPOINT_FILE, openRunFolder, type Provenance } from '../training/run-folder'
import type { FaceConfig } from './config'
import { buildFaceNet, type FaceNetForm } from './net'
import { type StepProgress, trainFaceNetwork } from './train-network'
import { isTrainingSplit, labelShares, trainingRows } from './training-rows'

export interface TrainFaceOptions {
  readonly set: FaceSet
  readonly config: FaceConfig
  readonly runFolder: string
  readonly provenance: Provenance
  readonly isResumed: boolean
  /** Begin with the weights of this model, in folded form, instead of random ones. */
  readonly base?: LoadedModel<FaceCard>
  /** Begin with the averaged weights of this run of the same network: a second stage. */
  readonly afterRun?: string
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
  readonly onStep?: (progress: StepProgress) => void
}

export interface TrainedFace {
  /** Holds the averaged weights; whoever asked disposes it. */
  readonly network: tf.LayersModel
  readonly form: FaceNetForm
  /** Epochs of an earlier run that this one went on from. */
  readonly earlierEpochs: number
  readonly curves: readonly EpochRow[]
  readonly items: Int32Array
  readonly leaked: Int32Array
  /** Shares of the seven labels among the items. */
  readonly shares: readonly number[]
  readonly configHash: string
}

/** Trains the face network in its run folder, or goes on with a run that was cut off. */
export async function trainFace(options: TrainFaceOptions): Promise<TrainedFace> {
  const { set, config, onMessage } = options
  const backend = await openBackend('tensorflow')
  const { items, leaked } = trainingRows(set)
  const validationItems = Int32Array.from(
    [...set.splits.keys()].filter((item) => !isTrainingSplit(set.splits[item]!) && set.labels[item]! >= 0),
  )
  const shares = labelShares(set, items)
  const earlier = options.afterRun === undefined ? null : await readEarlierRun(options.afterRun)
  const configHash = configHashOf({
    config,
    data: dataHash(set, items),
    ...(options.base ? { base: options.base.card.files } : {}),
    ...(earlier ? { after: earlier.configHash, epoch: earlier.epoch } : {}),
  })
  onMessage(`backend ${backend.description}; run ${configHash} in ${options.runFolder}`)
  onMessage(
    `${items.length} pictures to train on, ${leaked.length} left out because the same picture is in another part, ${validationItems.length} to draw the curves`,
  )
  const { checkpointFile } = await openRunFolder(options.runFolder, options)
  const stream: DropoutStream = { random: null }
  const form: FaceNetForm = options.base ? 'folded' : 'training'
  const network = buildFaceNet({
    form,
    sidePx: set.sidePx,
    heads: [EMOTION_COUNT, FACE_VOTE_COUNT],
    network: config.network,
    seed: config.seed,
    stream,
  })
  try {
    if (options.base) copyWeights(options.base, network)
    if (earlier) takeAverages(earlier, network, options.afterRun ?? '')
    const curves = await trainFaceNetwork(network, {
      ...options,
      items,
      validationItems,
      shares,
      stream,
      checkpointFile,
      configHash,
      onEpoch: async (rows) => {
        await writeCurves(options.runFolder, joined(earlier, rows), 'Face network')
        onMessage(describeEpoch(rows.at(-1)!, config.epochs))
      },
    })
    return {
      network,
      form,
      earlierEpochs: earlier?.epoch ?? 0,
      curves: joined(earlier, curves),
      items,
      leaked,
      shares,
      configHash,
    }
  } catch (error) {
    network.dispose()
    throw error
  }
}

async function readEarlierRun(folder: string): Promise<Checkpoint> {
  const file = join(folder, CHECKPOINT_FILE)
  const checkpoint = await readCheckpointFile(file, null)
  if (!checkpoint) throw new UnmaskError('data.invalid', `--after: there is no checkpoint: ${file}`)
  return checkpoint
}

/** The curves of the first stage, then those of this one with their epochs counted on. */
function joined(earlier: Checkpoint | null, rows: readonly EpochRow[]): EpochRow[] {
  const before = (earlier?.extra['curves'] as readonly EpochRow[] | undefined) ?? []
  return [...before, ...rows.map((row) => ({ ...row, epoch: row.epoch + before.length }))]
}

function takeAverages(earlier: Checkpoint, network: tf.LayersModel, folder: string): void {
  const weights = readWeights(network)
  takeArrays(earlier, 'averages', weights, join(folder, CHECKPOINT_FILE))
  writeWeights(network, weights)
}

/** @throws UnmaskError 'model.bad-weights' where the base is another network */
function copyWeights(base: LoadedModel<FaceCard>, network: tf.LayersModel): void {
  try {
    network.setWeights(base.network.getWeights())
  } catch (error) {
    throw new UnmaskError(
      'model.bad-weights',
      `model ${base.card.id} is another network than config.network describes; take the config.json of its folder: ${base.folder}`,
      { cause: error },
    )
  }
}

/** Of the pictures that are trained on, with labels and votes, in order. */
function dataHash(set: FaceSet, items: Int32Array): string {
  const perFace = set.sidePx * set.sidePx
  const hash = createHash('sha256')
  for (const item of items) {
    hash.update(set.pixels.subarray(item * perFace, (item + 1) * perFace))
    hash.update(Uint8Array.of(set.labels[item]!))
    const votes = set.votes?.subarray(item * FACE_VOTE_COUNT, (item + 1) * FACE_VOTE_COUNT)
    if (votes) hash.update(new Uint8Array(votes))
  }
  return hash.digest('hex').slice(0, 16)
}

function describeEpoch(row: EpochRow, epochs: number): string {
  const percent = (value: number | null) => (value === null ? '-' : `${(100 * value).toFixed(1)}%`)
  return `epoch ${row.epoch} of ${epochs}: loss ${row.trainLoss.toFixed(4)}, accuracy ${percent(row.trainAccuracy)}; held out ${row.validationLoss?.toFixed(4) ?? '-'}, ${percent(row.validationAccuracy)}; ${row.secs.toFixed(0)} s`
}
