import type { Answer, Ask } from '../../../preload/contract'
import type { AgreementAsk, ClipChoice, RatingAsk, StatisticsAsk } from '../../../preload/contract/agreement'
import { UnmaskError } from '../../engine/errors'
import type { StudyClient, StudyRunOptions } from '../../host/study-client'
import type { AgreementOrder, RatingOrder, StatisticsOrder, StudySource } from '../../host/study/study-orders'

/** The open project as agreement and statistics need it. */
export interface StudyProject {
  readonly folder: string
  readonly resultsFolder: string
  readonly clips: readonly { readonly clipId: string; readonly token: string }[]
  /** Whether the active observer is blind in a clip: the window must learn nothing of others there. */
  isBlind(clipId: string): boolean
}

export interface StudyServiceParts {
  readonly client: Pick<StudyClient, 'run'>
  readonly project: () => StudyProject | null
  readonly onProgress: (done: number, total: number) => void
}

interface Scoped {
  readonly source: StudySource
  readonly blindClipCount: number
}

/** Turns asks of the window into orders for the study process: tokens into clips, without those that may not be seen. */
export class StudyService {
  readonly #parts: StudyServiceParts
  /** What is under way and may be stopped. */
  readonly #running = new Map<string, AbortController>()

  constructor(parts: StudyServiceParts) {
    this.#parts = parts
  }

  async survey({ clips }: Ask<'surveyStudy'>): Promise<Answer<'surveyStudy'>> {
    const { source, blindClipCount } = this.#scope(clips)
    const survey = await this.#stoppable('survey', (options) =>
      this.#parts.client.run('survey', { source }, options),
    )
    return { ...survey, blindClipCount }
  }

  async agreement(ask: AgreementAsk): Promise<Answer<'computeAgreement'>> {
    const { order, blindClipCount } = this.#agreementOrder(ask)
    const report = await this.#stoppable('agreement', (options) =>
      this.#parts.client.run('agreement', order, options),
    )
    return { ...report, blindClipCount }
  }

  async moments({ of, ...cell }: Ask<'agreementMoments'>): Promise<Answer<'agreementMoments'>> {
    const { order } = this.#agreementOrder(of)
    return this.#parts.client.run('moments', { of: order, ...cell })
  }

  async strip({ of, token, subject }: Ask<'agreementStrip'>): Promise<Answer<'agreementStrip'>> {
    const { order } = this.#agreementOrder(of)
    const clipId = this.#visible(token, order.source)
    return this.#parts.client.run('strip', { of: order, clipId, subject })
  }

  async ratings(ask: RatingAsk): Promise<Answer<'computeRatings'>> {
    const { order, blindClipCount } = this.#ratingOrder(ask)
    const report = await this.#stoppable('ratings', (options) =>
      this.#parts.client.run('ratings', order, options),
    )
    return { ...report, blindClipCount }
  }

  async traces({ of, token, subject }: Ask<'ratingTraces'>): Promise<Answer<'ratingTraces'>> {
    const { order } = this.#ratingOrder(of)
    const clipId = this.#visible(token, order.source)
    return this.#parts.client.run('traces', { of: order, clipId, subject })
  }

  async statistics(ask: StatisticsAsk): Promise<Answer<'computeStatistics'>> {
    const { order, blindClipCount } = this.#statisticsOrder(ask)
    const report = await this.#stoppable('statistics', (options) =>
      this.#parts.client.run('statistics', order, options),
    )
    return { ...report, blindClipCount }
  }

  async transitionMoments({ of, ...cell }: Ask<'transitionMoments'>): Promise<Answer<'transitionMoments'>> {
    const { order } = this.#statisticsOrder(of)
    return this.#parts.client.run('transitionMoments', { of: order, ...cell })
  }

  /** @returns names of the files @throws UnmaskError 'output.exists' where one is there and may not be replaced */
  async exportAgreement(ask: AgreementAsk, folder: string, mayReplace: boolean): Promise<readonly string[]> {
    const { order } = this.#agreementOrder(ask)
    return this.#stoppable('exportAgreement', (options) =>
      this.#parts.client.run('exportAgreement', { of: order, folder, mayReplace }, options),
    )
  }

  /** @returns names of the files @throws UnmaskError 'output.exists' where one is there and may not be replaced */
  async exportStatistics(
    ask: StatisticsAsk,
    folder: string,
    mayReplace: boolean,
  ): Promise<readonly string[]> {
    const { order } = this.#statisticsOrder(ask)
    return this.#stoppable('exportStatistics', (options) =>
      this.#parts.client.run('exportStatistics', { of: order, folder, mayReplace }, options),
    )
  }

  cancel(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  /** Whoever asks for the same kind anew wants what was asked before no more. */
  async #stoppable<T>(kind: string, run: (options: StudyRunOptions) => Promise<T>): Promise<T> {
    this.#running.get(kind)?.abort()
    const controller = new AbortController()
    this.#running.set(kind, controller)
    try {
      return await run({ signal: controller.signal, onProgress: this.#parts.onProgress })
    } finally {
      if (this.#running.get(kind) === controller) this.#running.delete(kind)
    }
  }

  #agreementOrder({ clips, ...rest }: AgreementAsk) {
    const { source, blindClipCount } = this.#scope(clips)
    const order: AgreementOrder = { source, ...rest }
    return { order, blindClipCount }
  }

  #ratingOrder({ clips, ...rest }: RatingAsk) {
    const { source, blindClipCount } = this.#scope(clips)
    const order: RatingOrder = { source, ...rest }
    return { order, blindClipCount }
  }

  #statisticsOrder({ clips, ...rest }: StatisticsAsk) {
    const { source, blindClipCount } = this.#scope(clips)
    const order: StatisticsOrder = { source, ...rest }
    return { order, blindClipCount }
  }

  #scope(choice: ClipChoice): Scoped {
    const project = this.#project()
    const wanted = choice.kind === 'clips' ? new Set(choice.tokens) : null
    const chosen = project.clips.filter(({ token }) => wanted === null || wanted.delete(token))
    const [unknown] = wanted ?? []
    if (unknown !== undefined) throw strangeToken(unknown)
    const clipIds = chosen.map(({ clipId }) => clipId)
    const seen = clipIds.filter((clipId) => !project.isBlind(clipId))
    return {
      source: {
        projectFolder: project.folder,
        resultsFolder: project.resultsFolder,
        clipIds: seen,
        group: choice.kind === 'group' ? { variable: choice.variable, value: choice.value } : null,
      },
      blindClipCount: clipIds.length - seen.length,
    }
  }

  /** @throws UnmaskError 'usage.invalid' on a clip that is not the project's, or of which nothing may be shown */
  #visible(token: string, { clipIds }: StudySource): string {
    const clip = this.#project().clips.find((known) => known.token === token)
    if (!clip) throw strangeToken(token)
    if (clipIds.includes(clip.clipId)) return clip.clipId
    throw new UnmaskError(
      'usage.invalid',
      'this clip is not among those compared: it was not chosen, or you code blind in it and have not marked it as done',
    )
  }

  #project(): StudyProject {
    const project = this.#parts.project()
    if (project) return project
    throw new UnmaskError('usage.invalid', 'no project is open; open or create one first')
  }
}

function strangeToken(token: string): UnmaskError {
  return new UnmaskError(
    'usage.invalid',
    `token ${JSON.stringify(token).slice(0, 80)} names no clip of the open project`,
  )
}
