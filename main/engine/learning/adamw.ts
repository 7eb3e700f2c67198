/**
 * Adam with decoupled weight decay on plain arrays (Loshchilov and Hutter, ICLR 2019). TensorFlow.js has no decoupled
 * decay and runs Adam as ten small operations a variable; for networks of 0.1 M parameters a loop is faster, and its
 * state is saved as it is.
 */
export interface AdamWOptions {
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

export interface AdamWState {
  step: number
  /** First and second moments, one array a variable. */
  readonly first: Float32Array[]
  readonly second: Float32Array[]
}

export function adamWState(sizes: readonly number[]): AdamWState {
  return {
    step: 0,
    first: sizes.map((size) => new Float32Array(size)),
    second: sizes.map((size) => new Float32Array(size)),
  }
}

/** One variable of an update; `decay` multiplies the rate, 0 for biases and normalisation. */
export interface AdamWVariable {
  readonly values: Float32Array
  readonly gradient: Float32Array
  readonly decay: number
}

/** Updates all variables in place. */
export function adamWUpdate(
  state: AdamWState,
  variables: readonly AdamWVariable[],
  rate: number,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamWOptions = {},
): void {
  state.step++
  const correction1 = 1 - beta1 ** state.step
  const correction2 = 1 - beta2 ** state.step
  variables.forEach(({ values, gradient, decay }, index) => {
    const first = state.first[index]!
    const second = state.second[index]!
    for (let k = 0; k < values.length; k++) {
      const slope = gradient[k]!
      first[k] = beta1 * first[k]! + (1 - beta1) * slope
      second[k] = beta2 * second[k]! + (1 - beta2) * slope * slope
      const direction = first[k]! / correction1 / (Math.sqrt(second[k]! / correction2) + epsilon)
      values[k] = values[k]! - rate * (direction + decay * values[k]!)
    }
  })
}

/** Linear rise over `warmUpSteps`, then a cosine fall from `peak` to `last`. */
export function cosineRate(
  step: number,
  {
    peak,
    last,
    warmUpSteps,
    totalSteps,
  }: { peak: number; last: number; warmUpSteps: number; totalSteps: number },
): number {
  if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps
  const progress = Math.min(1, (step - warmUpSteps) / Math.max(1, totalSteps - warmUpSteps))
  return last + 0.5 * (peak - last) * (1 + Math.cos(Math.PI * progress))
}
