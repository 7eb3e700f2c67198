import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Study } from '../../../preload/contract/annotation'
import { throwIfAborted, toFault, UnmaskError } from '../errors'
import { orderLabels } from '../agreement/label-order'
import type { ClipAnnotation } from '../export/annotated/clip-annotation'
import { readSegments } from '../results/clip-results'
import { readError } from '../results/csv-columns'
import { type ClipFiles, findStudyClips, type StudyPlace } from './find-clips'
import { readClipParts } from './read-clip'
import { studyClip } from './study-clip'
import type { SegmentRecord } from '../export/segment-record'
import type { StudyClip, StudyData, StudyProblem } from './types'

export interface ReadStudyOptions {
  /** Also the frames and speech tables: probabilities, and the time in which the models could see and hear. */
  readonly readings: boolean
  /** Clips that must not be looked at: those in which the active observer is blind. */
  readonly hiddenClipIds?: ReadonlySet<string>
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * Reads the clips of a project, of a results folder, or of single segments tables. What cannot be read is named in `problems`,
 * and the other clips go on.
 * @param paths one folder, or files
 * @throws UnmaskError 'input.not-found' | 'input.unreadable' where a path cannot be looked at; 'input.empty' where there is
 * no clip at all; 'cancelled'
 */
export async function readStudyData(paths: readonly string[], options: ReadStudyOptions): Promise<StudyData> {
  const places: StudyPlace[] = []
  for (const path of paths) places.push(await findStudyClips(await realPlace(path), options.signal))
  const problems: StudyProblem[] = places.flatMap((place) => place.problems)
  const isHidden = (clipId: string): boolean => options.hiddenClipIds?.has(clipId) ?? false
  const wanted = places.flatMap((place) =>
    place.clips.filter(({ clipId }) => !isHidden(clipId)).map((files) => ({ files, place })),
  )
  const loose = await looseRecords(
    places.flatMap(({ tables }) => tables),
    problems,
  )
  const clips = new Map<string, StudyClip>()
  const annotations: ClipAnnotation[] = []
  let done = 0
  const total = wanted.length + loose.size
  for (const { files, place } of wanted) {
    throwIfAborted(options.signal)
    const made = await readOne(files, place, options, problems)
    if (made) {
      if (made.annotation) annotations.push(made.annotation)
      clips.set(files.clipId, made.clip)
    }
    options.onProgress?.(++done, total)
  }
  for (const [clipId, records] of loose) {
    options.onProgress?.(++done, total)
    if (isHidden(clipId) || clips.has(clipId)) continue
    const made = studyClip({
      clipId,
      records,
      meta: null,
      annotation: null,
      study: null,
      results: null,
      durationSecs: null,
    })
    addNotices(problems, clipId, made.notices)
    clips.set(clipId, made.clip)
  }
  if (clips.size === 0 && problems.length === 0 && (options.hiddenClipIds?.size ?? 0) === 0)
    throw new UnmaskError(
      'input.empty',
      `there are no results, annotations or segments tables: ${paths.map((path) => resolve(path)).join(', ')}`,
    )
  const sorted = [...clips.values()].sort((a, b) => compare(a.clipId, b.clipId))
  return { clips: sorted, problems, ...namesOf(sorted, annotations[0]?.study ?? null) }
}

async function realPlace(path: string): Promise<{ path: string; isFolder: boolean }> {
  const real = resolve(path)
  try {
    return { path: real, isFolder: (await stat(real)).isDirectory() }
  } catch (error) {
    throw readError(error, real)
  }
}

async function readOne(
  files: ClipFiles,
  place: StudyPlace,
  options: ReadStudyOptions,
  problems: StudyProblem[],
) {
  try {
    const { parts, notices } = await readClipParts(files, place, options, (fault) =>
      problems.push({ clipId: files.clipId, fault }),
    )
    addNotices(problems, files.clipId, notices)
    if (!parts) return null
    const made = studyClip(parts)
    addNotices(problems, files.clipId, made.notices)
    return { clip: made.clip, annotation: parts.annotation }
  } catch (error) {
    throwIfAborted(options.signal)
    problems.push({ clipId: files.clipId, fault: toFault(error) })
    return null
  }
}

function addNotices(problems: StudyProblem[], clipId: string, notices: readonly string[]): void {
  for (const message of notices) problems.push({ clipId, fault: { code: 'data.invalid', message } })
}

/** Rows of tables that stand alone, by the clip they name: two observers' tables of one clip come together. */
async function looseRecords(
  tables: readonly string[],
  problems: StudyProblem[],
): Promise<Map<string, SegmentRecord[]>> {
  const byClip = new Map<string, SegmentRecord[]>()
  for (const path of tables) {
    try {
      for (const record of await readSegments(path)) {
        const list = byClip.get(record.clipId) ?? []
        byClip.set(record.clipId, list)
        list.push(record)
      }
    } catch (error) {
      problems.push({ clipId: '', fault: toFault(error) })
    }
  }
  return byClip
}

/** What occurs in clips, in the order of their study; null: they have none. */
export function namesOf(
  clips: readonly StudyClip[],
  study: Study | null,
): Pick<StudyData, 'observers' | 'subjects' | 'labels' | 'dimensions' | 'variables'> {
  const tiers = clips.flatMap((clip) => clip.tiers)
  const people = tiers.filter(({ kind }) => kind === 'manual' || kind === 'other').map(({ rater }) => rater)
  const ratings = clips.flatMap((clip) => clip.ratings)
  const clipVariables = clips.flatMap(({ variables }) => Object.keys(variables))
  const subjectVariables = clips.flatMap((clip) => Object.values(clip.subjectVariables).flatMap(Object.keys))
  const known = study?.variables ?? []
  const scopeOf = (scope: 'clip' | 'subject', used: readonly string[]) =>
    inOrder(
      used,
      known.filter((variable) => variable.scope === scope).map(({ name }) => name),
    ).map((name) => ({ name, scope }))
  return {
    observers: inOrder(
      [...people, ...ratings.map(({ observer }) => observer)],
      study?.observers.map(({ name }) => name) ?? [],
    ),
    subjects: inOrder(
      [...tiers, ...ratings].map(({ subject }) => subject),
      study?.subjects.map(({ name }) => name) ?? [],
    ),
    labels: orderLabels(
      tiers.flatMap(({ stretches }) => stretches.map(({ label }) => label)),
      study?.scheme.codes.map(({ name }) => name) ?? [],
    ),
    dimensions: inOrder(
      ratings.map(({ dimension }) => dimension),
      study?.scheme.dimensions.map(({ name }) => name) ?? [],
    ),
    variables: [...scopeOf('clip', clipVariables), ...scopeOf('subject', subjectVariables)],
  }
}

/** Names in use: those known in their order, then the others by name. */
function inOrder(used: readonly string[], known: readonly string[]): string[] {
  const all = new Set(used)
  return [
    ...known.filter((name) => all.has(name)),
    ...[...all].filter((name) => !known.includes(name)).sort(compare),
  ]
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
