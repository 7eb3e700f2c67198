import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { listModels, type ModelFolder, readModelFolder } from '../../engine/inference/model-folder'

const FILE = 'model-folders.json'
const fileSchema = z.object({ formatVersion: z.literal(1), folders: z.array(z.string().min(1)) })

export interface PlacedModel extends ModelFolder {
  readonly isAdded: boolean
}

/** The models that came with Unmask, and folders of the user's own. */
export class ModelPlaces {
  readonly #shippedFolder: string
  readonly #file: string
  #folders: Promise<string[]> | null = null

  constructor(shippedFolder: string, userDataFolder: string) {
    this.#shippedFolder = shippedFolder
    this.#file = join(userDataFolder, FILE)
  }

  /** @returns the models that can be read, and why the other added folders cannot */
  async list(): Promise<{ models: PlacedModel[]; problems: string[] }> {
    const shipped = await listModels(this.#shippedFolder)
    const models = shipped.map((model): PlacedModel => ({ ...model, isAdded: false }))
    const problems: string[] = []
    for (const folder of await this.#added()) {
      try {
        const model = await readModelFolder(folder)
        if (models.some(({ card }) => card.id === model.card.id))
          problems.push(`another model is called ${model.card.id} already: ${folder}`)
        else models.push({ ...model, isAdded: true })
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error))
      }
    }
    return { models, problems }
  }

  /** What chooseModel() takes for an id: the folder of an added model, the id of any other. */
  async wanted(id: string): Promise<string> {
    const { models } = await this.list()
    const found = models.find(({ card, isAdded }) => isAdded && card.id === id)
    return found?.folder ?? id
  }

  /** @throws UnmaskError 'model.not-found' | 'model.bad-card' | 'usage.invalid' where the id is taken */
  async add(folder: string): Promise<PlacedModel> {
    const model = await readModelFolder(folder)
    const { models } = await this.list()
    const rival = models.find(({ card }) => card.id === model.card.id)
    if (rival)
      throw new UnmaskError(
        'usage.invalid',
        `a model called ${model.card.id} is here already; give one of them another id in its card.json: ${folder}`,
      )
    await this.#store([...(await this.#added()), folder])
    return { ...model, isAdded: true }
  }

  async remove(id: string): Promise<void> {
    const { models } = await this.list()
    const gone = models.find(({ card, isAdded }) => isAdded && card.id === id)
    if (!gone) throw new UnmaskError('model.not-found', `no added model is called ${id}`)
    await this.#store((await this.#added()).filter((folder) => folder !== gone.folder))
  }

  #added(): Promise<string[]> {
    return (this.#folders ??= readFolders(this.#file))
  }

  async #store(folders: string[]): Promise<void> {
    await writeAtomic(this.#file, [`${JSON.stringify({ formatVersion: 1, folders }, null, 2)}\n`])
    this.#folders = Promise.resolve(folders)
  }
}

/** A list that is absent or damaged is an empty one: the folders themselves are untouched and can be added again. */
async function readFolders(file: string): Promise<string[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).folders
  } catch {
    return []
  }
}

let current: ModelPlaces | null = null

/** Where models lie, for whoever labels. @throws UnmaskError 'internal' before setupModels */
export function modelPlaces(): ModelPlaces {
  if (!current) throw new UnmaskError('internal', 'models are asked for before their places are known')
  return current
}

export function setModelPlaces(places: ModelPlaces): void {
  current = places
}
