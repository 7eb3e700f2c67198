import { describe, expect, it } from 'vitest'
import { compareTiers } from '../../../main/engine/agreement/compare-tiers'
import { eventKappa } from '../../../main/engine/agreement/event-kappa'
import { pairEvents, type TimedEvent } from '../../../main/engine/agreement/event-pairing'
import { seededRandom } from '../../support/mutate'

const event = (label: string, startSecs: number): TimedEvent => ({ label, startSecs })

type Score = readonly [same: number, pairs: number, secs: number]

const isBetter = (a: Score, b: Score): boolean =>
  a[0] !== b[0] ? a[0] > b[0] : a[1] !== b[1] ? a[1] > b[1] : a[2] < b[2] - 1e-9

/** Every alignment in order that the tolerance allows, by recursion. */
function best(first: readonly TimedEvent[], second: readonly TimedEvent[], toleranceSecs: number): Score {
  const [a, ...rest] = first
  if (!a) return [0, 0, 0]
  let found = best(rest, second, toleranceSecs)
  for (const [index, b] of second.entries()) {
    const secs = Math.abs(a.startSecs - b.startSecs)
    if (secs > toleranceSecs + 1e-9) continue
    const after = best(rest, second.slice(index + 1), toleranceSecs)
    const score: Score = [after[0] + (a.label === b.label ? 1 : 0), after[1] + 1, after[2] + secs]
    if (isBetter(score, found)) found = score
  }
  return found
}

describe('pairEvents', () => {
  it('finds the best of all alignments', () => {
    const next = seededRandom(5)
    const events = (count: number): TimedEvent[] =>
      Array.from({ length: count }, () => event('xyz'[Math.floor(next() * 3)] ?? '', next() * 6)).sort(
        (a, b) => a.startSecs - b.startSecs,
      )
    for (let round = 0; round < 300; round++) {
      const first = events(Math.floor(next() * 7))
      const second = events(Math.floor(next() * 7))
      const toleranceSecs = next() * 2
      const pairs = pairEvents(first, second, toleranceSecs)
      let score: Score = [0, 0, 0]
      const seen = new Set<string>()
      for (const { first: i, second: j } of pairs) {
        for (const name of [i >= 0 ? `a${i}` : '', j >= 0 ? `b${j}` : '']) {
          expect(name === '' || !seen.has(name)).toBe(true)
          seen.add(name)
        }
        const [a, b] = [first[i], second[j]]
        if (!a || !b) continue
        const secs = Math.abs(a.startSecs - b.startSecs)
        expect(secs).toBeLessThanOrEqual(toleranceSecs + 1e-9)
        score = [score[0] + (a.label === b.label ? 1 : 0), score[1] + 1, score[2] + secs]
      }
      expect(seen.has('') ? seen.size - 1 : seen.size).toBe(first.length + second.length)
      const wanted = best(first, second, toleranceSecs)
      expect(score.slice(0, 2)).toEqual(wanted.slice(0, 2))
      expect(score[2]).toBeCloseTo(wanted[2], 9)
    }
  })

  it('does not take the nearest where that costs a pair', () => {
    // Greedy by distance would pair 1.0 with 0.9 and leave both others alone.
    const pairs = pairEvents([event('x', 0.5), event('x', 1)], [event('x', 0.9), event('x', 1.5)], 0.5)
    expect(pairs).toEqual([
      { first: 0, second: 0 },
      { first: 1, second: 1 },
    ])
  })

  it('keeps the tolerance itself within, in spite of binary fractions', () => {
    expect(pairEvents([event('x', 0.1)], [event('x', 0.3)], 0.2)).toEqual([{ first: 0, second: 0 }])
    expect(pairEvents([event('x', 0.1)], [event('x', 0.301)], 0.2)).toHaveLength(2)
  })

  it('pairs thousands of events that are all within reach of some other', () => {
    const first = Array.from({ length: 5000 }, (_, index) => event('x', index * 0.3))
    const second = first.map(({ startSecs }) => event('x', startSecs + 0.1))
    const pairs = pairEvents(first, second, 0.5)
    expect(pairs.filter(({ first: i, second: j }) => i === j)).toHaveLength(5000)
  })
})

