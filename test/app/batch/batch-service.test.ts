import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BatchChoices, BatchProgress, BatchQueue } from '../../../preload/contract/batch'
import type { BatchPlan, Comparison } from '../../../main/app/batch/batch-plan'
import { BatchService, type BatchWorker } from '../../../main/app/batch/batch-service'
import { ProjectSession } from '../../../main/app/projects/project-session'
import type { ClipJob, ClipOutcome } from '../../../main/engine/batch/clip-job'
import { readJournal } from '../../../main/engine/batch/journal'
import { UnmaskError } from '../../../main/engine/errors'
import { Project } from '../../../main/engine/project/project'
import { shareCores } from '../../../main/host/label-plan'
import { labelOptions, ScriptedWorker } from '../../engine/batch/batch-support'
import { tempFolder } from '../../support/temp-folder'

const choices: BatchChoices = {
  modalities: ['face', 'speech', 'fusion'],
  framesPerSec: 'all',
  windowSecs: 2.5,
  hopSecs: 0.25,
  fusionMethod: 'product',
  exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
  jobs: 1,
  backend: 'wasm',
  detector: 'tiny',
  faceModel: null,
  speechModel: null,
  stallSecs: 60,
}

/** Behaves by the clip's name, as in the tests of the batch; "crash" only the first time. */
class ScriptedHost extends ScriptedWorker implements BatchWorker {
  constructor(
    private readonly tried: Set<string>,
    private readonly refusal: UnmaskError | null,
  ) {
    super()
  }

  async whenReady() {
    if (this.refusal) throw this.refusal
    return { backend: { description: 'scripted' } }
  }

  override label(job: ClipJob, options: Parameters<ScriptedWorker['label']>[1]): Promise<ClipOutcome> {
    const isSecond = this.tried.has(job.clipId)
    this.tried.add(job.clipId)
    const clipId = isSecond ? job.clipId.replace(/^(crash|hang)/, 'was-$1') : job.clipId
    return super.label({ ...job, clipId }, options)
  }
}

interface Setup {
  readonly service: BatchService
  readonly session: ProjectSession
  readonly names: (tokens: readonly string[]) => string[]
  readonly until: (phase: BatchQueue['phase']) => Promise<BatchQueue>
  readonly queues: BatchQueue[]
  readonly progresses: BatchProgress[]
  compared: Comparison
  refusal: UnmaskError | null
}

async function setup(files: readonly string[], folder?: string): Promise<Setup> {
  const root = folder ?? (await tempFolder())
  const recordings = join(root, 'recordings')
  await mkdir(recordings, { recursive: true })
  const paths = files.map((name) => join(recordings, name))
  for (const path of paths) await writeFile(path, path)
  const place = join(root, 'project')
  const project = folder ? await Project.open(place) : await Project.create(place)
  const session = new ProjectSession(project, {
    probe: async () => ({ kind: 'video', durationSecs: 1, hasSound: true }),
    onClips: () => undefined,
    onTrouble: (message) => expect.unreachable(message),
    onGrant: () => undefined,
    onRevoke: () => undefined,
    isBlind: () => false,
  })
  await session.load()
  if (!folder) await session.add(paths)
  const queues: BatchQueue[] = []
  const progresses: BatchProgress[] = []
  const tried = new Set<string>()
  const plan: BatchPlan = {
    choices,
    options: labelOptions(),
    host: {
      backend: 'wasm',
      faceModelFolder: null,
      speechModelFolder: null,
      detector: 'tiny',
      appVersion: '1',
    },
    identity: { appVersion: '1', models: {} },
  }
  const state: Pick<Setup, 'compared' | 'refusal'> = {
    compared: { kind: 'same', onExisting: 'resume' },
    refusal: null,
  }
  const service = new BatchService({
    session,
    planner: {
      share: shareCores,
      plan: async () => plan,
      compare: async () => state.compared,
      requireSameBackend: async () => undefined,
    },
    startWorker: () => new ScriptedHost(tried, state.refusal),
    cores: 2,
    onQueue: (queue) => queues.push(queue),
    onProgress: (progress) => progresses.push(progress),
  })
  onTestFinished(async () => {
    await service.close()
    await session.close()
  })
  const byToken = new Map(session.list().map(({ token, clipId }) => [token, clipId]))
  return Object.assign(state, {
    service,
    session,
    queues,
    progresses,
    names: (tokens: readonly string[]) => tokens.map((token) => byToken.get(token) ?? '?'),
    until: async (phase: BatchQueue['phase']) => {
      await expect.poll(() => service.queue.phase, { timeout: 10_000, interval: 5 }).toBe(phase)
      return service.queue
    },
  })
}

