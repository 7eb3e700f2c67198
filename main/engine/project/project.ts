import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { assignClipIds } from '../batch/clip-ids'
import { type LockOwner, takeLock } from '../batch/folder-lock'
import { UnmaskError } from '../errors'
import { outputError, writeAtomic } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import { toRealPath, toStoredPath } from './clip-paths'
import {
  CACHE_FOLDER,
  type ClipFacts,
  PROJECT_FILE,
  type ProjectClipEntry,
  type ProjectFile,
  projectText,
  RESULTS_FOLDER,
} from './project-file'
import { type ProjectNotice, readProject, withJournal } from './read-project'
import { emptyProject } from './rebuild'
import type { JournalEntry } from '../batch/journal'

export const LOCK_FILE = '.unmask-project.lock'
/** Changes that follow each other quicker are saved together. */
const SAVE_DELAY_MS = 400

/** A recording with the path it has on this computer. */
export interface ProjectClipPath extends ProjectClipEntry {
  readonly realPath: string
}

/** An open project: this process alone writes its file. What is changed is saved by itself, soon after. */
export class Project {
  readonly folder: string
  readonly notices: readonly ProjectNotice[]
  #file: ProjectFile
  #timer: NodeJS.Timeout | null = null
  #saving: Promise<void> = Promise.resolve()
  #onSaveFailed: (error: unknown) => void = () => undefined

  private constructor(folder: string, file: ProjectFile, notices: readonly ProjectNotice[]) {
    this.folder = folder
    this.#file = file
    this.notices = notices
  }

  /**
   * Makes a project in a folder, which is made if need be.
   * @throws UnmaskError 'output.exists' where there is a project already; 'output.unwritable' | 'output.disk-full'
   */
  static async create(folder: string, name?: string): Promise<Project> {
    await lockProject(folder)
    try {
      if (await isThere(join(folder, PROJECT_FILE)))
        throw new UnmaskError('output.exists', `there is a project already; open it instead: ${folder}`)
      const project = new Project(folder, emptyProject(folder, { name, resultsFolder: RESULTS_FOLDER }), [])
      await project.save()
      return project
    } catch (error) {
      await unlockProject(folder)
      throw error
    }
  }

  /**
   * Opens the project of a folder, or makes one of a results folder of the command.
   * @throws UnmaskError 'input.not-found', 'output.exists' when another process has it open, NewerVersionError
   */
  static async open(folder: string): Promise<Project> {
    if (!(await isThere(folder)))
      throw new UnmaskError('input.not-found', `the project folder is not there: ${folder}`)
    await lockProject(folder)
    try {
      const { file, notices } = await readProject(folder)
      const project = new Project(folder, file, notices)
      await project.save()
      return project
    } catch (error) {
      await unlockProject(folder)
      throw error
    }
  }

  get file(): ProjectFile {
    return this.#file
  }

  get resultsFolder(): string {
    return join(this.folder, this.#file.resultsFolder)
  }

  get cacheFolder(): string {
    return join(this.folder, CACHE_FOLDER)
  }

  get clips(): readonly ProjectClipPath[] {
    return this.#file.clips.map((clip) => ({ ...clip, realPath: toRealPath(this.folder, clip.path) }))
  }

  /** Called when a change could not be saved; the next change tries again. */
  onSaveFailed(listener: (error: unknown) => void): void {
    this.#onSaveFailed = listener
  }

  /**
   * Adds recordings; those that are there already stay as they are.
   * @param paths absolute
   * @returns what is new
   */
  async add(paths: readonly string[]): Promise<readonly ProjectClipPath[]> {
    const known = new Map(this.clips.map(({ realPath, clipId }) => [realPath, clipId]))
    const fresh = [...new Set(paths)].filter((path) => !known.has(path))
    const ids = assignClipIds([...known.keys(), ...fresh], known)
    const addedAt = new Date().toISOString()
    const added = await Promise.all(
      fresh.map(async (path): Promise<ProjectClipEntry> => {
        const { sizeBytes, modifiedMs } = await lookAt(path)
        const clipId = ids.get(path) ?? path
        return { clipId, path: toStoredPath(this.folder, path), sizeBytes, modifiedMs, addedAt, facts: null }
      }),
    )
    const stored = new Set(added.map(({ path }) => path))
    this.#change({
      clips: [...this.#file.clips, ...added],
      removed: this.#file.removed.filter((path) => !stored.has(path)),
    })
    return added.map((clip) => ({ ...clip, realPath: toRealPath(this.folder, clip.path) }))
  }

