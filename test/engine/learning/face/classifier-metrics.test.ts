import { describe, expect, it } from 'vitest'
import {
  type ClassifierOutput,
  fitTemperature,
  measureClassifier,
  probabilities,
  selectItems,
} from '../../../../main/engine/learning/face/classifier-metrics'
import { ferPlusMajority } from '../../../../main/engine/learning/face/fer2013'

/** Three classes; class 0 is true in exactly the share of items that softmax(logits / temperature) gives it. */
function honestAt(temperature: number): ClassifierOutput {
  const row = [1.5, 0.2, -0.7]
  const exps = row.map((logit) => Math.exp(logit / temperature))
  const total = exps.reduce((a, b) => a + b, 0)
  const counts = exps.map((value) => Math.round((3000 * value) / total))
  const truth = Int32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)))
  return { classes: 3, logits: Float32Array.from(Array.from(truth).flatMap(() => row)), truth }
}

describe('classifier metrics', () => {
  it('finds the temperature at which the probabilities are honest', () => {
    for (const temperature of [0.5, 1, 3.5]) {
      const output = honestAt(temperature)
      expect(fitTemperature(output)).toBeCloseTo(temperature, 1)
      expect(measureClassifier(output, temperature).ece).toBeLessThan(0.002)
    }
    expect(measureClassifier(honestAt(3.5), 1).ece).toBeGreaterThan(0.2)
  })

  it('counts hits by class', () => {
    const output = {
      classes: 2,
      logits: Float32Array.of(2, 0, 0, 1, 3, 0, 0, 5),
      truth: Int32Array.of(0, 0, 0, 1),
    }
    const { accuracy, uar, recalls } = measureClassifier(output)
    expect(accuracy).toBe(0.75)
    expect(recalls[0]).toBeCloseTo(2 / 3, 12)
    expect(uar).toBeCloseTo(5 / 6, 12)
    const chosen = selectItems(output, (item) => item > 1)
    expect([...chosen.logits]).toEqual([3, 0, 0, 5])
    expect(probabilities(chosen)[0]).toBeCloseTo(1 / (1 + Math.exp(-3)), 6)
  })

  it('takes the leading vote, and none on a tie or without votes', () => {
    const split = {
      count: 3,
      pixels: new Uint8Array(0),
      labels: new Int32Array(3),
      votes: Float32Array.of(1, 5, 0, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    expect([0, 1, 2].map((item) => ferPlusMajority(split, item))).toEqual([1, -1, -1])
  })
})
