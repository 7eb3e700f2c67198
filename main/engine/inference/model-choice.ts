import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../errors'
import type { FaceCard, ModelCard, SpeechCard } from './card'
import { listModels, type ModelFolder, readModelFolder } from './model-folder'

/** models/defaults.json: the id of the model that serves each task unless another is named. */
const defaultsSchema = z.object({ 'face-emotion': z.string(), 'speech-emotion': z.string() })
const DEFAULTS_FILE = 'defaults.json'

type CardOf<Task extends ModelCard['task']> = Task extends 'face-emotion' ? FaceCard : SpeechCard

/**
 * The model of a task: the folder or the id that is named, else the one of defaults.json.
 * @param wanted a path (absolute, or with a slash, or beginning with a dot) or an id
 * @throws UnmaskError 'model.not-found' | 'model.bad-card'
 */
export async function chooseModel<Task extends ModelCard['task']>(
  modelsFolder: string,
  task: Task,
  wanted?: string,
): Promise<ModelFolder<CardOf<Task>>> {
  const found = await findModel(modelsFolder, task, wanted)
  if (found.card.task !== task)
    throw new UnmaskError(
      'model.not-found',
      `model ${found.card.id} is for ${found.card.task}, ${task} is wanted: ${found.folder}`,
    )
  return { folder: found.folder, card: found.card as CardOf<Task> }
}

/**
 * A model of whatever task.
 * @param wanted a path (absolute, or with a slash, or beginning with a dot), an id, or the name of its folder
 * @throws UnmaskError 'model.not-found' | 'model.bad-card'
 */
export async function findNamedModel(modelsFolder: string, wanted: string): Promise<ModelFolder> {
  if (isPath(wanted)) return readModelFolder(resolve(wanted))
  const models = await listModels(modelsFolder)
  const found =
    models.find(({ card }) => card.id === wanted) ?? models.find(({ folder }) => basename(folder) === wanted)
  if (found) return found
  throw new UnmaskError(
    'model.not-found',
    `no model is called "${wanted}"; there are ${models.map(({ card }) => card.id).join(', ') || 'none'} in ${modelsFolder}`,
  )
}

const isPath = (wanted: string) => isAbsolute(wanted) || /[\\/]|^\./.test(wanted)

async function findModel(
  modelsFolder: string,
  task: ModelCard['task'],
  wanted?: string,
): Promise<ModelFolder> {
  if (wanted !== undefined && isPath(wanted)) return readModelFolder(resolve(wanted))
  const models = await listModels(modelsFolder)
  const id = wanted ?? (await readDefaults(modelsFolder))[task]
  const found = models.find(({ card }) => card.id === id)
  if (found) return found
  const known = models.filter(({ card }) => card.task === task).map(({ card }) => card.id)
  throw new UnmaskError(
    'model.not-found',
    `no model is called "${id}"; for ${task} there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'} in ${modelsFolder}`,
  )
}

async function readDefaults(modelsFolder: string): Promise<z.infer<typeof defaultsSchema>> {
  const path = join(modelsFolder, DEFAULTS_FILE)
  try {
    return defaultsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new UnmaskError('model.not-found', `the default models cannot be read; restore the file: ${path}`, {
      cause: error,
    })
  }
}

/** One line that changes when any file of the model does. */
export function modelFingerprint(card: ModelCard): string {
  return card.files.map(({ sha256 }) => sha256).join('+')
}
