import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openBackend } from '../../../main/engine/inference/backend'
import { loadSpeechModel } from '../../../main/engine/inference/registry'
import { tf } from '../../../main/engine/inference/tf'
import { decodeAudio } from '../../../main/engine/media/decode-audio'
import { probe } from '../../../main/engine/media/probe'
import { analyseSpeech } from '../../../main/engine/speech/analyse-speech'
import { parseMfccParameters } from '../../../main/engine/speech/mfcc-parameters'
import { baseColumns, networkInputSpec } from '../../../main/engine/speech/network-input'
import type { SpeechTimeline } from '../../../main/engine/speech/types'
import { sharedData } from '../../support/shared-data'
import { addAt, inBlocks, syntheticSpeech, whiteNoise } from './signals'

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../../models/speech')
const backend = await openBackend('auto')

/** The same process on WebAssembly, beside the backend that is open. */
async function switchToWasm(): Promise<void> {
  const require = createRequire(import.meta.url)
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'))
  await tf.setBackend('wasm')
}

async function analyse(signal: Float32Array): Promise<SpeechTimeline> {
  const model = await loadSpeechModel(FOLDER)
  try {
    return await analyseSpeech(inBlocks(signal), { model })
  } finally {
    model.dispose()
  }
}

function recording(): Float32Array {
  const signal = whiteNoise(6, 1e-3)
  addAt(signal, syntheticSpeech(1), 0.5)
  addAt(signal, syntheticSpeech(3, 2), 2.5)
  return signal
}

describe('the shipped speech model', () => {
  it('has a card that holds together', async () => {
    const model = await loadSpeechModel(FOLDER)
    const { card, networks } = model
    expect(card.labels).toHaveLength(8)
    expect(card.prior.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5)
    const { sampleRateHz, hopSamples } = parseMfccParameters(card.input.features)
    expect(sampleRateHz).toBe(card.input.sampleRateHz)
    expect(networks).toHaveLength(card.members.length)
    card.members.forEach((member, index) => {
      const { steps, framesPerStep, coefficients } = member
      expect(member.standardisation.mean).toHaveLength(coefficients)
      expect(member.standardisation.sd).toHaveLength(coefficients)
      expect(3 * baseColumns(networkInputSpec(card.input.features, member))).toBe(coefficients)
      // The last step may be longer than the window.
      expect(Math.ceil((card.input.windowSecs * sampleRateHz) / hopSamples / framesPerStep)).toBe(steps)
      expect(networks[index]!.inputs.map(({ shape }) => shape)).toEqual([
        [null, steps, coefficients],
        [null, steps],
      ])
      expect(networks[index]!.outputs[0]!.shape).toEqual([null, card.labels.length])
    })
    for (const { value, protocol } of card.metrics) {
      expect(Number.isFinite(value)).toBe(true)
      expect(protocol).toMatch(/no (actor|speaker) on both sides/)
    }
    expect(card.licence).toContain('non-commercial')
    model.dispose()
  })

  it('gives the same probabilities again, and leaves no tensor behind', async () => {
    const first = await analyse(recording())
    const tensors = tf.memory().numTensors
    expect(await analyse(recording())).toEqual(first)
    expect(tf.memory().numTensors).toBe(tensors)
    const speech = first.windows.filter(({ state }) => state === 'speech')
    expect(speech.length).toBeGreaterThan(3)
    for (const { modelProbs } of speech)
      expect(modelProbs!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
  })

  it('hardly moves with the gain: 20 dB louder gives the same emotions', async () => {
    const quiet = await analyse(recording())
    const loud = await analyse(recording().map((value) => 10 * value))
    expect(loud.windows.length).toBe(quiet.windows.length)
    loud.windows.forEach(({ modelProbs }, index) => {
      // The floor on mel power and histogram bins of the detector leave a little.
      modelProbs?.forEach((value, k) => expect(value).toBeCloseTo(quiet.windows[index]!.modelProbs![k]!, 1))
    })
  })

  // Only to show that real speech passes: the model was trained on these speakers, so its accuracy on them means nothing.
  const clip = sharedData('ravdess', 'Actor_05', '03-01-05-02-01-01-05.flac')
  it.runIf(clip !== null)('reads a recording (needs ../shared/data)', async () => {
    const model = await loadSpeechModel(FOLDER)
    const media = await probe(clip!)
    const read = () =>
      analyseSpeech(decodeAudio(media, { sampleRateHz: model.card.input.sampleRateHz }), { model })
    const timeline = await read()
    expect(timeline.activity.length).toBeGreaterThan(0)
    expect(timeline.windows.some(({ modelProbs }) => modelProbs !== null)).toBe(true)
    expect(await read()).toEqual(timeline)
    model.dispose()
  })

  it.runIf(backend.name !== 'wasm')('says the same on native TensorFlow and on WebAssembly', async () => {
    const native = await analyse(recording())
    await switchToWasm()
    const wasm = await analyse(recording())
    await tf.setBackend('tensorflow')
    expect(wasm.windows).toHaveLength(native.windows.length)
    wasm.windows.forEach((window, index) => {
      const other = native.windows[index]!
      expect({ ...window, modelProbs: null }).toEqual({ ...other, modelProbs: null })
      // Float32 sums in another order.
      window.modelProbs?.forEach((value, k) =>
        expect(Math.abs(value - other.modelProbs![k]!)).toBeLessThan(1e-4),
      )
    })
  })
})

describe.runIf(sharedData('clips') !== null)('speech in the shared clips (needs ../shared/data)', () => {
  const analyseFile = async (...parts: string[]) => {
    const media = await probe(sharedData('clips', ...parts)!)
    return analyseSpeech(decodeAudio(media, { sampleRateHz: 16_000 }), { model: null })
  }

  it('finds one utterance in each of the seven scenes of the montage', async () => {
    const { activity } = await analyseFile('montage.mp4')
    expect(activity).toHaveLength(7)
    activity.forEach(({ startSecs, endSecs }, scene) => {
      expect(startSecs).toBeGreaterThanOrEqual(3 * scene)
      // The sound may run a little past the picture.
      expect(endSecs).toBeLessThanOrEqual(3 * (scene + 1) + 0.3)
    })
  })

  it('finds none in silence', async () => {
    const { activity, windows } = await analyseFile('odd', 'silence.wav')
    expect(activity).toEqual([])
    expect(windows.map(({ state }) => state)).toEqual(['silence'])
  })
})
