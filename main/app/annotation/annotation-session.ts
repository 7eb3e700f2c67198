import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnnotationEdit, AnnotationItem, OpenStudy, Study } from '../../../preload/contract/annotation'
import { ANNOTATIONS_FOLDER, readClip } from '../../engine/annotation/clip-file'
import type { ClipStore } from '../../engine/annotation/clip-store'
import { newReplicaId } from '../../engine/annotation/clocks'
import type { AnnotationDocument, StoredChange } from '../../engine/annotation/document'
import { annotatedClips } from '../../engine/annotation/paths'
import type { StudyRecord } from '../../engine/annotation/study-history'
import { toFault, UnmaskError } from '../../engine/errors'
import type { ClipAnnotation } from '../../engine/export/annotated/clip-annotation'
import { checkStudyChange } from './check-study'
import type { ChosenObservers } from './chosen-observers'
import { ClipStores } from './clip-stores'
import { type ClipUsage, NO_USAGE, usageOf } from './clip-usage'
import { StudyKeeper } from './study-keeper'
import { BlindSight } from './visible-items'

export interface AnnotationSessionHooks {
  /** Annotations of a clip are other now, and on the disk; `isByWindow` where the window's own edit made them so. */
  readonly onClip: (clipId: string, change: { readonly isByWindow: boolean }) => void
  /**
   * Whether the window may see the model and others may be another now, for one clip or all. What caused it is answered only
   * when this is done.
   */
  readonly onBlindness: (clipId: string | null) => Promise<void>
  readonly onStudy: () => void
  readonly onTrouble: (message: string) => void
}

/** Details would say where others have coded. */
const BLIND_NOTICE = 'Some files of this clip were damaged and repaired; mark it as done to see the details'

/** What people code in the open project: the study, who codes, and a store for each clip that is being worked on. */
export class AnnotationSession {
  readonly folder: string
  /** This session's name in clocks. */
  readonly replicaId = newReplicaId()
  readonly #projectFolder: string
  readonly #chosen: ChosenObservers
  readonly #hooks: AnnotationSessionHooks
  readonly #keeper: StudyKeeper
  readonly #stores: ClipStores
  readonly #usage = new Map<string, ClipUsage>()
  /** Clips that were edited since their usage was told: of large ones it is not made anew with every key press. */
  readonly #changed = new Map<string, AnnotationDocument>()
  /** Clips whose files this program must not touch, and why: a newer one wrote them, or they cannot be read. */
  readonly #locked = new Map<string, string>()
  readonly #sight = new BlindSight()
  #observerId: string | null = null
  #studyWork: Promise<void> = Promise.resolve()
  #readOnlyReason: string | null = null