  /** Takes clips out; recordings and results stay on the disk. */
  remove(clipIds: ReadonlySet<string>): void {
    const leaving = this.#file.clips.filter(({ clipId }) => clipIds.has(clipId))
    this.#change({
      clips: this.#file.clips.filter(({ clipId }) => !clipIds.has(clipId)),
      removed: [...new Set([...this.#file.removed, ...leaving.map(({ path }) => path)])],
      queue: this.#file.queue.filter((clipId) => !clipIds.has(clipId)),
    })
  }

  /** Says where a recording is now. */
  async relink(clipId: string, path: string): Promise<void> {
    const { sizeBytes, modifiedMs } = await lookAt(path)
    const stored = toStoredPath(this.folder, path)
    this.#changeClip(clipId, (clip) => ({
      ...clip,
      path: stored,
      sizeBytes,
      modifiedMs,
      facts: clip.sizeBytes === sizeBytes ? clip.facts : null,
    }))
  }

  setFacts(clipId: string, facts: ClipFacts): void {
    this.#changeClip(clipId, (clip) => ({ ...clip, facts }))
  }

  setQueue(queue: readonly string[]): void {
    this.#change({ queue: [...queue] })
  }

  setChoices(choices: ProjectFile['choices']): void {
    this.#change({ choices })
  }

  rename(name: string): void {
    this.#change({ name })
  }

  /** Takes over what a journal knows beside the clips of the project: a batch of the command. */
  takeIn(entries: readonly JournalEntry[]): void {
    this.#change(withJournal(this.#file, entries, this.folder))
  }

  /** @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
  save(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const saved = this.#saving.then(() =>
      writeAtomic(join(this.folder, PROJECT_FILE), [projectText(this.#file)]),
    )
    this.#saving = saved.catch(() => undefined)
    return saved
  }

  /** Saves and lets other processes in. */
  async close(): Promise<void> {
    try {
      await this.save()
    } finally {
      await unlockProject(this.folder)
    }
  }

  #changeClip(clipId: string, edit: (clip: ProjectClipEntry) => ProjectClipEntry): void {
    this.#change({ clips: this.#file.clips.map((clip) => (clip.clipId === clipId ? edit(clip) : clip)) })
  }

  #change(change: Partial<ProjectFile>): void {
    this.#file = { ...this.#file, ...change }
    this.#timer ??= setTimeout(() => void this.save().catch(this.#onSaveFailed), SAVE_DELAY_MS)
  }
}

async function lockProject(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await takeLock(join(folder, LOCK_FILE), lockedError)
  } catch (error) {
    throw outputError(error, folder)
  }
}

async function unlockProject(folder: string): Promise<void> {
  await rm(join(folder, LOCK_FILE), { force: true })
}

function lockedError({ pid, host }: LockOwner, lock: string): UnmaskError {
  return new UnmaskError(
    'output.exists',
    `the project is open in another window (process ${pid} on ${host}); close it there, ` +
      `or delete its lock if you know that it has ended: ${lock}`,
  )
}

async function lookAt(path: string): Promise<{ sizeBytes: number; modifiedMs: number }> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { sizeBytes: size, modifiedMs: Math.round(mtimeMs) }
  } catch {
    return { sizeBytes: -1, modifiedMs: -1 } // shown as missing
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
