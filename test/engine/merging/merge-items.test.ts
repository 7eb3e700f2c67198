import { describe, expect, it } from 'vitest'
import { type ItemConflict, mergeItems, settle, type Side } from '../../../main/engine/merging/merge-items'
import { compareClocks, joinClocks } from '../../../main/engine/annotation/clocks'
import { type ItemVersions, saysSame } from '../../../main/engine/merging/versions'
import { seededRandom } from '../../support/mutate'
import { segmentItem, trackItem } from '../../support/study'
import { Copy, overlaps, scheme } from './copies'

const merge = (here: Copy, there: Copy) => mergeItems(here.versions, there.versions, scheme)
const itemsOf = (versions: ItemVersions) => [...versions.values()].flatMap(({ item }) => item ?? [])
const sorted = (versions: ItemVersions) => [...versions].sort(([a], [b]) => (a < b ? -1 : 1))

/** The copy that comes of a merge. */
function merged(here: Copy, there: Copy, choose: (conflict: ItemConflict) => Side, replica: string): Copy {
  const next = here.fork(replica)
  next.versions.clear()
  for (const [id, version] of settle(
    merge(here, there),
    { here: here.versions, there: there.versions },
    choose,
    replica,
  ))
    next.versions.set(id, version)
  return next
}

const never = (): Side => expect.unreachable('there is no conflict to decide')

/** Two copies that were worked on apart, from a common origin. */
function apart(seed: number, edits = 12): { origin: Copy; here: Copy; there: Copy; random: () => number } {
  const random = seededRandom(seed)
  const origin = new Copy('o', random)
  origin.work(30)
  const [here, there] = [origin.fork('a'), origin.fork('b')]
  here.work(edits)
  there.work(edits)
  return { origin, here, there, random }
}

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed)

describe('two copies worked on apart', () => {
  it('come to the same from either side, but for what is a conflict in both', () => {
    let conflicts = 0
    for (const seed of SEEDS) {
      const { here, there } = apart(seed)
      const [one, other] = [merge(here, there), merge(there, here)]
      expect(sorted(one.settled), `seed ${seed}`).toEqual(sorted(other.settled))
      expect(one.conflicts.map(({ key, reason }) => [key, reason])).toEqual(
        other.conflicts.map(({ key, reason }) => [key, reason]),
      )
      for (const [index, conflict] of one.conflicts.entries()) {
        expect(conflict.here).toEqual(other.conflicts[index]?.there)
        expect(conflict.there).toEqual(other.conflicts[index]?.here)
      }
      conflicts += one.conflicts.length
    }
    // The law would be empty if nothing ever met.
    expect(conflicts).toBeGreaterThan(100)
  })

  it('lose nothing: what is not in the merged copy was taken out or changed after it, or stands in a conflict', () => {
    for (const seed of SEEDS) {
      const { here, there } = apart(seed)
      const { settled, conflicts } = merge(here, there)
      const contested = conflicts.flatMap((conflict) => [...conflict.here, ...conflict.there])
      for (const [copy, other] of [
        [here, there],
        [there, here],
      ] as const)
        for (const [id, version] of copy.versions) {
          if (version.item === null) continue
          const isShown = contested.some((item) => item.id === id && saysSame(item, version.item))
          const isTaken = saysSame(settled.get(id)?.item ?? null, version.item)
          const later = other.versions.get(id)
          const isSuperseded = later !== undefined && compareClocks(version.clock, later.clock) === 'before'
          expect(isShown || isTaken || isSuperseded, `seed ${seed}, ${id}`).toBe(true)
        }
    }
  })

  it('never overlap in a tier after the merge, however the conflicts are decided', () => {
    for (const seed of SEEDS) {
      const { here, there, random } = apart(seed, 25)
      const either = (): Side => (random() < 0.5 ? 'here' : 'there')
      for (const choose of [(): Side => 'here', (): Side => 'there', either])
        expect(overlaps(merged(here, there, choose, 'a').items), `seed ${seed}`).toBe(0)
    }
  })

  it('are one afterwards: merging again, either way, changes nothing and asks nothing', () => {
    for (const seed of SEEDS) {
      const { here, there, random } = apart(seed)
      const result = merged(here, there, () => (random() < 0.5 ? 'here' : 'there'), 'a')
      for (const copy of [here, there]) {
        const again = merge(result, copy)
        expect(again.conflicts, `seed ${seed}`).toEqual([])
        expect(again.counts).toEqual({ added: 0, changed: 0, removed: 0 })
        const back = merged(copy, result, never, copy.replica)
        expect(sorted(back.versions)).toEqual(sorted(result.versions))
      }
    }
  })
})

describe('more than two copies', () => {
  it('come to the same in any order where nothing is contested', () => {
    let quiet = 0
    for (const seed of SEEDS) {
      const { origin, here, there } = apart(seed, 2)
      const third = origin.fork('c')
      third.work(2)
      const one = merge(here, there)
      const two = merge(there, third)
      if (one.conflicts.length + two.conflicts.length > 0) continue
      const first = merged(here, there, never, 'a')
      const last = merged(there, third, never, 'b')
      if (merge(first, third).conflicts.length > 0) continue
      quiet++
      const [left, right] = [merged(first, third, never, 'a'), merged(here, last, never, 'a')]
      expect(sorted(left.versions), `seed ${seed}`).toEqual(sorted(right.versions))
    }
    expect(quiet).toBeGreaterThan(30)
  })

  it('a decision made once is not asked again down the chain', () => {
    for (const seed of SEEDS) {
      const { here, there } = apart(seed)
      const result = merged(here, there, () => 'there', 'a')
      // A copy of the decided copy goes to a third person and comes back, by way of the other one.
      const third = result.fork('c')
      third.work(5)
      const atB = merged(there, third, never, 'b')
      const atA = merged(result, atB, never, 'a')
      expect(sorted(atA.versions), `seed ${seed}`).toEqual(sorted(third.versions))
    }
  })

  it('a copy of a copy brings what its own origin had, and what came to it later', () => {
    for (const seed of SEEDS.slice(0, 50)) {
      const { here, there } = apart(seed)
      const copyOfCopy = there.fork('d')
      copyOfCopy.put(segmentItem('anger', 1000 + seed, 1001 + seed))
      const result = merged(here, copyOfCopy, () => 'there', 'a')
      expect(merge(result, there).conflicts).toEqual([])
      expect(itemsOf(result.versions)).toEqual(expect.arrayContaining(copyOfCopy.items.slice(-1)))
    }
  })
})

