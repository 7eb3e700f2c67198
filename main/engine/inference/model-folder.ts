import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UnmaskError } from '../errors'
import { isFusionCard } from '../fusion/card'
import { type ModelCard, modelCardSchema } from './card'

/** A model folder whose card was read; weights are not touched yet. */
export interface ModelFolder<Card extends ModelCard = ModelCard> {
  readonly folder: string
  readonly card: Card
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
