import { softmax } from '../evaluation/softmax'
import { fitTemperature } from '../evaluation/temperature'

/** Items of one model with the part each belongs to. */
export interface PartedItem {
  readonly part: string
  readonly truth: number
  readonly logits: readonly number[]
}

export interface CrossCalibrated {
  /** Posteriors in the order of the items. */
  readonly probs: readonly Float64Array[]
  /** Temperature that served each part: the one of least negative log-likelihood on all other parts. */
  readonly temperatures: ReadonlyMap<string, number>
}

/** Calibrated posteriors where no item had a say in its own temperature. */
export function crossCalibrate(items: readonly PartedItem[]): CrossCalibrated {
  const temperatures = new Map<string, number>()
  for (const part of new Set(items.map((item) => item.part)))
    temperatures.set(part, fitTemperature(items.filter((item) => item.part !== part)))
  return {
    probs: items.map(({ part, logits }) => softmax(logits, temperatures.get(part))),
    temperatures,
  }
}
