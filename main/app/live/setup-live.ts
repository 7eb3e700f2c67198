import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../engine/errors'
import { makeFolder } from '../../engine/export/make-folder'
import { planHost, planSettings } from '../../host/label-plan'
import type { LiveOrder } from '../../host/live/live-orders'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { modelPlaces } from '../models/model-places'
import { currentSettings } from '../settings/setup-settings'
import { UtilityService } from '../utility-service'

/** Where recordings go: the open project, as the live part needs it. */
export interface RecordingProject {
  readonly folder: string
  /** Adds a recording, queues it for labelling, and @returns its token. */
  adopt(path: string): Promise<string>
}

export interface LiveService {
  /** Hands the window a port to the live process, which is started and configured first. */
  handPort(): Promise<void>
}

const RECORDINGS_FOLDER = 'recordings'

/** @param project the open one; null where none is open */
export function setupLive(context: AppContext, project: () => RecordingProject | null): LiveService {
  const service = new UtilityService(context, {
    name: 'live',
    script: context.paths.liveScript,
    env: threadsFor(availableParallelism()),
  })
  const tell = (order: LiveOrder) => service.post(order)
  const requireProject = (): RecordingProject => {
    const open = project()
    if (open) return open
    throw new UnmaskError('usage.invalid', 'beginRecording: no project is open; open or create one first')
  }

  answer(
    'beginRecording',
    z.strictObject({ container: z.enum(['webm', 'mp4']), hasVideo: z.boolean() }),
    async ({ container, hasVideo }) => {
      const folder = join(requireProject().folder, RECORDINGS_FOLDER)
      await makeFolder(folder)
      const name = freeName(folder, hasVideo ? 'live' : 'voice', container)
      tell({ type: 'record', folder, name, container })
      return { name }
    },
  )
  answer('adoptRecording', z.strictObject({ fileName: z.string().min(1).max(300) }), async ({ fileName }) => {
    const { folder, adopt } = requireProject()
    const path = join(folder, RECORDINGS_FOLDER, fileName)
    // The name comes from the window: a name it must be, of a file that is there.
    if (basename(fileName) !== fileName || !existsSync(path))
      throw new UnmaskError(
        'input.not-found',
        `adoptRecording: there is no recording ${JSON.stringify(fileName)}`,
      )
    return { token: await adopt(path) }
  })
  answer('leaveLive', z.null(), async () => {
    await service.stop()
    return null
  })

  return {
    handPort: async () => {
      tell({ type: 'configure', ...(await configuration(context)) })
      service.handPort()
    },
  }
}

async function configuration(context: AppContext) {
  const { analysis, labelling } = currentSettings()
  const { faceModel, speechModel, backend, detector } = labelling
  const { modelsFolder } = context.paths
  const wish = {
    modelsFolder,
    backend,
    detector,
    ...(faceModel !== null && { faceModel: await modelPlaces().wanted(faceModel) }),
    ...(speechModel !== null && { speechModel: await modelPlaces().wanted(speechModel) }),
    settings: { ...analysis, modalities: ['face' as const, 'speech' as const, 'fusion' as const] },
  }
  const settings = await planSettings(wish)
  const { host } = await planHost(wish, settings, context.appVersion)
  return { host, settings }
}

/**
 * The networks are small and camera, picture and sound need cores, too: with a thread a core they wait for each other, and a
 * frame took 45 ms instead of 25 on two busy cores.
 */
function threadsFor(cores: number): NodeJS.ProcessEnv {
  const threads = String(Math.max(1, Math.min(4, Math.floor(cores / 2))))
  return { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: threads }
}

/** A name by date and time, with a number where the second was used already. */
function freeName(folder: string, kind: string, container: string): string {
  const time = new Date()
  const part = (value: number) => String(value).padStart(2, '0')
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(part).join('-')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(part).join('-')
  const stem = `${kind}-${day}-${clock}`
  const isTaken = (name: string) =>
    [`${name}.${container}`, `${name}.part.${container}`, `${name}.live.csv`].some((file) =>
      existsSync(join(folder, file)),
    )
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem}-${number}`
    if (!isTaken(name)) return name
  }
}
