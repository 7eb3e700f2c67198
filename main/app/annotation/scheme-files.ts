import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { dialog } from 'electron'
import type { CodingScheme } from '../../../preload/contract/annotation'
import { firstProblem } from '../../engine/annotation/first-problem'
import { readTextIfThere } from '../../engine/annotation/read-text'
import { codingSchemeSchema } from '../../engine/annotation/schema'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { migrate, type Versions } from '../../engine/project/migrations'
import type { AppContext } from '../app-context'

const SCHEME_VERSIONS: Versions = { what: 'coding scheme', current: 1, steps: {} }
const MOST_BYTES = 4 << 20

/** @throws UnmaskError 'data.invalid' naming the field */
export function parseScheme(text: string, path: string): CodingScheme {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError('data.invalid', `the coding scheme is not JSON: ${path}`, { cause: error })
  }
  const { name, isLocked, codes, dimensions } = migrate(raw, SCHEME_VERSIONS, path)
  const parsed = codingSchemeSchema.safeParse({ name, isLocked, codes, dimensions })
  if (parsed.success) return parsed.data
  throw new UnmaskError('data.invalid', `${firstProblem(parsed.error)}: ${path}`)
}

export function schemeText(scheme: CodingScheme): string {
  return `${JSON.stringify({ format: 'unmask-scheme', formatVersion: SCHEME_VERSIONS.current, ...scheme }, null, 2)}\n`
}

/** @returns null where the user thought better of it @throws UnmaskError 'data.invalid' | 'input.unreadable' */
export async function askForScheme(context: AppContext): Promise<CodingScheme | null> {
  const window = context.window()
  if (!window) throw new UnmaskError('internal', 'there is no window to ask in')
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Import coding scheme',
    buttonLabel: 'Import',
    properties: ['openFile'],
    filters: [{ name: 'Coding scheme', extensions: ['json'] }],
  })
  const [path] = filePaths
  if (canceled || path === undefined) return null
  const { size } = await stat(path)
  if (size > MOST_BYTES)
    throw new UnmaskError('data.invalid', `the file has ${size} bytes, which no coding scheme has: ${path}`)
  const text = await readTextIfThere(path)
  if (text === null) throw new UnmaskError('input.not-found', `the coding scheme is not there: ${path}`)
  return parseScheme(text, path)
}

/** @returns null where the user thought better of it @throws UnmaskError 'output.*' */
export async function saveScheme(
  context: AppContext,
  scheme: CodingScheme,
): Promise<{ readonly fileName: string } | null> {
  const window = context.window()
  if (!window) throw new UnmaskError('internal', 'there is no window to ask in')
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Export coding scheme',
    defaultPath: `${scheme.name.replace(/[^\p{L}\p{N} _-]+/gu, '') || 'scheme'}.json`,
    filters: [{ name: 'Coding scheme', extensions: ['json'] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  if (canceled || !filePath) return null
  const path = filePath.toLowerCase().endsWith('.json') ? filePath : `${filePath}.json`
  await writeAtomic(path, [schemeText(scheme)])
  return { fileName: basename(path) }
}
