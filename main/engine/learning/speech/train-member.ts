import { join } from 'node:path'
import type { tf } from '../../inference/tf'
import type { NetworkInputSpec } from '../../speech/network-input'
import { type EpochRow, writeCurves } from '../evaluation/curves'
import { configHashOf } from '../training/checkpoint'
import type { DropoutStream } from '../training/fused-layers'
import { openRunFolder, type Provenance } from '../training/run-folder'
import type { SpeechClip } from './clip-features'
import { measureStandardisation } from './clip-input'
import type { MemberConfig, SpeechConfig } from './config'
import { buildNetA } from './net-a'
import { classWeightsOf, unstandardisedSpec, windowPlanOf } from './recipe'
import { trainNetwork } from './train-network'

/** A network that training begins with instead of a fresh one. */
export interface MemberStart {
  readonly network: tf.LayersModel
  /** Its standardisation stays. */
  readonly spec: NetworkInputSpec
}

export interface TrainMemberOptions {
  readonly config: SpeechConfig
  readonly member: MemberConfig
  readonly labels: readonly string[]
  readonly seed: number
  /** Checkpoint, curves and configuration of this member's run. */
  readonly runFolder: string
  /** Named in messages: "seed 1, fold 2, level". */
  readonly name: string
  readonly start?: MemberStart
  readonly provenance: Provenance
  readonly isResumed: boolean
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
}

export interface TrainedMember {
  readonly member: MemberConfig
  /** Whoever asked disposes it. */
  readonly network: tf.LayersModel
  readonly spec: NetworkInputSpec
  readonly curves: readonly EpochRow[]
}

/** What a run depends on beside the clips: a checkpoint, or a fold's predictions, of anything else is refused. */
export function memberHash(
  {
    config,
    member,
    labels,
    seed,
    start,
  }: Pick<TrainMemberOptions, 'config' | 'member' | 'labels' | 'seed' | 'start'>,
  clips: readonly { readonly id: string; readonly label: number }[],
): string {
  const { training, copies, augment, windowSecs, hopSecs, minimumSpeechSecs } = config
  const windows = { windowSecs, hopSecs, minimumSpeechSecs }
  const data = clips.map(({ id, label }) => [id, label])
  const begun = start ? Array.from(start.spec.mean) : null
  return configHashOf({ training, copies, augment, windows, member, labels, seed, data, begun })
}

/** Trains one member of the ensemble, or goes on with its run. The backend must be open. */
export async function trainMember(
  clips: readonly SpeechClip[],
  options: TrainMemberOptions,
): Promise<TrainedMember> {
  const { config, member, labels, seed, name, start, runFolder, onMessage } = options
  const { checkpointFile } = await openRunFolder(runFolder, {
    ...options,
    config: { ...config, members: [member], seed },
  })
  const plain = start?.spec ?? unstandardisedSpec(config, member)
  const spec = start?.spec ?? {
    ...plain,
    ...measureStandardisation(
      clips.map(({ copies }) => copies[0]!),
      plain,
    ),
  }
  const stream: DropoutStream = { random: null }
  const { steps, coefficients } = spec
  const network = buildNetA({
    steps,
    coefficients,
    classes: labels.length,
    seed: seed + member.seedOffset,
    dropoutRate: config.training.dropout,
    isNormFrozen: start !== undefined,
    stream,
  })
  try {
    if (start) network.setWeights(matchWeights(network, start.network))
    const curves = await trainNetwork(network, clips, {
      batch: {
        spec,
        plan: windowPlanOf(config),
        augment: config.augment,
        training: config.training,
        classWeights: classWeightsOf(config, labels),
      },
      seed: seed + member.seedOffset,
      stream,
      checkpointFile,
      configHash: memberHash(options, clips),
      signal: options.signal,
      onEpoch: async (rows) => {
        const row = rows.at(-1)!
        const secsLeft = row.secs * (config.training.epochs - row.epoch)
        onMessage(
          `${name}: epoch ${row.epoch} of ${config.training.epochs}, loss ${row.trainLoss.toFixed(4)}, accuracy ${(100 * row.trainAccuracy).toFixed(1)}%, ${row.secs.toFixed(1)} s, ${Math.ceil(secsLeft / 60)} min left`,
        )
        if (row.epoch % CURVES_EVERY === 0 || row.epoch === config.training.epochs)
          await writeCurves(runFolder, rows, `Speech network, ${name}`)
      },
    })
    return { member, network, spec, curves }
  } catch (error) {
    network.dispose()
    throw error
  }
}

/** Epochs last a second: drawing the curves after each would cost as much. */
const CURVES_EVERY = 5

/** Weights by layer name, since frozen and trained layers stand in another order. */
function matchWeights(network: tf.LayersModel, source: tf.LayersModel): tf.Tensor[] {
  const values = new Map(
    source.layers.flatMap((layer) =>
      layer.getWeights().map((tensor, index) => [`${layer.name}/${index}`, tensor] as const),
    ),
  )
  const byVariable = new Map(
    network.layers.flatMap((layer) =>
      layer.weights.map((weight, index) => [weight.name, values.get(`${layer.name}/${index}`)] as const),
    ),
  )
  return network.weights.map((weight) => {
    const tensor = byVariable.get(weight.name)
    if (!tensor) throw new Error(`the model to start from has no weight ${weight.name}`)
    return tensor
  })
}

/** Where a member's run is kept below a folder. */
export const memberFolder = (folder: string, member: MemberConfig): string => join(folder, member.name)
