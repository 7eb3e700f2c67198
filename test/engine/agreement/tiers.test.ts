import { describe, expect, it } from 'vitest'
import { alphaOfTiers } from '../../../main/engine/agreement/alpha-of-tiers'
import { compareTiers } from '../../../main/engine/agreement/compare-tiers'
import { piecesOf } from '../../../main/engine/agreement/pieces'
import { type LabelStretch, NO_LABEL, type PairedClip } from '../../../main/engine/agreement/types'
import { seededRandom } from '../../support/mutate'

const bout = (label: string, startSecs: number, endSecs: number): LabelStretch => ({
  label,
  startSecs,
  endSecs,
})

const clip = (
  first: LabelStretch[],
  second: LabelStretch[],
  { clipId = 'clip', endSecs = 10 } = {},
): PairedClip => ({ clipId, subject: '', observed: [{ startSecs: 0, endSecs }], first, second })

/** Ten seconds; they differ from 4 to 5 and B has nothing from 8 on. */
const HAND = clip([bout('joy', 0, 5), bout('anger', 5, 10)], [bout('joy', 0, 4), bout('anger', 4, 8)])

describe('compareTiers by hand', () => {
  it('counts unlabelled time as a category of its own', () => {
    const { pooled } = compareTiers([HAND], ['A', 'B'], { stepSecs: 1 })
    expect(pooled.confusion.labels).toEqual(['anger', 'joy', NO_LABEL])
    // anger/anger 5 to 8; anger/(none) 8 to 10; joy/anger 4 to 5; joy/joy 0 to 4.
    expect(pooled.confusion.units).toEqual([
      [3, 0, 2],
      [1, 4, 0],
      [0, 0, 0],
    ])
    expect(pooled.confusion.seconds).toEqual(pooled.confusion.units)
    // po = 7/10; pe = .5 * .4 + .5 * .4 = .4; kappa = .3 / .6.
    expect(pooled.units.observedAgreement.value).toBeCloseTo(0.7, 12)
    expect(pooled.units.expectedAgreement.value).toBeCloseTo(0.4, 12)
    expect(pooled.units.kappa.figure.value).toBeCloseTo(0.5, 12)
    expect(pooled.durations.kappa.figure.value).toBeCloseTo(0.5, 12)
    expect(pooled.durations.kappa.se.reason).toContain('independent')
    expect(pooled.skippedSecs).toBe(0)
    expect(pooled.notes.join(' ')).toContain('not independent')
  })

  it('leaves unlabelled time out when told to, and says how much', () => {
    const { pooled } = compareTiers([HAND], ['A', 'B'], { stepSecs: 1, unlabelled: 'skip' })
    // 8 s: po = 7/8; A 5 joy 3 anger, B 4 joy 4 anger: pe = (5*4 + 3*4)/64 = .5; kappa = .375/.5.
    expect(pooled.units.total).toBe(8)
    expect(pooled.units.kappa.figure.value).toBeCloseTo(0.75, 12)
    expect(pooled.skippedSecs).toBeCloseTo(2, 12)
  })

  it('pools clips by the sum of their tables', () => {
    const other = clip([bout('joy', 0, 10)], [bout('joy', 0, 10)], { clipId: 'other' })
    const { pooled, clips } = compareTiers([HAND, other], ['A', 'B'], { stepSecs: 1 })
    expect(pooled.units.total).toBe(20)
    // A 15 joy, 5 anger; B 14 joy, 4 anger, 2 none; po = 17/20; pe = (15*14 + 5*4)/400 = .575.
    expect(pooled.units.kappa.figure.value).toBeCloseTo((0.85 - 0.575) / (1 - 0.575), 12)
    expect(clips.map(({ clipId }) => clipId)).toEqual(['clip', 'other'])
    expect(clips[1]?.units.kappa.figure).toEqual({
      value: null,
      reason: 'only one label used by both raters: agreement by chance is complete',
    })
    expect(clips[1]?.units.ac1.figure.reason).toContain('one label')
    expect(clips[1]?.units.alpha.reason).toContain('same')
  })

  it('tells the moments behind a cell, in order', () => {
    const { pooled } = compareTiers([HAND], ['A', 'B'], { stepSecs: 1 })
    const { labels, moments } = pooled.confusion
    const wrong = moments.filter(({ first, second }) => first !== second)
    expect(
      wrong.map(({ first, second, startSecs, endSecs, unitCount }) => [
        labels[first],
        labels[second],
        startSecs,
        endSecs,
        unitCount,
      ]),
    ).toEqual([
      ['joy', 'anger', 4, 5, 1],
      ['anger', NO_LABEL, 8, 10, 2],
    ])
  })

  it('does not count excluded time', () => {
    const observed = [
      { startSecs: 0, endSecs: 4 },
      { startSecs: 5, endSecs: 8 },
    ]
    const { pooled } = compareTiers([{ ...HAND, observed }], ['A', 'B'], { stepSecs: 1 })
    expect(pooled.units.total).toBe(7)
    expect(pooled.units.observedAgreement.value).toBe(1)
    expect(pooled.units.kappa.figure.value).toBe(1)
  })

  it('says why nothing can be compared', () => {
    const empty = compareTiers([{ ...HAND, observed: [] }], ['A', 'B'])
    expect(empty.pooled.units.kappa.figure.reason).toContain('nothing to compare')
    expect(empty.pooled.events.kappa.reason).toContain('no events')
    const points = compareTiers([clip([bout('nod', 1, 1)], [bout('nod', 1.1, 1.1)])], ['A', 'B'])
    expect(points.pooled.units.kappa.figure.reason).toContain('points')
    expect(points.pooled.events.sameLabel).toBe(1)
    expect(points.pooled.events.offsetDifference.mean.reason).toContain('points')
  })

  it('weighs by the whole scale, and refuses where unlabelled time would be on it', () => {
    const scale = ['low', 'middle', 'high']
    const pair = clip(
      [bout('low', 0, 6), bout('high', 6, 10)],
      [bout('low', 0, 5), bout('high', 5, 9), bout('middle', 9, 10)],
    )
    const { pooled } = compareTiers([pair], ['A', 'B'], {
      stepSecs: 1,
      weights: 'linear',
      labelOrder: scale,
    })
    // Disagreement 1 for low/high (1 s), .5 for high/middle (1 s): 1.5/10. Expected: A .6 low .4 high, B .5 low .1 middle
    // .4 high: .6*.1*.5 + .6*.4*1 + .4*.5*1 + .4*.1*.5 = .49. 1 - .15/.49.
    expect(pooled.units.weightedKappa?.figure.value).toBeCloseTo(1 - 0.15 / 0.49, 12)
    const refused = compareTiers([HAND], ['A', 'B'], { weights: 'linear', labelOrder: ['joy', 'anger'] })
    expect(refused.pooled.units.weightedKappa?.figure.reason).toContain('skip')
    const given = compareTiers([pair], ['A', 'B'], {
      weights: {
        labels: ['low', 'high'],
        credit: [
          [1, 0],
          [0, 1],
        ],
      },
    })
    expect(given.pooled.units.weightedKappa?.figure.reason).toContain('middle')
  })

  it.each([
    [{ stepSecs: 0 }, 'step'],
    [{ stepSecs: Number.NaN }, 'step'],
    [{ toleranceSecs: -1 }, 'tolerance'],
    [{ weights: { labels: ['a'], credit: [[0.5]] } }, 'weight'],
  ])('refuses %o', (options, word) => {
    expect(() => compareTiers([HAND], ['A', 'B'], options)).toThrow(word)
  })
})

