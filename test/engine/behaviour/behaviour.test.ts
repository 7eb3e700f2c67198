import { describe, expect, it } from 'vitest'
import { behaviourOf } from '../../../main/engine/behaviour/behaviour'
import type { BudgetRow } from '../../../main/engine/behaviour/types'
import { EMOTIONS } from '../../../main/engine/emotions'
import type { ProbabilityTrack } from '../../../main/engine/study-data/types'
import { bout, clip, study, tier } from './hand-clips'

const rowOf = (rows: readonly BudgetRow[], label: string, bin = 0, clipId = 'a'): BudgetRow => {
  const found = rows.filter((row) => row.label === label && row.clipId === clipId)[bin]
  if (!found) throw new Error(`no row of ${label}`)
  return found
}

describe('time budget by hand', () => {
  const stretches = [bout('joy', 5, 10), bout('anger', 10, 12), bout('joy', 20, 21), bout('joy', 58, 60)]

  it('gives bouts, lengths, share, rate and latency', () => {
    const { budget } = behaviourOf(study([clip('a', [tier(stretches)])]))
    // 5, 1 and 2 s: mean 8/3, SD sqrt(((7/3)² + (5/3)² + (2/3)²) / 2).
    const joy = rowOf(budget, 'joy')
    expect(joy).toMatchObject({ bouts: 3, totalSecs: 8, minSecs: 1, maxSecs: 5, latencySecs: 5 })
    expect(joy.meanSecs).toBeCloseTo(8 / 3, 12)
    expect(joy.sdSecs).toBeCloseTo(Math.sqrt((49 + 25 + 4) / 18), 12)
    expect(joy.proportion).toBeCloseTo(8 / 60, 12)
    expect(joy.ratePerMin).toBeCloseTo(3, 12)
    const anger = rowOf(budget, 'anger')
    expect(anger).toMatchObject({ bouts: 1, totalSecs: 2, sdSecs: null, latencySecs: 10 })
  })

  it('has a row with 0 for a label that only others used', () => {
    const other = tier([bout('fear', 0, 1)], { rater: 'Ben', name: 'clip/manual/Ben' })
    const { budget } = behaviourOf(study([clip('a', [tier(stretches), other])]))
    const anna = budget.filter(({ raterKey }) => raterKey === 'Anna')
    expect(rowOf(anna, 'fear')).toMatchObject({
      bouts: 0,
      totalSecs: 0,
      meanSecs: null,
      proportion: 0,
      ratePerMin: 0,
      latencySecs: null,
    })
  })

  it('cuts bouts at the edges of bins, and counts each part where it lies', () => {
    const { budget } = behaviourOf(study([clip('a', [tier([bout('joy', 18, 43)])])]), { binSecs: 20 })
    expect(budget.map(({ binStartSecs, binEndSecs }) => [binStartSecs, binEndSecs])).toEqual([
      [0, 20],
      [20, 40],
      [40, 60],
    ])
    expect(budget.map(({ bouts, totalSecs, latencySecs }) => [bouts, totalSecs, latencySecs])).toEqual([
      [1, 2, 18],
      [1, 20, 0],
      [1, 3, 0],
    ])
    expect(budget.map(({ proportion }) => proportion)).toEqual([0.1, 1, 0.15])
  })

  it('ends a bout where time is excluded, and leaves that time out of every share', () => {
    const observed = [
      { startSecs: 0, endSecs: 10 },
      { startSecs: 30, endSecs: 60 },
    ]
    const { budget } = behaviourOf(
      study([clip('a', [tier([bout('joy', 5, 35)], { observed })], { observed })]),
    )
    const joy = rowOf(budget, 'joy')
    expect(joy).toMatchObject({ bouts: 2, totalSecs: 10, observedSecs: 40, latencySecs: 5 })
    expect(joy.proportion).toBeCloseTo(0.25, 12)
    expect(joy.ratePerMin).toBeCloseTo(3, 12)
  })

  it('is empty, not 0, in a bin that was not observed', () => {
    const observed = [{ startSecs: 0, endSecs: 30 }]
    const { budget } = behaviourOf(
      study([clip('a', [tier([bout('joy', 1, 2)], { observed })], { observed })]),
      { binSecs: 30 },
    )
    expect(rowOf(budget, 'joy', 1)).toMatchObject({
      bouts: null,
      totalSecs: null,
      proportion: null,
      ratePerMin: null,
      observedSecs: 0,
    })
  })

  it('counts points, which last no time', () => {
    const points = tier([bout('nod', 3, 3), bout('nod', 45, 45), bout('nod', 50, 50)], {
      isPoints: true,
      set: '',
    })
    const observed = [{ startSecs: 0, endSecs: 48 }]
    const { budget } = behaviourOf(study([clip('a', [{ ...points, observed }], { observed })]))
    const nod = rowOf(budget, 'nod')
    expect(nod).toMatchObject({ raterKey: 'Anna/points', bouts: 2, totalSecs: null, latencySecs: 3 })
    expect(nod.proportion).toBeNull()
    expect(nod.ratePerMin).toBeCloseTo((2 / 48) * 60, 12)
  })
})

