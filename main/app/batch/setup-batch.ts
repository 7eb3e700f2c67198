import { cpus } from 'node:os'
import { utilityProcess } from 'electron'
import { z } from 'zod'
import type { BatchChoices, BatchOffer } from '../../../preload/contract/batch'
import { UnmaskError } from '../../engine/errors'
import { labelChoicesSchema } from '../../engine/project/label-choices'
import { HostClient } from '../../host/host-client'
import { defaultJobs } from '../../host/label-plan'
import { startUtility } from '../../host/utility-child'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { modelPlaces } from '../models/model-places'
import type { ProjectService } from '../projects/project-service'
import type { ProjectSession } from '../projects/project-session'
import { currentSettings } from '../settings/setup-settings'
import { BatchPlanner } from './batch-plan'
import { BatchService } from './batch-service'

/** The batch of the open project. */
export interface BatchSetup {
  readonly service: BatchService | null
  /** A project was opened, or the last one closed. */
  take(session: ProjectSession | null): void
  /** Stops what runs. */
  letGo(): Promise<void>
}

const startHost = startUtility((script, env) =>
  utilityProcess.fork(script, [], {
    serviceName: 'Unmask labelling',
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  }),
)

const tokensSchema = z.array(z.string().min(1).max(200)).max(100_000)

export function setupBatch(context: AppContext, projects: ProjectService): BatchSetup {
  let service: BatchService | null = null
  const running = (): BatchService => {
    if (service) return service
    throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
  }
  const clipIds = (tokens: readonly string[]) => tokens.map((token) => projects.open.clipOf(token).clipId)

  answer('batchOffer', z.null(), () => offer(projects.open))
  answer('batchQueue', z.null(), () => ({ queue: running().queue, progress: running().progress }))
  answer('queueClips', z.strictObject({ tokens: tokensSchema.nullable() }), ({ tokens }) => ({
    queued: tokens ? running().add(clipIds(tokens)) : running().addUnfinished(),
  }))
  answer(
    'startBatch',
    z.strictObject({ choices: labelChoicesSchema, onDifference: z.enum(['ask', 'relabel', 'keep']) }),
    ({ choices, onDifference }) => running().start(choices, onDifference),
  )
  answer('pauseBatch', z.null(), () => {
    running().pause()
    return null
  })
  answer('resumeBatch', z.null(), async () => {
    await running().resume()
    return null
  })
  answer('stopBatch', z.null(), async () => {
    await running().stop()
    return null
  })
  answer('cancelClips', z.strictObject({ tokens: tokensSchema }), ({ tokens }) => {
    running().cancel(clipIds(tokens))
    return null
  })
  answer('retryClips', z.strictObject({ tokens: tokensSchema.nullable() }), ({ tokens }) => ({
    queued: running().retry(tokens && clipIds(tokens)),
  }))
  answer(
    'moveClips',
    z.strictObject({ tokens: tokensSchema, index: z.number().int().min(0) }),
    ({ tokens, index }) => {
      running().move(clipIds(tokens), index)
      return null
    },
  )

  return {
    get service() {
      return service
    },
    take: (session) => {
      service = session && createService(context, session)
      if (service) context.tell('batchQueueChanged', service.queue)
    },
    letGo: async () => {
      await service?.close()
      service = null
    },
  }
}

function createService(context: AppContext, session: ProjectSession): BatchService {
  const { paths, appVersion } = context
  return new BatchService({
    session,
    cores: cpus().length,
    planner: new BatchPlanner({
      modelsFolder: paths.modelsFolder,
      wanted: (id) => modelPlaces().wanted(id),
      appVersion,
      resultsFolder: session.project.resultsFolder,
      settings: () => currentSettings().analysis,
    }),
    startWorker: (plan, threads) =>
      new HostClient({
        script: paths.hostScript,
        config: plan.host,
        stallSecs: plan.choices.stallSecs,
        threads,
        start: startHost,
      }),
    onQueue: (queue) => context.tell('batchQueueChanged', queue),
    onProgress: (progress) => context.tell('batchProgressChanged', progress),
  })
}

/** The choices of the project's latest batch, else those of the settings. */
async function offer(session: ProjectSession): Promise<BatchOffer> {
  const { models } = await modelPlaces().list()
  const named = (task: string) =>
    models.filter(({ card }) => card.task === task).map(({ card }) => ({ id: card.id, title: card.title }))
  const cores = cpus().length
  return {
    choices: session.project.file.choices ?? choicesOfSettings(),
    faceModels: named('face-emotion'),
    speechModels: named('speech-emotion'),
    cores,
    defaultJobs: defaultJobs(cores),
    hasResults: session.list().some(({ hasResults }) => hasResults),
  }
}

function choicesOfSettings(): BatchChoices {
  const { analysis, labelling } = currentSettings()
  return {
    modalities: [...analysis.modalities],
    framesPerSec: analysis.framesPerSec,
    windowSecs: analysis.speech.windowSecs,
    hopSecs: analysis.speech.hopSecs,
    fusionMethod: analysis.fusion.method,
    exports: { ...labelling.exports },
    jobs: labelling.jobs,
    backend: labelling.backend,
    detector: labelling.detector,
    faceModel: labelling.faceModel,
    speechModel: labelling.speechModel,
    stallSecs: labelling.stallSecs,
  }
}
