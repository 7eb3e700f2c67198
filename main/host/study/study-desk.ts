import { alphaOfTiers } from '../../engine/agreement/alpha-of-tiers'
import { compareRatings } from '../../engine/agreement/compare-ratings'
import { compareTiers } from '../../engine/agreement/compare-tiers'
import type { AlphaResult, PairAgreement } from '../../engine/agreement/types'
import { behaviourOf } from '../../engine/behaviour/behaviour'
import type { BehaviourResult } from '../../engine/behaviour/types'
import { throwIfAborted, UnmaskError } from '../../engine/errors'
import { pairClips, rateClips, ratersOf, rateTraces } from '../../engine/study-data/raters'
import type { RaterRef, StudyData } from '../../engine/study-data/types'
import { readAnnotationsFile, writeAnnotationsFile } from './exchange-files'
import { KeptAnswers } from './kept-answers'
import {
  binSummaries,
  boutLengths,
  budgetSummaries,
  continuousSummaries,
  groupOf,
  pooledTransitions,
} from './statistics'
import {
  alphaReport,
  cellMoments,
  momentsOf,
  pairReport,
  ratingPoints,
  stripOf,
  tracesOf,
} from './study-answers'
import { exportAgreement, exportStatistics } from './study-export'
import { clipsOfGroup, clipsOfSubject } from './study-filter'
import type {
  AgreementOrder,
  RatingOrder,
  StatisticsOrder,
  StudyOrderName,
  StudyOrders,
  StudySource,
} from './study-orders'
import { StudyReader } from './study-reader'
import { surveyOf } from './survey'
import { transitionMoments } from './transition-moments'

export interface DeskOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

interface Loaded {
  readonly data: StudyData
  readonly stamp: string
}

interface Compared {
  readonly pair: PairAgreement | null
  readonly alpha: AlphaResult | null
  readonly unpairedClipCount: number
  readonly data: StudyData
}

type Handlers = {
  readonly [K in StudyOrderName]: (
    order: StudyOrders[K]['order'],
    options: DeskOptions,
  ) => Promise<StudyOrders[K]['answer']>
}

/** Answers orders about a study. What was computed last is kept, so that what stands behind a cell costs nothing. */
export class StudyDesk {
  readonly #reader = new StudyReader()
  readonly #compared = new KeptAnswers<Compared>()
  readonly #summarised = new KeptAnswers<BehaviourResult>()
  readonly #handlers: Handlers = {
    survey: ({ source }, options) => this.#survey(source, options),
    agreement: (order, options) => this.#agreement(order, options),
    moments: async ({ of, basis, first, second }, options) =>
      cellMoments(pairOf(await this.#compare(of, options)), basis, first, second),
    strip: async ({ of, clipId, subject }, options) => {
      const compared = await this.#compare(of, options)
      const clip = compared.data.clips.find((known) => known.clipId === clipId)
      return stripOf(pairOf(compared), clipId, subject, clip?.durationSecs ?? 0)
    },
    ratings: (order, options) => this.#ratings(order, options),
    traces: (order, options) => this.#traces(order, options),
    statistics: (order, options) => this.#statistics(order, options),
    readAnnotations: ({ path, closesUnpaired }) => readAnnotationsFile(path, closesUnpaired),
    writeAnnotations: async (order) => {
      await writeAnnotationsFile(order)
      return null
    },
    exportAgreement: async ({ of, folder, mayReplace }, options) => {
      const { data } = await this.#load(of.source, null, false, options)
      return exportAgreement(data, of, { folder, mayReplace })
    },
    exportStatistics: async ({ of, folder, mayReplace }, options) => {
      const { data } = await this.#load(of.source, of.subject, true, options)
      return exportStatistics(data, of, { folder, mayReplace })
    },
    transitionMoments: async ({ of, raterKey, from, to }, options) => {
      const { data } = await this.#load(of.source, of.subject, true, options)
      return momentsOf(transitionMoments(data.clips, { rater: raterKey, from, to, gaps: of.gaps }))
    },
  }

  /** @throws UnmaskError; 'cancelled' between two clips or two computations */
  run<K extends StudyOrderName>(
    name: K,
    order: StudyOrders[K]['order'],
    options: DeskOptions,
  ): Promise<StudyOrders[K]['answer']> {
    return this.#handlers[name](order, options)
  }

  /** @param readings also the model's probabilities and the time it had readings */
  async #load(
    source: StudySource,
    subject: string | null,
    readings: boolean,
    options: DeskOptions,
  ): Promise<Loaded> {
    const { data, stamp } = await this.#reader.read(source, { readings, ...options })
    const clips = clipsOfSubject(clipsOfGroup(data.clips, source.group), subject)
    // A message that came meanwhile, such as a cancel, is heard before the long part.
    await new Promise<void>((resolve) => setImmediate(resolve))
    throwIfAborted(options.signal)
    return { data: { ...data, clips }, stamp }
  }

