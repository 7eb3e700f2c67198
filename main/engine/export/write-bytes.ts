import { open, rename, rm } from 'node:fs/promises'
import { outputError } from './atomic-file'

/**
 * Writes a file beside its place, syncs it and renames it, so that a reader finds the old one or the new one, whole.
 * @throws UnmaskError 'output.*'; the old file stays
 */
export async function writeBytesAtomic(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.unmask-tmp`
  try {
    const handle = await open(part, 'w')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw outputError(error, file)
  }
}
