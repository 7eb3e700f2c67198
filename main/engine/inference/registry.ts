import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UnmaskError } from '../errors'
import { isFusionCard } from '../fusion/card'
import { type FaceCard, type ModelCard, modelCardSchema, type SpeechCard } from './card'
import { tf } from './tf'

/** A model folder whose card was read; weights are not touched yet. */
export interface ModelFolder<Card extends ModelCard = ModelCard> {
  readonly folder: string
  readonly card: Card
}

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

const CARD_FILE = 'card.json'

/**
 * Reads the card of one model folder.
 * @throws UnmaskError 'model.not-found' | 'model.bad-card'
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  return parseModelFolder(folder, await readCard(folder))
}

async function readCard(folder: string): Promise<unknown> {
  const file = join(folder, CARD_FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new UnmaskError(
      'model.not-found',
      `no model card ${CARD_FILE} can be read in model folder ${folder}`,
      {
        cause: error,
      },
    )
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new UnmaskError(
      'model.bad-card',
      `the model card is not JSON; restore it from the repository: ${file}`,
      {
        cause: error,
      },
    )
  }
}

function parseModelFolder(folder: string, raw: unknown): ModelFolder {
  if (isFusionCard(raw))
    throw new UnmaskError(
      'model.bad-card',
      `the fusion has no network to load; "unmask evaluate fusion" measures it: ${folder}`,
    )
  const parsed = modelCardSchema.safeParse(raw)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.join('.') || 'card'
    const file = join(folder, CARD_FILE)
    throw new UnmaskError('model.bad-card', `${where}: ${issue?.message ?? 'invalid'} in model card ${file}`)
  }
  return { folder, card: parsed.data }
}

/**
 * All folders of networks directly below a folder, sorted by id. Folders without a card are passed over, and so is the
 * fusion's, which has no network (fusion/card.ts reads it).
 */
export async function listModels(modelsFolder: string): Promise<ModelFolder[]> {
  let names: string[]
  try {
    names = await readdir(modelsFolder)
  } catch (error) {
    throw new UnmaskError('model.not-found', `the models folder cannot be read: ${modelsFolder}`, {
      cause: error,
    })
  }
  const found: ModelFolder[] = []
  for (const name of names.sort()) {
    const folder = join(modelsFolder, name)
    if (!(await hasCard(folder))) continue
    const raw = await readCard(folder)
    if (!isFusionCard(raw)) found.push(parseModelFolder(folder, raw))
  }
  return found.sort((a, b) => (a.card.id < b.card.id ? -1 : 1))
}

/** Links count as what they lead to; what may not be looked into holds no model for us. */
async function hasCard(folder: string): Promise<boolean> {
  try {
    return (await stat(join(folder, CARD_FILE))).isFile()
  } catch {
    return false
  }
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

/**
 * Reads every file of a model and checks it against the card's sha256.
 * @returns contents by file name
 * @throws UnmaskError 'model.not-found' | 'model.bad-hash'
 */
export async function verifyModelFiles(found: ModelFolder): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>()
  for (const { name, sha256 } of found.card.files) {
    const path = join(found.folder, name)
    let bytes: Buffer
    try {
      bytes = await readFile(path)
    } catch (error) {
      throw new UnmaskError('model.not-found', `model ${found.card.id} lacks its file ${path}`, {
        cause: error,
      })
    }
    const actual = createHash('sha256').update(bytes).digest('hex')
    if (actual !== sha256)
      throw new UnmaskError(
        'model.bad-hash',
        `sha256 is ${actual}, the card says ${sha256}: the file was changed or damaged; restore it: ${path}`,
      )
    contents.set(name, bytes)
  }
  return contents
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
