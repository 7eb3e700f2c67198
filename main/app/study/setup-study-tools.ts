import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { ClipVariableChange } from '../../../preload/contract/study-tools'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { decodeText } from '../../engine/interchange/decode-text'
import type { AnnotationService } from '../annotation/annotation-service'
import type { AppContext } from '../app-context'
import { askForFiles, askWhereToSave } from '../interchange/file-dialogs'
import { answer } from '../ipc'
import type { OpenProjects } from '../projects/setup-projects'
import { changesForValues, readTableText, variableTable } from './clip-variables'
import { changesForReplacing, requireReplaceable } from './replace-code'

const id = z.string().min(1).max(200)
const changeSchema = z.strictObject({ token: id, variableId: id, value: z.string().max(10_000) })
const MOST_BYTES = 64 << 20

interface Parts {
  readonly projects: OpenProjects
  readonly annotation: AnnotationService
}

/** What the Study view changes over many clips at once. */
export function setupStudyTools(context: AppContext, { projects, annotation }: Parts): void {
  answerVariables(context, { projects, annotation })
  answer('replaceCode', z.strictObject({ from: id, to: id }), async ({ from, to }) => {
    const session = annotation.open
    requireReplaceable(session.study.scheme, from, to)
    const name = (codeId: string) => session.study.scheme.codes.find((code) => code.id === codeId)?.name
    const counts = { clips: 0, segments: 0 }
    for (const clipId of session.annotatedClipIds) {
      if (!session.usage(clipId).used.has(from)) continue
      const { items } = await session.documentOf(clipId)
      const changes = changesForReplacing(items, { from, to, at: new Date().toISOString() })
      await session.backUp(clipId)
      await session.editForAll(clipId, { changes, title: `${name(from)} becomes ${name(to)}` })
      counts.clips++
      counts.segments += changes.length
    }
    return counts
  })
}

function answerVariables(context: AppContext, { projects, annotation }: Parts): void {
  const clips = () => projects.session?.list() ?? []
  answer('listClipVariables', z.null(), () =>
    annotation.session === null
      ? []
      : clips().map(({ token, clipId }) => ({
          token,
          values: Object.fromEntries(annotation.open.usage(clipId).variables),
        })),
  )
  answer(
    'setClipVariables',
    z.strictObject({ changes: z.array(changeSchema).max(1_000_000) }),
    async ({ changes }) => {
      const session = annotation.open
      const { observerId } = session
      if (observerId === null)
        throw new UnmaskError('usage.invalid', 'nobody codes here yet; choose an observer first')
      const byToken = new Map<string, ClipVariableChange[]>()
      for (const change of changes) {
        const known = byToken.get(change.token)
        if (known) known.push(change)
        else byToken.set(change.token, [change])
      }
      const by = { observerId, at: new Date().toISOString(), newId: randomUUID }
      for (const [token, values] of byToken) {
        const clipId = annotation.clipIdOf(token)
        // What a clip is says nothing of emotions: a blind observer sees all of it.
        const { items } = await session.visible(clipId)
        const edits = changesForValues(items, values, by)
        // Not the window's own edit: Analyse, which may have the clip open, learns of it.
        if (edits.length > 0)
          await session.editForAll(clipId, { changes: edits, title: 'variables of the clip' })
      }
      return null
    },
  )
  answer('exportClipVariables', z.null(), async () => {
    const session = annotation.open
    const path = await askWhereToSave(context, {
      title: 'Export variables of the clips',
      name: `${projects.session?.facts.name ?? 'study'} variables`,
      ending: '.csv',
      kind: 'CSV table',
    })
    if (path === null) return null
    const rows = clips().map(({ clipId, name }) => ({
      clipId,
      fileName: name,
      values: session.usage(clipId).variables,
    }))
    const variables = session.study.variables.filter(({ scope }) => scope === 'clip')
    await writeAtomic(path, variableTable(variables, rows))
    return { fileName: basename(path) }
  })
  answer('readVariableTable', z.null(), async () => {
    void annotation.open
    const [path] = await askForFiles(context, {
      title: 'Import variables of the clips',
      filters: [{ name: 'Tables', extensions: ['csv', 'tsv', 'txt'] }],
      isSeveral: false,
    })
    if (path === undefined) return null
    const { size } = await stat(path)
    if (size > MOST_BYTES)
      throw new UnmaskError('data.invalid', `the file has ${size} bytes, which no such table has: ${path}`)
    return { fileName: basename(path), rows: readTableText(decodeText(await readFile(path)).text, path) }
  })
}
