import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenProject, ProjectClip } from '../../../preload/contract/project'
import { JOURNAL_FILE, type JournalEntry, readJournal, type SourceIdentity } from '../../engine/batch/journal'
import { openOutputFolder } from '../../engine/batch/output-folder'
import { type Fault, toFault, UnmaskError } from '../../engine/errors'
import { type ClipState, clipStateOf, latestEntries, readFindings } from '../../engine/project/clip-state'
import { repathJournal } from '../../engine/project/journal-paths'
import type { Project, ProjectClipPath } from '../../engine/project/project'
import type { ClipFacts } from '../../engine/project/project-file'
import { type ClipKnowledge, clipView } from './clip-view'
import { forEachLimited } from './limited'

/** Changes are told together, at most this often. */
const TELL_INTERVAL_MS = 100
/** Files looked at at a time. */
const LOOKS_AT_ONCE = 16

export interface SessionHooks {
  /** Says what a recording holds. */
  readonly probe: (path: string) => Promise<ClipFacts>
  readonly onClips: (changed: readonly ProjectClip[], gone: readonly string[]) => void
  readonly onTrouble: (message: string) => void
  /** The window may read this clip from now on, or as it is from now on. */
  readonly onGrant: (token: string, clip: ProjectClipPath, project: Project) => void
  readonly onRevoke: (token: string) => void
  /** Whether whoever uses the window codes this clip blind. */
  readonly isBlind: (clipId: string) => boolean
}

type LatestEntry = Exclude<JournalEntry, { type: 'batch' }>

/** A project that is open in the window: its clips under their tokens, with what disk and journal tell about them. */
export class ProjectSession {
  readonly project: Project
  readonly #hooks: SessionHooks
  readonly #clipIds = new Map<string, string>()
  readonly #tokens = new Map<string, string>()
  #clips = new Map<string, ProjectClipPath>()
  readonly #states = new Map<string, ClipState>()
  readonly #sources = new Map<string, SourceIdentity | null>()
  /** What stood on the disk when a clip was looked at last. */
  readonly #seen = new Map<string, string>()
  readonly #live = new Map<string, 'queued' | 'running'>()
  readonly #probeFaults = new Map<string, Fault>()
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | null = null
  #journalStamp = ''
  #isClosed = false

  constructor(project: Project, hooks: SessionHooks) {
    this.project = project
    this.#hooks = hooks
    project.onSaveFailed((error) => hooks.onTrouble(toFault(error).message))
  }

  /** Looks at all recordings and results; the window may then ask. */
  async load(): Promise<void> {
    this.#takeClips()
    await this.#look([...this.#clips.keys()])
    void this.#probeAll()
  }

  get facts(): OpenProject {
    const { file, folder, notices } = this.project
    return { name: file.name, place: folder, notices }
  }

