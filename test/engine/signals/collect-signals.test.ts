import { describe, expect, it } from 'vitest'
import type { AudioBlock } from '../../../main/engine/media/types'
import { LOG_MEL_OFFSET } from '../../../main/engine/signals/codecs'
import { SignalCollector } from '../../../main/engine/signals/collect-signals'
import { displayBank, type SoundSignals } from '../../../main/engine/signals/sound-signals'
import { hzToMel } from '../../../main/engine/speech/mel-bank'
import { mfcc } from '../../../main/engine/speech/mfcc'
import { sine, syntheticSpeech, whiteNoise } from '../speech/signals'

const ALL = { fromSecs: -1e6, toSecs: 1e6, maxColumns: 4000 }

async function* blocksOf(samples: Float32Array, startSample = 0, size = 3001): AsyncGenerator<AudioBlock> {
  for (let at = 0; at < samples.length; at += size)
    yield { startSample: startSample + at, samples: samples.subarray(at, at + size) }
}

async function signalsOf(samples: Float32Array, startSample = 0): Promise<SoundSignals> {
  const collector = new SignalCollector()
  await collector.collect(blocksOf(samples, startSample))
  return collector.signals
}

function joined(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0)
  return whole
}

describe('the log-mel spectrogram', () => {
  it.each([150, 440, 1000, 2500, 6000])('shows a tone of %d Hz in the band around it', async (hz) => {
    const signals = await signalsOf(sine(hz, 2))
    const { codes, bands, columns, bandHz } = await signals.logMel(ALL)
    expect(columns).toBe(199)
    const mels = [...bandHz].map(hzToMel)
    const nearest = mels.reduce((best, mel, band) => {
      return Math.abs(mel - hzToMel(hz)) < Math.abs(mels[best]! - hzToMel(hz)) ? band : best
    }, 0)
    for (let column = 0; column < columns; column++) {
      const column_ = codes.subarray(column * bands, (column + 1) * bands)
      const loudest = column_.indexOf(Math.max(...column_))
      // Bands are even in mel but drawn in Hz over bins of 31 Hz: a tone near the bound of two may fall to the other.
      expect(Math.abs(loudest - nearest)).toBeLessThanOrEqual(1)
    }
  })

  it('leaves no band without a bin', () => {
    for (const weights of displayBank().toMatrix(257)) expect(Math.max(...weights)).toBeGreaterThan(0.2)
  })

  it('keeps power to a third of a decibel', async () => {
    const signals = await signalsOf(whiteNoise(3, 0.1))
    const { codes, offset, scale, bands } = await signals.logMel(ALL)
    const bank = displayBank()
    const out = new Float64Array(bands)
    const { MfccExtractor } = await import('../../../main/engine/speech/mfcc')
    const extractor = new MfccExtractor()
    extractor.push(whiteNoise(3, 0.1), ({ index, power }) => {
      bank.logPower(power, 1e-10, out)
      for (let band = 0; band < bands; band++)
        expect(Math.abs(offset + scale * codes[index * bands + band]! - out[band]!)).toBeLessThan(
          scale / 2 + 1e-9,
        )
    })
    expect(codes.length).toBe(bands * 299)
  })
})

describe('base features', () => {
  it('are those of the speech front end, to 1/512', async () => {
    const speech = syntheticSpeech(3)
    const expected = mfcc(speech)
    const { values, rows, columns, rowNames, startSecs, stepSecs } = await (await signalsOf(speech)).mfcc(ALL)
    expect([rows, columns, rowNames.length]).toEqual([13, expected.frameCount, 13])
    // Frame 0 lies from 0 to 20 ms; its column is the hop around its centre.
    expect([startSecs, stepSecs]).toEqual([0.005, 0.01])
    for (let column = 0; column < columns; column++)
      for (let row = 0; row < rows; row++)
        expect(Math.abs(values[row * columns + column]! - expected.base[column * rows + row]!)).toBeLessThan(
          1 / 500,
        )
  })

  it('are averaged where many fall on a column', async () => {
    const speech = syntheticSpeech(4)
    const expected = mfcc(speech)
    const signals = await signalsOf(speech)
    const { values, columns, stepSecs } = await signals.mfcc({ fromSecs: 0, toSecs: 4, maxColumns: 60 })
    const width = Math.round(stepSecs / 0.01)
    expect(columns).toBeLessThanOrEqual(60)
    expect(width).toBe(8)
    for (let column = 0; column < Math.floor(expected.frameCount / width); column++)
      for (const row of [0, 5, 12]) {
        let sum = 0
        for (let frame = column * width; frame < (column + 1) * width; frame++)
          sum += expected.base[frame * 13 + row]!
        expect(Math.abs(values[row * columns + column]! - sum / width)).toBeLessThan(1 / 500)
      }
  })

  it('say between which values each row mostly lies', async () => {
    const { values, low, high, columns } = await (await signalsOf(syntheticSpeech(5))).mfcc(ALL)
    for (let row = 0; row < 13; row++) {
      const own = values.subarray(row * columns, (row + 1) * columns)
      const inside = own.filter((value) => value >= low[row]! - 0.07 && value <= high[row]! + 0.07)
      expect(inside.length / columns).toBeGreaterThanOrEqual(0.97)
      expect(inside.length / columns).toBeLessThan(1)
    }
  })
})

