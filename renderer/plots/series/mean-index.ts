import { type ColumnGrid, entryBeforeFrom, type TimedValues } from './clock'

/**
 * Running integrals of a series, so that the mean over any stretch costs the same however long it is: the duration-weighted
 * mean is the difference of two integrals over the difference of two times.
 */
export interface MeanIndex {
  readonly series: TimedValues
  /** Shape [count + 1, 1 + channels]: seconds with a value, then value times seconds, before entry i. */
  readonly integrals: Float64Array
}

export interface MeanColumns {
  /** Columns filled; the arrays may be longer. */
  count: number
  /** Shape [count, channels]; NaN where nothing is present. */
  means: Float32Array
  /** Share of each column's time with a value, 0..1. */
  presentShare: Float32Array
}

export function buildMeanIndex(series: TimedValues): MeanIndex {
  const { count, channels, values, row, startSecs, endSecs } = series
  const width = channels + 1
  const integrals = new Float64Array((count + 1) * width)
  for (let entry = 0; entry < count; entry++) {
    const from = row[entry]! * channels
    const at = entry * width
    const spanSecs = endSecs[entry]! - startSecs[entry]!
    const isWhole = isPresent(values, from, channels) && spanSecs > 0
    integrals[at + width] = integrals[at]! + (isWhole ? spanSecs : 0)
    for (let channel = 0; channel < channels; channel++) {
      const added = isWhole ? values[from + channel]! * spanSecs : 0
      integrals[at + width + 1 + channel] = integrals[at + 1 + channel]! + added
    }
  }
  return { series, integrals }
}

function isPresent(values: Float32Array, from: number, channels: number): boolean {
  for (let channel = 0; channel < channels; channel++) if (Number.isNaN(values[from + channel]!)) return false
  return true
}

export function emptyMeanColumns(): MeanColumns {
  return { count: 0, means: new Float32Array(0), presentShare: new Float32Array(0) }
}

/** Duration-weighted means and the share of time they rest on, written into `out`. */
export function meanColumns(index: MeanIndex, grid: ColumnGrid, out: MeanColumns): MeanColumns {
  const { series, integrals } = index
  const { channels, values, row, startSecs, endSecs } = series
  const width = channels + 1
  if (out.presentShare.length < grid.count || out.means.length < grid.count * channels) {
    out.presentShare = new Float32Array(grid.count)
    out.means = new Float32Array(grid.count * channels)
  }
  out.count = grid.count
  const before = new Float64Array(width)
  const after = new Float64Array(width)
  let entry = -1
  const integrate = (secs: number, into: Float64Array): void => {
    entry = entryBeforeFrom(series, secs, entry)
    if (entry < 0) return void into.fill(0)
    const at = entry * width
    const isValid = integrals[at + width]! > integrals[at]!
    const heldSecs = isValid ? Math.min(secs, endSecs[entry]!) - startSecs[entry]! : 0
    into[0] = integrals[at]! + heldSecs
    const from = row[entry]! * channels
    for (let channel = 0; channel < channels; channel++)
      into[1 + channel] = integrals[at + 1 + channel]! + (isValid ? values[from + channel]! * heldSecs : 0)
  }
  integrate(grid.fromSecs, before)
  for (let column = 0; column < grid.count; column++) {
    const edgeSecs = grid.fromSecs + (column + 1) * grid.stepSecs
    const first = entry
    integrate(edgeSecs, after)
    const isInside = first === entry && entry >= 0 && edgeSecs <= endSecs[entry]!
    const presentSecs = after[0]! - before[0]!
    // Within one entry the value itself is exact; a difference of integrals would round it.
    const isPresentHere = isInside
      ? integrals[(entry + 1) * width]! > integrals[entry * width]!
      : presentSecs > grid.stepSecs * 1e-6
    out.presentShare[column] = isPresentHere ? (isInside ? 1 : Math.min(1, presentSecs / grid.stepSecs)) : 0
    const from = entry >= 0 ? row[entry]! * channels : 0
    for (let channel = 0; channel < channels; channel++) {
      const sum = after[1 + channel]! - before[1 + channel]!
      out.means[column * channels + channel] = !isPresentHere
        ? Number.NaN
        : isInside
          ? values[from + channel]!
          : sum / presentSecs
    }
    before.set(after)
  }
  return out
}
