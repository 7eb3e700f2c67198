import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '../../../preload/contract/project'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'

const FILE = 'recent-projects.json'
const KEPT = 20

const recentSchema = z.object({
  formatVersion: z.literal(1),
  projects: z.array(z.object({ folder: z.string().min(1), name: z.string(), openedAt: z.string() })),
})

type Recent = z.infer<typeof recentSchema>['projects'][number]

/** Projects that were opened lately, newest first; remembered in the app's own folder. */
export class RecentProjects {
  readonly #path: string
  #recent: readonly Recent[] = []
  #writing: Promise<void> = Promise.resolve()

  constructor(userDataFolder: string) {
    this.#path = join(userDataFolder, FILE)
  }

  async load(): Promise<void> {
    try {
      this.#recent = recentSchema.parse(JSON.parse(await readFile(this.#path, 'utf8'))).projects
    } catch {
      // None yet, or a list that cannot be read: the projects themselves are where they were.
      this.#recent = []
    }
  }

  list(): RecentProject[] {
    return this.#recent.map(({ folder, name, openedAt }) => ({
      token: tokenOf(folder),
      name,
      place: folder,
      openedAt,
      isMissing: !existsSync(folder),
    }))
  }

  /** @throws UnmaskError 'usage.invalid' on a token of none of them */
  folderOf(token: string): string {
    const found = this.#recent.find(({ folder }) => tokenOf(folder) === token)
    if (found) return found.folder
    throw new UnmaskError(
      'usage.invalid',
      'this project is no longer among the recent ones; open it by its folder',
    )
  }

  remember(folder: string, name: string): Promise<void> {
    const others = this.#recent.filter((recent) => recent.folder !== folder)
    return this.#set([{ folder, name, openedAt: new Date().toISOString() }, ...others].slice(0, KEPT))
  }

  forget(token: string): Promise<void> {
    return this.#set(this.#recent.filter(({ folder }) => tokenOf(folder) !== token))
  }

  #set(recent: readonly Recent[]): Promise<void> {
    this.#recent = recent
    const text = JSON.stringify({ formatVersion: 1, projects: recent }, null, 2)
    // A list that cannot be saved is not worth failing what it is about.
    this.#writing = this.#writing.then(() => writeAtomic(this.#path, [text])).catch(() => undefined)
    return this.#writing
  }
}

/** The window does not name folders, also not by showing them. */
function tokenOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 32)
}