describe('time', () => {
  it('is that of the clip: sound before the first picture, and after a gap', async () => {
    const tone = sine(1000, 1)
    async function* blocks(): AsyncGenerator<AudioBlock> {
      yield { startSample: -8000, samples: tone }
      yield { startSample: 24_000, samples: tone }
    }
    const collector = new SignalCollector()
    await collector.collect(blocks())
    expect(collector.signals.bounds).toEqual({ soundStartSecs: -0.5, soundEndSecs: 2.5 })
    const { startSecs, stepSecs, columns, maximum } = await collector.signals.waveform(ALL)
    expect([startSecs, stepSecs, columns]).toEqual([-0.5, 0.002, 1500])
    for (let column = 0; column < columns; column++) {
      const secs = startSecs + column * stepSecs
      // 1000 Hz: two periods a column.
      expect(maximum[column]).toBeCloseTo(secs >= 0.5 - 1e-9 && secs < 1.5 - 1e-9 ? 0 : 0.5, 2)
    }
    const part = await collector.signals.waveform({ fromSecs: 1.401, toSecs: 1.599, maxColumns: 1000 })
    expect(part.startSecs).toBeCloseTo(1.4, 9)
    expect(part.columns).toBe(100)
  })

  it.each([
    ['before the sound', -10, -9],
    ['after it', 50, 60],
    ['backwards', 0.5, 0.2],
  ])('gives no columns %s', async (_, fromSecs, toSecs) => {
    const signals = await signalsOf(sine(440, 1))
    const range = { fromSecs, toSecs, maxColumns: 100 }
    expect((await signals.waveform(range)).columns).toBe(0)
    expect((await signals.logMel(range)).codes).toHaveLength(0)
    expect((await signals.mfcc(range)).values).toHaveLength(0)
  })
})

describe('a silent sound', () => {
  it('is flat in every picture', async () => {
    const signals = await signalsOf(new Float32Array(32_000))
    const waveform = await signals.waveform(ALL)
    for (const column of [waveform.minimum, waveform.maximum, waveform.rms])
      expect(column.every((value) => value === 0)).toBe(true)
    const logMel = await signals.logMel(ALL)
    expect(logMel.codes.every((code) => code === 0)).toBe(true)
    expect(logMel.offset).toBe(LOG_MEL_OFFSET)
    expect(logMel.low).toBe(logMel.high)
    const { values, low, high, columns } = await signals.mfcc(ALL)
    expect(columns).toBe(199)
    expect(values.every((value) => Number.isFinite(value))).toBe(true)
    expect(low).toEqual(high)
  })

  it('too short for a frame has a waveform alone', async () => {
    const signals = await signalsOf(sine(440, 0.015))
    expect((await signals.waveform(ALL)).columns).toBe(8)
    expect((await signals.logMel(ALL)).columns).toBe(0)
    expect((await signals.mfcc(ALL)).columns).toBe(0)
  })
})

describe('reading', () => {
  it('shows what has come by now', async () => {
    const collector = new SignalCollector()
    const seen: { columns: number; isComplete: boolean }[] = []
    async function* slow(): AsyncGenerator<AudioBlock> {
      for await (const block of blocksOf(joined(sine(440, 1), sine(880, 1)), 0, 16_000)) {
        const { columns, isComplete } = await collector.signals.waveform(ALL)
        seen.push({ columns, isComplete })
        yield block
      }
    }
    const progress: number[] = []
    await collector.collect(slow(), { onProgress: (secs) => progress.push(secs) })
    expect(seen).toEqual([
      { columns: 0, isComplete: false },
      { columns: 500, isComplete: false },
    ])
    expect(progress).toEqual([1, 2])
    expect((await collector.signals.waveform(ALL)).isComplete).toBe(true)
  })

  it('stops when it is cancelled', async () => {
    const controller = new AbortController()
    const collector = new SignalCollector()
    const reading = collector.collect(blocksOf(sine(440, 5)), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  })
})
