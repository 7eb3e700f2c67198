import { randomUUID } from 'node:crypto'
import { basename, join } from 'node:path'
import { z } from 'zod'
import {
  FOREIGN_TOOLS,
  TIME_UNITS,
  type TablePreview,
  type TableRecipe,
} from '../../../preload/contract/foreign-tracks'
import { ANNOTATIONS_FOLDER } from '../../engine/annotation/clip-file'
import { UnmaskError } from '../../engine/errors'
import { previewTable } from '../../engine/interchange/foreign/preview-table'
import { readTable } from '../../engine/interchange/foreign/read-table'
import { TrackStore } from '../../engine/interchange/foreign/track-store'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import type { ProjectSession } from '../projects/project-session'
import type { AnnotationsPort } from './annotations-port'
import { clipFps } from './clips-port'
import { askForFiles } from './file-dialogs'

const tokenSchema = z.string().min(1).max(200)
const place = z.number().int().min(0).max(100_000)

const recipeSchema = z.strictObject({
  tool: z.enum(FOREIGN_TOOLS),
  headerLine: z.number().int().min(1).max(400),
  separator: z.enum([',', ';', '\t']),
  decimal: z.enum(['.', ',']),
  timeColumn: place,
  timeUnit: z.enum(TIME_UNITS),
  framesPerSec: z.number().positive().max(100_000),
  offsetSecs: z.number().finite().min(-864_000).max(864_000),
  columns: z.array(place).max(64),
  validColumn: place.nullable(),
  faceColumn: place.nullable(),
  face: z.string().max(1000),
})

const trackSchema = z.strictObject({ token: tokenSchema, id: tokenSchema })
/** Files that were chosen and not yet imported; more than anybody has open. */
const KEPT_FILES = 20

/** Readings of other programs: read from tables, kept with the clip, handed to the window. */
export function setupForeignTracks(
  context: AppContext,
  { session, annotations }: { readonly session: () => ProjectSession; readonly annotations: AnnotationsPort },
): void {
  const chosen = new Map<string, string>()
  const pathOf = (importId: string): string => {
    const path = chosen.get(importId)
    if (path !== undefined) return path
    throw new UnmaskError('usage.invalid', 'this file is no longer open; choose it again')
  }
  const storeOf = (token: string): TrackStore => {
    const { project } = session()
    return new TrackStore(join(project.folder, ANNOTATIONS_FOLDER), session().clipOf(token).clipId)
  }
  /** Another program's reading would lead a blind coder as ours would. */
  const requireSight = (token: string): void => {
    if (annotations.isBlind(token))
      throw new UnmaskError(
        'usage.invalid',
        'this clip is coded blind; readings of other programs stay hidden until it is done',
      )
  }
  const tell = (token: string): void => context.tell('foreignTracksChanged', { token })
  const preview = async (
    importId: string,
    options: { readonly recipe: TableRecipe | null; readonly fps: number | null },
  ): Promise<TablePreview> => ({ importId, ...(await previewTable(pathOf(importId), options)) })

  answer('chooseTable', z.strictObject({ token: tokenSchema }), async ({ token }) => {
    requireSight(token)
    const [path] = await askForFiles(context, {
      title: 'Import readings of another program',
      filters: [{ name: 'Tables', extensions: ['csv', 'tsv', 'txt'] }],
      isSeveral: false,
    })
    if (path === undefined) return null
    const importId = randomUUID()
    chosen.set(importId, path)
    for (const id of chosen.keys()) if (chosen.size > KEPT_FILES) chosen.delete(id)
    return preview(importId, { recipe: null, fps: await clipFps(session(), token) })
  })
  answer(
    'previewTable',
    z.strictObject({ importId: tokenSchema, recipe: recipeSchema }),
    ({ importId, recipe }) => preview(importId, { recipe, fps: null }),
  )
  answer(
    'importTable',
    z.strictObject({
      token: tokenSchema,
      importId: tokenSchema,
      recipe: recipeSchema,
      title: z.string().trim().min(1).max(200),
    }),
    async ({ token, importId, recipe, title }) => {
      requireSight(token)
      const path = pathOf(importId)
      const store = storeOf(token)
      const table = await readTable(path, recipe)
      const facts = await store.add(table, {
        title,
        tool: recipe.tool,
        fileName: basename(path),
        importedAt: new Date().toISOString(),
      })
      tell(token)
      return facts
    },
  )
  answer('listForeignTracks', z.strictObject({ token: tokenSchema }), ({ token }) =>
    annotations.isBlind(token) ? [] : storeOf(token).list(),
  )
  answer('openForeignTrack', trackSchema, ({ token, id }) => {
    requireSight(token)
    return storeOf(token).open(id)
  })
  answer('showForeignTrack', trackSchema.extend({ isShown: z.boolean() }), async ({ token, id, isShown }) => {
    requireSight(token)
    await storeOf(token).show(id, isShown)
    tell(token)
    return null
  })
  answer('removeForeignTrack', trackSchema, async ({ token, id }) => {
    requireSight(token)
    await storeOf(token).remove(id)
    tell(token)
    return null
  })
}
