import { describe, expect, it } from 'vitest'
import { VOICE_STATES } from '../../../../renderer/plots/coverage-fills'
import { faceCoverage, voiceCoverage } from '../../../../renderer/plots/series/coverage'
import { emotionSeries, faceClock, frameClock } from '../../../../renderer/plots/series/rows'
import { ROW_QUALITIES } from '../../../../preload/contract/viewer-port'
import { plotRows, sure } from '../../../support/plot-rows'

/** Two faces over four frames of different length: face 2 leaves in frame 1, nobody is there in frame 2. */
const TWO_FACES = plotRows([
  { frame: 0, timeSecs: 0, durSecs: 0.04, faceId: 1, areaPx: 50, face: sure(1) },
  { frame: 0, timeSecs: 0, durSecs: 0.04, faceId: 2, areaPx: 90, face: sure(3) },
  { frame: 1, timeSecs: 0.04, durSecs: 0.1, faceId: 1, areaPx: 50, face: sure(2) },
  { frame: 2, timeSecs: 0.14, durSecs: 0.04 },
  { frame: 3, timeSecs: 0.18, durSecs: 0.02, faceId: 1, areaPx: 95, face: sure(4) },
  { frame: 3, timeSecs: 0.18, durSecs: 0.02, faceId: 2, areaPx: 90, quality: 'small_face', face: sure(5) },
])

const choice = (faceId: number | null, holdSecs = 0) => ({ faceId, holdSecs })

describe('clocks of faces', () => {
  it('have an entry for each frame the face is in, with the frame’s own length', () => {
    const clock = faceClock(TWO_FACES, choice(2))
    expect([...clock.row]).toEqual([1, 5])
    expect([...clock.startSecs]).toEqual([0, 0.18])
    expect(clock.endSecs[0]).toBeCloseTo(0.04, 9)
    expect(clock.endSecs[1]).toBeCloseTo(0.2, 9)
  })

  it('take the largest face of each frame where none is chosen, and the frame itself where it has none', () => {
    expect([...faceClock(TWO_FACES, choice(null)).row]).toEqual([1, 2, 3, 4])
  })

  it('know each frame once for what belongs to the frame', () => {
    expect([...frameClock(TWO_FACES).row]).toEqual([0, 2, 3, 4])
  })

  it('read values through the rows they chose', () => {
    const series = emotionSeries(TWO_FACES, faceClock(TWO_FACES, choice(2)), 'face', false)
    expect(series.values[series.row[1]! * 7 + 5]).toBe(1)
  })
})

describe('frames left out by the rate', () => {
  const every = (quality: 'ok' | 'not_analysed', frame: number) =>
    quality === 'ok'
      ? { frame, timeSecs: frame * 0.04, durSecs: 0.04, faceId: 1, face: sure(0) }
      : { frame, timeSecs: frame * 0.04, durSecs: 0.04, quality }
  const rows = plotRows([
    every('ok', 0),
    every('not_analysed', 1),
    every('not_analysed', 2),
    every('ok', 3),
    ...Array.from({ length: 10 }, (_, at) => every('not_analysed', 4 + at)),
  ])

  it('are spanned by the reading before them, but no longer than the rate explains', () => {
    const clock = faceClock(rows, choice(1, 0.18))
    expect([...clock.row]).toEqual([0, 3])
    expect(clock.endSecs[0]).toBeCloseTo(0.12, 9)
    expect(clock.endSecs[1]).toBeCloseTo(0.12 + 0.18, 9)
  })

  it('are gaps where all frames were to be analysed', () => {
    expect(faceClock(rows, choice(1)).endSecs[0]).toBeCloseTo(0.04, 9)
  })
})

describe('coverage', () => {
  const namesOf = (series: { count: number; state: Uint8Array }) =>
    [...series.state.subarray(0, series.count)].map((code) => ROW_QUALITIES[code])

  it('of a face says where it is not', () => {
    expect(namesOf(faceCoverage(TWO_FACES, choice(2)))).toEqual(['ok', 'no_face', 'no_face', 'small_face'])
    expect(namesOf(faceCoverage(TWO_FACES, choice(null)))).toEqual(['ok', 'ok', 'no_face', 'ok'])
  })

  it('of the voice has overlapping windows once, and says where there is no sound', () => {
    const rows = plotRows([
      { frame: 0, timeSecs: 0, durSecs: 1, speechActive: 1 },
      { frame: 1, timeSecs: 1, durSecs: 1, speechActive: 0 },
      { frame: 2, timeSecs: 2, durSecs: 1 },
      { frame: 3, timeSecs: 3, durSecs: 1 },
    ])
    const windows = {
      count: 4,
      startSecs: Float64Array.of(0, 0.5, 1.2, 1.8),
      endSecs: Float64Array.of(1, 1.2, 1.8, 2),
      state: Uint8Array.of(0, 0, 1, 2),
    }
    const series = voiceCoverage(rows, windows)
    expect([...series.state].map((code) => VOICE_STATES[code])).toEqual([
      'speech',
      'speech',
      'silence',
      'too_short',
      'no_audio',
    ])
    expect([...series.startSecs]).toEqual([0, 1, 1.2, 1.8, 2])
    expect([...series.endSecs]).toEqual([1, 1.2, 1.8, 2, 4])
  })
})