describe('a conflict', () => {
  const origin = new Copy('o', seededRandom(1))
  const bout = segmentItem('anger', 10, 20)
  origin.put(bout)

  it('of one item changed in both shows both, and takes the one that is chosen for newer than either', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    here.put({ ...bout, codeId: 'fear' })
    there.put({ ...bout, codeId: 'sadness' })
    const { conflicts, settled } = merge(here, there)
    expect(settled.size).toBe(0)
    expect(conflicts).toMatchObject([
      { reason: 'both-changed', ids: [bout.id], here: [{ codeId: 'fear' }], there: [{ codeId: 'sadness' }] },
    ])
    const result = merged(here, there, () => 'there', 'a')
    expect(result.items).toMatchObject([{ codeId: 'sadness' }])
    const clock = result.versions.get(bout.id)!.clock
    for (const copy of [here, there])
      expect(compareClocks(copy.versions.get(bout.id)!.clock, clock)).toBe('before')
  })

  it('is none where both changed to the same', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    here.put({ ...bout, codeId: 'fear', editedAt: '2026-03-01T00:00:00Z' })
    there.put({ ...bout, codeId: 'fear', editedAt: '2026-03-05T00:00:00Z' })
    const { conflicts, settled } = merge(here, there)
    expect(conflicts).toEqual([])
    expect(settled.get(bout.id)).toEqual({
      item: { ...bout, codeId: 'fear', editedAt: '2026-03-05T00:00:00Z' },
      clock: joinClocks(here.versions.get(bout.id)!.clock, there.versions.get(bout.id)!.clock),
    })
  })

  it('of an item that one took out and the other changed', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    here.remove(bout.id)
    there.put({ ...bout, endSecs: 25 })
    expect(merge(here, there).conflicts).toMatchObject([
      { reason: 'removed-or-changed', here: [], there: [{}] },
    ])
    expect(merged(here, there, () => 'here', 'a').items).toEqual([])
  })

  it('of items that overlap in one tier, with what a choice would bring in their way', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    // Here the bout grows into the free time in which there somebody coded another one.
    here.put({ ...bout, endSecs: 30 })
    const added = segmentItem('fear', 25, 40)
    there.put(added)
    // Far away, and nobody's business.
    const far = segmentItem('fear', 100, 110)
    there.put(far)
    const { conflicts, settled, counts } = merge(here, there)
    expect(conflicts).toMatchObject([{ reason: 'overlap', ids: [bout.id, added.id].sort() }])
    expect(settled.get(far.id)?.item).toEqual(far)
    expect(counts).toEqual({ added: 1, changed: 0, removed: 0 })
    const ends = (copy: Copy) => copy.items.map((item) => 'endSecs' in item && item.endSecs).sort()
    expect(ends(merged(here, there, () => 'here', 'a'))).toEqual([110, 30])
    expect(ends(merged(here, there, () => 'there', 'a'))).toEqual([110, 20, 40])
  })

  it('is none between two people, two subjects or two points', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    there.put(segmentItem('fear', 12, 15, { observerId: 'bob' }))
    there.put(segmentItem('fear', 12, 15, { subjectId: 's1' }))
    here.put(segmentItem('fear', 40, 40))
    there.put(segmentItem('fear', 40, 40))
    expect(merge(here, there).conflicts).toEqual([])
    expect(merged(here, there, never, 'a').items).toHaveLength(5)
  })

  it('of two names for one face, and none of one name', () => {
    const [here, there] = [origin.fork('a'), origin.fork('b')]
    here.put(trackItem(1, 's1'))
    there.put(trackItem(1, 's2'))
    here.put(trackItem(2, 's1'))
    there.put(trackItem(2, 's1'))
    expect(merge(here, there).conflicts).toMatchObject([
      { reason: 'overlap', here: [{ subjectId: 's1' }], there: [{ subjectId: 's2' }] },
    ])
  })

  it('of two versions that claim one history', () => {
    const [here, there] = [origin.fork('a'), origin.fork('a')]
    here.put({ ...bout, codeId: 'fear' })
    there.put({ ...bout, codeId: 'sadness' })
    expect(merge(here, there).conflicts).toMatchObject([{ reason: 'same-history' }])
    const result = merged(here, there, () => 'there', 'a')
    expect(merge(result, there).conflicts).toEqual([])
  })
})

it('takes a second for two hours coded in two copies', () => {
  const here = new Copy('a', seededRandom(5))
  for (let index = 0; index < 20_000; index++) here.put(segmentItem('anger', index, index + 0.5))
  const there = here.fork('b')
  for (const item of [...there.items].slice(0, 5000))
    if (item.kind === 'segment') there.put({ ...item, endSecs: item.startSecs + 0.7 })
  const began = performance.now()
  const { counts, conflicts } = merge(here, there)
  expect(performance.now() - began).toBeLessThan(3000)
  expect(counts).toEqual({ added: 0, changed: 5000, removed: 0 })
  expect(conflicts).toEqual([])
})
