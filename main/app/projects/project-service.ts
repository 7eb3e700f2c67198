import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { AddedClips, OpenProject } from '../../../preload/contract/project'
import { JOURNAL_FILE } from '../../engine/batch/journal'
import { UnmaskError } from '../../engine/errors'
import { findMedia } from '../../engine/media/find-media'
import { Project } from '../../engine/project/project'
import { PROJECT_FILE, RESULTS_FOLDER } from '../../engine/project/project-file'
import { ProjectSession, type SessionHooks } from './project-session'
import type { RecentProjects } from './recent-projects'

export interface ProjectServiceOptions {
  readonly recent: RecentProjects
  readonly hooks: SessionHooks
  /** Before the clips of a project are given to the window. */
  readonly onTaking: (project: Project) => Promise<void>
  /** Another project is open, or none; its clips are known by now. */
  readonly onOpened: (session: ProjectSession | null) => Promise<void>
  /** Before a project is let go: whatever works on it must have ended. */
  readonly onClosing: () => Promise<void>
}

/** The one open project. Opening and closing come one after the other. */
export class ProjectService {
  readonly #options: ProjectServiceOptions
  #session: ProjectSession | null = null
  #queue: Promise<unknown> = Promise.resolve()

  constructor(options: ProjectServiceOptions) {
    this.#options = options
  }

  get session(): ProjectSession | null {
    return this.#session
  }

  /** @throws UnmaskError 'usage.invalid' while no project is open */
  get open(): ProjectSession {
    if (this.#session) return this.#session
    throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
  }

  /** Opens the project in a folder, or the one that a project file or a results folder belongs to. */
  openAt(path: string): Promise<OpenProject> {
    return this.#inTurn(async () => {
      const folder = projectFolderOf(path)
      if (this.#session?.project.folder === folder) return this.#session.facts
      // The open project stays open when the other one cannot be opened.
      return this.#take(await Project.open(folder))
    })
  }

  createAt(folder: string): Promise<OpenProject> {
    return this.#inTurn(async () => this.#take(await Project.create(folder)))
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#letGo()
      await this.#options.onOpened(null)
    })
  }

  /**
   * Adds recordings, and those in folders.
   * @throws UnmaskError 'usage.invalid' while no project is open
   */
  async addPaths(paths: readonly string[], isRecursive: boolean): Promise<AddedClips> {
    const session = this.open
    const { files, problems } = await findMedia(paths, { recursive: isRecursive })
    const added = await session.add(files)
    return {
      added: added.length,
      known: files.length - added.length,
      problems: problems.map(({ fault }) => fault.message),
    }
  }

  async #take(project: Project): Promise<OpenProject> {
    await this.#letGo()
    await this.#options.onTaking(project)
    const session = new ProjectSession(project, this.#options.hooks)
    await session.load()
    this.#session = session
    await this.#options.recent.remember(project.folder, project.file.name)
    await this.#options.onOpened(session)
    return session.facts
  }

  async #letGo(): Promise<void> {
    const session = this.#session
    if (!session) return
    await this.#options.onClosing()
    this.#session = null
    await session.close()
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task)
    this.#queue = result.catch(() => undefined)
    return result
  }
}

/** Whether opening it opens a project rather than adding a recording. */
export function isProject(path: string): boolean {
  if (basename(path) === PROJECT_FILE || basename(path) === JOURNAL_FILE) return true
  return [PROJECT_FILE, JOURNAL_FILE, join(RESULTS_FOLDER, JOURNAL_FILE)].some((name) =>
    existsSync(join(path, name)),
  )
}

/** A results folder inside a project stands for the project. */
function projectFolderOf(path: string): string {
  const folder = isFile(path) ? dirname(path) : path
  if (existsSync(join(folder, PROJECT_FILE))) return folder
  const above = dirname(folder)
  return basename(folder) === RESULTS_FOLDER && existsSync(join(above, PROJECT_FILE)) ? above : folder
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false // Project.open says that it is not there
  }
}
