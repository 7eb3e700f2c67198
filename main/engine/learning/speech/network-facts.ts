import type { tf } from '../../inference/tf'
import type { EpochRow } from '../evaluation/curves'

/** Multiplications and additions of convolutions and dense layers for one input, in millions. */
export function megaFlopsOf(network: tf.LayersModel): number {
  let products = 0
  for (const layer of network.layers) {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('/kernel'))
    if (!kernel) continue
    const size = kernel.shape.reduce<number>((sum, length) => sum * (length ?? 1), 1)
    const output = layer.outputShape as (number | null)[]
    // A layer over time does the same at each of its steps.
    products += size * (output.length === 3 ? (output[1] ?? 1) : 1)
  }
  return (2 * products) / 1e6
}

/** Mean of several trainings of equal length, epoch by epoch; the time is that of all together. */
export function meanCurves(runs: readonly (readonly EpochRow[])[]): EpochRow[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return (runs[0] ?? []).map((row, epoch) => {
    const rows = runs.map((run) => run[epoch]!)
    return {
      ...row,
      trainLoss: mean(rows.map(({ trainLoss }) => trainLoss)),
      trainAccuracy: mean(rows.map(({ trainAccuracy }) => trainAccuracy)),
      secs: rows.reduce((sum, { secs }) => sum + secs, 0),
    }
  })
}
