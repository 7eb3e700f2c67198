/** Logits of a classifier with the true classes. */
export interface ClassifierOutput {
  readonly classes: number
  /** Shape [count, classes]. */
  readonly logits: Float32Array
  /** Shape [count]. */
  readonly truth: Int32Array
}

/** The items a predicate chooses, in order. */
export function selectItems(output: ClassifierOutput, keep: (item: number) => boolean): ClassifierOutput {
  const { classes } = output
  const items = Array.from(output.truth.keys()).filter(keep)
  const logits = new Float32Array(items.length * classes)
  items.forEach((item, to) =>
    logits.set(output.logits.subarray(item * classes, (item + 1) * classes), to * classes),
  )
  return { classes, logits, truth: Int32Array.from(items, (item) => output.truth[item] as number) }
}

/** softmax(logits / temperature) of every item, shape [count, classes]. */
export function probabilities({ classes, logits, truth }: ClassifierOutput, temperature = 1): Float32Array {
  const result = new Float32Array(logits.length)
  for (let item = 0; item < truth.length; item++) {
    const start = item * classes
    let top = Number.NEGATIVE_INFINITY
    for (let i = 0; i < classes; i++) top = Math.max(top, logits[start + i] as number)
    let sum = 0
    for (let i = 0; i < classes; i++) {
      const value = Math.exp(((logits[start + i] as number) - top) / temperature)
      result[start + i] = value
      sum += value
    }
    for (let i = 0; i < classes; i++) result[start + i] = (result[start + i] as number) / sum
  }
  return result
}

export interface ClassifierMetrics {
  readonly accuracy: number
  /** Mean recall over the classes that occur. */
  readonly uar: number
  readonly nll: number
  /** Expected calibration error, 15 bins of equal width. */
  readonly ece: number
  /** Recall of each class; NaN for one that does not occur. */
  readonly recalls: readonly number[]
}

const ECE_BINS = 15

export function measureClassifier(output: ClassifierOutput, temperature = 1): ClassifierMetrics {
  const { classes, truth } = output
  const probs = probabilities(output, temperature)
  const hits = new Float64Array(classes)
  const counts = new Float64Array(classes)
  const binConfidence = new Float64Array(ECE_BINS)
  const binHits = new Float64Array(ECE_BINS)
  let nll = 0
  truth.forEach((wanted, item) => {
    const row = probs.subarray(item * classes, (item + 1) * classes)
    const confidence = Math.max(...row)
    const isHit = row.indexOf(confidence) === wanted ? 1 : 0
    const bin = Math.min(ECE_BINS - 1, Math.floor(confidence * ECE_BINS))
    binConfidence[bin] = (binConfidence[bin] ?? 0) + confidence
    binHits[bin] = (binHits[bin] ?? 0) + isHit
    hits[wanted] = (hits[wanted] ?? 0) + isHit
    counts[wanted] = (counts[wanted] ?? 0) + 1
    nll -= Math.log(Math.max(row[wanted] ?? 0, 1e-12))
  })
  const recalls = Array.from(hits, (hit, index) => hit / (counts[index] ?? 0))
  const known = recalls.filter((recall) => !Number.isNaN(recall))
  return {
    accuracy: hits.reduce((a, b) => a + b, 0) / truth.length,
    uar: known.reduce((a, b) => a + b, 0) / known.length,
    nll: nll / truth.length,
    ece: binHits.reduce((sum, hit, bin) => sum + Math.abs(hit - (binConfidence[bin] ?? 0)), 0) / truth.length,
    recalls,
  }
}

/** The temperature in 0.2..10 with the least negative log-likelihood, by golden section on its logarithm. */
export function fitTemperature(output: ClassifierOutput): number {
  const nll = (logTemperature: number): number => measureClassifier(output, Math.exp(logTemperature)).nll
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = Math.log(0.2)
  let high = Math.log(10)
  while (high - low > 1e-3) {
    const left = high - ratio * (high - low)
    const right = low + ratio * (high - low)
    if (nll(left) < nll(right)) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}
