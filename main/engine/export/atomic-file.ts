import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UnmaskError } from '../errors'
import { makeFolder } from './make-folder'

/** Ends the name of every file that is being written. One of a killed run is overwritten by the next. */
export const TEMPORARY_SUFFIX = '.unmask-tmp'

const CHUNK_CHARS = 1 << 16

export type TextChunks = Iterable<string> | AsyncIterable<string>

/** Files that appear together or not at all: written under temporary names first, then renamed in order. */
export class AtomicFiles {
  readonly #folder: string
  readonly #names: string[] = []

  /** @param folder made if need be */
  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Writes one file under its temporary name and onto the disk; text is taken no faster than it can be written.
   * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; what this object wrote so far is removed
   */
  async write(name: string, chunks: TextChunks): Promise<void> {
    this.#names.push(name)
    try {
      await makeFolder(this.#folder)
      await writeText(this.#temporary(name), chunks)
    } catch (error) {
      await this.discard()
      throw outputError(error, join(this.#folder, name))
    }
  }

  /**
   * Gives all files their names, in the order they were written.
   * @returns the names
   */
  async commit(): Promise<string[]> {
    for (const name of this.#names) {
      try {
        await rename(this.#temporary(name), join(this.#folder, name))
      } catch (error) {
        await this.discard()
        throw outputError(error, join(this.#folder, name))
      }
    }
    await syncFolder(this.#folder)
    return this.#names.splice(0)
  }

  /** Removes what was not committed. */
  async discard(): Promise<void> {
    for (const name of this.#names.splice(0)) {
      // The error that led here is the one to report; what cannot be removed is overwritten by the next run.
      await rm(this.#temporary(name), { force: true }).catch(() => undefined)
    }
  }

  #temporary(name: string): string {
    return join(this.#folder, `${name}${TEMPORARY_SUFFIX}`)
  }
}

/** Writes one file atomically. */
export async function writeAtomic(path: string, chunks: TextChunks): Promise<void> {
  const files = new AtomicFiles(dirname(path))
  await files.write(basename(path), chunks)
  await files.commit()
}

async function writeText(path: string, chunks: TextChunks): Promise<void> {
  const handle = await open(path, 'w')
  try {
    let waiting = ''
    for await (const chunk of chunks) {
      waiting += chunk
      if (waiting.length < CHUNK_CHARS) continue
      await writeAll(handle, waiting)
      waiting = ''
    }
    await writeAll(handle, waiting)
    // Without it a power cut after the rename could leave an empty file under the final name.
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text, 'utf8')
  let written = 0
  while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten
}

/** Makes the renames durable, where the system lets a folder be opened (Windows does not). */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle
  try {
    handle = await open(folder, 'r')
  } catch {
    return // no way to ask for more: the names themselves are in place
  }
  try {
    await handle.sync()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EISDIR')
      throw outputError(error, folder)
  } finally {
    await handle.close()
  }
}

/** An error of the file system as the user must read it; errors that have a code keep it. */
export function outputError(error: unknown, path: string): UnmaskError {
  if (error instanceof UnmaskError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UnmaskError(
      'output.disk-full',
      `the disk is full; free some space or choose another folder: ${path}`,
      {
        cause: error,
      },
    )
  const reason = error instanceof Error ? error.message : String(error)
  if (code === undefined)
    return new UnmaskError('internal', `${reason}; while writing ${path}`, { cause: error })
  return new UnmaskError(
    'output.unwritable',
    `cannot be written (${code}); check folder and permissions: ${path}`,
    {
      cause: error,
    },
  )
}
