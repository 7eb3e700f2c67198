import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { addEvaluateCommand } from '../../main/cli/commands/evaluate-command'
import { findAppPaths } from '../../main/host/app-paths'
import { EMOTIONS } from '../../main/engine/emotions'
import { openBackend } from '../../main/engine/inference/backend'
import { faceCardSchema } from '../../main/engine/inference/card'
import { tf } from '../../main/engine/inference/tf'
import { evaluationReportSchema } from '../../main/engine/learning/evaluation/report-schema'
import { writeCurves } from '../../main/engine/learning/evaluation/curves'
import { saveNetwork } from '../../main/engine/learning/training/save-network'
import { tempFolder } from '../support/temp-folder'

const SIDE = 48
const ROWS = 28

/** A model folder whose network says by the mean of the first rows of pixels what a face is. */
async function writeModel(folder: string): Promise<void> {
  const input = tf.input({ shape: [SIDE, SIDE, 1] })
  const flat = tf.layers.flatten().apply(input) as tf.SymbolicTensor
  const dense = tf.layers.dense({ units: 7, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) })
  const network = tf.model({ inputs: input, outputs: dense.apply(flat) as tf.SymbolicTensor })
  const files = await saveNetwork(network, folder)
  network.dispose()
  const card = faceCardSchema.parse({
    formatVersion: 1,
    id: 'linear',
    title: 'Linear net',
    description: 'One layer.',
    licence: 'MIT',
    attribution: '',
    task: 'face-emotion',
    labels: [...EMOTIONS],
    output: 'logits',
    prior: EMOTIONS.map(() => 1 / 7),
    calibration: { temperature: 1, protocol: 'none' },
    training: { data: 'noise', split: 'Training', rows: [{ dataSet: 'fer2013', splits: ['Training'] }] },
    metrics: [],
    provenance: { command: 'none', commit: 'none' },
    files,
    input: {
      widthPx: SIDE,
      heightPx: SIDE,
      colour: 'grey',
      normalisation: { kind: 'per-image', sdFloor: 20, clip: 3 },
      crop: { boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1, levelEyes: false },
    },
  })
  await writeFile(join(folder, 'card.json'), JSON.stringify(card))
}

/** A FER2013 file with every fourth row in the training part. */
async function writeData(folder: string): Promise<string> {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const pixels = Array.from({ length: SIDE * SIDE }, (__, pixel) => (pixel * (row + 3) * 7919) % 256)
    return `${row % 7},${pixels.join(' ')},${row % 4 === 0 ? 'Training' : 'PublicTest'}`
  })
  await writeFile(join(folder, 'fer2013.csv'), `emotion,pixels,Usage\n${rows.join('\n')}\n`)
  return folder
}

