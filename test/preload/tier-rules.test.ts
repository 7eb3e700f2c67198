import { describe, expect, it } from 'vitest'
import {
  type FinalLayer,
  finalTier,
  manualStretches,
  manualTierName,
  subjectOfFace,
} from '../../preload/contract/tier-rules'
import type { TrackItem } from '../../preload/contract/annotation'
import { sampleStudy, segmentItem, trackItem } from '../support/study'

const stretch = (startSecs: number, endSecs: number, label: string | null) => ({ startSecs, endSecs, label })

describe('the final tier', () => {
  it('takes the manual label where there is one and the fused one elsewhere', () => {
    const layers: FinalLayer[] = [
      { source: 'manual', stretches: [stretch(2, 4, 'anger')] },
      { source: 'fusion', stretches: [stretch(0, 6, 'fear'), stretch(6, 7, 'neutral')] },
    ]
    expect(finalTier(layers)).toEqual([
      { startSecs: 0, endSecs: 2, label: 'fear', source: 'fusion', layer: 1 },
      { startSecs: 2, endSecs: 4, label: 'anger', source: 'manual', layer: 0 },
      { startSecs: 4, endSecs: 6, label: 'fear', source: 'fusion', layer: 1 },
      { startSecs: 6, endSecs: 7, label: 'neutral', source: 'fusion', layer: 1 },
    ])
  })

  it('leaves a hole where a proposal was rejected', () => {
    const layers: FinalLayer[] = [
      { source: 'manual', stretches: [stretch(1, 2, null)] },
      { source: 'fusion', stretches: [stretch(0, 3, 'fear')] },
    ]
    expect(finalTier(layers).map(({ startSecs, endSecs }) => [startSecs, endSecs])).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  it('is what the strongest layer says at every instant, whatever the layers are', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    const sources = ['manual', 'manual', 'fusion', 'face'] as const
    for (let round = 0; round < 200; round++) {
      const layers = sources.map((source): FinalLayer => {
        const stretches = []
        for (let at = random(4); at < 30; at += random(5)) {
          const length = 1 + random(6)
          stretches.push(stretch(at, at + length, random(5) === 0 ? null : `l${random(3)}`))
          at += length
        }
        return { source, stretches }
      })
      const final = finalTier(layers)
      for (let at = 0.5; at < 36; at++) {
        const inside = ({ startSecs, endSecs }: { startSecs: number; endSecs: number }) =>
          startSecs <= at && at < endSecs
        const said = layers.flatMap(({ stretches }) => stretches.filter(inside))[0]
        const found = final.filter(inside)
        expect(found.length).toBeLessThanOrEqual(1)
        expect(found[0]?.label ?? null).toBe(said?.label ?? null)
      }
    }
  })
})

describe('tiers of people', () => {
  it('have their names by subject, observer and set', () => {
    expect(manualTierName('Ana', 'Bob', { kind: 'state', set: 'emotion' })).toBe('Ana/manual/Bob')
    expect(manualTierName('', 'Bob', { kind: 'state', set: 'gaze' })).toBe('clip/manual/Bob/gaze')
    expect(manualTierName('', 'Bob', { kind: 'point', set: '' })).toBe('clip/manual/Bob/points')
  })

  it('hold one observer, subject and set, by start', () => {
    const items = [
      segmentItem('anger', 5, 6),
      segmentItem('fear', 1, 2, { status: 'rejected' }),
      segmentItem('fear', 2, 3, { observerId: 'bob' }),
      segmentItem('fear', 3, 4, { subjectId: 's1' }),
    ]
    const of = { observerId: 'ann', subjectId: '', set: 'emotion' }
    expect(manualStretches(items, sampleStudy(), of)).toEqual([stretch(1, 2, null), stretch(5, 6, 'anger')])
  })
})

describe('who a face is', () => {
  it('is what was said last of the instant', () => {
    const tracks = [
      trackItem(1, 'a'),
      { ...trackItem(1, 'b', [5, 8]), editedAt: '2026-03-03T00:00:00.000Z' },
      trackItem(2, 'c'),
    ] as TrackItem[]
    expect([0, 5, 7.9, 8].map((atSecs) => subjectOfFace(tracks, 1, atSecs))).toEqual(['a', 'b', 'b', 'a'])
    expect(subjectOfFace(tracks, 3, 0)).toBe('')
  })
})
