import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../../../main/engine/inference/backend'
import { chooseModel } from '../../../../main/engine/inference/model-choice'
import { loadSpeechModel } from '../../../../main/engine/inference/registry'
import { listVoiceData } from '../../../../main/engine/learning/data/open-data'
import { readClipLogits, type SpeechModel } from '../../../../main/engine/learning/evaluation/clip-logits'
import { evaluateSpeech } from '../../../../main/engine/learning/evaluation/evaluate-speech'
import { softmax } from '../../../../main/engine/learning/evaluation/softmax'
import { decodeAudio } from '../../../../main/engine/media/decode-audio'
import { probe } from '../../../../main/engine/media/probe'
import { analyseSpeech } from '../../../../main/engine/speech/analyse-speech'
import { sharedData } from '../../../support/shared-data'

const clipsFolder = sharedData('ravdess-48k')
const silence = sharedData('clips', 'odd')
const MODELS = join(__dirname, '..', '..', '..', '..', 'models')
const OPTIONS = { dataSet: 'elsewhere', dataName: 'Eight clips', resamples: 50 }

describe.skipIf(clipsFolder === null)('speech models on recordings', () => {
  let model: SpeechModel

  beforeAll(async () => {
    await openBackend('auto')
    model = await loadSpeechModel((await chooseModel(MODELS, 'speech-emotion')).folder)
    return () => model.dispose()
  })

  it('are read window by window as the application reads them, and the logits averaged', async () => {
    const [clip] = await listVoiceData(clipsFolder!)
    const { logits, windowCount } = await readClipLogits(model, clip!.path)
    const { sampleRateHz } = model.card.input
    const blocks = decodeAudio(await probe(clip!.path), { sampleRateHz })
    const { windows } = await analyseSpeech(blocks, { model })
    const posteriors = windows.flatMap(({ modelProbs }) => (modelProbs ? [modelProbs] : []))
    expect(windowCount).toBe(posteriors.length)
    expect(windowCount).toBeGreaterThan(0)
    // The mean of logits is the geometric mean of posteriors: both must give the same probabilities.
    const product = model.card.labels.map((_, label) =>
      posteriors.reduce((sum, row) => sum + Math.log(row[label]!) / posteriors.length, 0),
    )
    const expected = softmax(product)
    softmax(logits, model.card.calibration.temperature).forEach((p, label) =>
      expect(p).toBeCloseTo(expected[label]!, 5),
    )
  })

  it('have figures of eight and of seven classes', async () => {
    const clips = await listVoiceData(clipsFolder!)
    const { reports, failures } = await evaluateSpeech(model, clips, OPTIONS)
    expect(failures).toEqual([])
    expect(reports[0]).toMatchObject({ count: 8, method: 'speech-cnn', seven: { count: 8 } })
    expect(reports[0]!.classes.map(({ support }) => support)).toEqual(model.card.labels.map(() => 1))
  })

  it('leave out what cannot be read, saying so, and what they are told to', async () => {
    const clips = await listVoiceData(clipsFolder!)
    const broken = { ...clips[0]!, id: 'broken', path: join(clipsFolder!, 'no-such.wav') }
    const { reports, failures } = await evaluateSpeech(model, [broken, ...clips.slice(0, 2)], {
      ...OPTIONS,
      excludeIds: new Set([clips[1]!.id]),
    })
    expect(failures.map(({ path }) => path)).toEqual([broken.path])
    expect(reports[0]!.count).toBe(1)
    expect(reports[0]!.notes.join(' ')).toMatch(/by request: 1 clips.*not be read: 1 clips/)
    await expect(evaluateSpeech(model, [broken], OPTIONS)).rejects.toMatchObject({ code: 'data.invalid' })
  })

  it.skipIf(silence === null)('count a clip without speech with equal probabilities', async () => {
    const { logits, windowCount } = await readClipLogits(model, join(silence!, 'silence.wav'))
    expect(windowCount).toBe(0)
    expect(new Set(logits)).toEqual(new Set([0]))
  })
})
