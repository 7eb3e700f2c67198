import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { throwIfAborted, toFault } from '../errors'
import { parseProject, PROJECT_FILE } from '../project/project-file'
import { readError } from '../results/csv-columns'
import type { AnnotationSource } from './annotation-source'
import { openAnnotationSource } from './open-annotations'
import type { StudyProblem } from './types'

export interface ClipFiles {
  readonly clipId: string
  /** As probed when it was added to the project; null: not known. */
  readonly durationSecs: number | null
  readonly hasMeta: boolean
}

/** What there is to read in one place. */
export interface StudyPlace {
  readonly clips: readonly ClipFiles[]
  /** Null: no folder, only tables. */
  readonly resultsFolder: string | null
  /** Segments tables of clips that have no meta.json beside them. */
  readonly tables: readonly string[]
  readonly annotations: AnnotationSource | null
  readonly problems: readonly StudyProblem[]
}

const META = '.meta.json'
const SEGMENTS = '.segments.csv'

/**
 * Looks at what a path is: a file is a segments table; a folder with a project file is a project; any other folder is one of
 * results. Nothing is locked or written.
 * @throws UnmaskError 'input.*' where the folder cannot be listed; 'data.invalid' where the project file is damaged
 */
export async function findStudyClips(
  { path, isFolder }: { readonly path: string; readonly isFolder: boolean },
  signal?: AbortSignal,
): Promise<StudyPlace> {
  if (!isFolder) return findTable(path)
  const names = await listFolder(path)
  return names.includes(PROJECT_FILE) ? findInProject(path, signal) : findInResults(path, names)
}

/** A table with its clip's meta.json beside it is that clip, whose duration is then known. */
async function findTable(path: string): Promise<StudyPlace> {
  const folder = dirname(path)
  const clipId = basename(path, SEGMENTS)
  const hasMeta = path.endsWith(SEGMENTS) && (await listFolder(folder)).includes(`${clipId}${META}`)
  return {
    clips: hasMeta ? [{ clipId, durationSecs: null, hasMeta }] : [],
    resultsFolder: hasMeta ? folder : null,
    tables: hasMeta ? [] : [path],
    annotations: null,
    problems: [],
  }
}

async function findInProject(folder: string, signal: AbortSignal | undefined): Promise<StudyPlace> {
  const path = join(folder, PROJECT_FILE)
  const project = parseProject(await readText(path), path)
  const resultsFolder = join(folder, project.resultsFolder)
  const problems: StudyProblem[] = []
  const names = new Set(await listIfThere(resultsFolder))
  let annotations: AnnotationSource | null = null
  try {
    annotations = await openAnnotationSource(folder, signal)
    for (const message of annotations.notices)
      problems.push({ clipId: '', fault: { code: 'data.invalid', message } })
  } catch (error) {
    throwIfAborted(signal)
    problems.push({ clipId: '', fault: toFault(error) })
  }
  return {
    clips: project.clips.map(({ clipId, facts }) => ({
      clipId,
      durationSecs: facts?.durationSecs ?? null,
      hasMeta: names.has(`${clipId}${META}`),
    })),
    resultsFolder,
    tables: [],
    annotations,
    problems,
  }
}

function findInResults(folder: string, names: readonly string[]): StudyPlace {
  const clipIds = names.filter((name) => name.endsWith(META)).map((name) => name.slice(0, -META.length))
  const known = new Set(clipIds)
  return {
    clips: clipIds.sort().map((clipId) => ({ clipId, durationSecs: null, hasMeta: true })),
    resultsFolder: folder,
    tables: names
      .filter((name) => name.endsWith(SEGMENTS) && !known.has(basename(name, SEGMENTS)))
      .sort()
      .map((name) => join(folder, name)),
    annotations: null,
    problems: [],
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw readError(error, folder)
  }
}

/** A project without results has no folder for them yet. */
async function listIfThere(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw readError(error, folder)
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw readError(error, path)
  }
}
