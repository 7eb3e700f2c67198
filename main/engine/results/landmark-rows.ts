import { LANDMARK_COUNT } from '../export/landmarks-csv'
import type { ClipMeta } from '../export/meta-json'
import { FACE_PARAMETERS } from '../face/parameters'
import { firstAtOrAfter } from '../timeline/speech-lookup'
import type { LandmarkTable } from '../timeline/types'
import { ColumnBuffer, type ColumnSpec } from './column-buffer'
import { readColumns, type ReadColumnsOptions } from './csv-columns'

/** Numbers of one face: x, y pairs. */
export const LANDMARK_NUMBERS = 2 * LANDMARK_COUNT

/** Reads NAME.landmarks.csv. @throws as readColumns */
export async function readLandmarks(path: string, options: ReadColumnsOptions = {}): Promise<LandmarkTable> {
  const number = { type: 'number' } as const
  const frame = new ColumnBuffer(Int32Array, { absent: -1 })
  const timeSecs = new ColumnBuffer(Float64Array, { absent: Number.NaN })
  const faceId = new ColumnBuffer(Int32Array, { absent: -1 })
  const points = new ColumnBuffer(Float32Array, { stride: LANDMARK_NUMBERS, absent: Number.NaN })
  const specs: ColumnSpec[] = [
    { name: 'frame', kind: number, buffer: frame, offset: 0, isRequired: true },
    { name: 'time_s', kind: number, buffer: timeSecs, offset: 0, isRequired: true },
    { name: 'face_id', kind: number, buffer: faceId, offset: 0, isRequired: true },
  ]
  for (const [axis, name] of ['x', 'y'].entries())
    for (let point = 0; point < LANDMARK_COUNT; point++)
      specs.push({
        name: `${name}${point}`,
        kind: number,
        buffer: points,
        offset: 2 * point + axis,
        isRequired: true,
      })
  const { rowCount: count } = await readColumns(path, specs, options)
  return {
    count,
    frame: frame.finish(count),
    timeSecs: timeSecs.finish(count),
    faceId: faceId.finish(count),
    points: points.finish(count),
  }
}

/**
 * Longest time between two looks at a face across which its points may be drawn between them: a detection step and the
 * frame at which it falls due.
 */
export function landmarkStepSecs(meta: ClipMeta): number {
  const stated = meta.parameters['faceAnalysis']?.['detectionIntervalSecs']
  const intervalSecs = typeof stated === 'number' ? stated : FACE_PARAMETERS.detectionIntervalSecs
  const { framesPerSec } = meta.settings
  const rate = framesPerSec === 'all' ? (meta.media.video?.nominalFps ?? 0) : framesPerSec
  return intervalSecs + (rate > 0 ? 1 / rate : 0)
}

/** Where the faces of a clip are at any moment, by their landmarks. */
export class LandmarkLookup {
  readonly #table: LandmarkTable
  readonly #stepSecs: number
  /** Rows of the table by face, and their times. */
  readonly #faces = new Map<number, { readonly rows: Int32Array; readonly timesSecs: Float64Array }>()

  /** @param stepSecs longest time between two looks that is bridged */
  constructor(table: LandmarkTable, stepSecs: number) {
    this.#table = table
    this.#stepSecs = stepSecs
    const rows = new Map<number, number[]>()
    for (let row = 0; row < table.count; row++) {
      const faceId = table.faceId[row] ?? -1
      const known = rows.get(faceId)
      if (known) known.push(row)
      else rows.set(faceId, [row])
    }
    for (const [faceId, list] of rows)
      this.#faces.set(faceId, {
        rows: Int32Array.from(list),
        timesSecs: Float64Array.from(list, (row) => table.timeSecs[row] ?? 0),
      })
  }

  /**
   * Writes a face's points as they are at a moment: those of a look at it, or between two looks in proportion to time.
   * @param out receives LANDMARK_NUMBERS values from `offset` on, x, y pairs
   * @returns false where the face was not looked at within a step on both sides; `out` is then left as it is
   */
  write(timeSecs: number, faceId: number, out: Float32Array, offset = 0): boolean {
    const face = this.#faces.get(faceId)
    if (!face) return false
    const { rows, timesSecs } = face
    // Times have six decimals in the file: a look at this very moment may stand a microsecond before it.
    const after = firstAtOrAfter(timesSecs, timeSecs - SAME_SECS)
    const afterSecs = timesSecs[after] ?? Number.NaN
    const points = this.#table.points
    if (afterSecs - timeSecs <= SAME_SECS) {
      const from = (rows[after] ?? 0) * LANDMARK_NUMBERS
      out.set(points.subarray(from, from + LANDMARK_NUMBERS), offset)
      return true
    }
    const beforeSecs = timesSecs[after - 1] ?? Number.NaN
    const gapSecs = afterSecs - beforeSecs
    if (!(gapSecs <= this.#stepSecs + SAME_SECS)) return false
    const share = (timeSecs - beforeSecs) / gapSecs
    const from = (rows[after - 1] ?? 0) * LANDMARK_NUMBERS
    const to = (rows[after] ?? 0) * LANDMARK_NUMBERS
    for (let i = 0; i < LANDMARK_NUMBERS; i++)
      out[offset + i] = (1 - share) * (points[from + i] ?? 0) + share * (points[to + i] ?? 0)
    return true
  }

  /** The same as an array of its own. Shape [68, 2], or null. */
  at(timeSecs: number, faceId: number): Float32Array | null {
    const out = new Float32Array(LANDMARK_NUMBERS)
    return this.write(timeSecs, faceId, out) ? out : null
  }
}

const SAME_SECS = 2e-6
