import { EMOTION_COUNT, EMOTIONS } from '../emotions'
import { UnmaskError } from '../errors'
import { UNKNOWN_FLAG } from '../timeline/row-store'
import { QUALITIES, type TimelineRows } from '../timeline/types'
import { type CellKind, ColumnBuffer, type ColumnSpec } from './column-buffer'
import { readColumns, type ReadColumnsOptions } from './csv-columns'

/** Where the label to use comes from, in the order of its codes. */
export const FINAL_SOURCES = ['none', 'face', 'speech', 'fusion', 'manual'] as const

/** Why a row has no fused value, in the order of the codes; the first is "it has one". */
export const FUSION_ABSENCES = ['', 'no_reading', 'low_gates', 'not_analysed', 'not_asked'] as const

/**
 * The frames table of a labelled clip, read back: the columns of TimelineRows, of which `speechWindow` needs the speech
 * table (window-lookup.ts), and what stands in the table beside them. Probabilities have the six decimals of the file.
 */
export interface ClipRows extends Omit<TimelineRows, 'speechWindow'> {
  /** Bounds of the speech window that speaks for the row; NaN where there is none. */
  readonly speechStartSecs: Float64Array
  readonly speechEndSecs: Float64Array
  /** Index into EMOTIONS of the highest value as it was before rounding, -1: none. */
  readonly faceLabel: Int8Array
  readonly speechLabel: Int8Array
  readonly fusionLabel: Int8Array
  /** Index into EMOTIONS of the label to use, -1: none. */
  readonly finalLabel: Int8Array
  /** Index into FINAL_SOURCES. */
  readonly finalSource: Uint8Array
  /** Index into FUSION_ABSENCES. */
  readonly fusionAbsent: Uint8Array
  /** 1 where the researcher left the row out. */
  readonly excluded: Uint8Array
  /** Columns that the table does not have: it was written by an older version. */
  readonly missing: readonly string[]
}

const NUMBER: CellKind = { type: 'number' }
const EMOTION: CellKind = { type: 'category', names: EMOTIONS }
const category = (names: readonly string[]): CellKind => ({ type: 'category', names })

/**
 * Reads NAME.frames.csv into columns.
 * @throws UnmaskError 'data.invalid' naming file, line and what to do; 'input.*'; 'cancelled'
 */
export async function readClipRows(path: string, options: ReadColumnsOptions = {}): Promise<ClipRows> {
  const specs: ColumnSpec[] = []
  const float64 = () => new ColumnBuffer(Float64Array, { absent: Number.NaN })
  const float32 = () => new ColumnBuffer(Float32Array, { absent: Number.NaN })
  const probs = () => new ColumnBuffer(Float32Array, { stride: EMOTION_COUNT, absent: Number.NaN })
  const labels = () => new ColumnBuffer(Int8Array, { absent: -1 })
  const counts = () => new ColumnBuffer(Int32Array, { absent: -1 })
  const flags = (absent: number) => new ColumnBuffer(Uint8Array, { absent })
  const add = <B extends ColumnBuffer>(name: string, buffer: B, kind = NUMBER, isRequired = false): B => {
    specs.push({ name, kind, buffer, offset: 0, isRequired })
    return buffer
  }
  const addSeven = (prefix: string, suffix = '') => {
    const buffer = probs()
    EMOTIONS.forEach((emotion, offset) =>
      specs.push({ name: `${prefix}_p_${emotion}${suffix}`, kind: NUMBER, buffer, offset }),
    )
    return buffer
  }
  const box = new ColumnBuffer(Float32Array, { stride: 4, absent: Number.NaN })
  ;['face_x', 'face_y', 'face_w', 'face_h'].forEach((name, offset) =>
    specs.push({ name, kind: NUMBER, buffer: box, offset }),
  )
  const buffers = {
    frame: add('frame', counts(), NUMBER, true),
    timeSecs: add('time_s', float64(), NUMBER, true),
    durSecs: add('dur_s', float64(), NUMBER, true),
    faceCount: add('n_faces', counts()),
    faceId: add('face_id', counts()),
    faceScore: add('face_score', float32()),
    faceBox: box,
    quality: add('quality', flags(QUALITIES.indexOf('not_analysed')), category(QUALITIES)),
    faceProbs: addSeven('face'),
    speechActive: add('speech_active', flags(UNKNOWN_FLAG)),
    speechProbs: addSeven('speech'),
    fusionProbs: addSeven('fusion'),
    faceGate: add('fusion_w_face', float32()),
    speechGate: add('fusion_w_speech', float32()),
    faceProbsSmoothed: addSeven('face', '_s'),
    fusionProbsSmoothed: addSeven('fusion', '_s'),
    displayedLabel: add('displayed_label', labels(), EMOTION),
    disagree: add('disagree', flags(UNKNOWN_FLAG)),
    speechStartSecs: add('speech_win_start_s', float64()),
    speechEndSecs: add('speech_win_end_s', float64()),
    faceLabel: add('face_label', labels(), EMOTION),
    speechLabel: add('speech_label', labels(), EMOTION),
    fusionLabel: add('fusion_label', labels(), EMOTION),
    finalLabel: add('final_label', labels(), EMOTION),
    finalSource: add('final_source', flags(0), category(FINAL_SOURCES)),
    fusionAbsent: add('fusion_absent', flags(0), category(FUSION_ABSENCES)),
    excluded: add('excluded', flags(0)),
  }
  const { rowCount, missing } = await readColumns(path, specs, options)
  const columns = Object.fromEntries(
    Object.entries(buffers).map(([name, buffer]) => [name, buffer.finish(rowCount)]),
  ) as { [Name in keyof typeof buffers]: (typeof buffers)[Name]['values'] }
  requireOrder(columns.frame, columns.timeSecs, path)
  return { count: rowCount, ...columns, missing }
}

/** Every look-up by time rests on the order; a table that was sorted by something else must not pass for one. */
function requireOrder(frame: Int32Array, timeSecs: Float64Array, path: string): void {
  for (let row = 0; row < frame.length; row++) {
    const isAfter =
      row === 0 ||
      ((frame[row] ?? 0) >= (frame[row - 1] ?? 0) && (timeSecs[row] ?? 0) >= (timeSecs[row - 1] ?? 0))
    if ((frame[row] ?? -1) >= 0 && !Number.isNaN(timeSecs[row] ?? Number.NaN) && isAfter) continue
    throw new UnmaskError(
      'data.invalid',
      `line ${row + 2} of the table is not in order of frame and time; sort it by frame, then face_id, ` +
        `or label the clip again with --force: ${path}`,
    )
  }
}