  /** Variables and their values are those of all clips: whoever has chosen one group can go on to another. */
  async #survey(source: StudySource, options: DeskOptions) {
    const { data } = await this.#load({ ...source, group: null }, null, false, options)
    const { variables } = surveyOf(data)
    return { ...surveyOf({ ...data, clips: clipsOfGroup(data.clips, source.group) }), variables }
  }

  async #compare(order: AgreementOrder, options: DeskOptions): Promise<Compared> {
    const { data, stamp } = await this.#load(order.source, null, false, options)
    return this.#compared.of({ ...order, stamp }, () => compare(data, order))
  }

  async #agreement(order: AgreementOrder, options: DeskOptions) {
    const { pair, alpha, unpairedClipCount, data } = await this.#compare(order, options)
    return {
      ...scopeOf(data),
      pair: pair && pairReport(pair),
      alpha: alpha && alphaReport(alpha),
      unpairedClipCount,
    }
  }

  async #rated({ source, subject, raters, dimension }: RatingOrder, options: DeskOptions) {
    const { data } = await this.#load(source, subject, false, options)
    return { data, traces: rateTraces(data.clips, raters, dimension) }
  }

  async #ratings(order: RatingOrder, options: DeskOptions) {
    const { raters, dimension, stepSecs } = order
    const { data, traces } = await this.#rated(order, options)
    const { pooled, clips, notes } = compareRatings(traces, raters, dimension, { stepSecs })
    return {
      ...scopeOf(data),
      raters,
      dimension,
      pooled,
      clips,
      notes,
      ...ratingPoints(traces, stepSecs),
    }
  }

  async #traces(
    { of, clipId, subject }: StudyOrders['traces']['order'],
    options: DeskOptions,
  ): Promise<StudyOrders['traces']['answer']> {
    const { data, traces } = await this.#rated(of, options)
    const rated = traces.find((clip) => clip.clipId === clipId && clip.subject === subject)
    const clip = data.clips.find((known) => known.clipId === clipId)
    if (rated && clip) return tracesOf(rated, of.raters, clip.durationSecs)
    throw new UnmaskError('usage.invalid', `no two of these raters rated ${of.dimension} in clip ${clipId}`)
  }

  async #statistics(order: StatisticsOrder, options: DeskOptions) {
    const { source, subject, raters, binSecs, baseline, gaps } = order
    const { data, stamp } = await this.#load(source, subject, true, options)
    const asked = { raters, baseline }
    const whole = this.#summarised.of({ source, subject, ...asked, stamp }, () => behaviourOf(data, asked))
    throwIfAborted(options.signal)
    // Bins are of states alone: probabilities and ratings are left out, which takes most of the time.
    const states = data.clips.map((clip) => ({ ...clip, probabilities: [], ratings: [] }))
    const raterOrder = ratersOf(data.clips).map(({ key }) => key)
    const binned =
      binSecs === null
        ? []
        : behaviourOf(
            { ...data, clips: states },
            { binSecs, raters: raters?.filter((key) => raterOrder.includes(key)) ?? null },
          ).budget
    const byId = new Map(data.clips.map((clip) => [clip.clipId, clip]))
    const group = groupOf(order, byId)
    return {
      ...scopeOf(data),
      ...budgetSummaries(whole.budget, group, raterOrder),
      bins: binSecs === null ? [] : binSummaries(binned, binSecs),
      boutLengths: boutLengths(data.clips, raters),
      transitions: pooledTransitions(whole, gaps),
      continuous: continuousSummaries(whole.continuous, group),
      notes: whole.notes,
    }
  }
}

function compare(data: StudyData, order: AgreementOrder): Compared {
  const { subject, stepSecs, toleranceSecs, unlabelled, weights } = order
  const raters = order.raters.map((key) => raterOf(data, key))
  const labelOrder = data.labels
  const isWanted = (clip: { readonly subject: string }): boolean =>
    subject === null || clip.subject === subject
  const [first, second] = raters
  const isPair = first !== undefined && second !== undefined && raters.length === 2
  const { pairs } = isPair ? pairClips(data.clips, first, second) : { pairs: [] }
  const wanted = pairs.filter(isWanted)
  const rated = rateClips(data.clips, raters).filter(isWanted)
  const counted = new Set((isPair ? wanted : rated).map(({ clipId }) => clipId))
  const arePoints = raters.some(({ isPoints }) => isPoints)
  return {
    data,
    pair:
      isPair && wanted.length > 0
        ? compareTiers(wanted, [first.key, second.key], {
            stepSecs,
            toleranceSecs,
            unlabelled,
            weights,
            labelOrder,
          })
        : null,
    alpha:
      rated.length > 0 && !arePoints
        ? alphaOfTiers(
            rated,
            raters.map(({ key }) => key),
            { stepSecs, unlabelled, labelOrder },
          )
        : null,
    unpairedClipCount: data.clips.length - counted.size,
  }
}

/** @throws UnmaskError 'usage.invalid' naming those there are */
function raterOf(data: StudyData, key: string): RaterRef {
  const raters = ratersOf(data.clips)
  const found = raters.find((rater) => rater.key === key)
  if (found) return found
  const known = raters.map((rater) => rater.key).join(', ') || 'nobody'
  throw new UnmaskError(
    'usage.invalid',
    `raters: nothing is labelled by "${key}" in these clips; there is ${known}`,
  )
}

function pairOf({ pair }: Compared): PairAgreement {
  if (pair) return pair
  throw new UnmaskError('usage.invalid', 'of: there is no clip that both of two raters have coded')
}

function scopeOf({ clips, problems }: StudyData) {
  return {
    clipCount: clips.length,
    problems: problems.map(({ clipId, fault }) => ({ clipId, message: fault.message })),
  }
}
