import { EMOTIONS } from '../emotions'
import { UnmaskError } from '../errors'
import { CLIP_ID, type Column, column, names, SUBJECT_ID } from './columns'
import { countCell, csvLine, parseCsv, parseTextCell, probabilityCell, textCell, timeCell } from './csv'
import type { SegmentRecord } from './segment-record'

/** NAME.segments.csv: episodes; also the annotation file, which can be read back. */
export const SEGMENTS_COLUMNS: readonly Column[] = [
  CLIP_ID,
  column('segment_id', 'text', '', '', 'Unique in the clip.'),
  column(
    'tier',
    'text',
    '',
    '',
    'Line of annotation: <subject, face_N or clip>/<modality>. Segments of a tier do not overlap.',
  ),
  column('modality', 'category', '', 'face|speech|fusion|manual', 'Where the label comes from.'),
  column('source', 'category', '', 'model|human', 'Who made the segment.'),
  column('observer', 'text', '', '', 'Model id, fusion method or the name of the rater.'),
  SUBJECT_ID,
  column(
    'face_id',
    'integer',
    '',
    '>= 1',
    'Track number of the face; empty for speech and for fused values without a face.',
  ),
  column('label', 'category', '', EMOTIONS.join('|'), 'Emotion of the episode.'),
  column(
    'start_s',
    'number',
    's',
    '',
    'Start: the time of the first frame inside; for speech where its first window begins, which is negative where the sound begins before the first picture.',
  ),
  column(
    'end_s',
    'number',
    's',
    '>= start_s',
    'End: not inside; of a point in time the same as its start. Rules of minimum duration, gap and vote window in meta.json.',
  ),
  column('duration_s', 'number', 's', '>= 0', 'end_s - start_s.'),
  column('start_frame', 'integer', 'frames', '>= 0', 'First frame inside; empty without video frames.'),
  column('end_frame', 'integer', 'frames', '>= 0', 'Last frame inside.'),
  column('peak_value', 'number', 'probability', '[0, 1]', 'Highest raw probability of the label within.'),
  column('peak_time_s', 'number', 's', '', 'When it is reached first.'),
  column(
    'mean_value',
    'number',
    'probability',
    '[0, 1]',
    'Mean raw probability of the label within, weighted by time, over the valid frames.',
  ),
  column(
    'n_frames',
    'integer',
    'frames',
    '>= 0',
    'Decoded frames within (speech hops without video frames); 0 for speech that lies outside the pictures.',
  ),
  column('n_valid_frames', 'integer', 'frames', '>= 0', 'Those of them with a reading of this modality.'),
  column(
    'status',
    'category',
    '',
    'auto|confirmed|edited|added|rejected',
    'auto: as the program found it; the others: what a person did with it.',
  ),
  column('orig_label', 'category', '', EMOTIONS.join('|'), 'Label before editing.'),
  column('orig_start_s', 'number', 's', '', 'Start before editing.'),
  column('orig_end_s', 'number', 's', '', 'End before editing.'),
  column('confidence', 'number', '', '[0, 1]', "The rater's confidence."),
  column('comment', 'text', '', '', "The rater's comment."),
  column('edited_at', 'datetime', 'UTC', 'ISO 8601', 'When a person last changed the segment.'),
]

/** Lines of NAME.segments.csv, header first. */
export function* segmentsCsv(records: Iterable<SegmentRecord>): Generator<string> {
  yield csvLine(names(SEGMENTS_COLUMNS))
  for (const record of records)
    yield csvLine([
      textCell(record.clipId),
      textCell(record.segmentId),
      textCell(record.tier),
      textCell(record.modality),
      record.source,
      textCell(record.observer),
      textCell(record.subjectId),
      countCell(record.faceId),
      textCell(record.label),
      timeCell(record.startSecs),
      timeCell(record.endSecs),
      timeCell(record.endSecs - record.startSecs),
      countCell(record.startFrame),
      countCell(record.endFrame),
      probabilityCell(record.peakValue),
      timeCell(record.peakTimeSecs),
      probabilityCell(record.meanValue),
      countCell(record.frameCount),
      countCell(record.validFrameCount),
      record.status,
      textCell(record.origLabel),
      timeCell(record.origStartSecs),
      timeCell(record.origEndSecs),
      probabilityCell(record.confidence),
      textCell(record.comment),
      textCell(record.editedAt),
    ])
}