const statuses = (session: ProjectSession) =>
  Object.fromEntries(session.list().map(({ clipId, status }) => [clipId, status]))

describe('BatchService', () => {
  it('works its queue off; bad clips and crashed hosts fail alone, and are tried again', async () => {
    const { service, session, names, until } = await setup(['a.mp4', 'bad.mp4', 'crash.mp4', 'z.mp4'])
    expect(service.addUnfinished()).toBe(4)
    expect(service.queue.phase).toBe('waiting')
    expect(await service.start(choices, 'ask')).toEqual({ kind: 'started', clips: 4 })
    const queue = await until('finished')
    expect(names(queue.done)).toEqual(['a', 'z'])
    expect(names(queue.failed)).toEqual(['bad', 'crash'])
    expect(queue.backend).toBe('scripted')
    expect(statuses(session)).toMatchObject({ bad: 'failed', crash: 'failed' })
    expect(session.list().find(({ clipId }) => clipId === 'crash')?.problem).toMatchObject({
      code: 'host.crashed',
    })

    expect(service.retry(null)).toBe(2)
    await service.start(choices, 'ask')
    const again = await until('finished')
    expect(names(again.failed)).toEqual(['bad'])
    expect(names(again.done)).toEqual(['crash'])
    expect(session.project.file.queue).toEqual([])
  })

  it('stops at once, keeps what was under way in front, and goes on', async () => {
    const { service, session, names, until } = await setup(['a.mp4', 'hang.mp4', 'z.mp4'])
    service.addUnfinished()
    await service.start(choices, 'ask')
    await expect.poll(() => service.progress.running.length).toBe(1)
    await expect.poll(() => statuses(session)['hang']).toBe('running')
    await service.stop()
    expect(service.queue.phase).toBe('paused')
    expect(names(service.queue.waiting)).toEqual(['hang', 'z'])
    expect(session.project.file.queue).toEqual(['hang', 'z'])
    expect(statuses(session)).toMatchObject({ hang: 'queued', z: 'queued' })
    await service.resume()
    expect(names((await until('finished')).done)).toEqual(['a', 'hang', 'z'])
  })

  it('cancels one clip, moves others, and takes more while it runs', async () => {
    const { service, session, names, until } = await setup(['hang.mp4', 'b.mp4', 'c.mp4', 'd.mp4'])
    service.add(['hang', 'b', 'c'])
    await service.start(choices, 'ask')
    await expect.poll(() => statuses(session)['hang']).toBe('running')
    service.move(['c'], 0)
    expect(names(service.queue.waiting)).toEqual(['c', 'b'])
    expect(service.add(['d', 'c'])).toBe(1)
    service.cancel(['hang', 'b'])
    const queue = await until('finished')
    expect(names(queue.done)).toEqual(['c', 'd'])
    expect(statuses(session)).toMatchObject({ hang: 'new', b: 'new' })
  })

  it('finishes what runs when it is paused, then lets go of the folder', async () => {
    const { service, session, names, until } = await setup(['a.mp4', 'b.mp4', 'c.mp4'])
    service.addUnfinished()
    await service.start(choices, 'ask')
    service.pause()
    const paused = await until('paused')
    expect(paused.done.length + paused.waiting.length).toBe(3)
    expect(paused.waiting.length).toBeGreaterThan(0)
    await expect(readFile(join(session.project.resultsFolder, '.unmask.lock'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect(await readFile(join(session.project.resultsFolder, 'errors.csv'), 'utf8')).toBeDefined()
    await service.resume()
    expect(names((await until('finished')).done).sort()).toEqual(['a', 'b', 'c'])
  })

  it('finds its queue again after it was left', async () => {
    const root = await tempFolder()
    await mkdir(join(root, 'recordings'))
    const paths = ['a.mp4', 'hang.mp4', 'z.mp4'].map((name) => join(root, 'recordings', name))
    for (const path of paths) await writeFile(path, path)
    const project = await Project.create(join(root, 'project'))
    await project.add(paths)
    project.setQueue(['hang', 'z', 'no longer there'])
    await project.close()
    const { service, names, until } = await setup(['a.mp4', 'hang.mp4', 'z.mp4'], root)
    expect(service.queue).toMatchObject({ phase: 'waiting', restoredCount: 2 })
    expect(names(service.queue.waiting)).toEqual(['hang', 'z'])
    await service.start(choices, 'ask')
    expect(service.queue.restoredCount).toBe(0)
    await expect.poll(() => service.progress.running.length).toBe(1)
    await service.stop()
    await service.resume()
    expect(names((await until('finished')).done)).toEqual(['hang', 'z'])
  })

  it('asks before results of two kinds would be mixed, and changes nothing until told', async () => {
    const state = await setup(['a.mp4', 'b.mp4'])
    const { service, session, until } = state
    service.add(['a'])
    await service.start(choices, 'ask')
    await until('finished')
    service.add(['b'])
    const journal = await readJournal(session.project.resultsFolder)
    state.compared = {
      kind: 'differs',
      differences: [{ name: 'backend', before: 'x', now: 'y' }],
      keep: { ok: false, reason: 'gone' },
    }
    for (const decision of ['ask', 'keep'] as const) {
      expect(await service.start(choices, decision)).toMatchObject({ kind: 'differs', keepRefusal: 'gone' })
      expect(service.queue.phase).toBe('waiting')
    }
    expect(await readJournal(session.project.resultsFolder)).toEqual(journal)
    expect(await service.start(choices, 'relabel')).toMatchObject({ kind: 'started' })
    await until('finished')
    const anew = (await readJournal(session.project.resultsFolder))!
    expect(anew.filter(({ type }) => type === 'batch')).toHaveLength(1)
  })

  it('says why it could not begin, keeps the queue, and begins once that is mended', async () => {
    const state = await setup(['a.mp4'])
    const { service, names, until } = state
    service.addUnfinished()
    state.refusal = new UnmaskError('model.bad-hash', 'sha256 differs')
    await expect(service.start(choices, 'ask')).rejects.toMatchObject({ code: 'model.bad-hash' })
    expect(service.queue).toMatchObject({ phase: 'paused', trouble: { code: 'model.bad-hash' } })
    expect(names(service.queue.waiting)).toEqual(['a'])
    state.refusal = null
    await service.resume()
    const queue = await until('finished')
    expect(names(queue.done)).toEqual(['a'])
    expect(queue.trouble).toBeNull()
  })

  it('stops for a full disk, with the clip kept for later', async () => {
    const { service, names } = await setup(['disk-full.mp4', 'z.mp4'])
    service.addUnfinished()
    await service.start(choices, 'ask')
    await expect.poll(() => service.queue.phase).toBe('paused')
    expect(service.queue.trouble).toMatchObject({ code: 'output.disk-full' })
    expect(names(service.queue.waiting)).toEqual(['disk-full', 'z'])
  })

  it('tells of a thousand clips a few times a second at most', async () => {
    const { service, until, queues, progresses } = await setup(
      Array.from({ length: 120 }, (_, index) => `clip ${String(index).padStart(3, '0')}.mp4`),
    )
    service.addUnfinished()
    const startedMs = performance.now()
    await service.start(choices, 'ask')
    await until('finished')
    await new Promise((resolve) => setTimeout(resolve, 400))
    const secs = (performance.now() - startedMs) / 1000
    // One message each interval of 200 ms, and one at either end.
    expect(queues.length).toBeLessThanOrEqual(secs * 5 + 2)
    expect(progresses.length).toBeLessThanOrEqual(secs * 5 + 2)
    expect(queues.at(-1)).toMatchObject({ phase: 'finished', waiting: [] })
  })
})
