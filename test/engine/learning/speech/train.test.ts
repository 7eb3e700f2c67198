import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openBackend } from '../../../../main/engine/inference/backend'
import { loadSpeechModel } from '../../../../main/engine/inference/registry'
import { trainSpeech } from '../../../../main/engine/learning/speech/train'
import { addAt, syntheticSpeech, whiteNoise } from '../../speech/signals'
import { TINY_CONFIG } from './tiny'

// Without native TensorFlow the plain JavaScript backend trains, which takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

const hasNative = await openBackend('tensorflow').then(
  () => true,
  () => false,
)

/** 16-bit mono WAV at 16 kHz. */
function wav(samples: Float32Array): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + 2 * samples.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(16_000, 24)
  header.writeUInt32LE(32_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(2 * samples.length, 40)
  const body = Buffer.alloc(2 * samples.length)
  samples.forEach((value, n) =>
    body.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, value))), 2 * n),
  )
  return Buffer.concat([header, body])
}

describe.runIf(hasNative)("trainSpeech on a lab's own recordings (needs native TensorFlow)", () => {
  let folder = ''
  const config = {
    ...TINY_CONFIG,
    members: TINY_CONFIG.members.slice(0, 1),
    training: { ...TINY_CONFIG.training, epochs: 2, batchSize: 4 },
  }
  const messages: string[] = []
  const train = (manifest: string, outFolder: string, fromFolder: string | null = null) =>
    trainSpeech({
      dataPath: join(folder, manifest),
      config,
      outFolder: join(folder, outFolder),
      fromFolder,
      cacheFolder: join(folder, 'cache'),
      figuresFolder: join(folder, 'reports'),
      seed: 1,
      isResumed: false,
      provenance: { command: 'unmask train speech', commit: 'test' },
      onMessage: (message) => messages.push(message),
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-lab-'))
    const lines = ['path,label,speaker,split']
    for (let clip = 0; clip < 8; clip++) {
      const signal = whiteNoise(1.6, 1e-3, clip)
      addAt(signal, syntheticSpeech(0.9, clip), 0.3)
      await writeFile(join(folder, `${clip}.wav`), wav(signal))
      lines.push(`${clip}.wav,${clip % 2 ? 'angry' : 'happy'},s${clip % 3},${clip < 6 ? 'train' : 'test'}`)
    }
    await writeFile(join(folder, 'lab.csv'), `${lines.join('\n')}\n`)
    await writeFile(join(folder, 'odd.csv'), `path,label\n0.wav,happy\n1.wav,contempt\n`)
    await writeFile(join(folder, 'one.csv'), `path,label\n0.wav,happy\n1.wav,happy\n`)
    await writeFile(join(folder, 'three.csv'), `path,label\n0.wav,happy\n1.wav,angry\n2.wav,happy\n`)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('writes a folder that the engine loads, tests on the test split, and can be started from', async () => {
    await train('lab.csv', 'fresh')
    const fresh = await loadSpeechModel(join(folder, 'fresh'))
    expect(fresh.card.labels).toEqual(['happiness', 'anger'])
    expect(fresh.card.training.rows).toEqual([{ dataSet: 'manifest', speakers: ['s0', 's1', 's2'] }])
    expect(fresh.card.metrics.find(({ name }) => name.startsWith('UAR'))?.protocol).toMatch(
      /2 clips of the test splits, 2 of them of speakers who were also trained on/,
    )
    fresh.dispose()
    await train('lab.csv', 'tuned', join(folder, 'fresh'))
    const tuned = await loadSpeechModel(join(folder, 'tuned'))
    expect(tuned.card.id).toBe('tiny-tuned')
    expect(tuned.card.members).toEqual(fresh.card.members)
    expect(tuned.card.calibration.protocol).toMatch(/not fitted again/)
    tuned.dispose()
    expect(await readFile(join(folder, 'tuned', 'level-weights.bin'))).not.toEqual(
      await readFile(join(folder, 'fresh', 'level-weights.bin')),
    )
  })

  it('refuses to write over a run that was begun, labels that the model does not know, and too little data', async () => {
    await expect(train('lab.csv', 'fresh')).rejects.toMatchObject({ code: 'output.exists' })
    await expect(train('odd.csv', 'odd', join(folder, 'fresh'))).rejects.toThrow(/contempt is a label that/)
    await expect(train('one.csv', 'one')).rejects.toThrow(/at least two labels/)
    await expect(train('three.csv', 'three')).rejects.toThrow(/at least 4/)
  })
})
