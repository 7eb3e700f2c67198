import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ANNOTATIONS_FOLDER, journalPath, snapshotPath } from '../../engine/annotation/clip-file'
import { STUDY_FILE } from '../../engine/annotation/study-file'
import { throwIfAborted, toFault } from '../../engine/errors'
import { type ClipFiles, findStudyClips, type StudyPlace } from '../../engine/study-data/find-clips'
import { readClipParts } from '../../engine/study-data/read-clip'
import { namesOf } from '../../engine/study-data/read-study-data'
import { studyClip } from '../../engine/study-data/study-clip'
import type { StudyClip, StudyData, StudyProblem } from '../../engine/study-data/types'
import type { StudySource } from './study-orders'

export interface ReadOptions {
  /** Also probabilities, and the time in which the models could see and hear. */
  readonly readings: boolean
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface ReadStudy {
  readonly data: StudyData
  /** Changes with whatever stands behind the clips. */
  readonly stamp: string
}

interface KeptClip {
  readonly stamp: string
  readonly hasReadings: boolean
  /** Null: nothing of this clip is there. */
  readonly clip: StudyClip | null
  readonly problems: readonly StudyProblem[]
}

/** What clips of one reading share. */
interface Reading {
  readonly place: StudyPlace
  readonly readings: boolean
  readonly signal: AbortSignal
}

/** Files are asked about so many at a time, which hides most of what a slow disk costs. */
const LOOKS_AT_ONCE = 32
const NOT_THERE = '-'

/** Reads clips of a project and keeps them until their files change: after an edit only the clip that was edited is read. */
export class StudyReader {
  readonly #kept = new Map<string, KeptClip>()
  #folder = ''

  /** @throws UnmaskError where the project cannot be read; 'cancelled' */
  async read(source: StudySource, { readings, signal, onProgress }: ReadOptions): Promise<ReadStudy> {
    const { projectFolder } = source
    if (this.#folder !== projectFolder) this.#kept.clear()
    this.#folder = projectFolder
    const place = await findStudyClips({ path: projectFolder, isFolder: true }, signal)
    const wanted = new Set(source.clipIds)
    const files = place.clips.filter(({ clipId }) => wanted.has(clipId))
    const shared = await stampOf(join(projectFolder, ANNOTATIONS_FOLDER, STUDY_FILE))
    const reading: Reading = { place, readings, signal }
    const kept: KeptClip[] = []
    for (let from = 0; from < files.length; from += LOOKS_AT_ONCE) {
      const some = files.slice(from, from + LOOKS_AT_ONCE)
      const stamps = await Promise.all(some.map(({ clipId }) => clipStamps(source, clipId)))
      for (const [at, file] of some.entries()) {
        throwIfAborted(signal)
        kept.push(await this.#clip(file, [...(stamps[at] ?? []), shared], reading))
        onProgress(kept.length, files.length)
      }
    }
    const clips = kept.flatMap(({ clip }) => clip ?? []).sort((a, b) => (a.clipId < b.clipId ? -1 : 1))
    const problems = [...place.problems, ...kept.flatMap((one) => one.problems)]
    return {
      data: { clips, problems, ...namesOf(clips, place.annotations?.study ?? null) },
      stamp: kept.map(({ stamp }) => stamp).join('\n'),
    }
  }

  async #clip(file: ClipFiles, stamps: readonly string[], reading: Reading): Promise<KeptClip> {
    const stamp = `${file.clipId} ${stamps.join(' ')}`
    const known = this.#kept.get(file.clipId)
    if (known?.stamp === stamp && (known.hasReadings || !reading.readings)) return known
    const made = { stamp, hasReadings: reading.readings, ...(await readOne(file, reading)) }
    this.#kept.set(file.clipId, made)
    return made
  }
}

async function readOne(
  file: ClipFiles,
  { place, readings, signal }: Reading,
): Promise<Pick<KeptClip, 'clip' | 'problems'>> {
  const { clipId } = file
  const problems: StudyProblem[] = []
  const note = (messages: readonly string[]): void => {
    for (const message of messages) problems.push({ clipId, fault: { code: 'data.invalid', message } })
  }
  try {
    const { parts, notices } = await readClipParts(file, place, { readings, signal }, (fault) =>
      problems.push({ clipId, fault }),
    )
    note(notices)
    const made = parts && studyClip(parts)
    note(made?.notices ?? [])
    return { clip: made?.clip ?? null, problems }
  } catch (error) {
    throwIfAborted(signal)
    problems.push({ clipId, fault: toFault(error) })
    return { clip: null, problems }
  }
}

function clipStamps({ projectFolder, resultsFolder }: StudySource, clipId: string): Promise<string[]> {
  const annotations = join(projectFolder, ANNOTATIONS_FOLDER)
  // Of a clip's results, the meta file is written last.
  const meta = join(resultsFolder, `${clipId}.meta.json`)
  return Promise.all([meta, snapshotPath(annotations, clipId), journalPath(annotations, clipId)].map(stampOf))
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(path)
    return `${size}:${mtimeMs}`
  } catch {
    return NOT_THERE
  }
}
