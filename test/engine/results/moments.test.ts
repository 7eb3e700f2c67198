import { describe, expect, it } from 'vitest'
import { findMoments } from '../../../main/engine/results/moments'
import { handRows } from './hand-rows'

const EVERY = { lowConfidence: 0.4, minimumSecs: 0, joinGapSecs: 0 }

describe('the jump list', () => {
  it('has stretches of low confidence and where each is lowest', () => {
    const rows = handRows([
      { frame: 0, secs: 0, faceId: 1, fusion: [1, 0.9] },
      { frame: 1, secs: 1, faceId: 1, fusion: [1, 0.35] },
      { frame: 2, secs: 2, faceId: 1, face: [2, 0.6], speech: [4, 0.3], fusion: [2, 0.25] },
      { frame: 3, secs: 3, faceId: 1, fusion: [2, 0.39] },
      { frame: 4, secs: 4, faceId: 1, fusion: [2, 0.4] },
    ])
    const moments = findMoments(rows, EVERY)
    expect(moments).toEqual([
      {
        kind: 'low-confidence',
        faceId: 1,
        startSecs: 1,
        endSecs: 4,
        atSecs: 2,
        atFrame: 2,
        value: expect.closeTo(0.25, 6),
        faceEmotion: 2,
        speechEmotion: 4,
      },
    ])
  })

  it('has stretches of disagreement and where both are surest', () => {
    const rows = handRows([
      { frame: 0, secs: 0, faceId: 1, face: [1, 0.9], speech: [3, 0.6], fusion: [1, 0.9], disagree: 1 },
      { frame: 1, secs: 1, faceId: 1, face: [1, 0.7], speech: [3, 0.8], fusion: [1, 0.9], disagree: 1 },
      { frame: 2, secs: 2, faceId: 1, face: [1, 0.99], speech: [3, 0.55], fusion: [1, 0.9], disagree: 1 },
      { frame: 3, secs: 3, faceId: 1, face: [1, 0.9], speech: [1, 0.9], fusion: [1, 0.9], disagree: 0 },
    ])
    expect(findMoments(rows, EVERY)).toMatchObject([
      {
        kind: 'disagreement',
        startSecs: 0,
        endSecs: 3,
        atSecs: 1,
        atFrame: 1,
        value: expect.closeTo(0.7, 6),
        faceEmotion: 1,
        speechEmotion: 3,
      },
    ])
  })

  it('follows each face by itself and is sorted by start', () => {
    const low = [1, 0.3] as const
    const rows = handRows([
      { frame: 0, secs: 0, faceId: 1, fusion: [1, 0.9] },
      { frame: 0, secs: 0, faceId: 2, fusion: low },
      { frame: 1, secs: 1, faceId: 1, fusion: low, face: [1, 0.6], speech: [2, 0.6], disagree: 1 },
      { frame: 1, secs: 1, faceId: 2, fusion: low },
      { frame: 2, secs: 2, faceId: 1, fusion: low },
      { frame: 2, secs: 2, faceId: 2, fusion: [1, 0.9] },
    ])
    expect(
      findMoments(rows, EVERY).map(({ kind, faceId, startSecs, endSecs }) => [
        kind,
        faceId,
        startSecs,
        endSecs,
      ]),
    ).toEqual([
      ['low-confidence', 2, 0, 2],
      ['disagreement', 1, 1, 2],
      ['low-confidence', 1, 1, 3],
    ])
  })

  it('joins over short gaps and leaves short stretches out', () => {
    const at = (secs: number, p: number) => ({
      frame: 2 * secs,
      secs,
      durSecs: 0.5,
      faceId: 1,
      fusion: [0, p] as const,
    })
    const rows = handRows([
      at(0, 0.3),
      at(0.5, 0.9),
      at(1, 0.2),
      at(1.5, 0.9),
      at(2, 0.9),
      at(2.5, 0.9),
      at(3, 0.3),
    ])
    const spans = (rules: Parameters<typeof findMoments>[1]) =>
      findMoments(rows, rules).map(({ startSecs, endSecs }) => [startSecs, endSecs])
    expect(spans({ lowConfidence: 0.4, minimumSecs: 0, joinGapSecs: 0.5 })).toEqual([
      [0, 1.5],
      [3, 3.5],
    ])
    expect(spans({ lowConfidence: 0.4, minimumSecs: 0.6, joinGapSecs: 0.5 })).toEqual([[0, 1.5]])
    expect(spans({ lowConfidence: 0.4, minimumSecs: 0, joinGapSecs: 2 })).toEqual([[0, 3.5]])
    expect(spans({ lowConfidence: 0.25, minimumSecs: 0, joinGapSecs: 0 })).toEqual([[1, 1.5]])
    // What stands for no value: half a second and 0.4.
    expect(spans({})).toEqual([
      [0, 1.5],
      [3, 3.5],
    ])
  })

  it('takes the confidence of whatever the label comes from, and passes over rows without one', () => {
    const rows = handRows([
      { frame: 0, secs: 0, faceId: 1, face: [1, 0.3] },
      { frame: 1, secs: 1 },
      { frame: 2, secs: 2, speech: [1, 0.2] },
      { frame: 3, secs: 3, faceId: 1, face: [1, 0.3], isExcluded: true },
    ])
    expect(
      findMoments(rows, EVERY).map(({ faceId, startSecs, value }) => [faceId, startSecs, value]),
    ).toEqual([
      [1, 0, expect.closeTo(0.3, 6)],
      [-1, 2, expect.closeTo(0.2, 6)],
    ])
    expect(findMoments(handRows([]))).toEqual([])
  })
})
