import { join } from 'node:path'
import type { AnnotationEdit, AnnotationItem, OpenStudy, Study } from '../../../preload/contract/annotation'
import { ANNOTATIONS_FOLDER, readClip } from '../../engine/annotation/clip-file'
import { ClipStore } from '../../engine/annotation/clip-store'
import type { AnnotationDocument, StoredChange } from '../../engine/annotation/document'
import { annotatedClips } from '../../engine/annotation/project-annotations'
import { readStudy, setStudyAside, writeStudy } from '../../engine/annotation/study-file'
import { toFault, UnmaskError } from '../../engine/errors'
import type { ClipAnnotation } from '../../engine/export/annotated/clip-annotation'
import { makeFolder } from '../../engine/export/make-folder'
import { NewerVersionError } from '../../engine/project/migrations'
import { defaultStudy } from '../../engine/annotation/default-study'
import { checkStudyChange } from './check-study'
import type { ChosenObservers } from './chosen-observers'
import { type ClipUsage, NO_USAGE, usageOf } from './clip-usage'
import { itemsForBlind } from './visible-items'

export interface AnnotationSessionHooks {
  /** Annotations of a clip are other now; `isByWindow` where the window's own edit made them so. */
  readonly onClip: (clipId: string, change: { readonly isByWindow: boolean }) => void
  /** Whether the window may see the model and others may be another now, for one clip or all. */
  readonly onBlindness: (clipId: string | null) => void
  readonly onStudy: () => void
  readonly onTrouble: (message: string) => void
}

/** What people code in the open project: the study, who codes, and a store for each clip that is being worked on. */
export class AnnotationSession {
  readonly folder: string
  readonly #projectFolder: string
  readonly #chosen: ChosenObservers
  readonly #hooks: AnnotationSessionHooks
  readonly #stores = new Map<string, Promise<ClipStore>>()
  readonly #usage = new Map<string, ClipUsage>()
  #study: Study = defaultStudy()
  #observerId: string | null = null
  #readOnlyReason: string | null = null
  #notices: readonly string[] = []

  private constructor(projectFolder: string, chosen: ChosenObservers, hooks: AnnotationSessionHooks) {
    this.#projectFolder = projectFolder
    this.folder = join(projectFolder, ANNOTATIONS_FOLDER)
    this.#chosen = chosen
    this.#hooks = hooks
  }

  /** Reads the study and looks through all clips. A file of a newer Unmask makes everything read-only. */
  static async open(
    projectFolder: string,
    chosen: ChosenObservers,
    hooks: AnnotationSessionHooks,
  ): Promise<AnnotationSession> {
    const session = new AnnotationSession(projectFolder, chosen, hooks)
    await session.#load()
    return session
  }

  get state(): OpenStudy {
    return {
      study: this.#study,
      observerId: this.#observerId,
      readOnlyReason: this.#readOnlyReason,
      notices: this.#notices,
    }
  }

  get study(): Study {
    return this.#study
  }

  get observerId(): string | null {
    return this.#observerId
  }

  /** Whether whoever codes here must see nothing of the model or of others in a clip. */
  isBlind(clipId: string): boolean {
    const observer = this.#study.observers.find(({ id }) => id === this.#observerId)
    if (!observer?.isBlind) return false
    return !this.usage(clipId).observers.get(observer.id)?.isDone
  }

  usage(clipId: string): ClipUsage {
    return this.#usage.get(clipId) ?? NO_USAGE
  }