describe('events of two tiers, by hand', () => {
  const bout = (label: string, startSecs: number, endSecs: number) => ({ label, startSecs, endSecs })
  const result = compareTiers(
    [
      {
        clipId: 'clip',
        subject: '',
        observed: [{ startSecs: 0, endSecs: 20 }],
        first: [bout('joy', 1, 3), bout('anger', 5, 6), bout('joy', 10, 12), bout('fear', 15, 16)],
        second: [bout('joy', 1.2, 3.4), bout('fear', 4.8, 6), bout('joy', 10.1, 11.8), bout('joy', 18, 19)],
      },
    ],
    ['A', 'B'],
    { toleranceSecs: 0.5 },
  ).pooled.events

  it('counts pairs, confusions and misses', () => {
    expect(result).toMatchObject({
      firstCount: 4,
      secondCount: 4,
      sameLabel: 2,
      otherLabel: 1,
      firstOnly: 1,
      secondOnly: 1,
    })
    expect(result.agreement.value).toBeCloseTo(2 / 5, 12)
    // Onsets .2, -.2, .1; offsets .4, 0, -.2.
    expect(result.onsetDifference.mean.value).toBeCloseTo(0.1 / 3, 12)
    expect(result.onsetDifference.meanAbsolute.value).toBeCloseTo(0.5 / 3, 12)
    expect(result.offsetDifference.mean.value).toBeCloseTo(0.2 / 3, 12)
  })

  it('keeps one event where excluded time cuts into it', () => {
    const cut = compareTiers(
      [
        {
          clipId: 'clip',
          subject: '',
          observed: [
            { startSecs: 2, endSecs: 4 },
            { startSecs: 5, endSecs: 10 },
          ],
          first: [bout('joy', 0, 8)],
          second: [bout('joy', 2.1, 8)],
        },
      ],
      ['A', 'B'],
    ).pooled.events
    expect(cut.pairs).toHaveLength(1)
    expect(cut.pairs[0]?.first?.startSecs).toBe(2)
    expect(cut.onsetDifference.mean.value).toBeCloseTo(0.1, 12)
  })
})

describe('eventKappa', () => {
  it('is kappa where every event is paired', () => {
    // The first table of Fleiss, Cohen & Everitt: with no event left over, chance is that of Cohen.
    const table = [
      [106, 10, 4, 0],
      [22, 28, 10, 0],
      [2, 12, 6, 0],
      [0, 0, 0, 0],
    ]
    expect(eventKappa(table).value).toBeCloseTo(0.4285714, 6)
  })

  it('expects what quasi-independence with an empty last cell expects', () => {
    // One label: a paired, b only first, c only second. Margins force every expected cell: chance is complete.
    expect(
      eventKappa([
        [6, 2],
        [1, 0],
      ]).value,
    ).toBeCloseTo(0, 9)
    // Symmetric in two labels: p pairs each, q left over on each side a label. With e for each of the four cells of labels
    // and f for each of the four beside: 2 e + f = p + q and 2 f = 2 q, so e = p / 2: chance is p of N = 2 p + 4 q.
    const [p, q] = [10, 3]
    const total = 2 * p + 4 * q
    const kappa = eventKappa([
      [p, 0, q],
      [0, p, q],
      [q, q, 0],
    ])
    expect(kappa.value).toBeCloseTo(((2 * p) / total - p / total) / (1 - p / total), 9)
  })

  it('says why it is undefined', () => {
    expect(eventKappa([[0]]).reason).toContain('no events')
    expect(
      eventKappa([
        [0, 3],
        [2, 0],
      ]).reason,
    ).toContain('close enough')
    expect(
      eventKappa([
        [5, 0],
        [0, 0],
      ]).reason,
    ).toContain('one label')
  })
})
