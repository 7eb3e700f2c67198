import { z } from 'zod'
import type {
  AgreementAsk,
  AgreementMoments,
  AgreementReport,
  AgreementStrip,
  ConfusionBasis,
  RatingAsk,
  RatingReport,
  RatingTraces,
  StatisticsAsk,
  StatisticsReport,
  StudyScope,
  StudySurvey,
} from '../../../preload/contract/agreement'
import { STATISTIC_GROUPINGS } from '../../../preload/contract/agreement'
import { ANNOTATION_FORMATS } from '../../../preload/contract/interchange'
import { faultSchema } from '../../engine/errors'
import type { InterchangeDocument } from '../../engine/interchange/document'
import type { ReadInterchange } from '../../engine/interchange/read-file'
import type { WriteAnnotations } from './exchange-files'

/** What the study process is asked. Clips are those that may be read: who is blind where was decided before. */
export interface StudySource {
  readonly projectFolder: string
  readonly resultsFolder: string
  readonly clipIds: readonly string[]
  /** Only clips, or subjects, in which an independent variable has a value. */
  readonly group: { readonly variable: string; readonly value: string } | null
}

type Sourced<T> = Omit<T, 'clips'> & { readonly source: StudySource }
export type AgreementOrder = Sourced<AgreementAsk>
export type RatingOrder = Sourced<RatingAsk>
export type StatisticsOrder = Sourced<StatisticsAsk>

/** Without what main alone knows. */
type Answered<T extends StudyScope> = Omit<T, 'blindClipCount'>

export interface StudyOrders {
  survey: { order: { readonly source: StudySource }; answer: Answered<StudySurvey> }
  agreement: { order: AgreementOrder; answer: Answered<AgreementReport> }
  moments: {
    order: {
      readonly of: AgreementOrder
      readonly basis: ConfusionBasis
      readonly first: string
      readonly second: string
    }
    answer: AgreementMoments
  }
  strip: {
    order: { readonly of: AgreementOrder; readonly clipId: string; readonly subject: string }
    answer: AgreementStrip
  }
  ratings: { order: RatingOrder; answer: Answered<RatingReport> }
  traces: {
    order: { readonly of: RatingOrder; readonly clipId: string; readonly subject: string }
    answer: RatingTraces
  }
  statistics: { order: StatisticsOrder; answer: Answered<StatisticsReport> }
  transitionMoments: {
    order: {
      readonly of: StatisticsOrder
      readonly raterKey: string
      readonly from: string
      readonly to: string
    }
    answer: AgreementMoments
  }
  /** A file of another program; nothing of the study. */
  readAnnotations: {
    order: { readonly path: string; readonly closesUnpaired: boolean }
    answer: ReadInterchange
  }
  writeAnnotations: { order: WriteAnnotations; answer: null }
  exportAgreement: {
    order: { readonly of: AgreementOrder; readonly folder: string; readonly mayReplace: boolean }
    answer: readonly string[]
  }
  exportStatistics: {
    order: { readonly of: StatisticsOrder; readonly folder: string; readonly mayReplace: boolean }
    answer: readonly string[]
  }
}

export type StudyOrderName = keyof StudyOrders

const name = z.string().max(1000)
const secs = (least: number, most: number) => z.number().min(least).max(most)

/** Fields of the window's asks and of orders alike, with their ranges. */
export const agreementFields = {
  subject: name.nullable(),
  raters: z
    .array(name.min(1))
    .min(2)
    .max(20)
    .refine((raters) => new Set(raters).size === raters.length, { message: 'a rater is named twice' }),
  stepSecs: secs(0.01, 60),
  toleranceSecs: secs(0, 60),
  unlabelled: z.enum(['category', 'skip']),
  weights: z.enum(['linear', 'quadratic']).nullable(),
}

export const ratingFields = {
  subject: name.nullable(),
  raters: agreementFields.raters,
  dimension: name.min(1),
  stepSecs: secs(0.01, 60),
}

export const statisticsFields = {
  subject: name.nullable(),
  raters: z.array(name.min(1)).min(1).max(100).nullable(),
  by: z.enum(STATISTIC_GROUPINGS),
  variable: name.min(1).nullable(),
  binSecs: secs(0.1, 86_400).nullable(),
  baseline: z.boolean(),
  gaps: z.enum(['state', 'joined']),
}

export const cellFields = {
  basis: z.enum(['units', 'seconds', 'events']),
  first: name,
  second: name,
}

const source = z.strictObject({
  projectFolder: z.string().min(1),
  resultsFolder: z.string().min(1),
  clipIds: z.array(z.string().min(1)).max(100_000),
  group: z.strictObject({ variable: name.min(1), value: name }).nullable(),
})

const agreement = z.strictObject({ source, ...agreementFields })
const ratings = z.strictObject({ source, ...ratingFields })
const statistics = z.strictObject({ source, ...statisticsFields })
const place = { clipId: z.string().min(1), subject: name }
const target = { folder: z.string().min(1), mayReplace: z.boolean() }

const orderSchemas = {
  survey: z.strictObject({ source }),
  agreement,
  moments: z.strictObject({ of: agreement, ...cellFields }),
  strip: z.strictObject({ of: agreement, ...place }),
  ratings,
  traces: z.strictObject({ of: ratings, ...place }),
  statistics,
  transitionMoments: z.strictObject({ of: statistics, raterKey: name.min(1), from: name, to: name }),
  readAnnotations: z.strictObject({ path: z.string().min(1), closesUnpaired: z.boolean() }),
  writeAnnotations: z.strictObject({
    path: z.string().min(1),
    // Made from checked items by main itself; to walk through fifty thousand again would only take time.
    documents: z.custom<readonly InterchangeDocument[]>(Array.isArray),
    format: z.enum(ANNOTATION_FORMATS),
    isForReimport: z.boolean(),
    date: z.string(),
    author: z.string(),
    name: z.string(),
  }),
  exportAgreement: z.strictObject({ of: agreement, ...target }),
  exportStatistics: z.strictObject({ of: statistics, ...target }),
} satisfies { readonly [K in StudyOrderName]: z.ZodType<StudyOrders[K]['order']> }

const ORDER_NAMES = Object.keys(orderSchemas) as StudyOrderName[]

/** @throws ZodError where a message is none of ours */
export const toStudySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('order'),
    id: z.number().int(),
    name: z.enum(ORDER_NAMES as [StudyOrderName, ...StudyOrderName[]]),
    order: z.unknown(),
  }),
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
])

export type ToStudy = z.infer<typeof toStudySchema>

/** @throws ZodError naming the field */
export function parseOrder<K extends StudyOrderName>(name: K, raw: unknown): StudyOrders[K]['order'] {
  return orderSchemas[name].parse(raw) as StudyOrders[K]['order']
}

/** The answer itself is not walked through: a long study's would hold the main process up. */
export const fromStudySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), id: z.number().int(), answer: z.unknown() }),
  z.object({ type: z.literal('failed'), id: z.number().int(), fault: faultSchema }),
  z.object({ type: z.literal('progress'), id: z.number().int(), done: z.number(), total: z.number() }),
])

export type FromStudy = z.infer<typeof fromStudySchema>
