import { readFile, rename, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { assignClipIds } from '../batch/clip-ids'
import { JOURNAL_FILE, type JournalEntry, readJournal } from '../batch/journal'
import { openOutputFolder } from '../batch/output-folder'
import { toFault, UnmaskError } from '../errors'
import { TEMPORARY_SUFFIX } from '../export/atomic-file'
import { repathJournal } from './journal-paths'
import { NewerVersionError } from './migrations'
import {
  parseProject,
  PROJECT_FILE,
  type ProjectClipEntry,
  type ProjectFile,
  RESULTS_FOLDER,
} from './project-file'
import { clipsOfJournal, emptyProject, mergeClips, salvageClips } from './rebuild'

/** Something about a project that its user should know; nothing was lost without one. */
export interface ProjectNotice {
  readonly kind: 'info' | 'warning'
  readonly text: string
}

export interface ReadProject {
  readonly file: ProjectFile
  readonly notices: readonly ProjectNotice[]
}

/**
 * Reads the project in a folder; makes one where the folder holds results of the command. A file that cannot be read is set
 * aside and what can be told from it and from the journal is rebuilt.
 * @param folder absolute; its lock is held
 * @throws UnmaskError 'input.not-found' where there is no project; NewerVersionError where it is too new to be touched
 */
export async function readProject(folder: string): Promise<ReadProject> {
  const notices: ProjectNotice[] = []
  const path = join(folder, PROJECT_FILE)
  await rm(`${path}${TEMPORARY_SUFFIX}`, { force: true })
  const text = await readIfThere(path)
  const stored = text === null ? await adopt(folder, notices) : await parseOrRebuild(text, folder, notices)
  await followMove(stored, folder, notices)
  const entries = await journalOf(join(folder, stored.resultsFolder), notices)
  return { file: withJournal({ ...stored, savedIn: folder }, entries, folder), notices }
}

/** What the command labelled since, or before there was a project. */
export function withJournal(
  file: ProjectFile,
  entries: readonly JournalEntry[],
  folder: string,
): ProjectFile {
  const removed = new Set(file.removed)
  const journalled = clipsOfJournal(entries, folder).filter(({ path }) => !removed.has(path))
  const clips = mergeClips(renamed(file.clips, journalled), journalled)
  const known = new Set(clips.map(({ clipId }) => clipId))
  return { ...file, clips, queue: file.queue.filter((clipId) => known.has(clipId)) }
}

/** A clip that the command labelled under another name has that name from now on, as its files do. */
function renamed(
  clips: readonly ProjectClipEntry[],
  journalled: readonly ProjectClipEntry[],
): ProjectClipEntry[] {
  const known = new Map(journalled.map(({ path, clipId }) => [path, clipId]))
  const taken = new Set(known.values())
  for (const { path, clipId } of clips) if (!known.has(path) && !taken.has(clipId)) known.set(path, clipId)
  const ids = assignClipIds(
    clips.map(({ path }) => path),
    known,
  )
  return clips.map((clip) => ({ ...clip, clipId: ids.get(clip.path) ?? clip.clipId }))
}

async function adopt(folder: string, notices: ProjectNotice[]): Promise<ProjectFile> {
  for (const resultsFolder of ['.', RESULTS_FOLDER]) {
    if ((await readIfThere(join(folder, resultsFolder, JOURNAL_FILE))) === null) continue
    notices.push({ kind: 'info', text: 'These results of the command are a project now' })
    return emptyProject(folder, { resultsFolder })
  }
  throw new UnmaskError('input.not-found', `there is neither a project nor a results folder: ${folder}`)
}

async function parseOrRebuild(text: string, folder: string, notices: ProjectNotice[]): Promise<ProjectFile> {
  const path = join(folder, PROJECT_FILE)
  try {
    return parseProject(text, path)
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    const aside = PROJECT_FILE.replace(
      '.json',
      `.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}.json`,
    )
    await rename(path, join(folder, aside))
    const isResults = (await readIfThere(join(folder, JOURNAL_FILE))) !== null
    const empty = emptyProject(folder, { resultsFolder: isResults ? '.' : RESULTS_FOLDER })
    const clips = salvageClips(text)
    notices.push({
      kind: 'warning',
      text:
        `The project file could not be read (${toFault(error).message.split(': ')[0]}) and was set aside as ${aside}. ` +
        'The clips below were rebuilt from it and from the journal of results; add those that are missing',
    })
    return { ...empty, name: nameIn(text) ?? empty.name, savedIn: savedIn(text) ?? folder, clips }
  }
}

const nameIn = (text: string) => stringIn(text, 'name')
const savedIn = (text: string) => stringIn(text, 'savedIn')

function stringIn(text: string, key: string): string | null {
  const found = new RegExp(`"${key}": *("(?:[^"\\\\]|\\\\.)+")`).exec(text)?.[1]
  if (found === undefined) return null
  try {
    return String(JSON.parse(found))
  } catch {
    return null // torn inside the string
  }
}

/** A project that lies elsewhere than when it was saved: the journal names its recordings by their old place. */
async function followMove(stored: ProjectFile, folder: string, notices: ProjectNotice[]): Promise<void> {
  const before = stored.savedIn
  if (before === folder) return
  const results = join(folder, stored.resultsFolder)
  if ((await readIfThere(join(results, JOURNAL_FILE))) === null) return
  try {
    const locked = await openOutputFolder(results)
    try {
      const hasMoved = await repathJournal(results, (path) =>
        path.startsWith(before + sep) ? folder + path.slice(before.length) : path,
      )
      if (hasMoved)
        notices.push({ kind: 'info', text: 'The project was moved; its recordings were found again' })
    } finally {
      await locked.release()
    }
  } catch (error) {
    notices.push({ kind: 'warning', text: toFault(error).message })
  }
}

async function journalOf(resultsFolder: string, notices: ProjectNotice[]): Promise<JournalEntry[]> {
  try {
    return (await readJournal(resultsFolder)) ?? []
  } catch (error) {
    notices.push({ kind: 'warning', text: toFault(error).message })
    return []
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
