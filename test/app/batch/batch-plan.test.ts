import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BatchChoices } from '../../../preload/contract/batch'
import { BatchPlanner } from '../../../main/app/batch/batch-plan'
import { Journal } from '../../../main/engine/batch/journal'
import { analysisSettings } from '../../../main/engine/timeline/settings'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'

const choices: BatchChoices = {
  modalities: ['face', 'speech', 'fusion'],
  framesPerSec: 'all',
  windowSecs: 2.5,
  hopSecs: 0.25,
  fusionMethod: 'product',
  exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
  jobs: null,
  backend: 'auto',
  detector: 'tiny',
  faceModel: null,
  speechModel: null,
  stallSecs: 60,
}

async function planner(appVersion = '1', resultsFolder?: string): Promise<BatchPlanner> {
  return new BatchPlanner({
    modelsFolder: join(repositoryRoot, 'models'),
    appVersion,
    resultsFolder: resultsFolder ?? join(await tempFolder(), 'results'),
    settings: () => analysisSettings(),
  })
}

/** A results folder as a run with these choices leaves it. */
async function madeWith(
  made: BatchChoices,
  change: { models?: Record<string, string> } = {},
): Promise<string> {
  const folder = join(await tempFolder(), 'results')
  await mkdir(folder)
  const { options, identity } = await (await planner()).plan(made)
  const journal = await Journal.open(folder)
  await journal.append({
    type: 'batch',
    ...identity,
    models: { ...identity.models, ...change.models },
    options,
    backend: 'scripted',
  })
  await journal.close()
  return folder
}

describe('BatchPlanner', () => {
  it('plans as the command does: choices over settings over the card of the fusion', async () => {
    const plan = await (await planner()).plan({ ...choices, modalities: ['speech'], hopSecs: 0.5 })
    expect(plan.options.settings).toMatchObject({ modalities: ['speech'], speech: { hopSecs: 0.5 } })
    expect(plan.host.faceModelFolder).toBeNull()
    expect(plan.host.speechModelFolder).not.toBeNull()
    expect(Object.keys(plan.identity.models)).toHaveLength(1)
  })

  it('refuses models that are not there', async () => {
    await expect((await planner()).plan({ ...choices, faceModel: 'nobody' })).rejects.toMatchObject({
      code: 'model.not-found',
    })
  })

  it('goes on where nothing differs, or nothing is there', async () => {
    const fresh = await planner()
    expect(await fresh.compare(await fresh.plan(choices), 0)).toEqual({ kind: 'same', onExisting: 'resume' })
    const again = await planner('1', await madeWith(choices))
    expect(await again.compare(await again.plan(choices), 5)).toEqual({ kind: 'same', onExisting: 'resume' })
  })

  it('names what differs and nothing else, and can go on as before', async () => {
    const before: BatchChoices = {
      ...choices,
      framesPerSec: 5,
      windowSecs: 2,
      exports: { ...choices.exports, eaf: true },
    }
    const folder = await madeWith(before)
    const now = await planner('1', folder)
    const compared = await now.compare(await now.plan(choices), 2)
    if (compared.kind !== 'differs' || !compared.keep.ok) return expect.unreachable(JSON.stringify(compared))
    expect(compared.differences).toEqual([
      { name: 'framesPerSec', before: '5', now: 'all' },
      { name: 'speech', before: 'windowSecs 2', now: 'windowSecs 2.5' },
      { name: 'exports', before: 'eaf', now: '' },
    ])
    const { plan } = compared.keep
    expect(plan.choices).toMatchObject({ framesPerSec: 5, windowSecs: 2, exports: { eaf: true } })
    expect(await now.compare(plan, 2)).toEqual({ kind: 'same', onExisting: 'resume' })
  })

  it('begins anew without asking where there is nothing labelled to lose', async () => {
    const now = await planner('1', await madeWith({ ...choices, framesPerSec: 5 }))
    expect(await now.compare(await now.plan(choices), 0)).toEqual({ kind: 'same', onExisting: 'force' })
  })

  it('says why it cannot go on as before: another version, a model that is gone', async () => {
    const newer = await planner('2', await madeWith(choices))
    expect(await newer.compare(await newer.plan(choices), 1)).toMatchObject({
      kind: 'differs',
      keep: { ok: false, reason: expect.stringContaining('Unmask 1') },
    })
    const other = await planner('1', await madeWith(choices, { models: { 'face-of-old': 'abc' } }))
    expect(await other.compare(await other.plan(choices), 1)).toMatchObject({
      kind: 'differs',
      keep: { ok: false, reason: expect.stringContaining('face-of-old') },
    })
  })

  it('refuses another backend, unless everything is made anew', async () => {
    const folder = await madeWith(choices)
    const now = await planner('1', folder)
    const identity = { appVersion: '1', models: {}, backend: 'another' }
    await expect(now.requireSameBackend(identity, 'resume')).rejects.toMatchObject({ code: 'usage.invalid' })
    await now.requireSameBackend(identity, 'force')
    await now.requireSameBackend({ ...identity, backend: 'scripted' }, 'resume')
  })
})
