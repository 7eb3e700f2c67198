import { softmax } from '../../../../main/engine/learning/evaluation/softmax'
import { Random } from '../../../../main/engine/learning/random'

export interface SampleItem {
  readonly logits: number[]
  readonly truth: number
}

/** Labels drawn from softmax(z) beside the logits factor * z: calibrated at temperature `factor` by construction. */
export function calibratedSample(factor: number, count = 4000, seed = 5, classes = 4): SampleItem[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => {
    const row = Array.from({ length: classes }, () => 1.5 * random.gaussian())
    const probabilities = softmax(row)
    let remaining = random.next()
    let truth = 0
    while (truth < classes - 1 && (remaining -= probabilities[truth]!) > 0) truth++
    return { logits: row.map((value) => factor * value), truth }
  })
}
