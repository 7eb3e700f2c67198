import type { LiveFeatures } from '../../preload/contract/live-port'

/** One heat map: its newest columns, and the range that its colours span. */
export interface FeatureMap {
  readonly rows: number
  /** Column-major, shape [columns, rows]; the ring that `columnAt` indexes. */
  readonly values: Float32Array
  /** Shape [rows] each: 1st and 99th percentile of what is held. */
  readonly low: Float32Array
  readonly high: Float32Array
}

/** Colours are fitted anew this often: each fit colours the whole picture again. */
const FIT_COLUMNS = 300
/** The first fit comes soon, so that the first seconds are not one colour. */
const FIRST_FIT_COLUMNS = 30
const EMPTY = new Float32Array(0)

/**
 * The newest columns of the base features and the log-mel bands. Columns keep a running number, so that a picture of them can
 * be continued; after a gap in the sound the numbers leave one, too.
 */
export class RollingFeatures {
  base: FeatureMap = { rows: 0, values: EMPTY, low: EMPTY, high: EMPTY }
  logMel: FeatureMap = { rows: 0, values: EMPTY, low: EMPTY, high: EMPTY }
  /** Rises when colours were fitted anew: pictures must be drawn from the start. */
  fit = 0
  hopSecs = Number.NaN
  /** Columns that are held at most. */
  capacity = 0
  /** Number of the first column that is held, and one past the newest. */
  first = 0
  end = 0
  private zeroSecs = 0
  private sinceFit = 0

  constructor(private readonly secs: number) {}

  /** Session time of the middle of a column. */
  timeOf(column: number): number {
    return this.zeroSecs + column * this.hopSecs
  }

  /** Where a column lies in `values`, in columns. */
  slot(column: number): number {
    return column % this.capacity
  }

  add(features: LiveFeatures): void {
    const { columns, base, logMel, melBands, hopSecs, startSecs } = features
    if (columns === 0) return
    const baseRows = base.length / columns
    if (
      this.base.rows !== baseRows ||
      this.logMel.rows !== melBands ||
      this.hopSecs !== hopSecs ||
      this.end === 0
    )
      this.begin(baseRows, melBands, hopSecs, startSecs)
    const number = Math.round((startSecs - this.zeroSecs) / hopSecs)
    // Columns of a clock that was set back would overwrite the newest: they follow it instead.
    this.skipTo(Math.max(this.end, number))
    for (let column = 0; column < columns; column++) {
      const slot = this.slot(this.end)
      this.base.values.set(base.subarray(column * baseRows, (column + 1) * baseRows), slot * baseRows)
      this.logMel.values.set(logMel.subarray(column * melBands, (column + 1) * melBands), slot * melBands)
      this.end++
    }
    this.first = Math.max(this.first, this.end - this.capacity)
    this.sinceFit += columns
    if (this.sinceFit >= (this.fit === 0 ? FIRST_FIT_COLUMNS : FIT_COLUMNS)) this.fitColours()
  }

  clear(): void {
    this.first = 0
    this.end = 0
    this.sinceFit = 0
    this.fit = 0
    this.base = { rows: 0, values: EMPTY, low: EMPTY, high: EMPTY }
    this.logMel = this.base
  }

  private begin(baseRows: number, melBands: number, hopSecs: number, startSecs: number): void {
    this.capacity = Math.ceil(this.secs / hopSecs)
    this.base = newMap(baseRows, this.capacity)
    this.logMel = newMap(melBands, this.capacity)
    this.hopSecs = hopSecs
    this.zeroSecs = startSecs
    this.first = 0
    this.end = 0
    this.sinceFit = 0
    this.fit = 0
  }

  /** Leaves the columns of a gap empty. */
  private skipTo(column: number): void {
    const from = Math.max(this.end, column - this.capacity)
    for (let empty = from; empty < column; empty++)
      for (const { values, rows } of [this.base, this.logMel])
        values.fill(Number.NaN, this.slot(empty) * rows, (this.slot(empty) + 1) * rows)
    this.end = column
  }

  private fitColours(): void {
    this.sinceFit = 0
    this.fit++
    const held = this.end - this.first
    fitRows(this.base, held)
    // Bands are compared with each other: one range for all.
    fitWhole(this.logMel, held)
  }
}

function newMap(rows: number, capacity: number): FeatureMap {
  return {
    rows,
    values: new Float32Array(rows * capacity).fill(Number.NaN),
    low: new Float32Array(rows).fill(-20),
    high: new Float32Array(rows).fill(20),
  }
}

function fitRows({ rows, values, low, high }: FeatureMap, held: number): void {
  const columns = Math.min(held, values.length / rows)
  const row = new Float32Array(columns)
  for (let index = 0; index < rows; index++) {
    for (let column = 0; column < columns; column++) row[column] = values[column * rows + index] ?? Number.NaN
    const [from, to] = percentiles(row)
    low[index] = from
    high[index] = to
  }
}

function fitWhole({ rows, values, low, high }: FeatureMap, held: number): void {
  const [from, to] = percentiles(values.slice(0, Math.min(held * rows, values.length)))
  low.fill(from)
  high.fill(to)
}

/** 1st and 99th percentile of what is a number; a range of 1 where all are alike. */
function percentiles(values: Float32Array): [number, number] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  if (sorted.length === 0) return [-20, 20]
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const [low, high] = [at(0.01), at(0.99)]
  return high > low ? [low, high] : [low - 0.5, high + 0.5]
}
