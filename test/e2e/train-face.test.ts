import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBackend } from '../../main/engine/inference/backend'
import { listModels } from '../../main/engine/inference/model-folder'
import { FER2013_EMOTIONS } from '../../main/engine/learning/data/fer2013-csv'
import { EMOTIONS } from '../../main/engine/emotions'
import { runUnmask, startUnmask } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'
import { toyFaces } from '../support/toy-faces'

/** WebAssembly cannot train convolutions. */
const hasNative = await openBackend('tensorflow').then(
  () => true,
  () => false,
)

const TINY = {
  network: { stemChannels: 8, stages: [{ channels: 8, hasGate: false }, { channels: 16 }] },
  epochs: 4,
  batchSize: 28,
  averageKeep: 0.5,
}

/** A FER2013 of bright bars: 84 pictures to train on and 28 to measure on, with votes. */
async function toyFer2013(counts = { Training: 84, PublicTest: 28 }): Promise<string> {
  const folder = await tempFolder()
  const rows = ['emotion,pixels,Usage']
  const votes = ['Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF']
  const voteOrder = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear']
  Object.entries(counts).forEach(([usage, count], seed) => {
    const set = toyFaces(count, { seed: seed + 1 })
    for (let item = 0; item < count; item++) {
      const emotion = EMOTIONS[set.labels[item]!]!
      const pixels = set.pixels.subarray(item * 48 * 48, (item + 1) * 48 * 48).join(' ')
      rows.push(`${FER2013_EMOTIONS.indexOf(emotion)},${pixels},${usage}`)
      votes.push(`${usage},x.png,${voteOrder.map((name) => (name === emotion ? 10 : 0)).join(',')},0,0,0`)
    }
  })
  await writeFile(join(folder, 'fer2013.csv'), `${rows.join('\n')}\n`)
  await writeFile(join(folder, 'fer2013new.csv'), `${votes.join('\n')}\n`)
  await writeFile(join(folder, 'tiny.json'), JSON.stringify(TINY))
  return folder
}

function command(data: string, name: string, ...more: string[]): string[] {
  const paths = ['--run', join(data, `${name}-run`), '--out', join(data, 'models', name)]
  return ['train', 'face', '--data', data, '--config', join(data, 'tiny.json'), ...paths, ...more]
}

describe.skipIf(!hasNative)('unmask train face (needs native TensorFlow)', () => {
  it('killed and resumed ends with the weights of a run that was not, and both can be tuned', async () => {
    const data = await toyFer2013()
    const whole = await runUnmask(command(data, 'whole'))
    expect(whole.stderr).toContain('epoch 4 of 4')
    expect(whole.code).toBe(0)

    const cut = startUnmask(command(data, 'cut'))
    await cut.sees(/epoch 2 of 4/)
    cut.process.kill('SIGKILL')
    await cut.result
    const again = await runUnmask(command(data, 'cut'))
    expect(again.stderr).toContain('--resume')
    expect(again.code).toBe(2)
    const rest = await runUnmask(command(data, 'cut', '--resume'))
    expect(rest.code).toBe(0)
    const weights = (name: string) => readFile(join(data, 'models', name, 'weights.bin'))
    expect(await weights('cut')).toEqual(await weights('whole'))
    const curves = await readFile(join(data, 'cut-run', 'curves.csv'), 'utf8')
    expect(curves.trimEnd().split('\n')).toHaveLength(5)

    const tuned = await runUnmask([
      ...['train', 'face', '--data', data, '--from', join(data, 'models', 'whole'), '--epochs', '1'],
      ...['--run', join(data, 'tuned-run'), '--out', join(data, 'models', 'tuned')],
    ])
    expect(tuned.code).toBe(0)
    const cards = (await listModels(join(data, 'models'))).map(({ card }) => card)
    expect(cards.map(({ id }) => id)).toEqual(['cut', 'tuned', 'whole'])
    for (const { metrics } of cards) expect(metrics.some(({ name }) => name === 'accuracy')).toBe(true)
  }, 300_000)

  it('refuses a checkpoint of another configuration and leaves it', async () => {
    const data = await toyFer2013()
    expect((await runUnmask(command(data, 'model', '--epochs', '1'))).code).toBe(0)
    const checkpoint = join(data, 'model-run', 'checkpoint.bin')
    const before = await readFile(checkpoint)
    const { code, stderr } = await runUnmask(command(data, 'model', '--epochs', '2', '--resume'))
    expect(code).toBe(1)
    expect(stderr).toContain('another configuration')
    expect(await readFile(checkpoint)).toEqual(before)
  }, 120_000)

  it('says what is wrong with data and settings before it trains', async () => {
    const few = await toyFer2013({ Training: 3, PublicTest: 3 })
    const small = await runUnmask(command(few, 'model'))
    expect(small.code).toBe(1)
    expect(small.stderr).toMatch(/too few to train from/)

    const data = await toyFer2013()
    await writeFile(join(data, 'tiny.json'), JSON.stringify({ ...TINY, epoch: 3 }))
    const unknown = await runUnmask(command(data, 'model'))
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('epoch')
  }, 120_000)
})
