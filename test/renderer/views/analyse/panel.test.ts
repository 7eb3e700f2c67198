import { describe, expect, it } from 'vitest'
import type { OpenedClip, ViewerMoment, ViewerSegment } from '../../../../preload/contract/viewer-port'
import { firstLengthPx, shareOfLength } from '../../../../renderer/views/analyse/layout/split-share'
import { faceParts, voiceParts } from '../../../../renderer/views/analyse/panel/coverage-parts'
import { momentAt, orderMoments } from '../../../../renderer/views/analyse/panel/moment-order'
import {
  ALL_SEGMENTS,
  filterSegments,
  nextStart,
  previousStart,
  segmentAt,
} from '../../../../renderer/views/analyse/panel/segment-filter'
import { valuesOfRow } from '../../../../renderer/views/analyse/panel/step-values'
import { scrollToShow, visibleRange } from '../../../../renderer/views/analyse/panel/virtual-range'

const segment = (id: string, changes: Partial<ViewerSegment>): ViewerSegment =>
  ({ id, modality: 'fusion', emotion: 0, faceId: 1, startSecs: 0, endSecs: 1, ...changes }) as ViewerSegment

describe('the list of segments', () => {
  const all = [
    segment('c', { startSecs: 5, endSecs: 9, emotion: 2 }),
    segment('a', { startSecs: 0, endSecs: 5, modality: 'face' }),
    segment('d', { startSecs: 6, endSecs: 7, faceId: 2, emotion: 2 }),
    segment('b', { startSecs: 2, endSecs: 6, modality: 'speech', faceId: -1, emotion: 2 }),
  ]
  const ids = (list: readonly ViewerSegment[]) => list.map(({ id }) => id).join('')

  it.each([
    [ALL_SEGMENTS, 'abcd'],
    [{ ...ALL_SEGMENTS, modality: 'speech' }, 'b'],
    [{ ...ALL_SEGMENTS, emotion: 2 }, 'bcd'],
    [{ ...ALL_SEGMENTS, faceId: 2 }, 'bd'],
    [{ modality: 'fusion', emotion: 2, faceId: 1 }, 'c'],
    [{ ...ALL_SEGMENTS, emotion: 6 }, ''],
  ])('%o leaves %s, by begin', (filter, left) => {
    expect(ids(filterSegments(all, filter))).toBe(left)
  })

  it('finds the segment that holds, the shortest of several, its end not included', () => {
    const at = (secs: number) => all[segmentAt(all, secs)]?.id ?? '-'
    expect([at(0), at(2.5), at(5), at(6.5), at(8.999), at(9)]).toEqual(['a', 'b', 'c', 'd', 'c', '-'])
  })

  it('walks begins in both directions and stays at the ends', () => {
    const starts = all.map(({ startSecs }) => startSecs)
    expect(nextStart(starts, 0, 1e-6)).toBe(2)
    expect(nextStart(starts, 4.9999999, 1e-6)).toBe(6)
    expect(nextStart(starts, 6, 1e-6)).toBeNull()
    expect(previousStart(starts, 6, 1e-6)).toBe(5)
    expect(previousStart(starts, 0, 1e-6)).toBeNull()
    expect(previousStart(starts, 100, 1e-6)).toBe(6)
  })
})

describe('moments', () => {
  const moment = (kind: ViewerMoment['kind'], atSecs: number, value: number): ViewerMoment =>
    ({ kind, atSecs, value, startSecs: atSecs - 1, endSecs: atSecs + 1, faceId: 1 }) as ViewerMoment
  const all = [
    moment('low-confidence', 4, 0.35),
    moment('disagreement', 9, 0.5),
    moment('low-confidence', 1, 0.2),
    moment('disagreement', 7.5, 0.9),
  ]

  it('come by weight: sure disagreements first, then the least sure', () => {
    expect(orderMoments(all, 'weight', null).map(({ atSecs }) => atSecs)).toEqual([7.5, 9, 1, 4])
    expect(orderMoments(all, 'time', null).map(({ atSecs }) => atSecs)).toEqual([1, 4, 7.5, 9])
    expect(orderMoments(all, 'time', 'disagreement').map(({ atSecs }) => atSecs)).toEqual([7.5, 9])
  })

  it('are found by the playhead, the nearest of several', () => {
    expect(momentAt(all, 8.2)).toBe(3)
    expect(momentAt(all, 8.4)).toBe(1)
    expect(momentAt(all, 5)).toBe(-1)
  })
})

