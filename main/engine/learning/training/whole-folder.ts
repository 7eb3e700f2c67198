import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { outputError } from '../../export/atomic-file'
import { makeFolder } from '../../export/make-folder'

/**
 * Fills a folder beside its place and moves its files in only when all are written, `lastFile` at the end. Where writing
 * fails, the files that were there before stay as they are.
 * @param write writes into the folder it is given
 */
export async function writeFolderWhole<Result>(
  folder: string,
  lastFile: string,
  write: (stage: string) => Promise<Result>,
): Promise<Result> {
  const stage = `${folder}.unmask-tmp`
  await rm(stage, { recursive: true, force: true })
  try {
    await makeFolder(stage)
    const result = await write(stage)
    await makeFolder(folder)
    const names = (await readdir(stage)).filter((name) => name !== lastFile)
    for (const name of [...names, lastFile]) await rename(join(stage, name), join(folder, name))
    return result
  } catch (error) {
    throw outputErrorOf(error, folder)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** Only the file system's own errors need other words. */
function outputErrorOf(error: unknown, folder: string): unknown {
  return (error as NodeJS.ErrnoException | null)?.syscall === undefined ? error : outputError(error, folder)
}
