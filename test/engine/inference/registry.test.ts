import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../../main/engine/inference/backend'
import { listModels } from '../../../main/engine/inference/model-folder'
import { loadFaceModel, loadSpeechModel } from '../../../main/engine/inference/registry'
import { chooseModel } from '../../../main/engine/inference/model-choice'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'

type Json = Record<string, unknown>

const shipped = join(repositoryRoot, 'models')

/** A copy of a shipped model whose card was changed. */
async function altered(
  task: 'face-emotion' | 'speech-emotion',
  change: (card: Json & { input: Json }) => void,
): Promise<string> {
  const folder = join(await tempFolder(), 'model')
  await cp((await chooseModel(shipped, task)).folder, folder, { recursive: true })
  const path = join(folder, 'card.json')
  const card = JSON.parse(await readFile(path, 'utf8')) as Json & { input: Json }
  change(card)
  await writeFile(path, JSON.stringify(card))
  return folder
}

const membersOf = (card: Json) => card.members as Json[]

describe('model registry', () => {
  beforeAll(() => openBackend('wasm'))

  it.each([
    { remark: 'one label too many', labels: 9, says: 'labels are 9' },
    { remark: 'one label too few', labels: 7, says: 'labels are 7' },
  ])('refuses a card with $remark for its network', async ({ labels, says }) => {
    const folder = await altered('face-emotion', (card) => {
      card.labels = [...(card.labels as string[]), 'calm'].slice(0, labels)
      card.prior = new Array<number>(labels).fill(1 / labels)
    })
    await expect(loadFaceModel(folder)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining(says),
    })
  })

  it('refuses a card whose input is not the network’s', async () => {
    const face = await altered('face-emotion', (card) => (card.input.widthPx = 40))
    await expect(loadFaceModel(face)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('40'),
    })
    const speech = await altered('speech-emotion', (card) => (membersOf(card).at(-1)!.coefficients = 13))
    await expect(loadSpeechModel(speech)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('13'),
    })
  })

  it('refuses a speech card whose member is not among its files, and one without networks', async () => {
    const lost = await altered('speech-emotion', (card) => (membersOf(card)[0]!.topology = 'other.json'))
    await expect(loadSpeechModel(lost)).rejects.toMatchObject({ code: 'model.bad-weights' })
    const none = await altered('speech-emotion', (card) => (card.members = []))
    await expect(loadSpeechModel(none)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('members'),
    })
  })

  it('loads every member, and a card of one network that has its input beside the front end', async () => {
    const whole = await loadSpeechModel((await chooseModel(shipped, 'speech-emotion')).folder)
    expect(whole.networks).toHaveLength(whole.card.members.length)
    const { topology, ...input } = whole.card.members[0]!
    const folder = await altered('speech-emotion', (card) => {
      delete card.members
      card.input = { ...card.input, ...input }
      const isFirst = ({ name }: { name: string }) => name === topology
      const files = card.files as { name: string }[]
      card.files = [...files.filter(isFirst), ...files.filter((file) => !isFirst(file))]
    })
    const single = await loadSpeechModel(folder)
    expect(single.card.members).toEqual([
      { ...whole.card.members[0]!, weight: single.card.members[0]!.weight },
    ])
    expect(single.networks).toHaveLength(1)
    whole.dispose()
    single.dispose()
  })

  it('refuses an output that the network does not have', async () => {
    const folder = await altered('face-emotion', (card) => (card.outputIndex = 2))
    await expect(loadFaceModel(folder)).rejects.toMatchObject({ code: 'model.bad-card' })
  })

  it('refuses a temperature that is none, and a card that is no JSON', async () => {
    const negative = await altered('face-emotion', (card) => {
      card.calibration = { temperature: -1, protocol: 'none' }
    })
    await expect(loadFaceModel(negative)).rejects.toMatchObject({
      code: 'model.bad-card',
      message: expect.stringContaining('calibration.temperature'),
    })
    await writeFile(join(negative, 'card.json'), '{"formatVersion"')
    await expect(loadFaceModel(negative)).rejects.toMatchObject({ code: 'model.bad-card' })
  })

  it('lists linked folders and passes over what holds no card', async () => {
    const folder = await tempFolder()
    await symlink((await chooseModel(shipped, 'face-emotion')).folder, join(folder, 'linked'), 'junction')
    await mkdir(join(folder, 'empty'))
    await mkdir(join(folder, 'locked'))
    await chmod(join(folder, 'locked'), 0)
    await writeFile(join(folder, 'defaults.json'), '{}')
    const found = await listModels(folder)
    // Or it could not be removed.
    await chmod(join(folder, 'locked'), 0o700)
    expect(found.map(({ card }) => card.task)).toEqual(['face-emotion'])
  })
})