describe('a list of 100,000 rows', () => {
  it('has only what is seen and a little more', () => {
    const list = { count: 100_000, rowPx: 40, heightPx: 400 }
    expect(visibleRange({ ...list, scrollPx: 0, beyond: 2 })).toEqual({ from: 0, to: 12 })
    expect(visibleRange({ ...list, scrollPx: 4_000, beyond: 2 })).toEqual({ from: 98, to: 112 })
    expect(visibleRange({ ...list, scrollPx: 4e6, beyond: 2 }).to).toBe(100_000)
    expect(visibleRange({ ...list, count: 3, scrollPx: 9_000 })).toEqual({ from: 3, to: 3 })
  })

  it('scrolls no further than needed', () => {
    const list = { rowPx: 40, scrollPx: 400, heightPx: 400 }
    expect([5, 10, 19, 20].map((row) => scrollToShow(row, list))).toEqual([200, 400, 400, 440])
  })
})

describe('a splitter', () => {
  const room = { wholePx: 1000, firstMinPx: 300, secondMinPx: 200 }
  it.each([
    [0.5, 500],
    [0.1, 300],
    [0.95, 800],
  ])('a share of %f is %i px', (share, px) => {
    expect(firstLengthPx(share, room)).toBe(px)
  })
  it('cuts too small a room in proportion', () => {
    expect(firstLengthPx(0.9, { wholePx: 250, firstMinPx: 300, secondMinPx: 200 })).toBe(150)
    expect(firstLengthPx(0.5, { ...room, wholePx: 0 })).toBe(0)
  })
  it('keeps what was asked for as a share', () => {
    expect(shareOfLength(640, room)).toBe(0.64)
    expect(shareOfLength(-20, room)).toBe(0.3)
    expect(shareOfLength(5000, room)).toBe(0.8)
  })
})

describe('coverage', () => {
  it('adds up to the whole, names what is missing and leaves out what is not', () => {
    const coverage = {
      faceSecs: { ok: 6, no_face: 3, small_face: 1, edge: 0 },
      speechSecs: 4,
      silenceSecs: 6,
      tooShortSecs: 0,
      noAudioSecs: 0,
    }
    const face = faceParts(coverage)
    expect(face.map(({ key, share }) => [key, share])).toEqual([
      ['ok', 0.6],
      ['no_face', 0.3],
      ['small_face', 0.1],
    ])
    expect(voiceParts(coverage).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })
  it('says 0 rather than nothing where no face was ever seen', () => {
    const parts = faceParts({
      faceSecs: { no_face: 5 },
      speechSecs: 0,
      silenceSecs: 0,
      tooShortSecs: 0,
      noAudioSecs: 0,
    })
    expect(parts[0]).toMatchObject({ key: 'ok', share: 0 })
  })
})

describe('the values of a row', () => {
  const absent = (count: number) => new Float32Array(count).fill(Number.NaN)
  const clip = {
    rows: {
      frame: Int32Array.of(7),
      timeSecs: Float64Array.of(0.28),
      durSecs: Float64Array.of(0.04),
      faceId: Int32Array.of(-1),
      faceScore: absent(1),
      faceBox: absent(4),
      quality: Uint8Array.of(1),
      faceProbs: absent(7),
      faceProbsSmoothed: absent(7),
      speechProbs: Float32Array.of(0.1, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1),
      fusionProbs: absent(7),
      fusionProbsSmoothed: absent(7),
      faceGate: absent(1),
      speechGate: Float32Array.of(0.5),
      faceLabel: Int8Array.of(-1),
      speechLabel: Int8Array.of(1),
      fusionLabel: Int8Array.of(-1),
      finalLabel: Int8Array.of(1),
      finalSource: Uint8Array.of(2),
      displayedLabel: Int8Array.of(1),
      fusionAbsent: Uint8Array.of(2),
      disagree: Uint8Array.of(255),
      excluded: Uint8Array.of(0),
      speechWindow: Int32Array.of(-1),
    },
    windows: {
      count: 2,
      startSecs: Float64Array.of(0, 0.2),
      endSecs: Float64Array.of(0.2, 0.5),
      state: Uint8Array.of(1, 2),
      rmsDb: Float32Array.of(-60, -20),
      speechShare: Float32Array.of(0, 0.3),
      snrDb: Float32Array.of(0, 14),
    },
  } as unknown as OpenedClip

  it('are null where absent, and exact where there', () => {
    const values = valuesOfRow(clip, 0)
    expect([values.face.raw, values.fusion.smoothed, values.disagree]).toEqual([null, null, null])
    expect(values.speech.raw?.[1]).toBeCloseTo(0.4, 6)
    expect(values).toMatchObject({ quality: 'no_face', fusionAbsent: 'low_gates', finalSource: 'speech' })
    expect(values.face.gate).toBeNaN()
  })

  it('name the stretch of sound that the instant lies in', () => {
    expect(valuesOfRow(clip, 0).window).toMatchObject({ startSecs: 0.2, state: 'too_short' })
  })
})
