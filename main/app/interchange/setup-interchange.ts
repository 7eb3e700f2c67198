import { z } from 'zod'
import { ANNOTATION_FORMATS, CONFLICT_RULES } from '../../../preload/contract/interchange'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import type { OpenProjects } from '../projects/setup-projects'
import type { ProjectSession } from '../projects/project-session'
import { UnmaskError } from '../../engine/errors'
import type { AnnotationsPort } from './annotations-port'
import { clipFacts, frameTimes } from './clips-port'
import { startExchange } from './exchange-process'
import { exportAnnotations } from './export-annotations'
import { askForFiles } from './file-dialogs'
import { ImportSessions } from './import-sessions'
import { setupForeignTracks } from './setup-foreign-tracks'

const tokenSchema = z.string().min(1).max(200)
const nameSchema = z.string().max(1000)

const choicesSchema = z.strictObject({
  recordings: z
    .array(
      z.strictObject({
        clipToken: tokenSchema.nullable(),
        offsetSecs: z.number().finite().min(-864_000).max(864_000),
        tiers: z
          .array(
            z.strictObject({
              observer: nameSchema.trim().min(1).nullable(),
              subject: nameSchema,
              set: nameSchema,
            }),
          )
          .max(10_000),
      }),
    )
    .max(10_000),
  labels: z
    .array(
      z.strictObject({
        label: z.string().max(1_000_000),
        kind: z.enum(['state', 'point']),
        code: nameSchema.nullable(),
      }),
    )
    .max(100_000),
  conflicts: z.enum(CONFLICT_RULES),
})

const importAskSchema = z.strictObject({
  importId: tokenSchema,
  choices: choicesSchema,
  frames: z.strictObject({ token: tokenSchema, timesSecs: z.instanceof(Float64Array) }).nullable(),
})

const idSchema = z.strictObject({ importId: tokenSchema })

const exportSchema = z.strictObject({
  tokens: z.array(tokenSchema).min(1).max(10_000),
  format: z.enum(ANNOTATION_FORMATS),
  observers: z.array(tokenSchema).max(1000).nullable(),
  isForReimport: z.boolean(),
})

const FILTERS = [{ name: 'Annotations', extensions: ['csv', 'eaf', 'TextGrid', 'textgrid', 'boris', 'gz'] }]

/** Annotations from and to files of other programs; tracks of their readings. */
export function setupInterchange(
  context: AppContext,
  {
    projects,
    annotations,
  }: { readonly projects: Pick<OpenProjects, 'session'>; readonly annotations: AnnotationsPort },
): void {
  const session = (): ProjectSession => {
    const open = projects.session
    if (open) return open
    throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
  }
  const exchange = startExchange(context)
  const imports = new ImportSessions(
    annotations,
    {
      clips: () =>
        session()
          .list()
          .map(({ token, name }) => ({ token, clipId: session().clipOf(token).clipId, fileName: name })),
      durationSecs: (token) => session().clipOf(token).facts?.durationSecs ?? null,
      frameTimesSecs: (token) => frameTimes(session(), token),
    },
    exchange.read,
  )
  answer('chooseImport', z.null(), async () => {
    session()
    const paths = await askForFiles(context, {
      title: 'Import annotations',
      filters: FILTERS,
      isSeveral: true,
    })
    return paths.length === 0 ? null : imports.open(paths)
  })
  answer(
    'rereadImport',
    z.strictObject({ importId: tokenSchema, closesUnpaired: z.boolean() }),
    ({ importId, closesUnpaired }) => imports.reread(importId, closesUnpaired),
  )
  answer('planImport', importAskSchema, (ask) => imports.plan(ask))
  answer('applyImport', importAskSchema.extend({ openToken: tokenSchema.nullable() }), (ask) =>
    imports.apply(ask),
  )
  answer('undoImport', idSchema, ({ importId }) => imports.undo(importId))
  answer('closeImport', idSchema, ({ importId }) => {
    imports.close(importId)
    return null
  })
  answer('exportAnnotations', exportSchema, (ask) =>
    exportAnnotations(
      {
        context,
        annotations,
        clipFacts: (token) => clipFacts(session(), token),
        projectName: () => session().facts.name,
        write: exchange.write,
      },
      ask,
    ),
  )
  setupForeignTracks(context, { session, annotations })
}
