import type { ClipCoding } from '../../../preload/contract/annotation'
import { UnmaskError } from '../../engine/errors'
import type { Project } from '../../engine/project/project'
import type { AppContext } from '../app-context'
import type { ProjectSession } from '../projects/project-session'
import { AnnotationSession } from './annotation-session'
import { ChosenObservers } from './chosen-observers'
import { codingOf } from './clip-usage'

/** Changes of lists are told together, at most this often. */
const TELL_INTERVAL_MS = 200

/** The annotations of whichever project is open, as the rest of the main process sees them. */
export class AnnotationService {
  readonly #context: AppContext
  readonly #settle: () => Promise<void>
  readonly #chosen: Promise<ChosenObservers>
  #session: AnnotationSession | null = null
  #clips: ProjectSession | null = null
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  /** @param settle ends when the viewer has heard everything it was told */
  constructor(context: AppContext, settle: () => Promise<void>) {
    this.#context = context
    this.#settle = settle
    this.#chosen = ChosenObservers.load(context.userDataFolder)
  }

  get session(): AnnotationSession | null {
    return this.#session
  }

  /** @throws UnmaskError 'usage.invalid' while no project is open */
  get open(): AnnotationSession {
    if (this.#session) return this.#session
    throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
  }

  /** Of a clip of the open project. @throws UnmaskError 'usage.invalid' on a foreign token */
  clipIdOf(token: string): string {
    if (!this.#clips) throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
    return this.#clips.clipOf(token).clipId
  }

  /** Whether the window must learn nothing of the model and of others in this clip. */
  isBlindClip(clipId: string): boolean {
    return this.#session?.isBlind(clipId) ?? false
  }

  isBlind(token: string): boolean {
    return this.isBlindClip(this.clipIdOf(token))
  }

  /** @throws UnmaskError 'usage.invalid' naming the clip where whoever codes here is blind to it */
  requireSighted(token: string): void {
    if (!this.isBlind(token)) return
    throw new UnmaskError(
      'usage.invalid',
      `${this.clipIdOf(token)}: you code this clip blind; mark it as done first, then what the models and others found is shown and exported`,
    )
  }

  /** Before the clips of a project are granted to anybody. */
  async take(project: Project): Promise<void> {
    this.#session = await AnnotationSession.open(project.folder, await this.#chosen, {
      onClip: (clipId, { isByWindow }) => {
        this.#note(clipId)
        const token = this.#clips?.tokenOf(clipId) ?? ''
        if (!isByWindow && token !== '') this.#context.tell('annotationsChanged', { token })
      },
      onBlindness: (clipId) => this.#blindnessChanged(clipId),
      onStudy: () => this.#context.tell('studyChanged', { open: this.#session?.state ?? null }),
      onTrouble: (message) => this.#context.tell('annotationTrouble', { message }),
    })
  }

  /** The clips of the project that was taken have their tokens now; null: it is closed. */
  show(clips: ProjectSession | null): void {
    this.#clips = clips
    this.#context.tell('studyChanged', { open: clips ? (this.#session?.state ?? null) : null })
  }

  /** Writes everything out. */
  async letGo(): Promise<void> {
    const session = this.#session
    await session?.close()
    this.#session = null
    this.#clips = null
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#changed.clear()
  }

  list(): ClipCoding[] {
    return this.#clips?.list().map(({ clipId }) => this.#codingOf(clipId)) ?? []
  }

  #codingOf(clipId: string): ClipCoding {
    const session = this.open
    return codingOf(
      this.#clips?.tokenOf(clipId) ?? '',
      session.usage(clipId),
      session.isBlind(clipId) ? session.observerId : null,
    )
  }

  async #blindnessChanged(clipId: string | null): Promise<void> {
    const clips = this.#clips
    if (!clips) return
    const clipIds = clipId === null ? clips.list().map((clip) => clip.clipId) : [clipId]
    for (const id of clipIds) {
      clips.grantAgain(id)
      this.#note(id)
    }
    // Whoever opens a clip from now on is answered by the new rule.
    await this.#settle()
    for (const id of clipIds) {
      const token = clips.tokenOf(id)
      if (token !== '') this.#context.tell('annotationsChanged', { token })
    }
  }

  #note(clipId: string): void {
    this.#changed.add(clipId)
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      const clips = [...this.#changed].filter((id) => this.#clips?.clip(id) && this.#session)
      this.#changed.clear()
      if (clips.length > 0)
        this.#context.tell('codingChanged', { clips: clips.map((id) => this.#codingOf(id)) })
    }, TELL_INTERVAL_MS)
  }
}
