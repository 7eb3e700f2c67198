import { constants } from 'node:fs'
import { access, readdir, realpath, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import type { Fault } from '../errors'

/** What counts as a recording when a folder is searched, lower case with the dot. A file named outright always does. */
export const MEDIA_EXTENSIONS: ReadonlySet<string> = new Set([
  ...[
    '.mp4',
    '.m4v',
    '.mov',
    '.mkv',
    '.webm',
    '.avi',
    '.wmv',
    '.asf',
    '.flv',
    '.mts',
    '.m2ts',
    '.mpg',
    '.mpeg',
  ],
  ...['.vob', '.3gp', '.3g2', '.mxf', '.ogv', '.dv', '.divx', '.f4v'],
  ...[
    '.wav',
    '.w64',
    '.flac',
    '.mp3',
    '.m4a',
    '.aac',
    '.ogg',
    '.oga',
    '.opus',
    '.wma',
    '.aif',
    '.aiff',
    '.aifc',
  ],
  ...['.au', '.amr', '.caf', '.ac3', '.mka', '.wv'],
])

/** What Node gives for bytes of a file name that are not UTF-8: with it the file cannot be opened. */
const UNKNOWN_CHARACTER = '\ufffd'

export interface MediaProblem {
  readonly path: string
  readonly fault: Fault
}

export interface FoundMedia {
  /** As given or below the folder as given, sorted by UTF-16 code unit; each file once. */
  readonly files: string[]
  /** Paths that are missing or cannot be read, sorted likewise. */
  readonly problems: MediaProblem[]
}

/**
 * Collects recordings. Files are taken whatever they are called; folders give what has a media extension, without hidden
 * entries (a leading dot). Links are followed; a folder reached twice, or a file under two names, counts once.
 */
export async function findMedia(
  paths: readonly string[],
  options: { readonly recursive: boolean },
): Promise<FoundMedia> {
  const search = new Search(options.recursive)
  for (const path of paths) await search.addNamed(normalize(path))
  return search.result()
}

class Search {
  private readonly pathOf = new Map<string, string>()
  private readonly problemOf = new Map<string, Fault>()
  private readonly seenFolders = new Set<string>()

  constructor(private readonly isRecursive: boolean) {}

  async addNamed(path: string): Promise<void> {
    try {
      const stats = await stat(path)
      if (stats.isDirectory()) await this.addFolder(path)
      else await this.addFile(path)
    } catch (error) {
      this.addProblem(path, error)
    }
  }

  result(): FoundMedia {
    const files = [...this.pathOf.values()].sort(byCodeUnit)
    const problems = [...this.problemOf].map(([path, fault]) => ({ path, fault }))
    return { files, problems: problems.sort((left, right) => byCodeUnit(left.path, right.path)) }
  }

  private async addFile(path: string): Promise<void> {
    await access(path, constants.R_OK)
    const real = await realpath(path)
    const known = this.pathOf.get(real)
    // Of two names for one file the one that sorts first stands, whatever order they came in.
    if (known === undefined || byCodeUnit(path, known) < 0) this.pathOf.set(real, path)
  }

  private async addFolder(path: string): Promise<void> {
    const real = await realpath(path)
    if (this.seenFolders.has(real)) return
    this.seenFolders.add(real)
    const entries = await readdir(path)
    for (const name of entries.sort(byCodeUnit)) {
      if (name.startsWith('.')) continue
      await this.addEntry(join(path, name))
    }
  }

  private async addEntry(path: string): Promise<void> {
    const isMedia = MEDIA_EXTENSIONS.has(extname(path).toLowerCase())
    try {
      const stats = await stat(path)
      if (stats.isDirectory()) {
        if (this.isRecursive) await this.addFolder(path)
      } else if (isMedia && stats.isFile()) await this.addFile(path)
    } catch (error) {
      // A broken link or an unreadable note beside the recordings is nobody's concern.
      if (isMedia || (error as NodeJS.ErrnoException).syscall === 'scandir') this.addProblem(path, error)
    }
  }

  private addProblem(path: string, error: unknown): void {
    this.problemOf.set(path, searchFault(path, error))
  }
}

function searchFault(path: string, error: unknown): Fault {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const what = path.includes(UNKNOWN_CHARACTER)
      ? 'The name holds bytes that are not UTF-8 (from an old archive or system?); rename it'
      : 'No such file or folder; check the path'
    return { code: 'input.not-found', message: `${what}: ${path}` }
  }
  const reason = code === 'EACCES' || code === 'EPERM' ? 'no permission to read it' : (code ?? String(error))
  return { code: 'input.unreadable', message: `The file or folder cannot be read (${reason}): ${path}` }
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
