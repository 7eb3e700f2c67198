import { describe, expect, it } from 'vitest'
import {
  duplicateFaces,
  groupEqual,
  nearDuplicateFaces,
  sharedFaces,
  withoutDuplicates,
} from '../../../../main/engine/learning/data/duplicates'
import { type FaceSet, facesOfSplit } from '../../../../main/engine/learning/data/face-set'
import { PictureHash, correlation } from '../../../../main/engine/learning/data/picture-hash'
import { Random } from '../../../../main/engine/learning/random'

const SIDE = 48

/** Smooth shapes, as photographs have them: a few waves with random phases. */
function photograph(seed: number, shiftPx = 0): Uint8Array {
  const random = new Random(seed)
  const waves = Array.from({ length: 6 }, () => ({
    x: random.uniform(-0.5, 0.5),
    y: random.uniform(-0.5, 0.5),
    phase: random.uniform(0, 6.28),
  }))
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const x = (i % SIDE) + shiftPx
    const y = Math.floor(i / SIDE)
    return 128 + waves.reduce((sum, w) => sum + 18 * Math.sin(w.x * x + w.y * y + w.phase), 0)
  })
}

function setOf(faces: readonly (readonly [split: string, pixels: Uint8Array])[]): FaceSet {
  return {
    count: faces.length,
    sidePx: SIDE,
    pixels: Uint8Array.from(faces.flatMap(([, pixels]) => [...pixels])),
    labels: new Int32Array(faces.length),
    votes: null,
    refusals: null,
    splits: faces.map(([split]) => split),
    ids: faces.map((_, item) => `face:${item}`),
    speakers: null,
  }
}

describe('groupEqual', () => {
  it('gives groups of two and more in order', () => {
    expect(groupEqual(['a', 'b', 'a', 'c', 'b', 'a'])).toEqual([
      [0, 2, 5],
      [1, 4],
    ])
  })
})

describe('PictureHash', () => {
  it('is equal for another brightness and contrast, and far for another picture', () => {
    const one = photograph(1)
    const hash = PictureHash.of(one, SIDE)
    expect(
      hash.distance(
        PictureHash.of(
          one.map((v) => v - 5),
          SIDE,
        ),
      ),
    ).toBe(0)
    expect(hash.distance(PictureHash.of(photograph(2), SIDE))).toBeGreaterThan(10)
    // Every neighbour is the other way round in the negative.
    expect(
      hash.distance(
        PictureHash.of(
          one.map((v) => 255 - v),
          SIDE,
        ),
      ),
    ).toBe(64)
  })

  it('of a blank picture has no bit, whatever the size', () => {
    for (const side of [9, 31, 48, 64]) {
      const blank = new Uint8Array(side * side).fill(77)
      expect(PictureHash.of(blank, side).bands()).toEqual(
        [0, 1, 2, 3, 4, 5, 6, 7].map((place) => place * 256),
      )
    }
  })

  it('has bytes by which near hashes meet', () => {
    const a = PictureHash.of(photograph(3), SIDE)
    const b = PictureHash.of(photograph(3, 0.5), SIDE)
    expect(a.distance(b)).toBeLessThanOrEqual(7)
    expect(a.bands().some((band) => b.bands().includes(band))).toBe(true)
  })
})

describe('correlation', () => {
  it('is 1 for scaled, -1 for negative, 0 for blank', () => {
    const one = photograph(4).map((v) => v >> 1)
    expect(
      correlation(
        one,
        one.map((v) => v * 2),
      ),
    ).toBeCloseTo(1, 12)
    expect(
      correlation(
        one,
        one.map((v) => 255 - v),
      ),
    ).toBeCloseTo(-1, 12)
    expect(correlation(one, new Uint8Array(one.length).fill(9))).toBe(0)
  })
})

describe('duplicate faces', () => {
  const set = setOf([
    ['Training', photograph(1)],
    ['Training', photograph(2)],
    ['Training', photograph(1)],
    ['Training', photograph(3)],
    ['PublicTest', photograph(1)],
    ['PublicTest', photograph(2, 0.5)],
    ['PublicTest', photograph(9)],
  ])
  const training = facesOfSplit(set, 'Training')
  const test = facesOfSplit(set, 'PublicTest')

  it('finds the same pixels, and the same photograph in another cut only across splits', () => {
    expect(duplicateFaces(set)).toEqual([[0, 2, 4]])
    expect(nearDuplicateFaces(set)).toMatchObject([{ first: 1, second: 5 }])
    expect(nearDuplicateFaces({ ...set, splits: set.splits.map(() => 'one') })).toEqual([])
  })

  it('takes shared faces out of a test set, and nothing else', () => {
    expect(sharedFaces(test, training)).toEqual([0])
    expect(sharedFaces(test, training, true)).toEqual([0, 1])
    expect(withoutDuplicates(test, training).ids).toEqual(['face:5', 'face:6'])
    const strict = withoutDuplicates(test, training, true)
    expect(strict.ids).toEqual(['face:6'])
    expect(strict.pixels).toEqual(photograph(9))
    expect(sharedFaces(withoutDuplicates(test, training), training)).toEqual([])
  })
})