  list(): ProjectClip[] {
    return [...this.#clips.keys()].map((clipId) => this.viewOf(clipId))
  }

  /** @throws UnmaskError 'usage.invalid' on a token that this session did not give */
  clipOf(token: string): ProjectClipPath {
    const clipId = this.#clipIds.get(token)
    const clip = clipId === undefined ? undefined : this.#clips.get(clipId)
    if (clip) return clip
    throw new UnmaskError(
      'usage.invalid',
      `token ${JSON.stringify(token).slice(0, 80)} names no clip of the open project; refresh the library`,
    )
  }

  clip(clipId: string): ProjectClipPath | undefined {
    return this.#clips.get(clipId)
  }

  tokenOf(clipId: string): string {
    return this.#tokens.get(clipId) ?? ''
  }

  stateOf(clipId: string): ClipState {
    return this.#states.get(clipId) ?? { kind: 'new' }
  }

  isThere(clipId: string): boolean {
    return (this.#sources.get(clipId) ?? null) !== null
  }

  viewOf(clipId: string): ProjectClip {
    const clip = this.#clips.get(clipId)
    if (!clip) throw new UnmaskError('internal', `no clip ${clipId}`)
    const known: ClipKnowledge = {
      token: this.tokenOf(clipId),
      clip,
      state: this.stateOf(clipId),
      source: this.#sources.get(clipId) ?? null,
      live: this.#live.get(clipId) ?? null,
      probeFault: this.#probeFaults.get(clipId) ?? null,
      isBlind: this.#hooks.isBlind(clipId),
    }
    return clipView(known, this.project.folder)
  }

  /** What the window may see of a clip is another now. */
  grantAgain(clipId: string): void {
    const clip = this.#clips.get(clipId)
    if (!clip) return
    this.#hooks.onGrant(this.tokenOf(clipId), clip, this.project)
    this.#note(clipId)
  }

  /** @returns clips that are new in the project */
  async add(paths: readonly string[]): Promise<readonly ProjectClipPath[]> {
    const added = await this.project.add(paths)
    this.#takeClips()
    await this.#look(added.map(({ clipId }) => clipId))
    void this.#probeAll()
    return added
  }

  remove(clipIds: ReadonlySet<string>): void {
    this.project.remove(clipIds)
    this.#takeClips()
  }

  /**
   * Says where a recording is now; the journal follows, so that the command finds it too.
   * @throws UnmaskError 'output.exists' while a batch writes to the results
   */
  async relink(clipId: string, path: string): Promise<void> {
    const before = this.#clips.get(clipId)?.realPath
    if ([...this.#clips.values()].some(({ realPath }) => realPath === path))
      throw new UnmaskError('usage.invalid', `this recording is another clip of the project: ${path}`)
    if (before !== undefined) await this.#repath(before, path)
    await this.project.relink(clipId, path)
    this.#probeFaults.delete(clipId)
    this.#takeClips()
    await this.#look([clipId])
    void this.#probeAll()
  }

  /** What a batch has just done to a clip; null: it let go of it. */
  setLive(clipId: string, live: 'queued' | 'running' | null): void {
    if (live) this.#live.set(clipId, live)
    else this.#live.delete(clipId)
    this.#note(clipId)
  }

  /** A batch has labelled a clip. */
  async labelled(clipId: string): Promise<void> {
    const findings = await readFindings(this.project.resultsFolder, clipId)
    const source = await identify(this.#clips.get(clipId)?.realPath ?? '')
    this.#sources.set(clipId, source)
    this.setState(clipId, findings ? { kind: 'done', findings } : { kind: 'new' })
    if (findings && !this.#clips.get(clipId)?.facts) this.#setFacts(clipId, findings.facts)
  }

  /** A batch knows more of a clip than the disk told last. */
  setState(clipId: string, state: ClipState): void {
    if (!this.#clips.has(clipId)) return
    this.#states.set(clipId, state)
    this.#seen.delete(clipId)
    this.#live.delete(clipId)
    this.#note(clipId)
  }

  /** Looks at everything again: the command may have worked on the results meanwhile, recordings may have come or gone. */
  async refresh(): Promise<void> {
    const journal = await this.#journal()
    const stamp = JSON.stringify(journal.length)
    if (stamp !== this.#journalStamp) {
      this.project.takeIn(journal)
      this.#takeClips()
    }
    this.#journalStamp = stamp
    await this.#look([...this.#clips.keys()])
    void this.#probeAll()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    for (const token of this.#clipIds.keys()) this.#hooks.onRevoke(token)
    await this.project.close()
  }

  /** Brings tokens and grants in line with the clips of the project. */
  #takeClips(): void {
    const before = this.#clips
    this.#clips = new Map(this.project.clips.map((clip) => [clip.clipId, clip]))
    const gone: string[] = []
    for (const [clipId, { realPath }] of before) {
      if (this.#clips.get(clipId)?.realPath === realPath) continue
      const token = this.#tokens.get(clipId)
      if (token === undefined || this.#clips.has(clipId)) continue
      this.#tokens.delete(clipId)
      this.#clipIds.delete(token)
      for (const map of [this.#states, this.#sources, this.#seen, this.#live, this.#probeFaults])
        map.delete(clipId)
      gone.push(token)
      this.#hooks.onRevoke(token)
    }
    for (const [clipId, clip] of this.#clips) {
      const known = before.get(clipId)
      if (known?.realPath === clip.realPath) continue
      const token = this.#tokens.get(clipId) ?? randomUUID()
      this.#tokens.set(clipId, token)
      this.#clipIds.set(token, clipId)
      this.#hooks.onGrant(token, clip, this.project)
      this.#note(clipId)
    }
    if (gone.length > 0) this.#hooks.onClips([], gone)
  }

  async #look(clipIds: readonly string[]): Promise<void> {
    const latest = latestEntries(await this.#journal())
    await forEachLimited(clipIds, LOOKS_AT_ONCE, (clipId) => this.#lookAt(clipId, latest))
  }

  async #lookAt(clipId: string, latest: ReadonlyMap<string, LatestEntry>): Promise<void> {
    const clip = this.#clips.get(clipId)
    if (!clip) return
    const { resultsFolder } = this.project
    const source = await identify(clip.realPath)
    const meta = await identify(join(resultsFolder, `${clipId}.meta.json`))
    const latestEntry = latest.get(clip.realPath)
    const entry = latestEntry?.clipId === clipId ? latestEntry : undefined
    // Reading the results of many clips anew each time the window comes to the front would be felt.
    const seen = JSON.stringify([entry?.type, entry?.at, source, meta?.modifiedMs])
    if (this.#seen.get(clipId) === seen) return
    const state = await clipStateOf(entry, source, resultsFolder)
    if (!this.#clips.has(clipId)) return
    this.#sources.set(clipId, source)
    this.#states.set(clipId, state)
    this.#seen.set(clipId, seen)
    if ('findings' in state && !clip.facts) this.#setFacts(clipId, state.findings.facts)
    this.#note(clipId)
  }

  async #journal(): Promise<readonly JournalEntry[]> {
    try {
      return (await readJournal(this.project.resultsFolder)) ?? []
    } catch (error) {
      this.#hooks.onTrouble(toFault(error).message)
      return []
    }
  }

  #probing: Promise<void> | null = null

  /** Asks, one after the other, what the recordings hold of which this is not known yet. */
  async #probeAll(): Promise<void> {
    if (this.#probing) return this.#probing
    this.#probing = (async () => {
      for (;;) {
        const clip = [...this.#clips.values()].find(
          ({ clipId, facts }) => !facts && this.isThere(clipId) && !this.#probeFaults.has(clipId),
        )
        if (!clip || this.#isClosed) return
        try {
          this.#setFacts(clip.clipId, await this.#hooks.probe(clip.realPath))
        } catch (error) {
          this.#probeFaults.set(clip.clipId, toFault(error))
        }
        this.#note(clip.clipId)
      }
    })()
    await this.#probing
    this.#probing = null
  }

  #setFacts(clipId: string, facts: ClipFacts): void {
    const clip = this.#clips.get(clipId)
    if (!clip) return
    this.#clips.set(clipId, { ...clip, facts })
    this.project.setFacts(clipId, facts)
  }

  async #repath(before: string, after: string): Promise<void> {
    const { resultsFolder } = this.project
    if ((await identify(join(resultsFolder, JOURNAL_FILE))) === null) return
    const locked = await openOutputFolder(resultsFolder)
    try {
      await repathJournal(resultsFolder, (path) => (path === before ? after : path))
    } finally {
      await locked.release()
    }
  }

  #note(clipId: string): void {
    this.#changed.add(clipId)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      const ids = [...this.#changed].filter((id) => this.#clips.has(id))
      this.#changed.clear()
      if (ids.length > 0)
        this.#hooks.onClips(
          ids.map((id) => this.viewOf(id)),
          [],
        )
    }, TELL_INTERVAL_MS)
  }
}

async function identify(path: string): Promise<SourceIdentity | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, sizeBytes: size, modifiedMs: Math.round(mtimeMs) }
  } catch {
    return null // shown as missing
  }
}