describe('transitions by hand', () => {
  const stretches = [
    bout('joy', 0, 10),
    bout('anger', 10, 12),
    bout('joy', 20, 30),
    bout('joy', 30, 31),
    bout('fear', 31, 60),
  ]

  it('go to the next different state, with gaps as a state or passed over', () => {
    const { transitions } = behaviourOf(study([clip('a', [tier(stretches)])]))
    const of = (gaps: 'state' | 'joined') =>
      transitions.find((table) => table.gaps === gaps && table.clipId === 'a')
    expect(of('joined')).toMatchObject({
      labels: ['anger', 'fear', 'joy'],
      // anger > joy; joy > anger and joy > fear.
      counts: [
        [0, 0, 1],
        [0, 0, 0],
        [1, 1, 0],
      ],
      probabilities: [
        [0, 0, 1],
        [null, null, null],
        [0.5, 0.5, 0],
      ],
    })
    expect(of('state')).toMatchObject({
      labels: ['anger', 'fear', 'joy', '(none)'],
      counts: [
        [0, 0, 0, 1],
        [0, 0, 0, 0],
        [1, 1, 0, 0],
        [0, 0, 1, 0],
      ],
    })
  })

  it('say nothing of what followed across excluded time', () => {
    const observed = [
      { startSecs: 0, endSecs: 11 },
      { startSecs: 21, endSecs: 60 },
    ]
    const { transitions } = behaviourOf(study([clip('a', [tier(stretches)], { observed })]))
    const joined = transitions.find(({ gaps, clipId }) => gaps === 'joined' && clipId === '')
    expect(joined?.labels).toEqual(['anger', 'fear', 'joy'])
    expect(joined?.counts).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 0],
    ])
  })
})

/** Readings of 10 s each; happiness as given, the rest neutral. */
function faceTrack(happiness: readonly number[], subject = 'Zoe'): ProbabilityTrack {
  const probs = new Float32Array(happiness.length * EMOTIONS.length)
  happiness.forEach((p, index) => {
    probs[index * EMOTIONS.length] = 1 - p
    probs[index * EMOTIONS.length + 1] = p
  })
  const startsSecs = happiness.map((_, index) => index * 10)
  return { kind: 'face', subject, startsSecs, endsSecs: startsSecs.map((secs) => secs + 10), probs }
}