/**
 * Reads a segments table back. Columns may stand in any order; unknown ones are passed over, duration_s is derived.
 * @throws UnmaskError 'data.invalid' naming line and column
 */
export function parseSegmentsCsv(text: string): SegmentRecord[] {
  const [header, ...lines] = parseCsv(text)
  const places = new Map((header ?? []).map((name, place) => [name.trim(), place]))
  for (const name of ['clip_id', 'segment_id', 'tier', 'label', 'start_s', 'end_s'])
    if (!places.has(name))
      throw new UnmaskError(
        'data.invalid',
        `the segments table has no column ${name}; its first line must name the columns`,
      )
  return lines.map((cells, index) => parseSegment(new Cells(places, cells, index + 2)))
}

const STATUSES: readonly SegmentRecord['status'][] = ['auto', 'confirmed', 'edited', 'added', 'rejected']

function parseSegment(cells: Cells): SegmentRecord {
  const startSecs = cells.requiredNumber('start_s')
  const endSecs = cells.requiredNumber('end_s')
  if (endSecs < startSecs)
    throw new UnmaskError(
      'data.invalid',
      `line ${cells.line}: end_s ${endSecs} must not be before start_s ${startSecs}`,
    )
  return {
    clipId: cells.text('clip_id'),
    segmentId: cells.text('segment_id'),
    tier: cells.text('tier'),
    modality: cells.text('modality'),
    source: cells.oneOf('source', ['model', 'human'], 'human'),
    observer: cells.text('observer'),
    subjectId: cells.text('subject_id'),
    faceId: cells.number('face_id'),
    label: cells.text('label'),
    startSecs,
    endSecs,
    startFrame: cells.number('start_frame'),
    endFrame: cells.number('end_frame'),
    peakValue: cells.number('peak_value'),
    peakTimeSecs: cells.number('peak_time_s'),
    meanValue: cells.number('mean_value'),
    frameCount: cells.number('n_frames'),
    validFrameCount: cells.number('n_valid_frames'),
    status: cells.oneOf('status', STATUSES, 'added'),
    origLabel: cells.text('orig_label'),
    origStartSecs: cells.number('orig_start_s'),
    origEndSecs: cells.number('orig_end_s'),
    confidence: cells.number('confidence'),
    comment: cells.text('comment'),
    editedAt: cells.text('edited_at'),
  }
}

/** One line of a table, by column name. */
class Cells {
  readonly line: number
  readonly #places: ReadonlyMap<string, number>
  readonly #cells: readonly string[]

  constructor(places: ReadonlyMap<string, number>, cells: readonly string[], line: number) {
    if (cells.length > places.size)
      throw new UnmaskError(
        'data.invalid',
        `line ${line} has ${cells.length} cells, the header ${places.size}`,
      )
    this.#places = places
    this.#cells = cells
    this.line = line
  }

  text(name: string): string {
    return parseTextCell(this.#raw(name))
  }

  number(name: string): number | null {
    const raw = this.#raw(name).trim()
    if (raw === '') return null
    const value = Number(raw)
    if (Number.isFinite(value)) return value
    throw new UnmaskError(
      'data.invalid',
      `line ${this.line}: ${name} "${raw}" is not a number with a decimal point`,
    )
  }

  requiredNumber(name: string): number {
    const value = this.number(name)
    if (value !== null) return value
    throw new UnmaskError('data.invalid', `line ${this.line}: ${name} is empty`)
  }

  oneOf<Value extends string>(name: string, allowed: readonly Value[], otherwise: Value): Value {
    const raw = this.#raw(name)
    if (raw === '') return otherwise
    const found = allowed.find((value) => value === raw)
    if (found) return found
    throw new UnmaskError(
      'data.invalid',
      `line ${this.line}: ${name} "${raw}" is none of ${allowed.join(', ')}`,
    )
  }

  #raw(name: string): string {
    return this.#cells[this.#places.get(name) ?? -1] ?? ''
  }
}
