import { existsSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { dialog } from 'electron'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import type { AppContext } from '../app-context'
import { pictureFileName } from '../viewer/saved-picture'

const ENDING = '.csv'
/** A table of a hundred thousand rows is some 10 MB; nothing of ours comes near. */
const TABLE_CHARS_MAX = 64 * 1024 * 1024

/**
 * Saves a table of the window where the user says.
 * @returns null where they thought better of it @throws UnmaskError 'usage.invalid' where it is too large; 'output.*'
 */
export async function saveTable(
  context: AppContext,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<{ fileName: string } | null> {
  if (text.length > TABLE_CHARS_MAX)
    throw new UnmaskError(
      'usage.invalid',
      `saveTable: ${Math.round(text.length / 1024 / 1024)} MB is more than ${TABLE_CHARS_MAX / 1024 / 1024} MB; export the tables instead`,
    )
  const window = context.window()
  if (!window) throw new UnmaskError('internal', 'there is no window to ask in')
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save table',
    defaultPath: pictureFileName(name, '.png').replace(/\.png$/, ENDING),
    filters: [{ name: 'Table (CSV)', extensions: ['csv'] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  if (canceled || !filePath) return null
  const path = extname(filePath).toLowerCase() === ENDING ? filePath : `${filePath}${ENDING}`
  // Some dialogs leave the ending out: the file that is really written was not asked about then.
  if (path !== filePath && existsSync(path))
    throw new UnmaskError('output.exists', `there is a table of this name; choose another one: ${path}`)
  await writeAtomic(path, [text])
  return { fileName: basename(path) }
}