  private constructor(projectFolder: string, chosen: ChosenObservers, hooks: AnnotationSessionHooks) {
    this.#projectFolder = projectFolder
    this.folder = join(projectFolder, ANNOTATIONS_FOLDER)
    this.#chosen = chosen
    this.#hooks = hooks
    this.#keeper = new StudyKeeper(this.folder, this.replicaId)
    this.#stores = new ClipStores({
      folder: this.folder,
      replicaId: this.replicaId,
      onTrouble: (error) => this.#tellTrouble(error),
    })
  }

  /**
   * Reads the study and looks through all clips. A study of a newer Unmask, or a folder that takes no files, makes everything
   * read-only; a clip's file of a newer Unmask that clip.
   */
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
      study: this.study,
      observerId: this.#observerId,
      readOnlyReason: this.#readOnlyReason,
      notices: [...this.#keeper.notices, ...this.#locked.values()],
    }
  }

  get study(): Study {
    return this.#keeper.study
  }

  /** The study with what a merge needs to know of it. */
  get studyRecord(): StudyRecord {
    return this.#keeper.record
  }

  /** What some clips refer to is not known, because their files cannot be read or are of a newer program. */
  get hasUnreadClips(): boolean {
    return this.#locked.size > 0
  }

  get observerId(): string | null {
    return this.#observerId
  }

  /** Whether whoever codes here must see nothing of the model or of others in a clip. */
  isBlind(clipId: string): boolean {
    const observer = this.study.observers.find(({ id }) => id === this.#observerId)
    if (!observer?.isBlind) return false
    return !this.usage(clipId).observers.get(observer.id)?.isDone
  }

  usage(clipId: string): ClipUsage {
    const changed = this.#changed.get(clipId)
    this.#changed.delete(clipId)
    if (changed) this.#usage.set(clipId, usageOf(changed.items))
    return this.#usage.get(clipId) ?? NO_USAGE
  }

  get annotatedClipIds(): string[] {
    return [...new Set([...this.#usage.keys(), ...this.#changed.keys()])]
  }

  /** One change after the other, as they came. @throws UnmaskError 'usage.invalid' | 'output.*' */
  changeStudy(study: Study): Promise<void> {
    return this.#inStudyTurn(() => this.#changeStudy(study, () => this.#keeper.write(study)))
  }

  /** Takes the study that a merge made, with its history. @throws UnmaskError 'usage.invalid' | 'output.*' */
  adoptStudy(record: StudyRecord): Promise<void> {
    return this.#inStudyTurn(() => this.#changeStudy(record.study, () => this.#keeper.adopt(record)))
  }

  #inStudyTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#studyWork.then(work)
    this.#studyWork = done.catch(() => undefined)
    return done
  }

  async #changeStudy(study: Study, write: () => Promise<void>): Promise<void> {
    this.#requireWritable(null)
    checkStudyChange(this.study, study, (id) => {
      for (const clipId of this.annotatedClipIds) if (this.usage(clipId).used.has(id)) return clipId
      // What such a clip uses is not known.
      const [locked = null] = this.#locked.keys()
      return locked
    })
    const wasBlind = this.#blindness()
    await write()
    if (!study.observers.some(({ id }) => id === this.#observerId)) this.#observerId = null
    this.#hooks.onStudy()
    if (this.#blindness() !== wasBlind) await this.#hooks.onBlindness(null)
    // The copy is for another day: without it nothing is lost today.
    await this.#keeper.backUp().catch((error: unknown) => this.#tellTrouble(error))
  }

  /** @throws UnmaskError 'usage.invalid' | 'output.*' */
  async chooseObserver(observerId: string | null): Promise<void> {
    if (observerId !== null && !this.study.observers.some(({ id }) => id === observerId))
      throw new UnmaskError('usage.invalid', `observerId "${observerId}" is no observer of the study`)
    await this.#chosen.choose(this.#projectFolder, observerId)
    if (observerId === this.#observerId) return
    this.#observerId = observerId
    this.#hooks.onStudy()
    await this.#hooks.onBlindness(null)
  }

  /** What whoever codes here may see of a clip. @throws UnmaskError 'input.*' */
  async visible(
    clipId: string,
  ): Promise<{ readonly items: AnnotationItem[]; readonly notices: readonly string[] }> {
    const { items, notices } = await this.#read(clipId)
    // Asked when everything is read: it may be another now.
    if (!this.isBlind(clipId)) return { items, notices }
    return {
      items: this.#sight.visible(items, this.#observerId ?? ''),
      notices: notices.length > 0 ? [BLIND_NOTICE] : [],
    }
  }

  /** The window has a clip open until it closes it. */
  hold(clipId: string): void {
    this.#stores.hold(clipId)
  }

  /** What whoever codes here may see of a clip, with the words of the study, for exports. */
  async annotationOf(clipId: string): Promise<ClipAnnotation> {
    this.#requireReadable(clipId)
    return { study: this.study, items: (await this.visible(clipId)).items }
  }

  /** Everything of a clip with its clocks, whoever may see it: for merging and copies. */
  async documentOf(clipId: string): Promise<AnnotationDocument> {
    this.#requireReadable(clipId)
    if (this.#readOnlyReason !== null) return (await readClip(this.folder, clipId)).document
    return this.#stores.use(clipId, ({ document }) => document)
  }

  /** The window's edit. @throws UnmaskError 'usage.invalid' | 'output.*' */
  async edit(clipId: string, edit: AnnotationEdit): Promise<void> {
    if (this.#observerId === null)
      throw new UnmaskError('usage.invalid', 'nobody codes here yet; choose an observer first')
    const changes = this.isBlind(clipId) ? this.#sight.restored(edit.changes) : edit.changes
    await this.#apply(clipId, { ...edit, changes }, this.#observerId)
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
    await this.#take(clipId, false, (store) => store.adopt(changes, title, this.study))
  }

  /** Keeps a copy of a clip as it is now. @throws UnmaskError 'output.*' */
  async backUp(clipId: string): Promise<void> {
    this.#requireWritable(clipId)
    await this.#stores.use(clipId, (store) => store.backUp())
  }

  /** Writes out and forgets a clip. @throws UnmaskError 'output.*' */
  async closeClip(clipId: string): Promise<void> {
    await this.#stores.close(clipId)
  }

  /** Writes everything out; what cannot be is told, and is in the journals. */
  async close(): Promise<void> {
    await this.#stores.closeAll((error) => this.#tellTrouble(error))
    if (this.#readOnlyReason === null)
      await this.#keeper.close().catch((error: unknown) => this.#tellTrouble(error))
  }

  async #load(): Promise<void> {
    let isKnown = true
    try {
      await this.#keeper.read(() => this.#allItems())
    } catch (error) {
      // Nothing may be written over what this program does not understand or could not read.
      isKnown = false
      this.#readOnlyReason = toFault(error).message
    }
    for (const clipId of await this.#clipIds()) {
      try {
        const { items } = (await readClip(this.folder, clipId)).document
        this.#usage.set(clipId, usageOf(items))
        if (isKnown) this.#keeper.fill(items, clipId)
      } catch (error) {
        this.#locked.set(clipId, toFault(error).message)
      }
    }
    const observerId = this.#chosen.of(this.#projectFolder)
    this.#observerId = this.study.observers.some(({ id }) => id === observerId) ? observerId : null
    this.#readOnlyReason ??= await whyReadOnly(this.#projectFolder, this.folder)
    if (this.#readOnlyReason === null)
      await this.#keeper.repair().catch((error: unknown) => this.#tellTrouble(error))
  }

  async #clipIds(): Promise<readonly string[]> {
    try {
      return await annotatedClips(this.folder)
    } catch (error) {
      this.#readOnlyReason ??= toFault(error).message
      return []
    }
  }

  async #allItems(): Promise<AnnotationItem[]> {
    const items: AnnotationItem[] = []
    for (const clipId of await this.#clipIds())
      try {
        for (const item of (await readClip(this.folder, clipId)).document.items) items.push(item)
      } catch (error) {
        this.#locked.set(clipId, toFault(error).message)
      }
    return items
  }

  async #read(
    clipId: string,
  ): Promise<{ readonly items: AnnotationItem[]; readonly notices: readonly string[] }> {
    const reason = this.#locked.get(clipId)
    if (reason !== undefined) return { items: [], notices: [reason] }
    if (this.#readOnlyReason === null)
      return this.#stores.use(clipId, ({ items, notices }) => ({ items, notices }))
    const { document, notices } = await readClip(this.folder, clipId)
    return { items: document.items, notices }
  }

  async #apply(clipId: string, edit: AnnotationEdit, observerId: string | null): Promise<void> {
    await this.#take(clipId, observerId !== null, (store) =>
      store.edit(edit, { study: this.study, observerId }),
    )
  }

  /** What an edit hides is hidden before it is written; what it shows is shown when it is written. */
  async #take(clipId: string, isByWindow: boolean, take: (store: ClipStore) => Promise<void>): Promise<void> {
    this.#requireWritable(clipId)
    await this.#stores.use(clipId, async (store) => {
      const wasBlind = this.isBlind(clipId)
      const before = wasBlind ? this.usage(clipId) : null
      const written = take(store)
      // Whoever waits for it below gets the error; until then nobody does.
      written.catch(() => undefined)
      this.#changed.set(clipId, store.document)
      if (before && !this.isBlind(clipId)) this.#usage.set(clipId, before)
      else if (!wasBlind && this.isBlind(clipId)) await this.#hooks.onBlindness(clipId)
      const wasHidden = this.isBlind(clipId)
      try {
        await written
      } finally {
        this.#changed.set(clipId, store.document)
        if (this.isBlind(clipId) !== wasHidden) await this.#hooks.onBlindness(clipId)
      }
      this.#hooks.onClip(clipId, { isByWindow })
    })
  }

  #tellTrouble(error: unknown): void {
    this.#hooks.onTrouble(toFault(error).message)
  }

  /** Who is blind to everything that is not done; '' for nobody. */
  #blindness(): string {
    const observer = this.study.observers.find(({ id }) => id === this.#observerId)
    return observer?.isBlind ? observer.id : ''
  }

  /** @param clipId null: the study */
  #requireWritable(clipId: string | null): void {
    if (this.#readOnlyReason !== null) throw new UnmaskError('output.unwritable', this.#readOnlyReason)
    const reason = clipId === null ? undefined : this.#locked.get(clipId)
    if (reason !== undefined) throw new UnmaskError('output.unwritable', reason)
  }

  #requireReadable(clipId: string): void {
    const reason = this.#locked.get(clipId)
    if (reason !== undefined) throw new UnmaskError('input.unreadable', reason)
  }
}

/** @returns null where files can be written */
async function whyReadOnly(projectFolder: string, folder: string): Promise<string | null> {
  for (const path of [projectFolder, folder])
    try {
      await access(path, constants.W_OK)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT')
        return `nothing can be written to the project (${code ?? 'unknown'}), so what is coded could not be kept; check the folder and its permissions: ${path}`
    }
  return null
}