describe('unmask evaluate', () => {
  let printed: string[]

  beforeAll(async () => {
    await openBackend('auto')
  })

  beforeEach(() => {
    printed = []
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed.push(String(text))
      return true
    })
    return () => spy.mockRestore()
  })

  async function run(...args: string[]): Promise<string> {
    const root = await tempFolder()
    const program = new Command('unmask').exitOverride().enablePositionalOptions()
    addEvaluateCommand(program, { ...findAppPaths(root), modelsFolder: root, sampleFolder: root })
    await program.parseAsync(['evaluate', ...args], { from: 'user' })
    return printed.join('')
  }

  async function prepare(): Promise<{ model: string; data: string; out: string }> {
    const folder = await tempFolder()
    await writeModel(folder)
    return {
      model: folder,
      data: await writeData(await tempFolder()),
      out: join(await tempFolder(), 'report'),
    }
  }

  it('writes a report of the split, with curves and samples', async () => {
    const { model, data, out } = await prepare()
    await writeCurves(
      model,
      [
        {
          epoch: 1,
          trainLoss: 1,
          trainAccuracy: 0.5,
          validationLoss: null,
          validationAccuracy: null,
          learningRate: 1,
          secs: 1,
        },
      ],
      'Linear net',
    )
    const text = await run(
      model,
      '--data',
      data,
      '--split',
      'PublicTest',
      '--out',
      out,
      '--samples',
      '4',
      '--mirror',
    )
    expect(text).toMatch(/21 of 21 faces, against the data set's own label.*mirror image/)
    expect((await readdir(out)).sort()).toEqual([
      'confusion.csv',
      'metrics.csv',
      'reliability.csv',
      'report.html',
      'report.json',
      'samples.json',
    ])
    const html = await readFile(join(out, 'report.html'), 'utf8')
    expect(html.match(/<img /g)!.length).toBeGreaterThan(1)
    expect(html).toContain('Face: accuracy')
    // The command is quoted without the folders of this machine.
    expect(html).not.toContain(model)
  })

  it('without samples shows no face', async () => {
    const { model, data, out } = await prepare()
    await run(model, '--data', data, '--split', 'PublicTest', '--out', out, '--no-samples')
    const html = await readFile(join(out, 'report.html'), 'utf8')
    expect(html).not.toContain('<img')
    expect(html).toContain('unmask evaluate')
  })

  it('prints JSON that its schema accepts', async () => {
    const { model, data } = await prepare()
    const text = await run(
      model,
      '--data',
      data,
      '--split',
      'PublicTest',
      '--json',
      '--spoiled',
      '--seed',
      '3',
    )
    const reports = evaluationReportSchema.array().parse(JSON.parse(text))
    expect(reports.map(({ id }) => id)).toEqual(['face-label', 'face-label-spoiled'])
    expect(reports[0]!.bootstrap!.seed).toBe(3)
  })

  it('refuses what the model was trained on, unless it is said', async () => {
    const { model, data, out } = await prepare()
    await expect(run(model, '--data', data, '--out', out)).rejects.toMatchObject({ code: 'data.invalid' })
    await expect(readdir(out)).rejects.toThrow()
    expect(await run(model, '--data', data, '--allow-training-data')).toContain("Not the product's figure")
  })

  it('leaves out the ids of a file', async () => {
    const { model, data } = await prepare()
    const exclude = join(data, 'duplicates.txt')
    await writeFile(exclude, 'fer2013:1\r\nfer2013:2\n\n')
    const text = await run(model, '--data', data, '--split', 'PublicTest', '--exclude', exclude)
    expect(text).toMatch(/19 of 19 faces/)
    expect(text).toContain('Left out by request: 2 faces')
  })

  it('makes page, index and card from what was measured', async () => {
    const { model, data, out } = await prepare()
    await run(model, '--data', data, '--split', 'PublicTest', '--out', join(out, 'face'), '--no-samples')
    const report = join(out, 'face', 'report.json')
    await run('page', report, '--title', 'Again', '--out', join(out, 'again'))
    expect(await readFile(join(out, 'again', 'report.html'), 'utf8')).toContain('<h1>Again</h1>')
    await run('index', '--reports', out)
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain('again/report.html')
    await run('card', model, '--report', report)
    const card = await readFile(join(model, 'CARD.md'), 'utf8')
    expect(card).toContain('16,135 parameters')
    expect(card).toMatch(/Linear net: own labels \| 21 \|/)
  })

  it.each([
    ['no data', ['m']],
    ['a sample of a negative number', ['m', '--data', 'd', '--samples', '-1']],
    ['a split that is not there', ['MODEL', '--data', 'DATA', '--split', 'Private']],
    ['a model that is not there', ['nobody', '--data', 'DATA']],
    ['curves without a name', ['page', 'x', '--title', 't', '--out', 'o', '--curves', 'c.csv']],
  ])('refuses %s', async (_, args) => {
    const { model, data } = await prepare()
    const given = args.map((arg) => (arg === 'MODEL' ? model : arg === 'DATA' ? data : arg))
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
    await expect(run(...given)).rejects.toThrow()
    said.mockRestore()
  })
})
