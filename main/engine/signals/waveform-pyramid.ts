import { GrowingLevels } from './levels'

/** Least, greatest and root mean square, 16 bits each: a step is 1/32767 of full scale. */
export const WAVEFORM_COLUMN_BYTES = 6
const FULL_SCALE = 32_767

/** Samples of one column of level 0 of a waveform. */
export const WAVEFORM_COLUMN_SAMPLES = 32

interface Open {
  minimum: number
  maximum: number
  squares: number
  samples: number
  children: number
}

const empty = (): Open => ({
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
  squares: 0,
  samples: 0,
  children: 0,
})

/** A waveform in several resolutions. Least and greatest are those of all samples below; squares are averaged. */
export class WaveformPyramid {
  readonly levels = new GrowingLevels(WAVEFORM_COLUMN_BYTES)
  readonly #open: Open[] = [empty()]

  /** @param samples consecutive, within [-1, 1] */
  push(samples: Float32Array): void {
    const column = this.#open[0]!
    for (const sample of samples) {
      if (sample < column.minimum) column.minimum = sample
      if (sample > column.maximum) column.maximum = sample
      column.squares += sample * sample
      if (++column.samples === WAVEFORM_COLUMN_SAMPLES) this.#close(0)
    }
  }

  /** Closes the open columns at the end of the sound. */
  finish(): void {
    if (this.#open[0]!.samples > 0) this.#close(0)
    for (let level = 1; level < this.#open.length; level++) {
      if (this.#open[level]!.children === 0) continue
      if (this.levels.columnCount(level - 1) <= 1) return
      this.#close(level)
    }
  }

  #close(level: number): void {
    const column = this.#open[level]!
    const view = this.levels.push(level)
    view.setInt16(0, Math.round(column.minimum * FULL_SCALE), true)
    view.setInt16(2, Math.round(column.maximum * FULL_SCALE), true)
    view.setUint16(4, Math.round(Math.sqrt(column.squares / column.samples) * FULL_SCALE), true)
    const above = (this.#open[level + 1] ??= empty())
    above.minimum = Math.min(above.minimum, column.minimum)
    above.maximum = Math.max(above.maximum, column.maximum)
    above.squares += column.squares
    above.samples += column.samples
    above.children++
    Object.assign(column, empty())
    if (above.children === 2) this.#close(level + 1)
  }
}

/** @param bytes whole columns */
export function decodeWaveform(bytes: Uint8Array): {
  readonly minimum: Float32Array
  readonly maximum: Float32Array
  readonly rms: Float32Array
} {
  const columns = bytes.length / WAVEFORM_COLUMN_BYTES
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const minimum = new Float32Array(columns)
  const maximum = new Float32Array(columns)
  const rms = new Float32Array(columns)
  for (let column = 0; column < columns; column++) {
    const at = column * WAVEFORM_COLUMN_BYTES
    minimum[column] = view.getInt16(at, true) / FULL_SCALE
    maximum[column] = view.getInt16(at + 2, true) / FULL_SCALE
    rms[column] = view.getUint16(at + 4, true) / FULL_SCALE
  }
  return { minimum, maximum, rms }
}
