import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { type BrowserWindow, dialog } from 'electron'
import { z } from 'zod'
import type { Ask } from '../../../preload/contract'
import {
  EXPORT_FORMATS,
  type ExportedClip,
  type ExportFormat,
  type ExportOutcome,
  type SavedPicture,
} from '../../../preload/contract/exports'
import { type Fault, toFault, UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import type { ClipMeta } from '../../engine/export/meta-json'
import { summaryCsv } from '../../engine/export/summary'
import { writeBytesAtomic } from '../../engine/export/write-bytes'
import type { AnnotationService } from '../annotation/annotation-service'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { pictureFileName, requirePng, requireSvg } from './saved-picture'
import type { ViewerService } from './setup-viewer'

const exportAskSchema = z.object({
  tokens: z.array(z.string().min(1).max(200)).min(1).max(1000),
  formats: z.array(z.enum(EXPORT_FORMATS)).min(1).max(EXPORT_FORMATS.length),
})

const pictureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('png'), name: z.string().max(500), bytes: z.instanceof(Uint8Array) }),
  z.object({ kind: z.literal('svg'), name: z.string().max(500), text: z.string() }),
])

/** Not of one clip: they describe all results of a folder. */
const FOLDER_FORMATS: readonly ExportFormat[] = ['dictionary', 'methods']

/** Results and plots to files of the user's choice. */
export function setupExports(context: AppContext, viewer: ViewerService, people: AnnotationService): void {
  let running: AbortController | null = null
  answer('exportClips', exportAskSchema, async (ask) => {
    if (running) throw new UnmaskError('usage.invalid', 'another export is running; wait for it or cancel it')
    const controller = new AbortController()
    running = controller
    try {
      return await exportClips(context, viewer, people, ask, controller.signal)
    } finally {
      running = null
    }
  })
  answer('cancelExport', z.null(), () => {
    running?.abort()
    return null
  })
  answer('savePicture', pictureSchema, async (picture) => {
    if (picture.kind === 'png') requirePng(picture.bytes)
    else requireSvg(picture.text)
    const path = await askForFile(requireWindow(context), picture)
    if (path === null) return null
    if (picture.kind === 'png') await writeBytesAtomic(path, picture.bytes)
    else await writeAtomic(path, [picture.text])
    return { fileName: basename(path) }
  })
}

/** @returns null where the user picked no folder, or did not want files replaced */
async function exportClips(
  context: AppContext,
  viewer: ViewerService,
  people: AnnotationService,
  { tokens, formats }: Ask<'exportClips'>,
  signal: AbortSignal,
): Promise<ExportOutcome | null> {
  const wanted = [...new Set(tokens)]
  const grants = wanted.map((token) => {
    const grant = viewer.grantOf(token)
    if (grant) return grant
    throw new UnmaskError(
      'usage.invalid',
      `token ${JSON.stringify(token).slice(0, 80)} names no clip of the project`,
    )
  })
  const window = requireWindow(context)
  const targetFolder = await askForFolder(window)
  if (targetFolder === null) return null
  const clips: ExportedClip[] = []
  const metas: ClipMeta[] = []
  const failed: (Fault & { readonly token: string })[] = []
  // Asked once: with a hundred clips nobody answers a hundred times.
  let mayReplace = false
  for (const [done, { token, clipId }] of grants.entries()) {
    context.tell('exportProgress', { done, total: grants.length, clipId })
    // The files of the whole folder go along with the first clip; the second would find them in its way.
    const own = clips.length === 0 ? formats : formats.filter((format) => !FOLDER_FORMATS.includes(format))
    if (own.length === 0) continue
    try {
      people.requireSighted(token)
      const annotation = await people.open.annotationOf(clipId)
      const run = () =>
        viewer.exportClip({ token, formats: own, targetFolder, replace: mayReplace, annotation }, signal)
      const files = await run().catch(async (error: unknown) => {
        if (toFault(error).code !== 'output.exists' || mayReplace) throw error
        mayReplace = await askToReplace(window, toFault(error).message)
        if (!mayReplace) throw new UnmaskError('cancelled', 'Cancelled')
        return run()
      })
      clips.push({ token, files: files.files, absent: files.absent })
      if (files.meta) metas.push(files.meta)
    } catch (error) {
      const fault = toFault(error)
      if (fault.code === 'cancelled') {
        if (clips.length === 0 && failed.length === 0) return null
        break
      }
      failed.push({ token, ...fault })
    }
  }
  const folderFiles = metas.length > 0 ? await writeSummary(context, metas, targetFolder, mayReplace) : []
  return { folderName: basename(targetFolder), clips, folderFiles, failed }
}

/** One table over all clips that were exported. @returns names of the files; none where the user kept what was there */
async function writeSummary(
  context: AppContext,
  metas: readonly ClipMeta[],
  folder: string,
  mayReplace: boolean,
): Promise<string[]> {
  const name = 'summary.csv'
  const path = join(folder, name)
  if (existsSync(path) && !mayReplace && !(await askToReplace(requireWindow(context), name))) return []
  const clips = metas.map((meta) => ({ meta }))
  await writeAtomic(path, summaryCsv(clips, { appVersion: context.appVersion }))
  return [name]
}

function requireWindow(context: AppContext): BrowserWindow {
  const window = context.window()
  if (window) return window
  throw new UnmaskError('internal', 'there is no window to ask in')
}

async function askForFolder(window: BrowserWindow): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Export to folder',
    buttonLabel: 'Export here',
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** @returns a path with the right ending; null where the user thought better of it */
async function askForFile(window: BrowserWindow, { kind, name }: SavedPicture): Promise<string | null> {
  const ending = `.${kind}` as const
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save plot',
    defaultPath: pictureFileName(name, ending),
    filters: [{ name: kind === 'png' ? 'PNG picture' : 'SVG drawing', extensions: [kind] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  if (canceled || !filePath) return null
  if (extname(filePath).toLowerCase() === ending) return filePath
  // Some dialogs leave the ending out: the file that is really written was not asked about then.
  const whole = `${filePath}${ending}`
  const isFree = !existsSync(whole) || (await askToReplace(window, basename(whole)))
  return isFree ? whole : null
}

async function askToReplace(window: BrowserWindow, detail: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Replace existing files?',
    detail,
    buttons: ['Cancel', 'Replace'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
