import type { ClipTimeline } from '../timeline/types'
import type { ClipContext } from './clip-context'
import { CLIP_ID, type Column, column, names } from './columns'
import { countCell, csvLine, numberCell, textCell, timeCell } from './csv'

export const LANDMARK_COUNT = 68
/** The points are sure to a few pixels at best. */
const POINT_DECIMALS = 1

const PARTS: readonly (readonly [first: number, name: string])[] = [
  [0, 'jaw'],
  [17, 'right eyebrow'],
  [22, 'left eyebrow'],
  [27, 'nose'],
  [36, 'right eye'],
  [42, 'left eye'],
  [48, 'mouth'],
]

const partOf = (point: number): string => PARTS.findLast(([first]) => first <= point)?.[1] ?? ''

const coordinates = (axis: 'x' | 'y'): Column[] =>
  Array.from({ length: LANDMARK_COUNT }, (_, point) =>
    column(
      `${axis}${point}`,
      'number',
      'px',
      '',
      `${axis === 'x' ? 'Horizontal' : 'Vertical'} place of point ${point} of the 68 of iBUG 300-W (${partOf(point)}), in upright source pixels, origin top left.`,
    ),
  )

/** NAME.landmarks.csv: one row a face and frame in which the detector looked at it; frames between have none. */
export const LANDMARKS_COLUMNS: readonly Column[] = [
  CLIP_ID,
  column(
    'frame',
    'integer',
    'frames',
    '>= 0',
    'As in the frames table. Only frames that the detector looked at.',
  ),
  column('time_s', 'number', 's', '>= 0', 'As in the frames table. Sorted by frame, then face_id.'),
  column('face_id', 'integer', '', '>= 1', 'Track number of the face in this clip.'),
  ...coordinates('x'),
  ...coordinates('y'),
]

/** Lines of NAME.landmarks.csv, header first. */
export function* landmarksCsv({ landmarks }: ClipTimeline, context: ClipContext): Generator<string> {
  yield csvLine(names(LANDMARKS_COLUMNS))
  if (!landmarks) return
  const clipId = textCell(context.clipId)
  const { count, frame, timeSecs, faceId, points } = landmarks
  for (let row = 0; row < count; row++) {
    const cells = [clipId, countCell(frame[row]), timeCell(timeSecs[row]), countCell(faceId[row])]
    for (const axis of [0, 1])
      for (let point = 0; point < LANDMARK_COUNT; point++)
        cells.push(numberCell(points[2 * (row * LANDMARK_COUNT + point) + axis], POINT_DECIMALS))
    yield csvLine(cells)
  }
}
