import { describe, expect, it } from 'vitest'
import { drawPairs, simulatedPairs } from '../../../../main/engine/learning/fusion/simulated-pairs'
import { withWrongFaces } from '../../../../main/engine/learning/fusion/wrong-faces'
import { randomPairs, randomSide } from './pairs-support'

const faces = randomSide('face', 9, 1)
const voices = randomSide('voice', 13, 2)

describe('drawing pairs', () => {
  const drawn = drawPairs(faces.items, voices.items, { count: 700, seed: 3 })

  it('joins one class, every class equally often', () => {
    const counts = new Array<number>(7).fill(0)
    for (const { face, voice, truth } of drawn) {
      expect(faces.items[face]?.truth).toBe(truth)
      expect(voices.items[voice]?.truth).toBe(truth)
      counts[truth]! += 1
    }
    expect(counts).toEqual(new Array(7).fill(100))
  })

  it('repeats with its seed and differs with another', () => {
    expect(drawPairs(faces.items, voices.items, { count: 700, seed: 3 })).toEqual(drawn)
    expect(drawPairs(faces.items, voices.items, { count: 700, seed: 4 })).not.toEqual(drawn)
  })

  it('reaches every face and every voice of a class', () => {
    expect(new Set(drawn.map(({ face }) => face)).size).toBe(faces.items.length)
    expect(new Set(drawn.map(({ voice }) => voice)).size).toBe(voices.items.length)
  })

  it('does not tie the face to the voice', () => {
    const together = new Set(drawn.map(({ face, voice }) => `${face} ${voice}`))
    // 9 faces x 13 voices of a class: of 100 draws about 67 are different, 9 or 13 if one decided the other.
    expect(together.size).toBeGreaterThan(7 * 50)
  })

  it('rounds up to whole classes and names a class that is missing', () => {
    expect(drawPairs(faces.items, voices.items, { count: 8, seed: 1 }).length).toBe(14)
    const withoutFear = voices.items.filter(({ truth }) => truth !== 4)
    expect(() => drawPairs(faces.items, withoutFear, { count: 7, seed: 1 })).toThrowError(
      expect.objectContaining({ code: 'data.invalid', message: 'no voice of fear to draw pairs from' }),
    )
  })

  it('keeps posteriors, and takes fold and actor from the voice', () => {
    const set = simulatedPairs(faces, voices, { count: 70, seed: 5 })
    expect(new Set(set.pairs.map(({ id }) => id)).size).toBe(70)
    for (const pair of set.pairs) {
      const voice = voices.items.find(({ probs }) => probs === pair.voice)
      expect(voice).toMatchObject({ truth: pair.truth, part: pair.part, group: pair.group })
      expect(faces.items.some(({ probs, truth }) => probs === pair.face && truth === pair.truth)).toBe(true)
    }
    expect(set.protocol).toContain('simulated pairs')
  })
})

describe('wrong faces', () => {
  const set = randomPairs(50, 7)

  it.each([0, 0.1, 0.3, 0.375, 1])('are exactly a share of %d', (share) => {
    const spoilt = withWrongFaces(set, { share, seed: 1 })
    expect(spoilt.pairs.filter(({ isFaceWrong }) => isFaceWrong).length).toBe(Math.round(share * 200))
  })

  it('are of another class and of the same part, and the rest stays as it was', () => {
    const spoilt = withWrongFaces(set, { share: 0.3, seed: 1 })
    spoilt.pairs.forEach((pair, index) => {
      const before = set.pairs[index]!
      if (!pair.isFaceWrong) return expect(pair).toBe(before)
      const donor = set.pairs.find(({ face }) => face === pair.face)!
      expect(donor.truth).not.toBe(pair.truth)
      expect(donor.part).toBe(pair.part)
      expect(pair).toEqual({ ...before, face: donor.face, isFaceWrong: true })
    })
  })

  it('repeat with their seed', () => {
    const wrong = (seed: number) =>
      withWrongFaces(set, { share: 0.3, seed }).pairs.map(({ isFaceWrong }) => isFaceWrong)
    expect(wrong(1)).toEqual(wrong(1))
    expect(wrong(1)).not.toEqual(wrong(2))
  })
})
