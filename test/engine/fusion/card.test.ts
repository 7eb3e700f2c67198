import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFusionCard } from '../../../main/engine/fusion/card'
import { fusionParametersSchema } from '../../../main/engine/fusion/parameters'
import { listModels, readModelFolder } from '../../../main/engine/inference/model-folder'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'

const models = join(repositoryRoot, 'models')

describe('the fusion card', () => {
  it('says what the program does without it: both have the same parameters', async () => {
    const card = await readFusionCard(models)
    expect(card?.parameters).toEqual(fusionParametersSchema.parse({}))
  })

  it('is of no network: lists of models pass over it, loading it as one is refused', async () => {
    const listed = await listModels(models)
    expect(listed.map(({ card }) => card.task)).not.toContain('fusion')
    await expect(readModelFolder(join(models, 'fusion'))).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('no network'),
    })
  })

  it('is not needed, and is refused by the name of what is wrong', async () => {
    const folder = await tempFolder()
    expect(await readFusionCard(folder)).toBeNull()
    await mkdir(join(folder, 'fusion'))
    const file = join(folder, 'fusion', 'card.json')
    await writeFile(file, '{"task"')
    await expect(readFusionCard(folder)).rejects.toMatchObject({ code: 'model.bad-card' })
    const shipped = JSON.parse(await readFile(join(models, 'fusion', 'card.json'), 'utf8')) as {
      parameters: { faceExponent: number }
    }
    shipped.parameters.faceExponent = -1
    await writeFile(file, JSON.stringify(shipped))
    await expect(readFusionCard(folder)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('parameters.faceExponent'),
    })
  })

  it('quotes each figure with a protocol that says which pairs', async () => {
    const card = await readFusionCard(models)
    expect(card?.metrics.length).toBeGreaterThan(0)
    for (const { protocol } of card?.metrics ?? []) expect(protocol).toMatch(/^(real|simulated) pairs: /)
    expect(card?.choice.protocol).toContain('simulated pairs')
  })
})
