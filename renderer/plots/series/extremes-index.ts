import { type ColumnGrid, entryBeforeFrom, type TimedValues } from './clock'

/** Entries of one level that make one of the next. */
const FAN = 16

/** Least and greatest values over blocks of 16, 256, 4096 … entries, so that no peak is lost however far one zooms out. */
export interface ExtremesIndex {
  readonly series: TimedValues
  /** Level l: shape [blocks, channels] each, a block being 16^(l + 1) entries; NaN where a block has no value. */
  readonly levels: readonly { readonly minimum: Float32Array; readonly maximum: Float32Array }[]
}

export interface ExtremeColumns {
  count: number
  /** Shape [count, channels] each; NaN where no entry in the column has a value. */
  minimum: Float32Array
  maximum: Float32Array
}

export function buildExtremesIndex(series: TimedValues): ExtremesIndex {
  const { channels, values, row } = series
  const levels: { minimum: Float32Array; maximum: Float32Array }[] = []
  for (let count = series.count; count > FAN; count = Math.ceil(count / FAN)) {
    const blocks = Math.ceil(count / FAN)
    const below = levels[levels.length - 1]
    const minimum = new Float32Array(blocks * channels).fill(Number.NaN)
    const maximum = new Float32Array(blocks * channels).fill(Number.NaN)
    for (let item = 0; item < count; item++) {
      const block = Math.floor(item / FAN) * channels
      for (let channel = 0; channel < channels; channel++) {
        const low = below
          ? below.minimum[item * channels + channel]!
          : values[row[item]! * channels + channel]!
        const high = below ? below.maximum[item * channels + channel]! : low
        if (!(minimum[block + channel]! <= low) && !Number.isNaN(low)) minimum[block + channel] = low
        if (!(maximum[block + channel]! >= high) && !Number.isNaN(high)) maximum[block + channel] = high
      }
    }
    levels.push({ minimum, maximum })
  }
  return { series, levels }
}

export function emptyExtremeColumns(): ExtremeColumns {
  return { count: 0, minimum: new Float32Array(0), maximum: new Float32Array(0) }
}

/** Least and greatest value among the entries that hold in each column, written into `out`. */
export function extremeColumns(index: ExtremesIndex, grid: ColumnGrid, out: ExtremeColumns): ExtremeColumns {
  const { series } = index
  const { channels, endSecs } = series
  if (out.minimum.length < grid.count * channels) {
    out.minimum = new Float32Array(grid.count * channels)
    out.maximum = new Float32Array(grid.count * channels)
  }
  out.count = grid.count
  let entry = entryBeforeFrom(series, grid.fromSecs, -1)
  for (let column = 0; column < grid.count; column++) {
    const startSecs = grid.fromSecs + column * grid.stepSecs
    const first = entry >= 0 && endSecs[entry]! > startSecs ? entry : entry + 1
    const edgeSecs = startSecs + grid.stepSecs
    entry = entryBeforeFrom(series, edgeSecs, entry)
    // An entry that begins at the edge belongs to the next column.
    const end = entry >= 0 && series.startSecs[entry]! >= edgeSecs ? entry : entry + 1
    for (let channel = 0; channel < channels; channel++) {
      out.minimum[column * channels + channel] = Number.NaN
      out.maximum[column * channels + channel] = Number.NaN
    }
    gather(index, first, end, (from, minimum, maximum) => {
      for (let channel = 0; channel < channels; channel++) {
        const at = column * channels + channel
        const low = minimum[from + channel]!
        const high = maximum[from + channel]!
        if (!(out.minimum[at]! <= low) && !Number.isNaN(low)) out.minimum[at] = low
        if (!(out.maximum[at]! >= high) && !Number.isNaN(high)) out.maximum[at] = high
      }
    })
  }
  return out
}

/** Visits the fewest entries and blocks that make up entries `first` to `end`. */
function gather(
  { series, levels }: ExtremesIndex,
  first: number,
  end: number,
  visit: (from: number, minimum: Float32Array, maximum: Float32Array) => void,
): void {
  const { channels, values, row } = series
  let at = first
  while (at < end) {
    let level = -1
    let size = 1
    while (level + 1 < levels.length && at % (size * FAN) === 0 && at + size * FAN <= end) {
      level++
      size *= FAN
    }
    if (level < 0) visit(row[at]! * channels, values, values)
    else visit((at / size) * channels, levels[level]!.minimum, levels[level]!.maximum)
    at += size
  }
}
