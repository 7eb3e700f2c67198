import { cpus, totalmem } from 'node:os'
import { dialog, utilityProcess } from 'electron'
import { z } from 'zod'
import type { ModelList } from '../../../preload/contract/models'
import { UnmaskError } from '../../engine/errors'
import { readFusionCard } from '../../engine/fusion/card'
import { BACKEND_CHOICES } from '../../engine/inference/backend-choice'
import { chooseModel } from '../../engine/inference/model-choice'
import { startUtility } from '../../host/utility-child'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { checkBackend } from './check-backend'
import { fusionEntry, modelEntry } from './model-entry'
import { ModelPlaces, setModelPlaces } from './model-places'
import { listReportSets, readReportSet, reportsOfModel } from './report-sets'

const startHost = startUtility((script, env) =>
  utilityProcess.fork(script, [], {
    serviceName: 'Unmask backend check',
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  }),
)

/** Answers for models, their reports and what runs them. */
export function setupModels(context: AppContext): void {
  const { modelsFolder, reportsFolder, hostScript } = context.paths
  const places = new ModelPlaces(modelsFolder, context.userDataFolder)
  setModelPlaces(places)

  answer('listModels', z.null(), () => listAll(places, modelsFolder))
  answer('modelReports', z.strictObject({ id: z.string().max(200) }), async ({ id }) => {
    const { models } = await places.list()
    const folder = models.find(({ card }) => card.id === id)?.folder ?? null
    return reportsOfModel(id, folder, reportsFolder)
  })
  answer('comparedReports', z.null(), async () =>
    (await listReportSets(reportsFolder))
      .flatMap(({ evaluations }) => evaluations)
      .filter(({ isHeadline }) => isHeadline),
  )
  answer('openReportFolder', z.null(), async () => {
    const folder = await askFolder(context, 'Open a report folder')
    return folder === null ? null : readReportSet(folder)
  })
  answer('addModelFolder', z.null(), async () => {
    const folder = await askFolder(context, 'Add a model folder')
    return folder === null ? null : modelEntry(await places.add(folder), false)
  })
  answer('removeModel', z.strictObject({ id: z.string().max(200) }), async ({ id }) => {
    await places.remove(id)
    return null
  })
  answer('checkBackend', z.strictObject({ backend: z.enum(BACKEND_CHOICES) }), ({ backend }) =>
    checkBackend(backend, { hostScript, appVersion: context.appVersion, start: startHost }),
  )
  answer('diagnostics', z.null(), () => {
    const cores = cpus()
    return {
      processor: cores[0]?.model.trim() ?? 'unknown',
      cores: cores.length,
      memoryGib: totalmem() / 2 ** 30,
      system: `${process.platform} ${process.arch}`,
    }
  })
}

async function listAll(places: ModelPlaces, modelsFolder: string): Promise<ModelList> {
  const { models, problems } = await places.list()
  const defaults = new Set<string>()
  for (const task of ['face-emotion', 'speech-emotion'] as const)
    try {
      defaults.add((await chooseModel(modelsFolder, task)).card.id)
    } catch (error) {
      problems.push(messageOf(error))
    }
  const entries = await Promise.all(models.map((model) => modelEntry(model, defaults.has(model.card.id))))
  try {
    const fusion = await readFusionCard(modelsFolder)
    if (fusion) entries.push(fusionEntry(fusion))
  } catch (error) {
    problems.push(messageOf(error))
  }
  return { models: entries, problems }
}

async function askFolder(context: AppContext, title: string): Promise<string | null> {
  const window = context.window()
  if (!window) throw new UnmaskError('internal', 'the window is closed')
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title,
    properties: ['openDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
