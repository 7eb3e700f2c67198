import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { AnnotationChange, AnnotationItem, Study } from '../../../preload/contract/annotation'
import type {
  AppliedImport,
  ImportAsk,
  ImportPlan,
  OpenedImport,
} from '../../../preload/contract/interchange'
import { toFault, UnmaskError } from '../../engine/errors'
import type { InterchangeDocument } from '../../engine/interchange/document'
import { observerInName } from '../../engine/interchange/guess-mapping'
import { type ClipOfImport, planImport } from '../../engine/interchange/plan-import'
import type { ReadInterchange } from '../../engine/interchange/read-file'
import type { AnnotationsPort } from './annotations-port'
import { type ClipToMatch, describeRecording, type ReadDocument } from './describe-import'

/** What imports need of the project's clips. */
export interface ImportClips {
  clips(): readonly ClipToMatch[]
  durationSecs(token: string): number | null
  /** Null: not known. */
  frameTimesSecs(token: string): Promise<ArrayLike<number> | null>
}

export type ReadAnnotations = (path: string, closesUnpaired: boolean) => Promise<ReadInterchange>

interface Session {
  readonly paths: readonly string[]
  closesUnpaired: boolean
  documents: readonly ReadDocument[]
  /** What applying put and removed, by clip, to be taken back. */
  applied: {
    readonly token: string
    readonly isOwn: boolean
    readonly before: readonly AnnotationItem[]
    readonly changes: readonly AnnotationChange[]
  }[]
}

/** Imports that are open in the window. A new one replaces the last but for its undoing. */
const KEPT_SESSIONS = 4

export class ImportSessions {
  readonly #annotations: AnnotationsPort
  readonly #clips: ImportClips
  readonly #read: ReadAnnotations
  readonly #sessions = new Map<string, Session>()

  constructor(annotations: AnnotationsPort, clips: ImportClips, read: ReadAnnotations) {
    this.#annotations = annotations
    this.#clips = clips
    this.#read = read
  }

