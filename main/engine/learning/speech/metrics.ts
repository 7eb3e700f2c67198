/** Figures of a classifier from its predictions. */
export interface ClassificationReport {
  readonly count: number
  /** Share of items right (WAR). */
  readonly accuracy: number
  /** Mean of the classes' recalls (UAR). */
  readonly uar: number
  readonly macroF1: number
  /** Shape [classes]. */
  readonly recall: readonly number[]
  readonly precision: readonly number[]
  /** Rows: true class; columns: predicted. */
  readonly confusion: readonly (readonly number[])[]
}

export function classificationReport(
  truth: readonly number[],
  predicted: readonly number[],
  classes: number,
): ClassificationReport {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  truth.forEach((label, index) => {
    const row = confusion[label]!
    row[predicted[index]!]! += 1
  })
  const rowSums = confusion.map((row) => row.reduce((sum, value) => sum + value, 0))
  const columnSums = rowSums.map((_, column) => confusion.reduce((sum, row) => sum + row[column]!, 0))
  const hits = rowSums.map((_, label) => confusion[label]![label]!)
  const recall = hits.map((hit, label) => hit / Math.max(1, rowSums[label]!))
  const precision = hits.map((hit, label) => hit / Math.max(1, columnSums[label]!))
  const f1 = hits.map((hit, label) => (2 * hit) / Math.max(1, rowSums[label]! + columnSums[label]!))
  const present = rowSums.map((sum) => sum > 0)
  const meanOfPresent = (values: readonly number[]) => mean(values.filter((_, label) => present[label]))
  return {
    count: truth.length,
    accuracy: hits.reduce((sum, hit) => sum + hit, 0) / Math.max(1, truth.length),
    uar: meanOfPresent(recall),
    macroF1: meanOfPresent(f1),
    recall,
    precision,
    confusion,
  }
}

export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature)
  const highest = scaled.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)
  const powers = scaled.map((value) => Math.exp(value - highest))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}

/** Index of the highest value; the first one on a tie. */
export function topIndex(values: ArrayLike<number>): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}

/** Mean negative log-likelihood in nats. */
export function meanNll(
  logits: readonly ArrayLike<number>[],
  truth: readonly number[],
  temperature: number,
): number {
  return mean(
    logits.map((row, index) => -Math.log(Math.max(1e-12, softmax(row, temperature)[truth[index]!]!))),
  )
}

/** The temperature of least NLL, by golden section on its logarithm between 0.1 and 10. */
export function fitTemperature(logits: readonly ArrayLike<number>[], truth: readonly number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = Math.log(0.1)
  let high = Math.log(10)
  const cost = (logTemperature: number) => meanNll(logits, truth, Math.exp(logTemperature))
  for (let round = 0; round < 40; round++) {
    const left = high - ratio * (high - low)
    const right = low + ratio * (high - low)
    if (cost(left) < cost(right)) high = right
    else low = left
  }
  return Math.exp((low + high) / 2)
}

/** Expected calibration error: |accuracy - confidence| over equal-width bins, weighted by their items. */
export function calibrationError(
  probabilities: readonly ArrayLike<number>[],
  truth: readonly number[],
  bins = 15,
): number {
  const confidence = new Float64Array(bins)
  const right = new Float64Array(bins)
  probabilities.forEach((row, index) => {
    const top = topIndex(row)
    const bin = Math.min(bins - 1, Math.floor(row[top]! * bins))
    confidence[bin]! += row[top]!
    right[bin]! += top === truth[index] ? 1 : 0
  })
  let error = 0
  for (let bin = 0; bin < bins; bin++) error += Math.abs(right[bin]! - confidence[bin]!)
  return error / Math.max(1, truth.length)
}

/** The same over bins of equally many items, in the order of confidence. */
export function equalCountCalibrationError(
  probabilities: readonly ArrayLike<number>[],
  truth: readonly number[],
  bins = 15,
): number {
  const items = probabilities
    .map((row, index) => ({
      confidence: row[topIndex(row)]!,
      isRight: topIndex(row) === truth[index] ? 1 : 0,
    }))
    .sort((a, b) => a.confidence - b.confidence)
  let error = 0
  for (let bin = 0; bin < bins; bin++) {
    const own = items.slice(
      Math.round((bin * items.length) / bins),
      Math.round(((bin + 1) * items.length) / bins),
    )
    error += Math.abs(own.reduce((sum, { confidence, isRight }) => sum + isRight - confidence, 0))
  }
  return error / Math.max(1, items.length)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
