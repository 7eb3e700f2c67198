import { readFile } from 'node:fs/promises'
import { UnmaskError } from '../errors'

/** @returns null where there is no such file @throws UnmaskError 'input.unreadable' */
export async function readTextIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new UnmaskError(
      'input.unreadable',
      `what people coded cannot be read (${code ?? message}); check the folder and its permissions: ${path}`,
      { cause: error },
    )
  }
}
