import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { dialog, type FileFilter } from 'electron'
import { UnmaskError } from '../../engine/errors'
import type { AppContext } from '../app-context'

/** Questions for files; null and an empty list: the user thought better of it. */

function windowOf(context: AppContext): Electron.BrowserWindow {
  const window = context.window()
  if (window) return window
  throw new UnmaskError('internal', 'there is no window to ask in')
}

export async function askForFiles(
  context: AppContext,
  options: { readonly title: string; readonly filters: FileFilter[]; readonly isSeveral: boolean },
): Promise<string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(windowOf(context), {
    title: options.title,
    buttonLabel: 'Open',
    properties: options.isSeveral ? ['openFile', 'multiSelections'] : ['openFile'],
    filters: [...options.filters, { name: 'All files', extensions: ['*'] }],
  })
  return canceled ? [] : filePaths
}

/** @param ending with its dot; put behind a name that came without it */
export async function askWhereToSave(
  context: AppContext,
  options: { readonly title: string; readonly name: string; readonly ending: string; readonly kind: string },
): Promise<string | null> {
  const { title, name, ending, kind } = options
  const window = windowOf(context)
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title,
    defaultPath: `${name}${ending}`,
    filters: [{ name: kind, extensions: [ending.slice(1)] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  if (canceled || !filePath) return null
  if (filePath.toLowerCase().endsWith(ending.toLowerCase())) return filePath
  // The file that is really written was not asked about then.
  const whole = `${filePath}${ending}`
  return !existsSync(whole) || (await askToReplace(context, [basename(whole)])) ? whole : null
}

export async function askForFolder(context: AppContext, title: string): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(windowOf(context), {
    title,
    buttonLabel: 'Export here',
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

export async function askToReplace(context: AppContext, names: readonly string[]): Promise<boolean> {
  const { response } = await dialog.showMessageBox(windowOf(context), {
    type: 'question',
    message: 'Replace existing files?',
    detail: names.slice(0, 10).join('\n') + (names.length > 10 ? `\nand ${names.length - 10} more` : ''),
    buttons: ['Cancel', 'Replace'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
