import { describe, expect, it } from 'vitest'
import { Random } from '../../../main/engine/learning/random'

const draw = (random: Random, count: number, how: (random: Random) => number) =>
  Array.from({ length: count }, () => how(random))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('Random', () => {
  it('repeats with its seeds and differs between them', () => {
    const sequence = (...seeds: number[]) => draw(new Random(...seeds), 5, (random) => random.next())
    expect(sequence(1, 2)).toEqual(sequence(1, 2))
    expect(sequence(1, 2)).not.toEqual(sequence(2, 1))
    expect(sequence(1)).not.toEqual(sequence(2))
  })

  // 20,000 draws: the mean's standard error is 0.002 (uniform) and 0.007 (normal).
  it('draws the distributions it names', () => {
    expect(mean(draw(new Random(1), 20_000, (random) => random.next()))).toBeCloseTo(0.5, 1)
    const normal = draw(new Random(2), 20_000, (random) => random.gaussian())
    expect(Math.abs(mean(normal))).toBeLessThan(0.03)
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(0.05)
    const beta = draw(new Random(3), 20_000, (random) => random.symmetricBeta(0.2))
    expect(Math.abs(mean(beta) - 0.5)).toBeLessThan(0.02)
    // Variance of Beta(a, a) is 1 / (4 (2a + 1)).
    expect(Math.abs(mean(beta.map((value) => (value - 0.5) ** 2)) - 1 / (4 * 1.4))).toBeLessThan(0.01)
  })

  it('shuffles without loss', () => {
    const items = Array.from({ length: 50 }, (_, k) => k)
    const shuffled = new Random(4).shuffle([...items])
    expect(shuffled).not.toEqual(items)
    expect(shuffled.sort((a, b) => a - b)).toEqual(items)
  })
})
