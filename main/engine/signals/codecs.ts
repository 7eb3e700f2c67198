import { DEFAULT_MFCC_PARAMETERS } from '../speech/mfcc-parameters'
import type { ColumnCodec } from './mean-pyramid'

/** Bands of the spectrogram. The model's own front end has 26; the eye wants more, and 40 still hold two bins each. */
export const LOG_MEL_BANDS = 40
/** Natural log of the least power, that of digital silence. */
export const LOG_MEL_OFFSET = Math.log(DEFAULT_MFCC_PARAMETERS.powerFloor)
/** 0.63 dB a code: finer than colours tell apart. The highest code is a third over the power of a full-scale tone. */
export const LOG_MEL_SCALE = 0.145

/** Log power in one byte a band. */
export const logMelCodec: ColumnCodec = {
  bytesPerColumn: LOG_MEL_BANDS,
  encode: (values, into) => {
    for (let band = 0; band < LOG_MEL_BANDS; band++) into.setUint8(band, logMelCode(values[band]!))
  },
}

export function logMelCode(logPower: number): number {
  return Math.min(255, Math.max(0, Math.round((logPower - LOG_MEL_OFFSET) / LOG_MEL_SCALE)))
}

/** 12 coefficients and log energy. */
export const MFCC_ROWS = DEFAULT_MFCC_PARAMETERS.cepstra + 1
/** Steps a unit; with 16 bits the range is +-128, and no coefficient of 26 bands within the range of powers passes 80. */
export const MFCC_STEPS = 256

/** Base features in two bytes a row. */
export const mfccCodec: ColumnCodec = {
  bytesPerColumn: 2 * MFCC_ROWS,
  encode: (values, into) => {
    for (let row = 0; row < MFCC_ROWS; row++) into.setInt16(2 * row, mfccCode(values[row]!), true)
  },
}

function mfccCode(value: number): number {
  return Math.min(32_767, Math.max(-32_768, Math.round(value * MFCC_STEPS)))
}

/**
 * @param bytes whole columns
 * @returns row by row, shape [MFCC_ROWS, columns]
 */
export function decodeMfcc(bytes: Uint8Array): Float32Array {
  const columns = bytes.length / mfccCodec.bytesPerColumn
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Float32Array(MFCC_ROWS * columns)
  for (let column = 0, at = 0; column < columns; column++)
    for (let row = 0; row < MFCC_ROWS; row++, at += 2)
      values[row * columns + column] = view.getInt16(at, true) / MFCC_STEPS
  return values
}
