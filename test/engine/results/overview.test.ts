import { describe, expect, it } from 'vitest'
import { EMOTION_COUNT } from '../../../main/engine/emotions'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { readClipResults } from '../../../main/engine/results/clip-results'
import {
  coverageOf,
  facesOf,
  faceSpeechAgreement,
  labelShares,
  largestFaceRows,
  rowSpans,
} from '../../../main/engine/results/overview'
import type { SpeechRows } from '../../../main/engine/results/speech-rows'
import { clipContext, NO_EXPORTS, sampleTimeline } from '../export/fixtures'
import { tempFolder } from '../../support/temp-folder'
import { writeLongResults } from '../../support/long-results'
import { handRows } from './hand-rows'

const HAPPY = [1, 0.8] as const
const ANGRY = [3, 0.7] as const

/** Two faces from 2 s on, of which the second is larger; frames of 1, 1, 2 and 3 s. */
const rows = handRows([
  { frame: 0, secs: 0, durSecs: 1, quality: 'no_face', active: 0 },
  { frame: 1, secs: 1, durSecs: 1, faceId: 1, face: HAPPY, speech: HAPPY, fusion: HAPPY, active: 1 },
  { frame: 2, secs: 2, durSecs: 2, faceId: 1, face: ANGRY, speech: HAPPY, fusion: HAPPY, active: 1 },
  {
    frame: 2,
    secs: 2,
    durSecs: 2,
    faceId: 2,
    face: HAPPY,
    speech: HAPPY,
    fusion: HAPPY,
    active: 1,
    sizePx: 200,
  },
  { frame: 3, secs: 4, durSecs: 3, faceId: 1, face: HAPPY, fusion: HAPPY, quality: 'small_face' },
  { frame: 3, secs: 4, durSecs: 3, faceId: 2, face: ANGRY, fusion: ANGRY, quality: 'edge', sizePx: 200 },
])
const spans = rowSpans(rows, 'video')

function speechRows(windows: readonly (readonly [number, number, number])[]): SpeechRows {
  const numbers = () => new Float32Array(windows.length)
  return {
    count: windows.length,
    startSecs: Float64Array.from(windows, ([start]) => start),
    endSecs: Float64Array.from(windows, ([, end]) => end),
    state: Uint8Array.from(windows, ([, , state]) => state),
    probs: new Float32Array(windows.length * EMOTION_COUNT),
    label: new Int8Array(windows.length),
    rmsDb: numbers(),
    speechShare: numbers(),
    snrDb: numbers(),
    calm: numbers(),
  }
}

describe('the overview of a clip', () => {
  it('knows its faces and when they are seen', () => {
    expect(facesOf(rows, spans)).toEqual([
      { faceId: 1, firstSecs: 1, lastSecs: 7, seenSecs: 6 },
      { faceId: 2, firstSecs: 2, lastSecs: 7, seenSecs: 5 },
    ])
  })

  it('weighs the agreement of face and speech by time, per face or for the largest of each frame', () => {
    expect(faceSpeechAgreement(rows, spans, 1)).toEqual({ share: 1 / 3, basisSecs: 3 })
    expect(faceSpeechAgreement(rows, spans, 2)).toEqual({ share: 1, basisSecs: 2 })
    expect([...largestFaceRows(rows)]).toEqual([0, 1, 3, 5])
    expect(faceSpeechAgreement(rows, spans, null)).toEqual({ share: 1, basisSecs: 3 })
    expect(faceSpeechAgreement(rows, spans, 9)).toEqual({ share: null, basisSecs: 0 })
  })

  it('divides time among the labels', () => {
    const face = labelShares(rows, spans, 'face', 1)
    expect(face.observedSecs).toBe(6)
    expect([...face.shares]).toEqual([0, 4 / 6, 0, 2 / 6, 0, 0, 0])
    const fusion = labelShares(rows, spans, 'fusion', null)
    expect(fusion.observedSecs).toBe(6)
    expect([...fusion.shares]).toEqual([0, 3 / 6, 0, 3 / 6, 0, 0, 0])
    expect([...labelShares(rows, spans, 'face', 9).shares].every(Number.isNaN)).toBe(true)
  })

  it('tells what was seen by the best face of each frame, and what was heard', () => {
    const speech = speechRows([
      [0, 1, 1],
      [1, 3.5, 0],
      [1.25, 3.75, 0],
      [1.5, 4, 0],
      [4, 4.4, 2],
      [4.4, 6, 1],
    ])
    expect(coverageOf(rows, spans, speech)).toEqual({
      faceSecs: { no_face: 1, ok: 3, edge: 3 },
      noAudioSecs: 3,
      speechSecs: 3,
      silenceSecs: expect.closeTo(2.6, 9),
      tooShortSecs: expect.closeTo(0.4, 9),
    })
  })

  it('counts frames that the rate left out with the one before', () => {
    const sparse = handRows([
      { frame: 0, secs: 0, durSecs: 0.5, faceId: 1, face: HAPPY },
      { frame: 1, secs: 0.5, durSecs: 0.5, quality: 'not_analysed' },
      { frame: 2, secs: 1, durSecs: 0.5, faceId: 1, face: ANGRY },
      { frame: 3, secs: 1.5, durSecs: 0.5, quality: 'not_analysed' },
    ])
    const sparseSpans = rowSpans(sparse, 'video')
    expect([...sparseSpans]).toEqual([1, 0, 1, 0])
    expect(coverageOf(sparse, sparseSpans, speechRows([])).faceSecs).toEqual({ ok: 2, not_analysed: 0 })
  })

  it.each(['ten seconds', 'minutes'])('agrees with the figures in meta.json: %s', async (which) => {
    const folder = await tempFolder()
    if (which === 'ten seconds')
      await writeClipResults(sampleTimeline(), clipContext({ clipId: 'c' }), folder, NO_EXPORTS)
    else await writeLongResults(folder, { clipId: 'c', durationSecs: 130 })
    const results = await readClipResults(folder, 'c')
    const own = rowSpans(results.rows, 'video')
    const { subjects } = results.meta.summary
    expect(subjects).toHaveLength(2)
    for (const { faceId, faceSpeechAgreement: stated, whole } of subjects) {
      const { share } = faceSpeechAgreement(results.rows, own, faceId)
      // -1: no time with both, in both.
      expect(share ?? -1).toBeCloseTo(stated ?? -1, 5)
      const { observedSecs, shares } = labelShares(results.rows, own, 'face', faceId)
      expect(observedSecs).toBeCloseTo(whole[0]?.observedSecs ?? Number.NaN, 3)
      whole[0]?.emotions.forEach(({ prop }, emotion) =>
        expect(shares[emotion]).toBeCloseTo(prop ?? Number.NaN, 5),
      )
    }
    const { speechSecs } = coverageOf(results.rows, own, results.speech)
    expect(speechSecs).toBeCloseTo(results.meta.summary.speechSecs ?? Number.NaN, 5)
  })
})