  async open(paths: readonly string[]): Promise<OpenedImport> {
    const importId = randomUUID()
    this.#sessions.set(importId, { paths, closesUnpaired: false, documents: [], applied: [] })
    for (const id of this.#sessions.keys()) if (this.#sessions.size > KEPT_SESSIONS) this.#sessions.delete(id)
    return this.reread(importId, false)
  }

  async reread(importId: string, closesUnpaired: boolean): Promise<OpenedImport> {
    const session = this.#of(importId)
    const study = this.#annotations.study()
    const own = ownName(study, this.#annotations.observerId())
    const documents: ReadDocument[] = []
    const failed: { fileName: string; message: string }[] = []
    let unpairedCount = 0
    for (const path of session.paths) {
      const fileName = basename(path)
      try {
        const { format, documents: read } = await this.#read(path, closesUnpaired)
        for (const document of read) {
          unpairedCount += document.notices.filter((notice) => /never stops/.test(notice)).length
          documents.push({ fileName, format, document: own === null ? document : visibleTo(own, document) })
        }
      } catch (error) {
        failed.push({ fileName, message: toFault(error).message })
      }
    }
    session.documents = documents
    session.closesUnpaired = closesUnpaired
    const clips = this.#clips.clips()
    return {
      importId,
      recordings: documents.map((one) => describeRecording(one, { study, clips, own })),
      failed,
      unpairedCount,
      closesUnpaired,
    }
  }

  async plan({ importId, choices, frames }: ImportAsk): Promise<ImportPlan> {
    const session = this.#of(importId)
    const study = this.#annotations.study()
    const observerId = this.#annotations.observerId()
    const own = ownName(study, observerId)
    const asked = choices.recordings.flatMap(({ tiers }) => tiers.flatMap(({ observer }) => observer ?? []))
    if (own !== null && asked.some((observer) => observer !== own))
      throw new UnmaskError('usage.invalid', `${own} codes blind and imports into their own tiers only`)
    const clips = new Map<string, ClipOfImport>()
    for (const { clipToken } of choices.recordings)
      if (clipToken !== null && !clips.has(clipToken))
        clips.set(clipToken, {
          items: await this.#annotations.items(clipToken),
          durationSecs: this.#clips.durationSecs(clipToken),
          frameTimesSecs:
            frames?.token === clipToken ? frames.timesSecs : await this.#clips.frameTimesSecs(clipToken),
        })
    return planImport({
      documents: session.documents.map(({ document }) => document),
      choices: own === null ? choices : { ...choices, conflicts: blindRule(choices.conflicts) },
      study,
      observerId,
      clipOf: (token) => clips.get(token) ?? { items: [], durationSecs: null, frameTimesSecs: null },
      now: new Date().toISOString(),
    })
  }

  /** Changes the study, then each clip. What concerns the window's own clip and observer alone is left to the window. */
  async apply(ask: ImportAsk & { readonly openToken: string | null }): Promise<AppliedImport> {
    const session = this.#of(ask.importId)
    const plan = await this.plan(ask)
    if (plan.obstacle !== null) throw new UnmaskError('usage.invalid', plan.obstacle)
    if (plan.study) await this.#annotations.changeStudy(plan.study)
    const observerId = this.#annotations.observerId()
    let windowEdit: AppliedImport['windowEdit'] = null
    const edited = plan.clips.flatMap(({ token, edit }) => (edit ? [{ token, edit }] : []))
    for (const { token, edit } of edited) {
      const items = new Map((await this.#annotations.items(token)).map((item) => [item.id, item]))
      const before = edit.changes.flatMap(
        (change) => items.get('put' in change ? change.put.id : change.remove) ?? [],
      )
      const put = edit.changes.flatMap((change) => ('put' in change ? [change.put] : []))
      const isOwn = [...before, ...put].every((item) => item.observerId === observerId)
      if (token === ask.openToken && isOwn) {
        windowEdit = { token, edit }
        continue
      }
      await this.#annotations.edit(token, edit, isOwn)
      session.applied.push({ token, isOwn, before, changes: edit.changes })
    }
    return {
      addedCount: plan.clips.reduce((sum, { addedCount }) => sum + addedCount, 0),
      replacedCount: plan.clips.reduce((sum, { replacedCount }) => sum + replacedCount, 0),
      clipCount: edited.length,
      windowEdit,
    }
  }

  /** Takes back what stands as it was imported; what somebody changed since stays. */
  async undo(importId: string): Promise<{ undoneCount: number; keptCount: number }> {
    const session = this.#of(importId)
    let undoneCount = 0
    let keptCount = 0
    for (const { token, isOwn, before, changes } of session.applied.splice(0)) {
      const now = new Map((await this.#annotations.items(token)).map((item) => [item.id, item]))
      const old = new Map(before.map((item) => [item.id, item]))
      const back: AnnotationChange[] = []
      for (const change of changes) {
        const id = 'put' in change ? change.put.id : change.remove
        const stands = now.get(id)
        const isUntouched =
          'put' in change ? JSON.stringify(stands) === JSON.stringify(change.put) : stands === undefined
        if (!isUntouched) {
          keptCount++
          continue
        }
        const previous = old.get(id)
        back.push(previous ? { put: previous } : { remove: id })
        undoneCount++
      }
      // What is taken away makes room for what comes back.
      back.sort((a, b) => Number('put' in a) - Number('put' in b))
      if (back.length > 0)
        await this.#annotations.edit(token, { changes: back, title: 'undo: import' }, isOwn)
    }
    return { undoneCount, keptCount }
  }

  close(importId: string): void {
    const session = this.#sessions.get(importId)
    if (session && session.applied.length === 0) this.#sessions.delete(importId)
    else if (session) session.documents = []
  }

  #of(importId: string): Session {
    const session = this.#sessions.get(importId)
    if (session) return session
    throw new UnmaskError('usage.invalid', 'this import is no longer open; choose the files again')
  }
}

/** Name of an observer who may see and import nothing but their own; null: all may be seen. */
function ownName(study: Study, observerId: string | null): string | null {
  const observer = study.observers.find(({ id }) => id === observerId)
  return observer?.isBlind ? observer.name : null
}

/** A new observer would be another's tier. */
const blindRule = (rule: ImportAsk['choices']['conflicts']): ImportAsk['choices']['conflicts'] =>
  rule === 'newObserver' ? 'skip' : rule

function visibleTo(own: string, document: InterchangeDocument): InterchangeDocument {
  const tiers = document.tiers.filter(
    ({ name, observer, source }) => source === 'human' && (observer || observerInName(name)) === own,
  )
  const withheld = document.tiers.length - tiers.length
  if (withheld === 0) return document
  return {
    ...document,
    tiers,
    notices: [
      ...document.notices,
      `${withheld} tiers of others, or of nobody named, are withheld while ${own} codes blind`,
    ],
  }
}
