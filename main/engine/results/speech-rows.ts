import { EMOTION_COUNT, EMOTIONS } from '../emotions'
import { ColumnBuffer, type ColumnSpec } from './column-buffer'
import { readColumns, type ReadColumnsOptions } from './csv-columns'

/** States of a row of the speech table, in the order of their codes. */
export const SPEECH_STATES = ['speech', 'silence', 'too_short'] as const

/** The speech table of a labelled clip, read back; sorted by start as written. */
export interface SpeechRows {
  readonly count: number
  readonly startSecs: Float64Array
  readonly endSecs: Float64Array
  /** Index into SPEECH_STATES. */
  readonly state: Uint8Array
  /** Shape [count, 7]; NaN where absent. */
  readonly probs: Float32Array
  /** Index into EMOTIONS of the highest value as it was before rounding, -1: none. */
  readonly label: Int8Array
  /** NaN for digital silence. */
  readonly rmsDb: Float32Array
  readonly speechShare: Float32Array
  readonly snrDb: Float32Array
  /** NaN where the model does not know calm. */
  readonly calm: Float32Array
}

/** Reads NAME.speech.csv into columns. @throws as readColumns */
export async function readSpeechRows(path: string, options: ReadColumnsOptions = {}): Promise<SpeechRows> {
  const specs: ColumnSpec[] = []
  const number = { type: 'number' } as const
  const float32 = (name: string) => {
    const buffer = new ColumnBuffer(Float32Array, { absent: Number.NaN })
    specs.push({ name, kind: number, buffer, offset: 0 })
    return buffer
  }
  const bound = (name: string) => {
    const buffer = new ColumnBuffer(Float64Array, { absent: Number.NaN })
    specs.push({ name, kind: number, buffer, offset: 0, isRequired: true })
    return buffer
  }
  const probs = new ColumnBuffer(Float32Array, { stride: EMOTION_COUNT, absent: Number.NaN })
  EMOTIONS.forEach((emotion, offset) =>
    specs.push({ name: `speech_p_${emotion}`, kind: number, buffer: probs, offset }),
  )
  const state = new ColumnBuffer(Uint8Array)
  specs.push({ name: 'state', kind: { type: 'category', names: SPEECH_STATES }, buffer: state, offset: 0 })
  const label = new ColumnBuffer(Int8Array, { absent: -1 })
  specs.push({ name: 'speech_label', kind: { type: 'category', names: EMOTIONS }, buffer: label, offset: 0 })
  const [startSecs, endSecs] = [bound('start_s'), bound('end_s')]
  const [rmsDb, speechShare] = [float32('rms_db'), float32('speech_share')]
  const [snrDb, calm] = [float32('snr_db'), float32('speech_p_calm')]
  const { rowCount } = await readColumns(path, specs, options)
  return {
    count: rowCount,
    startSecs: startSecs.finish(rowCount),
    endSecs: endSecs.finish(rowCount),
    state: state.finish(rowCount),
    probs: probs.finish(rowCount),
    label: label.finish(rowCount),
    rmsDb: rmsDb.finish(rowCount),
    speechShare: speechShare.finish(rowCount),
    snrDb: snrDb.finish(rowCount),
    calm: calm.finish(rowCount),
  }
}

/**
 * The number of the speech window behind each row of the frames table, which names it by its bounds.
 * @returns shape [starts], -1 where there is none
 */
export function speechWindowsOfRows(
  startsSecs: Float64Array,
  endsSecs: Float64Array,
  windows: Pick<SpeechRows, 'count' | 'startSecs' | 'endSecs' | 'state'>,
): Int32Array {
  const speaking = SPEECH_STATES.indexOf('speech')
  const byBounds = new Map<string, number>()
  for (let index = windows.count - 1; index >= 0; index--)
    if (windows.state[index] === speaking)
      byBounds.set(`${windows.startSecs[index]} ${windows.endSecs[index]}`, index)
  const found = new Int32Array(startsSecs.length).fill(-1)
  for (let row = 0; row < found.length; row++) {
    const startSecs = startsSecs[row] ?? Number.NaN
    if (Number.isNaN(startSecs)) continue
    // Rows of one window follow each other.
    const isSame = row > 0 && startsSecs[row - 1] === startSecs && endsSecs[row - 1] === endsSecs[row]
    found[row] = isSame ? (found[row - 1] ?? -1) : (byBounds.get(`${startSecs} ${endsSecs[row]}`) ?? -1)
  }
  return found
}