/** What the definition says, unit by unit. */
function labelAt(stretches: readonly LabelStretch[], secs: number): string | null {
  return stretches.find(({ startSecs, endSecs }) => startSecs <= secs && secs < endSecs)?.label ?? null
}

function randomTrack(next: () => number): LabelStretch[] {
  const track: LabelStretch[] = []
  let atSecs = next() * 2
  while (atSecs < 30) {
    const endSecs = atSecs + 0.05 + next() * 3
    track.push(bout(['joy', 'anger', 'fear'][Math.floor(next() * 3)] ?? '', atSecs, endSecs))
    atSecs = endSecs + (next() < 0.5 ? 0 : next() * 2)
  }
  return track
}

describe('pieces', () => {
  it('give the same as looking at the centre of every unit', () => {
    const next = seededRandom(7)
    for (let round = 0; round < 40; round++) {
      const tracks = [randomTrack(next), randomTrack(next), randomTrack(next)]
      const stepSecs = [0.04, 0.1, 1 / 3, 1][round % 4] ?? 1
      const cut = 5 + next() * 10
      const observed = [
        { startSecs: next(), endSecs: cut },
        { startSecs: cut + next() * 3, endSecs: 31 },
      ]
      const expected = new Map<string, number>()
      for (let unit = 0; (unit + 0.5) * stepSecs < 31; unit++) {
        const centre = (unit + 0.5) * stepSecs
        if (!observed.some(({ startSecs, endSecs }) => startSecs <= centre && centre < endSecs)) continue
        const key = tracks.map((track) => labelAt(track, centre)).join('|')
        expected.set(key, (expected.get(key) ?? 0) + 1)
      }
      const found = new Map<string, number>()
      let secs = 0
      for (const { labels, unitCount, startSecs, endSecs } of piecesOf(observed, tracks, stepSecs)) {
        secs += endSecs - startSecs
        if (unitCount > 0) found.set(labels.join('|'), (found.get(labels.join('|')) ?? 0) + unitCount)
      }
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
      expect(secs).toBeCloseTo(
        observed.reduce((sum, { startSecs, endSecs }) => sum + endSecs - startSecs, 0),
        9,
      )
    }
  })

  it('approach the exact durations as units become short', () => {
    const next = seededRandom(3)
    const pair = clip(randomTrack(next), randomTrack(next), { endSecs: 30 })
    const fine = compareTiers([pair], ['A', 'B'], { stepSecs: 0.001 })
    expect(fine.pooled.units.kappa.figure.value).toBeCloseTo(
      fine.pooled.durations.kappa.figure.value ?? Number.NaN,
      2,
    )
  })

  it('are symmetric: exchanging the raters changes no coefficient', () => {
    const next = seededRandom(11)
    const pair = clip(randomTrack(next), randomTrack(next), { endSecs: 30 })
    const there = compareTiers([pair], ['A', 'B']).pooled.units
    const back = compareTiers([{ ...pair, first: pair.second, second: pair.first }], ['B', 'A']).pooled.units
    expect(back.kappa.figure.value).toBeCloseTo(there.kappa.figure.value ?? Number.NaN, 12)
    expect(back.kappa.se.value).toBeCloseTo(there.kappa.se.value ?? Number.NaN, 12)
    expect(back.ac1.figure.value).toBeCloseTo(there.ac1.figure.value ?? Number.NaN, 12)
  })
})

