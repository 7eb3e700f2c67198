import { beforeAll, describe, expect, it } from 'vitest'
import { LiveVoice } from '../../../main/engine/live/live-voice'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'
import { loadSpeechModel, type LoadedSpeechModel } from '../../../main/engine/inference/registry'
import { decodeAudio } from '../../../main/engine/media/decode-audio'
import { probe } from '../../../main/engine/media/probe'
import { analyseSpeech } from '../../../main/engine/speech/analyse-speech'
import { MfccExtractor } from '../../../main/engine/speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS } from '../../../main/engine/speech/mfcc-parameters'
import { repositoryRoot } from '../../support/run-unmask'
import { join } from 'node:path'
import { readdirSync } from 'node:fs'

const RATE_HZ = DEFAULT_MFCC_PARAMETERS.sampleRateHz
const WINDOWS = { windowSecs: 2.5, hopSecs: 0.25 }

async function sampleSound(): Promise<{ samples: Float32Array; startSecs: number }> {
  const folder = join(repositoryRoot, 'assets', 'sample')
  const name = readdirSync(folder).find((file) => file.endsWith('.mp4'))
  if (!name) throw new Error('the sample clip is gone')
  const media = await probe(join(folder, name))
  const parts: number[] = []
  let startSecs = Number.NaN
  for await (const { startSample, samples } of decodeAudio(media, { sampleRateHz: RATE_HZ })) {
    if (parts.length === 0) startSecs = startSample / RATE_HZ
    for (const sample of samples) parts.push(sample)
  }
  return { samples: Float32Array.from(parts), startSecs }
}

/** Pieces of changing length, none of them a multiple of the hop. */
function* pieces(samples: Float32Array, lengths: readonly number[]): Generator<[number, Float32Array]> {
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const length = lengths[turn % lengths.length]!
    yield [at, samples.subarray(at, at + length)]
    at += length
  }
}

describe('LiveVoice without a model', () => {
  it('gives the columns of the recorded analysis, however the sound is cut', async () => {
    const { samples } = await sampleSound()
    const expected: number[][] = []
    new MfccExtractor().push(samples, ({ base }) => expected.push([...base]))
    for (const lengths of [[samples.length], [128], [1, 777, 4096]]) {
      const voice = new LiveVoice({ model: null, ...WINDOWS })
      const columns: number[][] = []
      for (const [at, piece] of pieces(samples, lengths))
        voice.push(piece, at / RATE_HZ, ({ base }) => columns.push(Array.from(base)))
      expect(columns).toEqual(expected)
    }
  })

  it('puts columns on the clock of the sound', () => {
    const voice = new LiveVoice({ model: null, ...WINDOWS })
    const times: number[] = []
    voice.push(new Float32Array(RATE_HZ), 7, ({ timeSecs }) => times.push(timeSecs))
    // Frames of 20 ms every 10 ms: the first is centred 10 ms after the start.
    expect(times[0]).toBeCloseTo(7.01, 9)
    expect(times[1]! - times[0]!).toBeCloseTo(voice.columnHopSecs, 9)
    expect(voice.heardSecs).toBeCloseTo(8, 9)
  })

  it('shrugs off jitter and begins anew after a gap', () => {
    const voice = new LiveVoice({ model: null, ...WINDOWS })
    const block = new Float32Array(RATE_HZ / 10)
    voice.push(block, 0)
    voice.push(block, 0.17)
    expect(voice.heardSecs).toBeCloseTo(0.2, 9)
    voice.push(block, 5)
    expect(voice.heardSecs).toBeCloseTo(5.1, 9)
  })

  it('says what it does not hear', async () => {
    const voice = new LiveVoice({ model: null, ...WINDOWS })
    expect((await voice.read()).state).toBe('no_audio')
    voice.push(new Float32Array(RATE_HZ * 3), 0)
    expect(await voice.read()).toMatchObject({ state: 'silence', modelProbs: null, snrDb: null })
  })

  it('keeps no more than its history', () => {
    const voice = new LiveVoice({ model: null, ...WINDOWS })
    let columns = 0
    for (let second = 0; second < 60; second++) voice.push(new Float32Array(RATE_HZ), second, () => columns++)
    expect(columns).toBeGreaterThan(5900)
    const held = Object.values(voice as unknown as Record<string, { rowCount?: number; capacity?: number }>)
      .filter((part) => part?.capacity !== undefined)
      .map(({ rowCount }) => rowCount!)
    expect(held).toHaveLength(3)
    for (const rows of held) expect(rows).toBeLessThanOrEqual(1500)
  })
})

describe('LiveVoice with the shipped model', () => {
  let model: LoadedSpeechModel
  beforeAll(async () => {
    await openBackend('auto')
    model = await loadSpeechModel(join(repositoryRoot, 'models', 'speech'))
  })

  async function readings(samples: Float32Array, everySecs = 0.25) {
    const voice = new LiveVoice({ model, ...WINDOWS })
    const found = []
    let nextSecs = everySecs
    for (const [at, piece] of pieces(samples, [800])) {
      voice.push(piece, at / RATE_HZ)
      if (voice.heardSecs < nextSecs) continue
      nextSecs += everySecs
      found.push({ atSecs: voice.heardSecs, reading: await voice.read() })
    }
    return found
  }

  it('hears the speech that the recorded analysis hears, no earlier than it is spoken', async () => {
    const { samples } = await sampleSound()
    const live = await readings(samples)
    async function* whole() {
      yield { startSample: 0, samples }
    }
    const offline = await analyseSpeech(whole(), { model, ...WINDOWS })
    const spoken = offline.activity.reduce((sum, { startSecs, endSecs }) => sum + endSecs - startSecs, 0)
    const first = live.find(({ reading }) => reading.state === 'speech')
    expect(first).toBeDefined()
    expect(first!.atSecs).toBeGreaterThan(offline.activity[0]!.startSecs)
    for (const { reading } of live.filter(({ reading }) => reading.state === 'speech')) {
      expect(reading.modelProbs!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
      const inside = offline.activity.some(
        // The floor of the noise is that of the past only: edges may differ by some frames.
        ({ startSecs, endSecs }) => reading.startSecs > startSecs - 0.3 && reading.endSecs < endSecs + 0.3,
      )
      expect(inside, `${reading.startSecs} to ${reading.endSecs} s`).toBe(true)
    }
    expect(spoken).toBeGreaterThan(1)
  })

  it('does not know what is said later', async () => {
    const { samples } = await sampleSound()
    const cut = Math.round(samples.length * 0.6)
    const whole = await readings(samples)
    const half = await readings(samples.subarray(0, cut))
    expect(half.length).toBeGreaterThan(4)
    expect(half.map(({ reading }) => reading)).toEqual(
      whole.slice(0, half.length).map(({ reading }) => reading),
    )
  })

  it('leaves no tensors behind', async () => {
    const { samples } = await sampleSound()
    await readings(samples)
    const before = tf.memory().numTensors
    await readings(samples)
    expect(tf.memory().numTensors).toBe(before)
  })
})
