import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnnotationItem, RatingItem, SegmentItem, Study } from '../../preload/contract/annotation'
import { ANNOTATIONS_FOLDER } from '../../main/engine/annotation/clip-file'
import { AnnotationDocument } from '../../main/engine/annotation/document'
import { snapshotPath } from '../../main/engine/annotation/paths'
import { writeSnapshot } from '../../main/engine/annotation/snapshot-file'
import { writeStudy } from '../../main/engine/annotation/study-file'
import { PROJECT_FILE, projectText } from '../../main/engine/project/project-file'
import { sampleStudy } from './study'

/** A project folder as the app writes it, with what people coded, made without the app. */

const EDITED_AT = '2026-03-02T10:00:00.000Z'

export interface CodedClip {
  readonly clipId: string
  /** Relative to the project, or absolute; need not be there. */
  readonly path: string
  readonly durationSecs: number
  readonly kind?: 'video' | 'audio'
  readonly items: readonly AnnotationItem[]
}

/** Anna, Ben and the blind Cleo. */
export function codedStudy(changes: Partial<Study> = {}): Study {
  return sampleStudy({
    observers: [
      { id: 'anna', name: 'Anna', isBlind: false },
      { id: 'ben', name: 'Ben', isBlind: false },
      { id: 'cleo', name: 'Cleo', isBlind: true },
    ],
    ...changes,
  })
}

export async function writeCodedProject(
  folder: string,
  study: Study,
  clips: readonly CodedClip[],
): Promise<void> {
  const annotations = join(folder, ANNOTATIONS_FOLDER)
  await mkdir(annotations, { recursive: true })
  await mkdir(join(folder, 'results'), { recursive: true })
  const entries = await Promise.all(
    clips.map(async ({ clipId, path, durationSecs, kind = 'video' }) => {
      const stats = await stat(path.startsWith('/') ? path : join(folder, path)).catch(() => null)
      return {
        clipId,
        path,
        sizeBytes: stats?.size ?? -1,
        modifiedMs: stats ? Math.round(stats.mtimeMs) : -1,
        addedAt: EDITED_AT,
        facts: { kind, durationSecs, hasSound: false },
      }
    }),
  )
  await writeFile(
    join(folder, PROJECT_FILE),
    projectText({
      format: 'unmask-project',
      formatVersion: 1,
      name: 'coded',
      createdAt: EDITED_AT,
      savedIn: folder,
      resultsFolder: 'results',
      clips: entries,
      removed: [],
      queue: [],
      choices: null,
    }),
  )
  await writeStudy(annotations, study)
  for (const { clipId, items } of clips) {
    if (items.length === 0) continue
    const document = new AnnotationDocument(items.map((item) => ({ item, clock: { test: 1 } })))
    await writeSnapshot(snapshotPath(annotations, clipId), clipId, document, items.length)
  }
}

let lastId = 0

/** Bouts of one observer: label, start and end in seconds. Codes have the emotion's name as id. */
export function bouts(
  observerId: string,
  ...all: readonly (readonly [label: string, startSecs: number, endSecs: number])[]
): SegmentItem[] {
  return all.map(([codeId, startSecs, endSecs]) => ({
    id: `bout-${++lastId}`,
    kind: 'segment',
    observerId,
    subjectId: '',
    codeId,
    startSecs,
    endSecs,
    status: 'added',
    orig: null,
    confidence: null,
    comment: '',
    editedAt: EDITED_AT,
  }))
}

export function ratingOf(
  observerId: string,
  dimensionId: string,
  timesSecs: readonly number[],
  values: readonly number[],
  endSecs: number,
): RatingItem {
  return {
    id: `rating-${++lastId}`,
    kind: 'rating',
    observerId,
    subjectId: '',
    dimensionId,
    timesSecs,
    values,
    reactionTimeSecs: 0,
    endSecs,
    comment: '',
    editedAt: EDITED_AT,
  }
}

export function doneItem(observerId: string): AnnotationItem {
  return { id: `done-${++lastId}`, kind: 'done', observerId, editedAt: EDITED_AT }
}

export function variableItem(observerId: string, variableId: string, value: string): AnnotationItem {
  return { id: `value-${++lastId}`, kind: 'variable', observerId, variableId, value, editedAt: EDITED_AT }
}

export function baselineItem(observerId: string, startSecs: number, endSecs: number): AnnotationItem {
  return {
    id: `rest-${++lastId}`,
    kind: 'baseline',
    observerId,
    subjectId: '',
    startSecs,
    endSecs,
    editedAt: EDITED_AT,
  }
}