describe('continuous values and baselines by hand', () => {
  const zoe = clip('a', [], {
    probabilities: [faceTrack([0.25, 0.75, 0.5])],
    baselines: [{ subject: 'Zoe', startSecs: 5, endSecs: 15 }],
  })
  const later = clip('b', [], { probabilities: [faceTrack([1, 0])] })
  const stranger = clip('c', [], { probabilities: [faceTrack([1], 'Yan')] })

  it('are means weighted by time, minus the mean at rest', () => {
    const { continuous } = behaviourOf(study([zoe, later, stranger]), { baseline: true })
    const happiness = continuous.filter(({ measure }) => measure === 'happiness')
    // At rest: 5 s of .25 and 5 s of .75.
    expect(happiness[0]).toMatchObject({ observedSecs: 30, mean: { value: 0.5 }, max: { value: 0.75 } })
    expect(happiness[0]?.sd.value).toBeCloseTo(Math.sqrt((2 * 0.25 ** 2) / 3), 6)
    expect(happiness[0]?.baselineMean?.value).toBeCloseTo(0.5, 6)
    expect(happiness[0]?.corrected?.value).toBeCloseTo(0, 6)
  })

  it('take the baseline of the same person from another clip, and refuse where there is none', () => {
    const { continuous, notes } = behaviourOf(study([zoe, later, stranger]), { baseline: true })
    const of = (clipId: string) =>
      continuous.find((row) => row.clipId === clipId && row.measure === 'happiness')
    expect(of('b')?.corrected?.value).toBeCloseTo(0, 6)
    expect(of('c')?.corrected).toEqual({ value: null, reason: 'no baseline stretch is marked for Yan' })
    expect(notes.join('\n')).toContain('Not corrected: c: no baseline stretch is marked for Yan.')
    const plain = behaviourOf(study([zoe])).continuous[0]
    expect(plain?.corrected).toBeNull()
  })

  it('read a rating as held until the next value, without excluded time', () => {
    const rated = clip('a', [], {
      observed: [
        { startSecs: 0, endSecs: 20 },
        { startSecs: 40, endSecs: 60 },
      ],
      ratings: [
        {
          subject: '',
          observer: 'Anna',
          dimension: 'valence',
          trace: { timesSecs: [10, 30], values: [1, -1], endSecs: 50 },
        },
      ],
    })
    const { continuous } = behaviourOf(study([rated]), { binSecs: 30 })
    // 10 to 20 of value 1 in the first bin, 40 to 50 of value -1 in the second.
    expect(continuous.map(({ mean, observedSecs }) => [mean.value, observedSecs])).toEqual([
      [1, 10],
      [-1, 10],
    ])
  })
})

describe('groups of an independent variable', () => {
  const withBout = (clipId: string, secs: number, condition: string) =>
    clip(clipId, [tier(secs > 0 ? [bout('joy', 10, 10 + secs)] : [])], { variables: { condition } })
  const data = study(
    [withBout('a', 6, 'film'), withBout('b', 12, 'film'), withBout('c', 0, 'talk'), withBout('d', 3, '')],
    { variables: [{ name: 'condition', scope: 'clip' }] },
  )

  it('count every tier once in means, and weigh by time in the pooled share', () => {
    const { groups } = behaviourOf(data, { groupBy: 'condition' })
    const film = groups.find(({ group }) => group === 'film')
    expect(film).toMatchObject({ tierCount: 2, bouts: 2, totalSecs: 18, observedSecs: 120 })
    expect(film?.pooledProportion).toBeCloseTo(0.15, 12)
    expect(film?.meanProportion.value).toBeCloseTo(0.15, 12)
    // .1 and .2.
    expect(film?.sdProportion.value).toBeCloseTo(Math.sqrt(0.005), 12)
    expect(film?.meanBoutSecs.value).toBeCloseTo(9, 12)
    const talk = groups.find(({ group }) => group === 'talk')
    expect(talk).toMatchObject({ tierCount: 1, bouts: 0, pooledProportion: 0 })
    expect(talk?.meanBoutSecs.reason).toBe('it never occurs')
    expect(groups.some(({ group }) => group === '')).toBe(true)
  })

  it('refuse a variable or a rater that is not there, and name those that are', () => {
    expect(() => behaviourOf(data, { groupBy: 'age' })).toThrow('there are condition')
    expect(() => behaviourOf(data, { raters: ['Ben'] })).toThrow('there are Anna')
    expect(() => behaviourOf(data, { binSecs: 0 })).toThrow('bin')
  })

  it('go by the subject where the variable is one of subjects', () => {
    const two = clip(
      'a',
      [
        tier([bout('joy', 0, 6)], { subject: 'Zoe', name: 'Zoe/manual/Anna' }),
        tier([bout('joy', 0, 30)], { subject: 'Yan', name: 'Yan/manual/Anna' }),
      ],
      { subjectVariables: { Zoe: { role: 'parent' }, Yan: { role: 'child' } } },
    )
    const { groups } = behaviourOf(study([two], { variables: [{ name: 'role', scope: 'subject' }] }), {
      groupBy: 'role',
    })
    expect(groups.map(({ group, pooledProportion }) => [group, pooledProportion])).toEqual([
      ['child', 0.5],
      ['parent', 0.1],
    ])
  })
})
