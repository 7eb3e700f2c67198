import { describe, expect, it } from 'vitest'
import { pitchColumns } from '../../../main/engine/speech/pitch-columns'

const octaves = (columns: Float32Array) => Array.from(columns).filter((_, k) => k % 2 === 0)
const voicing = (columns: Float32Array) => Array.from(columns).filter((_, k) => k % 2 === 1)

describe('pitchColumns', () => {
  it('counts octaves from 160 Hz and bridges what is unvoiced by a straight line', () => {
    const columns = pitchColumns([Number.NaN, 160, Number.NaN, Number.NaN, 1280, Number.NaN])
    expect(octaves(columns)).toEqual([0, 0, 1, 2, 3, 3])
    expect(voicing(columns)).toEqual([0, 1, 0, 0, 1, 0])
  })

  it('moves by one with an octave and says nothing where nothing is voiced', () => {
    const low = octaves(pitchColumns([120, Number.NaN, 140]))
    octaves(pitchColumns([240, Number.NaN, 280])).forEach((value, k) =>
      expect(value).toBeCloseTo(low[k]! + 1, 5),
    )
    expect(pitchColumns([Number.NaN, Number.NaN])).toEqual(new Float32Array(4))
    expect(pitchColumns([])).toEqual(new Float32Array(0))
  })
})
