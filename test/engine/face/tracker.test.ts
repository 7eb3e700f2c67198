import { describe, expect, it } from 'vitest'
import { type Sighting, Tracker } from '../../../main/engine/face/tracker'

const looksOf = (kind: number): Float32Array => {
  const looks = new Float32Array(4)
  looks[kind] = 1
  return looks
}

const face = (x: number, y = 100, score = 0.9, size = 80, looks?: Float32Array): Sighting => ({
  box: { x, y, w: size, h: size },
  score,
  looks,
})

/** Track numbers of each moment's sightings, 0 where there is none. */
function follow(
  moments: readonly (readonly Sighting[])[],
  stepSecs: number,
  tracker = new Tracker(),
): number[][] {
  const tracks = moments.map((sightings, moment) => tracker.update(sightings, moment * stepSecs))
  return tracks.map((row) =>
    row.map((track) => (track && tracker.isConfirmed(track) ? tracker.numberOf(track) : 0)),
  )
}

describe('Tracker', () => {
  it('keeps the number of a face that crosses the picture', () => {
    const moments = Array.from({ length: 30 }, (_, i) => [face(20 * i)])
    expect(new Set(follow(moments, 0.1).flat())).toEqual(new Set([1]))
  })

  it('keeps both numbers when two faces that look alike pass each other', () => {
    const moments = Array.from({ length: 41 }, (_, i) => [face(10 * i), face(400 - 10 * i, 110)])
    const numbers = follow(moments, 0.1)
    expect(numbers.every(([a, b]) => a === numbers[0]?.[0] && b === numbers[0]?.[1])).toBe(true)
    expect(new Set(numbers[0])).toEqual(new Set([1, 2]))
  })

  it('tells faces apart by their looks when they change places unseen', () => {
    const [dark, light] = [looksOf(0), looksOf(1)]
    const before = Array.from({ length: 5 }, () => [
      face(100, 100, 0.9, 80, dark),
      face(150, 100, 0.9, 80, light),
    ])
    const after = Array.from({ length: 5 }, () => [
      face(145, 100, 0.9, 80, dark),
      face(105, 100, 0.9, 80, light),
    ])
    const numbers = follow([...before, [], ...after], 0.1)
    expect(numbers.filter((row) => row.length === 2).every(([a, b]) => a === 1 && b === 2)).toBe(true)
  })

  it('knows a face again after a short loss and not after a long one', () => {
    const seen = Array.from({ length: 5 }, () => [face(100)])
    const gap = (moments: number): Sighting[][] => Array.from({ length: moments }, () => [])
    expect(new Set(follow([...seen, ...gap(6), ...seen], 0.1).flat())).toEqual(new Set([1]))
    expect(new Set(follow([...seen, ...gap(15), ...seen], 0.1).flat())).toEqual(new Set([1, 2]))
  })

  it('does not take a face far away for the one that vanished', () => {
    const numbers = follow([[face(0)], [face(0)], [face(400)], [face(400)]], 0.1)
    expect(numbers.flat()).toEqual([1, 1, 2, 2])
  })

  it('starts no track from a weak detection and continues one with it', () => {
    const numbers = follow([[face(300, 100, 0.4)], [face(0)], [face(0)], [face(2, 100, 0.35)]], 0.2)
    expect(numbers).toEqual([[0], [1], [1], [1]])
  })

  it('confirms a face seen twice, or once where frames are sparse', () => {
    const dense = new Tracker()
    const [once] = dense.update([face(0)], 0)
    expect(once && dense.isConfirmed(once)).toBe(false)
    dense.update([face(1)], 0.1)
    expect(once && dense.isConfirmed(once)).toBe(true)
    const sparse = new Tracker({ sampleIntervalSecs: 1 })
    const [seen] = sparse.update([face(0)], 0)
    expect(seen && sparse.isConfirmed(seen)).toBe(true)
  })

  it('keeps a number over one missed look however sparse the frames', () => {
    const tracker = new Tracker({ sampleIntervalSecs: 2 })
    expect(follow([[face(0)], [], [face(3)]], 2, tracker)).toEqual([[1], [], [1]])
  })
})
