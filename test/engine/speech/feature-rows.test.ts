import { describe, expect, it } from 'vitest'
import { withDifferences } from '../../../main/engine/speech/differences'
import { FEATURE_COLUMNS } from '../../../main/engine/speech/feature-columns'
import { featureRows } from '../../../main/engine/speech/feature-rows'
import { mfcc } from '../../../main/engine/speech/mfcc'
import { addAt, inBlocks, RATE_HZ, sine, syntheticSpeech, whiteNoise } from './signals'

async function rowsOf(blocks: Parameters<typeof featureRows>[0]) {
  const rows: (readonly (number | null)[])[] = []
  for await (const row of featureRows(blocks)) rows.push(row)
  return rows
}

const at = (name: string) => FEATURE_COLUMNS.findIndex((column) => column.name === name)

describe('featureRows', () => {
  const signal = whiteNoise(4, 1e-3)
  addAt(signal, syntheticSpeech(1.5), 1)

  it('has the named columns, each described once', () => {
    const names = FEATURE_COLUMNS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.slice(0, 14)).toEqual([
      'time_s',
      ...Array.from({ length: 12 }, (_, k) => `mfcc_${k + 1}`),
      'log_energy',
    ])
    expect(names[27]).toBe('dd_mfcc_1')
    for (const { description } of FEATURE_COLUMNS) expect(description.length).toBeGreaterThan(10)
  })

  it('gives one row a frame with the features of mfcc and withDifferences', async () => {
    const rows = await rowsOf(inBlocks(signal, 0, [1000, 333]))
    const { base, frameCount } = mfcc(signal)
    const full = withDifferences(base, 13, 2)
    expect(rows).toHaveLength(frameCount)
    rows.forEach((row, frame) => {
      expect(row).toHaveLength(FEATURE_COLUMNS.length)
      expect(row[0]).toBeCloseTo(0.01 + frame * 0.01, 9)
      expect(Float32Array.from(row.slice(1, 40) as number[])).toEqual(
        full.slice(frame * 39, (frame + 1) * 39),
      )
    })
  })

  it('does not depend on how the sound is cut', async () => {
    expect(await rowsOf(inBlocks(signal, 0, [1, 5000, 77]))).toEqual(await rowsOf(inBlocks(signal)))
  })

  it('marks speech and leaves f0 empty where there is none', async () => {
    const rows = await rowsOf(inBlocks(signal))
    const inSpeech = rows.filter((row) => row[0]! > 1.2 && row[0]! < 2.2)
    const before = rows.filter((row) => row[0]! < 0.8)
    expect(inSpeech.every((row) => row[at('speech_active')] === 1)).toBe(true)
    expect(before.every((row) => row[at('speech_active')] === 0)).toBe(true)
    const voiced = inSpeech.map((row) => row[at('f0_hz')]).filter((value) => value != null)
    expect(voiced.length).toBeGreaterThan(30)
    // The synthetic voice moves between 110 and 170 Hz.
    for (const hz of voiced) expect(hz > 100 && hz < 180).toBe(true)
    expect(before.filter((row) => row[at('f0_hz')] !== null).length).toBeLessThan(4)
  })

  it('puts times on the clip clock and fills gaps with silence', async () => {
    const tone = sine(300, 0.5)
    async function* gapped() {
      yield* inBlocks(tone, -1600)
      yield* inBlocks(tone, RATE_HZ)
    }
    const rows = await rowsOf(gapped())
    expect(rows[0]![0]).toBeCloseTo(-0.09, 9)
    const gap = rows.filter((row) => row[0]! > 0.45 && row[0]! < 0.95)
    expect(gap.length).toBeGreaterThan(45)
    for (const row of gap) {
      expect(row[at('rms')]).toBe(0)
      expect(row[at('spectral_centroid_hz')]).toBeNull()
    }
    expect(rows).toHaveLength(1 + Math.floor((1.6 * RATE_HZ - 320) / 160))
  })

  it('gives no row for no sound, and stops when told', async () => {
    expect(await rowsOf(inBlocks(new Float32Array(0)))).toEqual([])
    const controller = new AbortController()
    controller.abort()
    const iterator = featureRows(inBlocks(signal), { signal: controller.signal })
    await expect(iterator.next()).rejects.toMatchObject({ code: 'cancelled' })
  })
})