  get annotatedClipIds(): string[] {
    return [...this.#usage.keys()]
  }

  /** @throws UnmaskError 'usage.invalid' | 'output.*' */
  async changeStudy(study: Study): Promise<void> {
    this.#requireWritable()
    checkStudyChange(this.#study, study, (id) => {
      for (const [clipId, { used }] of this.#usage) if (used.has(id)) return clipId
      return null
    })
    await makeFolder(this.folder)
    await writeStudy(this.folder, study)
    const wasBlind = this.#blindness()
    this.#study = study
    if (!study.observers.some(({ id }) => id === this.#observerId)) this.#observerId = null
    this.#hooks.onStudy()
    if (this.#blindness() !== wasBlind) this.#hooks.onBlindness(null)
  }

  /** @throws UnmaskError 'usage.invalid' | 'output.*' */
  async chooseObserver(observerId: string | null): Promise<void> {
    if (observerId !== null && !this.#study.observers.some(({ id }) => id === observerId))
      throw new UnmaskError('usage.invalid', `observerId "${observerId}" is no observer of the study`)
    await this.#chosen.choose(this.#projectFolder, observerId)
    if (observerId === this.#observerId) return
    this.#observerId = observerId
    this.#hooks.onStudy()
    this.#hooks.onBlindness(null)
  }

  /** What whoever codes here may see of a clip. @throws NewerVersionError, UnmaskError 'input.*' | 'output.*' */
  async visible(
    clipId: string,
  ): Promise<{ readonly items: AnnotationItem[]; readonly notices: readonly string[] }> {
    const { items, notices } = await this.#read(clipId)
    const isBlind = this.isBlind(clipId)
    return {
      items: isBlind ? itemsForBlind(items, this.#observerId ?? '') : items,
      notices,
    }
  }

  /** What whoever codes here may see of a clip, with the words of the study, for exports. */
  async annotationOf(clipId: string): Promise<ClipAnnotation> {
    return { study: this.#study, items: (await this.visible(clipId)).items }
  }

  /** Everything of a clip with its clocks, whoever may see it: for merging and copies. */
  async documentOf(clipId: string): Promise<AnnotationDocument> {
    if (this.#readOnlyReason !== null) return (await readClip(this.folder, clipId)).document
    return (await this.#store(clipId)).document
  }

  /** The window's edit. @throws UnmaskError 'usage.invalid' | 'output.*' */
  async edit(clipId: string, edit: AnnotationEdit): Promise<void> {
    if (this.#observerId === null)
      throw new UnmaskError('usage.invalid', 'nobody codes here yet; choose an observer first')
    await this.#apply(clipId, edit, this.#observerId)
  }

  /**
   * An edit of the program, which may concern several observers: an import, a merge, a code that takes the place of another.
   * The window opens the clip anew. @throws UnmaskError 'usage.invalid' | 'output.*'
   */
  async editForAll(clipId: string, edit: AnnotationEdit): Promise<void> {
    await this.#apply(clipId, edit, null)
  }

  /**
   * Changes with the clocks of another copy of the project: a merge. The window opens the clip anew.
   * @throws UnmaskError 'usage.invalid' | 'output.*'
   */
  async adopt(clipId: string, changes: readonly StoredChange[], title: string): Promise<void> {
    this.#requireWritable()
    const store = await this.#store(clipId)
    await this.#taking(clipId, store, false, () => store.adopt(changes, title, this.#study))
  }

  /** The name of this copy of the project in clocks. */
  get replicaId(): string {
    return this.#chosen.replicaId(this.#projectFolder)
  }

  /** Keeps a copy of a clip as it is now. @throws UnmaskError 'output.*' */
  async backUp(clipId: string): Promise<void> {
    await (await this.#store(clipId)).backUp()
  }

  /** Writes out and forgets a clip. */
  async closeClip(clipId: string): Promise<void> {
    const store = this.#stores.get(clipId)
    this.#stores.delete(clipId)
    await (await store)?.close()
  }

  async close(): Promise<void> {
    const stores = [...this.#stores.values()]
    this.#stores.clear()
    for (const store of await Promise.allSettled(stores))
      if (store.status === 'fulfilled')
        await store.value.close().catch((error: unknown) => this.#hooks.onTrouble(toFault(error).message))
  }

  async #load(): Promise<void> {
    const notices: string[] = []
    const items: AnnotationItem[] = []
    try {
      for (const clipId of await annotatedClips(this.folder)) {
        const { document } = await readClip(this.folder, clipId)
        const own = document.items
        this.#usage.set(clipId, usageOf(own))
        for (const item of own) items.push(item)
      }
      const read = await readStudy(this.folder, () => Promise.resolve(items))
      this.#study = read.study
      notices.push(...read.notices)
      if (read.isDamaged)
        notices.push(`The damaged study file is kept as ${await setStudyAside(this.folder, Date.now())}`)
      if (read.isDamaged || (!read.isThere && items.length > 0)) await writeStudy(this.folder, read.study)
    } catch (error) {
      // Nothing may be written over what this program does not understand or could not read.
      this.#readOnlyReason = toFault(error).message
      if (!(error instanceof NewerVersionError)) this.#hooks.onTrouble(this.#readOnlyReason)
    }
    const observerId = this.#chosen.of(this.#projectFolder)
    this.#observerId = this.#study.observers.some(({ id }) => id === observerId) ? observerId : null
    this.#notices = notices
  }

  async #read(
    clipId: string,
  ): Promise<{ readonly items: AnnotationItem[]; readonly notices: readonly string[] }> {
    if (this.#readOnlyReason === null) return this.#store(clipId)
    const { document, notices } = await readClip(this.folder, clipId)
    return { items: document.items, notices }
  }

  async #apply(clipId: string, edit: AnnotationEdit, observerId: string | null): Promise<void> {
    this.#requireWritable()
    const store = await this.#store(clipId)
    await this.#taking(clipId, store, observerId !== null, () =>
      store.edit(edit, { study: this.#study, observerId }),
    )
  }

  /** Tells what an edit changed as soon as it is taken, before it is written. */
  async #taking(
    clipId: string,
    store: ClipStore,
    isByWindow: boolean,
    take: () => Promise<void>,
  ): Promise<void> {
    const wasBlind = this.isBlind(clipId)
    const written = take()
    this.#usage.set(clipId, usageOf(store.items))
    this.#hooks.onClip(clipId, { isByWindow })
    if (this.isBlind(clipId) !== wasBlind) this.#hooks.onBlindness(clipId)
    await written
  }

  #store(clipId: string): Promise<ClipStore> {
    const known = this.#stores.get(clipId)
    if (known) return known
    const opened = ClipStore.open({
      folder: this.folder,
      clipId,
      replicaId: this.replicaId,
      onTrouble: (error) => this.#hooks.onTrouble(toFault(error).message),
    })
    this.#stores.set(clipId, opened)
    // The next request tries again: the disk may have room then.
    opened.catch(() => this.#stores.delete(clipId))
    return opened
  }

  /** Who is blind to everything that is not done; '' for nobody. */
  #blindness(): string {
    const observer = this.#study.observers.find(({ id }) => id === this.#observerId)
    return observer?.isBlind ? observer.id : ''
  }

  #requireWritable(): void {
    if (this.#readOnlyReason !== null) throw new UnmaskError('output.unwritable', this.#readOnlyReason)
  }
}
