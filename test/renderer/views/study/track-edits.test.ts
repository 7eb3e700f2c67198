import { describe, expect, it } from 'vitest'
import type { AnnotationChange, TrackItem } from '../../../../preload/contract/annotation'
import { subjectOfFace } from '../../../../preload/contract/tier-rules'
import { bestSample, cropOf } from '../../../../renderer/views/study/faces/face-pictures'
import {
  joinPart,
  nameFaces,
  namePart,
  partsOf,
  splitFace,
} from '../../../../renderer/views/study/faces/track-edits'

const by = { observerId: 'ann', at: '2026-03-02T10:00:00.000Z' }
const part = (startSecs: number | null, endSecs: number | null, subjectId: string) => ({
  startSecs,
  endSecs,
  subjectId,
})

function applied(tracks: readonly TrackItem[], changes: readonly AnnotationChange[]): TrackItem[] {
  const byId = new Map(tracks.map((track) => [track.id, track]))
  for (const change of changes) {
    if ('remove' in change) byId.delete(change.remove)
    else byId.set(change.put.id, change.put as TrackItem)
  }
  return [...byId.values()]
}

describe('face tracks', () => {
  it('that nobody named are one part of nobody', () => {
    expect(partsOf([], 3)).toEqual([part(null, null, '')])
  })

  it('are named, renamed and let go with one item', () => {
    const named = applied([], namePart([], 3, 0, 'child', by))
    expect(partsOf(named, 3)).toEqual([part(null, null, 'child')])
    expect(partsOf(named, 4)).toEqual([part(null, null, '')])
    const renamed = applied(named, namePart(named, 3, 0, 'mother', by))
    expect(renamed).toHaveLength(1)
    expect(renamed[0]).toMatchObject({ id: named[0]!.id, subjectId: 'mother' })
    expect(applied(renamed, namePart(renamed, 3, 0, '', by))).toEqual([])
    expect(namePart(named, 3, 0, 'child', by)).toEqual([])
  })

  it('are split at an instant, named on either side, and joined again', () => {
    const named = applied([], namePart([], 1, 0, 'child', by))
    const split = applied(named, splitFace(named, 1, 10, by))
    expect(partsOf(split, 1)).toEqual([part(null, 10, 'child'), part(10, null, 'child')])
    expect(splitFace(split, 1, 10, by)).toEqual([])
    const both = applied(split, namePart(split, 1, 1, 'mother', by))
    expect([9.99, 10].map((secs) => subjectOfFace(both, 1, secs))).toEqual(['child', 'mother'])
    const again = applied(both, splitFace(both, 1, 20, by))
    expect(partsOf(again, 1)).toEqual([
      part(null, 10, 'child'),
      part(10, 20, 'mother'),
      part(20, null, 'mother'),
    ])
    const joined = applied(again, joinPart(again, 1, 1, by))
    expect(partsOf(joined, 1)).toEqual([part(null, 20, 'child'), part(20, null, 'mother')])
    expect(joinPart(again, 1, 0, by)).toEqual([])
  })

  it('of an unnamed face can be split too', () => {
    const split = applied([], splitFace([], 1, 5, by))
    expect(partsOf(split, 1)).toEqual([part(null, 5, ''), part(5, null, '')])
    expect(applied(split, joinPart(split, 1, 1, by))).toEqual([])
  })

  it('of one person get the same subject in one edit, and other faces keep theirs', () => {
    const third = applied([], namePart([], 3, 0, 'mother', by))
    const split = applied(third, splitFace(third, 1, 5, by))
    const merged = applied(split, nameFaces(split, [1, 2], 'child', by))
    expect(partsOf(merged, 1).map(({ subjectId }) => subjectId)).toEqual(['child', 'child'])
    expect(partsOf(merged, 2)).toEqual([part(null, null, 'child')])
    expect(partsOf(merged, 3)).toEqual([part(null, null, 'mother')])
  })

  it('that others named with stretches over each other keep who they are when one part changes', () => {
    const item = (id: string, subjectId: string, times: [number | null, number | null], editedAt: string) =>
      ({ ...part(...times, subjectId), id, kind: 'track', faceId: 1, observerId: 'bob', editedAt }) as const
    const tracks = [
      item('a', 'child', [null, null], '2026-03-02T10:00:00.000Z'),
      item('b', 'mother', [4, 8], '2026-03-02T11:00:00.000Z'),
    ]
    expect(partsOf(tracks, 1).map(({ subjectId }) => subjectId)).toEqual(['child', 'mother', 'child'])
    const after = applied(tracks, namePart(tracks, 1, 2, 'father', { ...by, at: '2026-03-01T00:00:00.000Z' }))
    for (const [secs, subject] of [
      [0, 'child'],
      [5, 'mother'],
      [9, 'father'],
    ] as const)
      expect(subjectOfFace(after, 1, secs)).toBe(subject)
  })
})

describe('pictures of faces', () => {
  const rows = {
    count: 4,
    frame: Int32Array.of(0, 0, 1, 2),
    timeSecs: Float64Array.of(0, 0, 0.04, 0.08),
    faceId: Int32Array.of(1, 2, 1, 1),
    faceScore: Float32Array.of(0.5, 0.9, 0.9, 0.9),
    faceBox: Float32Array.of(0, 0, 10, 10, 50, 50, 10, 10, 20, 20, 30, 30, 0, 0, 20, 20),
  }

  it('show the row in which the face is big and sure', () => {
    expect(bestSample(rows, 1, [0, 1])).toMatchObject({ row: 2, frame: 1 })
    expect(bestSample(rows, 1, [0, 0.04])).toMatchObject({ row: 0 })
    expect(bestSample(rows, 2, [0.01, 1])).toBeNull()
  })

  it('are squares inside the picture, at its scale', () => {
    const source = { widthPx: 100, heightPx: 80 }
    expect(cropOf(rows, 2, { widthPx: 200, heightPx: 160 }, source)).toEqual({ x: 25, y: 25, side: 90 })
    expect(cropOf(rows, 0, source, source)).toEqual({ x: 0, y: 0, side: 15 })
  })
})