describe('alphaOfTiers', () => {
  it('of two raters is that of the pair, and takes a clip that one did not code as missing', () => {
    const { pooled } = compareTiers([HAND], ['A', 'B'], { stepSecs: 1 })
    const rated = {
      clipId: 'clip',
      subject: '',
      observed: HAND.observed,
      tracks: [HAND.first, HAND.second, null],
    }
    const alpha = alphaOfTiers([rated], ['A', 'B', 'C'], { stepSecs: 1 })
    expect(alpha.pooled.alpha.value).toBeCloseTo(pooled.units.alpha.value ?? Number.NaN, 12)
    expect(alpha.pooled.unitCount).toBe(10)
    expect(alpha.pooled.valueCount).toBe(20)
  })

  it('takes a rater without a label as missing when unlabelled time is skipped', () => {
    const rated = {
      clipId: 'clip',
      subject: '',
      observed: [{ startSecs: 0, endSecs: 4 }],
      tracks: [[bout('a', 0, 4)], [bout('a', 0, 2), bout('b', 2, 3)], [bout('b', 0, 1)]],
    }
    const { pooled } = alphaOfTiers([rated], ['A', 'B', 'C'], { stepSecs: 1, unlabelled: 'skip' })
    // Units: {a,a,b}, {a,a}, {a,b}; the last has one value. Do = (4/2 + 0 + 2) = 4 of n = 7; a 5, b 2: De = (49-25-4)/6.
    expect(pooled.unitCount).toBe(3)
    expect(pooled.valueCount).toBe(7)
    expect(pooled.alpha.value).toBeCloseTo(1 - 4 / (20 / 6), 12)
  })

  it('needs numbers for an interval scale and places for an ordinal one', () => {
    const rated = {
      clipId: 'c',
      subject: '',
      observed: [{ startSecs: 0, endSecs: 3 }],
      tracks: [
        [bout('1', 0, 2), bout('3', 2, 3)],
        [bout('1', 0, 1), bout('2', 1, 3)],
      ],
    }
    const options = { stepSecs: 1, unlabelled: 'skip' } as const
    const interval = alphaOfTiers([rated], ['A', 'B'], { ...options, metric: 'interval' })
    // Do = 2 * (0 + 1 + 1) = 4; values 1,1,1,2,3,2: sum 10, squares 20: De = 2 (6*20 - 100) / 5 = 8.
    expect(interval.pooled.alpha.value).toBeCloseTo(0.5, 12)
    const ordinal = alphaOfTiers([rated], ['A', 'B'], { ...options, metric: 'ordinal', labelOrder: ['1'] })
    expect(ordinal.pooled.alpha.reason).toContain('ordered scale')
    const words = { ...rated, tracks: [[bout('x', 0, 3)], [bout('y', 0, 3)]] }
    expect(
      alphaOfTiers([words], ['A', 'B'], { ...options, metric: 'interval' }).pooled.alpha.reason,
    ).toContain('not a number')
  })
})
