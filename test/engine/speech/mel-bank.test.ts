import { describe, expect, it } from 'vitest'
import { hzToMel, MelBank, melToHz } from '../../../main/engine/speech/mel-bank'

const OPTIONS = { bands: 26, fftSize: 512, sampleRateHz: 16_000, lowHz: 0, highHz: 8_000 }

describe('mel scale', () => {
  it('calls 1000 Hz 1000 mel and turns back', () => {
    expect(hzToMel(1000)).toBeCloseTo(1000, 1) // 999.99: the formula's own rounding
    for (const hz of [0, 80, 440, 3999, 8000]) expect(melToHz(hzToMel(hz))).toBeCloseTo(hz, 8)
  })
})

describe('MelBank', () => {
  const rows = new MelBank(OPTIONS).toMatrix(257)

  it('has one row a band and one column a bin', () => {
    expect(rows).toHaveLength(26)
    for (const row of rows) expect(row).toHaveLength(257)
  })

  it('shares each bin between neighbours so that the weights sum to one between the outer centres', () => {
    const { centresHz } = new MelBank(OPTIONS)
    let tested = 0
    for (let bin = 0; bin < 257; bin++) {
      const hz = bin * 31.25
      if (hz < centresHz[0]! || hz > centresHz[25]!) continue
      tested++
      expect(rows.reduce((sum, row) => sum + row[bin]!, 0)).toBeCloseTo(1, 12)
    }
    expect(tested).toBeGreaterThan(200)
  })

  it('weighs a power spectrum as the dense matrix does, and floors the logarithm', () => {
    const power = Float64Array.from({ length: 257 }, (_, bin) => (bin % 7) * 0.1)
    const out = new Float64Array(26)
    new MelBank(OPTIONS).logPower(power, 1e-10, out)
    rows.forEach((row, band) => {
      const sum = row.reduce((total, weight, bin) => total + weight * power[bin]!, 0)
      expect(out[band]).toBeCloseTo(Math.log(sum), 12)
    })
    new MelBank(OPTIONS).logPower(new Float64Array(257), 1e-10, out)
    expect(Array.from(out)).toEqual(new Array(26).fill(Math.log(1e-10)))
  })
})
