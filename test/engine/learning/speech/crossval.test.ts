import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBackend } from '../../../../main/engine/inference/backend'
import { tf } from '../../../../main/engine/inference/tf'
import { readPredictions } from '../../../../main/engine/learning/evaluation/predictions'
import type { SpeechConfig } from '../../../../main/engine/learning/speech/config'
import { crossvalSpeech, ensembleLogits } from '../../../../main/engine/learning/speech/crossval'
import { readCrossval, writeCrossval } from '../../../../main/engine/learning/speech/crossval-report'
import type { SpeechData } from '../../../../main/engine/learning/speech/load-data'
import { TINY_CONFIG, TINY_LABELS, toyClips } from './tiny'

// Without native TensorFlow the plain JavaScript backend trains, which takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const hasNative = await openBackend('tensorflow').then(
  () => true,
  () => false,
)
if (!hasNative) await tf.setBackend('cpu')

const clips = toyClips(20).map((clip) => ({ ...clip, split: null }))
const data: SpeechData = { isRavdess: false, name: 'toys', labels: TINY_LABELS, clips }
const config: SpeechConfig = { ...TINY_CONFIG, training: { ...TINY_CONFIG.training, epochs: 1 } }
const provenance = { command: 'test', commit: 'test' }

describe('crossvalSpeech', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-crossval-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const messages: string[] = []
  const run = (changes: Partial<Parameters<typeof crossvalSpeech>[0]> = {}) =>
    crossvalSpeech({
      config,
      data,
      seeds: [1],
      isRandomSplit: false,
      cacheFolder: join(folder, 'cache'),
      provenance,
      onMessage: (message) => messages.push(message),
      ...changes,
    })

  it('tests each clip once by networks that never heard its speaker, and keeps finished folds', async () => {
    const result = await run()
    expect(result.folds?.flat().sort()).toEqual([...new Set(clips.map(({ speaker }) => speaker))].sort())
    expect(result.clips).toHaveLength(20)
    for (const { logits } of result.runs[0]!.members) {
      expect(logits.clean).toHaveLength(20)
      // Arrays with holes would be shorter than they look.
      expect(Object.values(logits.room).filter((row) => row.every(Number.isFinite))).toHaveLength(20)
    }
    const trained = messages.length
    expect(trained).toBe(8)
    expect(await run()).toEqual(result)
    expect(messages).toHaveLength(trained)
  })

  it('refuses the folds of another configuration', async () => {
    const other = { ...config, augment: { ...config.augment, timeStretch: 0 } }
    await expect(run({ config: other })).rejects.toMatchObject({ code: 'data.invalid' })
  })

  it('writes figures of the mean of the members, each with its protocol, that read back', async () => {
    const result = await run()
    const logits = ensembleLogits(result.runs[0]!, 'clean', config)
    const [a, b] = result.runs[0]!.members
    expect(logits[3]![1]).toBeCloseTo((a!.logits.clean[3]![1]! + b!.logits.clean[3]![1]!) / 2, 6)
    const out = join(folder, 'report')
    const summary = await writeCrossval(out, { config, data, result, isRandomSplit: false, provenance })
    expect(summary.protocol).toContain('no speaker on both sides')
    expect(summary.report.isProductFigure).toBe(true)
    expect(summary.temperature.shipped).toBe(
      Math.max(summary.temperature.clean, summary.temperature.degraded),
    )
    expect(summary.report.perGroup.map(({ group }) => group)).toHaveLength(5)
    expect(await readCrossval(out)).toEqual(JSON.parse(JSON.stringify(summary)))
    const predictions = await readPredictions(join(out, 'out-of-fold.json'))
    expect(predictions.items.map(({ id }) => id)).toEqual(clips.map(({ id }) => id))
    predictions.items.forEach((item, index) => expect(item.truth).toBe(clips[index]!.label))
    expect(await readCrossval(join(folder, 'absent'))).toBeNull()
  })

  it("says of a random split that it is not the product's figure", async () => {
    const own = { config: { ...config, members: config.members.slice(0, 1) } }
    const result = await run({ ...own, isRandomSplit: true })
    const out = join(folder, 'random')
    const summary = await writeCrossval(out, { ...own, data, result, isRandomSplit: true, provenance })
    expect(summary.report.isProductFigure).toBe(false)
    expect(summary.report.isHeadline).toBe(false)
    expect(summary.protocol).toContain('not the product')
    expect(await readFile(join(out, 'random-split.json'), 'utf8')).toContain('not the product')
    // A random split's figures never stand in for those by speaker.
    expect(await readCrossval(out)).toBeNull()
  })
})
