import { UnmaskError } from '../errors'
import type { FaceCard, ModelCard, SpeechCard } from './card'
import { type ModelFolder, readModelFolder, verifyModelFiles } from './model-folder'
import { tf } from './tf'

/** A network ready to run. Whoever loads it disposes it. */
export interface LoadedModel<Card extends ModelCard = ModelCard> extends ModelFolder<Card> {
  readonly network: tf.LayersModel
  dispose(): void
}

/** A speech model ready to run: one network for each of the card's members, in their order. */
export interface LoadedSpeechModel extends ModelFolder<SpeechCard> {
  readonly networks: readonly tf.LayersModel[]
  dispose(): void
}

/**
 * Checks every file against the card's sha256 and builds the network from those very bytes, so that what was checked is
 * what runs. The backend must be open.
 * @throws UnmaskError 'model.not-found' | 'model.bad-hash' | 'model.bad-weights' | 'model.bad-card'
 */
export async function loadFaceModel(folder: string): Promise<LoadedModel<FaceCard>> {
  const found = await readModelFolder(folder)
  const { card } = found
  if (card.task !== 'face-emotion') throw wrongTask(found, 'face-emotion')
  const contents = await verifyModelFiles(found)
  const { widthPx, heightPx, colour } = card.input
  const network = await buildNetwork(found, contents, {
    topology: card.files[0]?.name ?? 'model.json',
    inputShape: [heightPx, widthPx, colour === 'grey' ? 1 : 3],
  })
  return { folder, card, network, dispose: () => network.dispose() }
}

/** The same for a speech model. @throws UnmaskError as loadFaceModel */
export async function loadSpeechModel(folder: string): Promise<LoadedSpeechModel> {
  const found = await readModelFolder(folder)
  const { card } = found
  if (card.task !== 'speech-emotion') throw wrongTask(found, 'speech-emotion')
  const contents = await verifyModelFiles(found)
  const networks: tf.LayersModel[] = []
  const dispose = () => {
    for (const network of networks) network.dispose()
  }
  try {
    for (const { topology, steps, coefficients } of card.members)
      networks.push(await buildNetwork(found, contents, { topology, inputShape: [steps, coefficients] }))
  } catch (error) {
    dispose()
    throw error
  }
  return { folder, card, networks, dispose }
}

function wrongTask(found: ModelFolder, wanted: string): UnmaskError {
  return new UnmaskError(
    'model.bad-card',
    `task is ${found.card.task}, ${wanted} is wanted in model ${found.folder}`,
  )
}

interface NetworkPlace {
  /** Name of its model.json. */
  readonly topology: string
  /** Of one row: without the batch. */
  readonly inputShape: readonly number[]
}

async function buildNetwork(
  found: ModelFolder,
  contents: ReadonlyMap<string, Buffer>,
  place: NetworkPlace,
): Promise<tf.LayersModel> {
  const network = await parseNetwork(found, contents, place.topology)
  try {
    requireShapes(network, found, place.inputShape)
  } catch (error) {
    network.dispose()
    throw error
  }
  return network
}

/** A network of other shapes than its card's would run all the same, and give each face a part of another's numbers. */
function requireShapes(
  network: tf.LayersModel,
  { card, folder }: ModelFolder,
  wanted: readonly number[],
): void {
  const output = network.outputs[card.outputIndex]
  const labels = output?.shape.at(-1)
  if (labels !== card.labels.length)
    throw new UnmaskError(
      'model.bad-card',
      `labels are ${card.labels.length}, output ${card.outputIndex} of the network gives ${labels ?? 'nothing'}: model ${folder}`,
    )
  const taken = network.inputs[0]?.shape.slice(1) ?? []
  const fits =
    taken.length === wanted.length && taken.every((size, axis) => size === null || size === wanted[axis])
  if (!fits)
    throw new UnmaskError(
      'model.bad-card',
      `input is ${wanted.join(' x ')}, the network takes ${taken.join(' x ')}: model ${folder}`,
    )
}

interface LayersManifest {
  modelTopology: object
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[]
}

async function parseNetwork(
  found: ModelFolder,
  contents: ReadonlyMap<string, Buffer>,
  topology: string,
): Promise<tf.LayersModel> {
  try {
    const manifest = JSON.parse(contents.get(topology)?.toString('utf8') ?? '') as LayersManifest
    const weightSpecs = manifest.weightsManifest.flatMap((group) => group.weights)
    const parts = manifest.weightsManifest.flatMap((group) => group.paths).map((path) => contents.get(path))
    if (parts.some((part) => !part))
      throw new Error(`the card does not list every weights file of ${topology}`)
    const weights = Buffer.concat(parts as Buffer[])
    const artifacts: tf.io.ModelArtifacts = {
      modelTopology: manifest.modelTopology,
      weightSpecs,
      weightData: weights.buffer.slice(
        weights.byteOffset,
        weights.byteOffset + weights.byteLength,
      ) as ArrayBuffer,
    }
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnmaskError(
      'model.bad-weights',
      `the network cannot be built (${reason}) from model ${found.folder}`,
      {
        cause: error,
      },
    )
  }
}
