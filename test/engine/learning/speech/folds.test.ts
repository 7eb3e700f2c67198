import { describe, expect, it } from 'vitest'
import {
  ACTOR_FOLDS,
  guardSplit,
  speakerFolds,
  splitAtRandom,
  splitByFold,
} from '../../../../main/engine/learning/speech/folds'

const items = Array.from({ length: 24 }, (_, k) =>
  [1, 2, 3].map((clip) => ({ speaker: String(k + 1).padStart(2, '0'), id: `${k + 1}-${clip}` })),
).flat()

describe('the folds', () => {
  it('hold every actor from 1 to 20 once', () => {
    expect(ACTOR_FOLDS.flat().sort()).toEqual(
      Array.from({ length: 20 }, (_, k) => String(k + 1).padStart(2, '0')),
    )
  })

  it('never have an actor on both sides, and test each clip once', () => {
    const tested = new Map<unknown, number>()
    ACTOR_FOLDS.forEach((_, fold) => {
      const split = splitByFold(items, fold)
      expect(() => guardSplit(split)).not.toThrow()
      expect(split.train.length + split.test.length).toBe(60)
      for (const item of split.test) tested.set(item, (tested.get(item) ?? 0) + 1)
    })
    expect(tested.size).toBe(60)
    expect([...tested.values()].every((count) => count === 1)).toBe(true)
  })

  it('deal the speakers of other data, and refuse fewer than four', () => {
    const own = ['d', 'a', 'c', 'b', 'e'].map((speaker) => ({ speaker, id: speaker }))
    expect(speakerFolds(own, false)).toEqual([['a', 'e'], ['b'], ['c'], ['d']])
    expect(() => speakerFolds(own.slice(0, 3), false)).toThrow(/at least four/)
    expect(() => speakerFolds(items.slice(0, 6), true)).toThrow(/at least four/)
  })
})

describe('the guard', () => {
  it('finds a speaker on both sides, and a clip', () => {
    const [a, b, c] = [items[0]!, items[1]!, items[3]!]
    expect(() => guardSplit({ train: [a], test: [b] })).toThrow(/its speaker is trained on/)
    expect(() => guardSplit({ train: [a], test: [a] }, true)).toThrow(/the clip is trained on/)
    expect(() => guardSplit({ train: [a], test: [b] }, true)).not.toThrow()
    expect(() => guardSplit({ train: [a], test: [c] })).not.toThrow()
  })

  it('lets the random split through only where it is asked for: it has speakers on both sides', () => {
    const tested = new Set<string>()
    for (let fold = 0; fold < 4; fold++) {
      const split = splitAtRandom(items, fold)
      expect(() => guardSplit(split)).toThrow()
      expect(() => guardSplit(split, true)).not.toThrow()
      for (const { id } of split.test) tested.add(id)
    }
    expect(tested.size).toBe(items.length)
  })
})
