import { beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'
import { analyseSpeech } from '../../../main/engine/speech/analyse-speech'
import type { SpeechTimeline } from '../../../main/engine/speech/types'
import { addAt, inBlocks, RATE_HZ, syntheticSpeech, whiteNoise } from './signals'
import { toyModel } from './toy-model'

beforeAll(() => openBackend('wasm'))

/** 12 s: speech at 1 to 2.5, at 4 to 4.4 (too short) and at 6 to 10.5 s. */
function recording(): Float32Array {
  const signal = whiteNoise(12, 1e-3)
  addAt(signal, syntheticSpeech(1.5, 1), 1)
  addAt(signal, syntheticSpeech(0.4, 2), 4)
  addAt(signal, syntheticSpeech(4.5, 3), 6)
  return signal
}

async function analyse(signal = recording(), options: Partial<Parameters<typeof analyseSpeech>[1]> = {}) {
  const model = toyModel()
  try {
    return await analyseSpeech(inBlocks(signal), { model, ...options })
  } finally {
    model.dispose()
  }
}

function expectCover({ span, windows }: SpeechTimeline): void {
  let covered = span.startSecs
  windows.forEach(({ startSecs, endSecs }) => {
    expect(startSecs).toBeLessThanOrEqual(covered + 1e-9)
    expect(endSecs).toBeGreaterThanOrEqual(covered)
    covered = endSecs
  })
  expect(covered).toBeCloseTo(span.endSecs, 9)
}

describe('analyseSpeech', () => {
  it('cuts the recording into silence, short speech and windows that cover its span', async () => {
    const timeline = await analyse()
    expect(timeline.span).toEqual({ startSecs: 0, endSecs: 12 })
    expectCover(timeline)
    expect(timeline.activity).toHaveLength(3)
    const states = timeline.windows.map(({ state }) => state)
    const speech = timeline.windows.filter(({ state }) => state === 'speech')
    expect(states.filter((state) => state === 'silence')).toHaveLength(4)
    expect(states.filter((state) => state === 'too_short')).toHaveLength(1)
    expect(speech[0]).toMatchObject(timeline.activity[0]!)
    // 4.5 s and a little padding, less what fades: windows at 0, 0.25 ... up to the last, which ends with the speech.
    expect(speech.length).toBeGreaterThan(8)
    expect(speech.at(-1)!.endSecs).toBe(timeline.activity[2]!.endSecs)
    for (const { startSecs, endSecs } of speech.slice(1)) expect(endSecs - startSecs).toBeCloseTo(2.5, 9)
    for (const { state, modelProbs } of timeline.windows) {
      if (state !== 'speech') expect(modelProbs).toBeNull()
      else expect(modelProbs!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    }
  })

  it('measures levels: RMS, share of speech and SNR', async () => {
    const { windows } = await analyse()
    const [before, speech] = windows
    // The noise has RMS 1e-3: -60 dB.
    expect(before!.rmsDb).toBeCloseTo(-60, 0)
    expect(before!.speechShare).toBe(0)
    expect(before!.snrDb).toBeNull()
    // The speech has RMS 0.1: -20 dB, 40 dB over the noise; padding dilutes it, the quantile floor lies a little low.
    expect(Math.abs(speech!.rmsDb + 20)).toBeLessThan(1)
    expect(Math.abs(speech!.snrDb! - 40)).toBeLessThan(2.5)
  })

  it('counts speech that does not fill a window as a share of one, so that fusion believes it less', async () => {
    const { windows } = await analyse()
    const shorter = windows.filter(
      ({ state, startSecs, endSecs }) => state === 'speech' && endSecs - startSecs < 2.4,
    )
    expect(shorter.length).toBeGreaterThan(0)
    for (const { startSecs, endSecs, speechShare } of shorter)
      expect(speechShare).toBeCloseTo((endSecs - startSecs) / 2.5, 2)
    const full = windows.filter(
      ({ startSecs, endSecs, state }) => state === 'speech' && endSecs - startSecs > 2.49,
    )
    expect(full.length).toBeGreaterThan(0)
    for (const { speechShare } of full) expect(speechShare).toBe(1)
  })

  it('gives the mask as long as the window: probabilities of the toy network by hand', async () => {
    const model = toyModel({ calibration: { temperature: 50, protocol: 'none' } })
    const { windows } = await analyseSpeech(inBlocks(recording()), { model })
    model.dispose()
    for (const { state, startSecs, endSecs, modelProbs } of windows) {
      if (state !== 'speech') continue
      const steps = Math.ceil(Math.round((endSecs - startSecs) * 100) / 2)
      expect(modelProbs![0]).toBeCloseTo(1 / (1 + Math.exp(-steps / 50)), 4)
    }
  })

  it('does not depend on how the sound is cut into blocks', async () => {
    const whole = await analyse()
    const model = toyModel()
    const pieces = await analyseSpeech(inBlocks(recording(), 0, [777, 1, 30_000]), { model })
    model.dispose()
    expect(pieces).toEqual(whole)
  })

  it('classifies the same whatever the gain', async () => {
    const plain = await analyse()
    const loud = await analyse(recording().map((value) => 4 * value))
    expect(loud.windows).toHaveLength(plain.windows.length)
    loud.windows.forEach((window, index) => {
      expect(window.rmsDb - plain.windows[index]!.rmsDb).toBeCloseTo(20 * Math.log10(4), 1)
      expect(window.state).toBe(plain.windows[index]!.state)
    })
  })

  it('shifts with the start of the sound, and fills gaps with silence', async () => {
    const signal = recording()
    async function* gapped() {
      yield* inBlocks(signal.slice(0, 3 * RATE_HZ), -RATE_HZ)
      // 2 s are missing.
      yield* inBlocks(signal.slice(3 * RATE_HZ), 4 * RATE_HZ)
    }
    const timeline = await analyseSpeech(gapped(), { model: null })
    expect(timeline.span).toEqual({ startSecs: -1, endSecs: 13 })
    expectCover(timeline)
    expect(timeline.activity).toHaveLength(3)
    expect(Math.abs(timeline.activity[0]!.startSecs - 0)).toBeLessThan(0.2)
    expect(Math.abs(timeline.activity[2]!.startSecs - 7)).toBeLessThan(0.2)
  })

  it('finds speech without a model, and leaves the windows unread', async () => {
    const { windows } = await analyse(recording(), { model: null })
    expect(windows.some(({ state }) => state === 'speech')).toBe(true)
    expect(windows.every(({ modelProbs }) => modelProbs === null)).toBe(true)
  })

  it.each([
    ['no sound', 0, 0],
    ['less than a frame', 100, 1],
    ['digital silence', 32_000, 1],
  ])('handles %s', async (_remark, samples, rows) => {
    const timeline = await analyse(new Float32Array(samples))
    expect(timeline.activity).toEqual([])
    expect(timeline.windows).toHaveLength(rows)
    expectCover(timeline)
    for (const window of timeline.windows)
      expect(window).toMatchObject({ state: 'silence', rmsDb: -200, snrDb: null })
  })

  it('measures a sound too short for a frame', async () => {
    const { windows } = await analyse(new Float32Array(200).fill(0.1))
    expect(windows).toHaveLength(1)
    expect(windows[0]).toMatchObject({ state: 'silence', startSecs: 0, endSecs: 0.0125 })
    expect(windows[0]!.rmsDb).toBeCloseTo(-20, 4)
  })

  it('honours window and hop, within what the network takes', async () => {
    const count = ({ windows }: SpeechTimeline) => windows.filter(({ state }) => state === 'speech').length
    const fine = await analyse(recording(), { hopSecs: 0.1 })
    const coarse = await analyse(recording(), { hopSecs: 1 })
    expect(count(fine)).toBeGreaterThan(2 * count(coarse))
    const short = await analyse(recording(), { windowSecs: 1, hopSecs: 0.5 })
    for (const { state, startSecs, endSecs } of short.windows)
      if (state === 'speech') expect(endSecs - startSecs).toBeLessThanOrEqual(1 + 1e-9)
  })

  it.each([
    ['a window longer than the network', { windowSecs: 3 }],
    ['a window shorter than speech can be', { windowSecs: 0.3 }],
    ['no hop', { hopSecs: 0 }],
    ['a negative hop', { hopSecs: -1 }],
    ['a hop that is no number', { hopSecs: Number.NaN }],
  ])('refuses %s', async (_remark, options) => {
    await expect(analyse(recording(), options)).rejects.toMatchObject({ code: 'usage.invalid' })
  })

  it('stops when told', async () => {
    const controller = new AbortController()
    const read: number[] = []
    const running = analyse(recording(), {
      signal: controller.signal,
      onProgress: (secs) => {
        read.push(secs)
        if (secs > 3) controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(read.length).toBeLessThan(10)
    expect(read).toEqual([...read].sort((a, b) => a - b))
  })

  it('leaves no tensor behind', async () => {
    const model = toyModel()
    await analyseSpeech(inBlocks(recording()), { model })
    const before = tf.memory().numTensors
    await analyseSpeech(inBlocks(recording()), { model })
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })
})
