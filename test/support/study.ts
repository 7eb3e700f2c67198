import type { AnnotationItem, SegmentItem, Study } from '../../preload/contract/annotation'
import { EMOTIONS } from '../../main/engine/emotions'

/** A study of two observers, one subject and the seven emotions; codes have the emotion's name as id. */
export function sampleStudy(changes: Partial<Study> = {}): Study {
  return {
    scheme: {
      name: 'Seven emotions',
      isLocked: false,
      codes: EMOTIONS.map((name, index) => ({
        id: name,
        kind: 'state',
        set: 'emotion',
        name,
        key: String(index + 1),
        colour: '#336699',
        description: '',
      })),
      dimensions: [],
    },
    observers: [
      { id: 'ann', name: 'Ann', isBlind: false },
      { id: 'bob', name: 'Bob', isBlind: true },
    ],
    subjects: [{ id: 's1', name: 'Child 1', description: '', variables: {} }],
    variables: [],
    ...changes,
  }
}

let lastId = 0

/** A bout of Ann's about the clip as a whole, unless said otherwise. */
export function segmentItem(
  codeId: string,
  startSecs: number,
  endSecs: number,
  changes: Partial<SegmentItem> = {},
): SegmentItem {
  return {
    id: `segment-${++lastId}`,
    kind: 'segment',
    observerId: 'ann',
    subjectId: '',
    codeId,
    startSecs,
    endSecs,
    status: 'added',
    orig: null,
    confidence: null,
    comment: '',
    editedAt: '2026-03-02T10:00:00.000Z',
    ...changes,
  }
}

export function trackItem(
  faceId: number,
  subjectId: string,
  [startSecs, endSecs]: readonly [number | null, number | null] = [null, null],
): AnnotationItem {
  const editedAt = '2026-03-02T10:00:00.000Z'
  return {
    id: `track-${++lastId}`,
    kind: 'track',
    observerId: 'ann',
    editedAt,
    faceId,
    startSecs,
    endSecs,
    subjectId,
  }
}

export function exclusionItem(startSecs: number, endSecs: number, reason = 'door'): AnnotationItem {
  const editedAt = '2026-03-02T10:00:00.000Z'
  return { id: `out-${++lastId}`, kind: 'exclusion', observerId: 'ann', editedAt, startSecs, endSecs, reason }
}
