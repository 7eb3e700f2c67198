import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelEntry } from '../../../main/app/models/model-entry'
import { ModelPlaces } from '../../../main/app/models/model-places'
import { readModelFolder } from '../../../main/engine/inference/model-folder'
import { findAppPaths } from '../../../main/host/app-paths'
import { tempFolder } from '../../support/temp-folder'

const { modelsFolder } = findAppPaths(process.cwd())

/** A copy of the shipped voice model under another id. */
async function ownModel(id = 'lab-voice-1'): Promise<string> {
  const folder = join(await tempFolder(), 'own')
  await cp(join(modelsFolder, 'speech'), folder, { recursive: true })
  const file = join(folder, 'card.json')
  const card = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...card, id }))
  return folder
}

describe('ModelPlaces', () => {
  it('finds the shipped models', async () => {
    const { models, problems } = await new ModelPlaces(modelsFolder, await tempFolder()).list()
    expect(models.map(({ card, isAdded }) => [card.task, isAdded])).toEqual([
      ['face-emotion', false],
      ['speech-emotion', false],
    ])
    expect(problems).toEqual([])
  })

  it('remembers an added folder, leads labelling to it, and forgets it', async () => {
    const userData = await tempFolder()
    const folder = await ownModel()
    await new ModelPlaces(modelsFolder, userData).add(folder)
    const later = new ModelPlaces(modelsFolder, userData)
    expect((await later.list()).models.at(-1)).toMatchObject({
      folder,
      isAdded: true,
      card: { id: 'lab-voice-1' },
    })
    expect(await later.wanted('lab-voice-1')).toBe(folder)
    expect(await later.wanted('face-fer-cnn-1')).toBe('face-fer-cnn-1')
    await later.remove('lab-voice-1')
    expect((await new ModelPlaces(modelsFolder, userData).list()).models).toHaveLength(2)
    expect((await readModelFolder(folder)).card.id).toBe('lab-voice-1')
  })

  it('says why an added folder is of no use any more, and keeps the others', async () => {
    const userData = await tempFolder()
    const folder = await ownModel()
    await new ModelPlaces(modelsFolder, userData).add(folder)
    await rm(folder, { recursive: true })
    const { models, problems } = await new ModelPlaces(modelsFolder, userData).list()
    expect(models).toHaveLength(2)
    expect(problems).toEqual([expect.stringContaining(folder)])
  })

  it.each([
    ['a folder without a card', async () => tempFolder(), 'model.not-found'],
    ['an id that is taken', async () => ownModel('face-fer-cnn-1'), 'usage.invalid'],
  ])('refuses %s', async (_, make, code) => {
    const places = new ModelPlaces(modelsFolder, await tempFolder())
    await expect(places.add(await make())).rejects.toMatchObject({ code })
  })

  it('takes a damaged list for an empty one', async () => {
    const userData = await tempFolder()
    await mkdir(userData, { recursive: true })
    await writeFile(join(userData, 'model-folders.json'), '{"folders":')
    expect((await new ModelPlaces(modelsFolder, userData).list()).models).toHaveLength(2)
  })
})

describe('modelEntry', () => {
  it('has the figures, hashes and licence of the card', async () => {
    const model = await readModelFolder(join(modelsFolder, 'speech'))
    const entry = await modelEntry({ ...model, isAdded: false }, true)
    expect(entry.damage).toBeNull()
    expect(entry.licence).toBe(model.card.licence)
    expect(entry.files).toEqual(model.card.files)
    expect(entry.figures.map(({ name, value }) => [name, value])).toEqual(
      model.card.metrics.map(({ name, value }) => [name, value]),
    )
    expect(entry.figures.length).toBeGreaterThan(0)
  })

  it('tells a changed weights file by its hash', async () => {
    const folder = await ownModel()
    const file = join(folder, 'shape-weights.bin')
    const bytes = await readFile(file)
    bytes[100] = bytes[100]! ^ 1
    await writeFile(file, bytes)
    const entry = await modelEntry({ ...(await readModelFolder(folder)), isAdded: true }, false)
    expect(entry.damage).toContain(file)
  })
})
