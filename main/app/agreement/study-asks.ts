import { z } from 'zod'
import type { ClipChoice } from '../../../preload/contract/agreement'
import { agreementFields, cellFields, ratingFields, statisticsFields } from '../../host/study/study-orders'

const token = z.string().min(1).max(200)
const name = z.string().max(1000)

const clips: z.ZodType<ClipChoice> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('clips'), tokens: z.array(token).min(1).max(100_000) }),
  z.strictObject({ kind: z.literal('group'), variable: name.min(1), value: name }),
])

export const surveyAskSchema = z.strictObject({ clips })
export const agreementAskSchema = z.strictObject({ clips, ...agreementFields })
export const ratingAskSchema = z.strictObject({ clips, ...ratingFields })
export const statisticsAskSchema = z
  .strictObject({ clips, ...statisticsFields })
  .refine(({ by, variable }) => by !== 'group' || variable !== null, {
    path: ['variable'],
    message: "names the independent variable, which by 'group' needs",
  })
export const momentsAskSchema = z.strictObject({ of: agreementAskSchema, ...cellFields })
export const stripAskSchema = z.strictObject({ of: agreementAskSchema, token, subject: name })
export const ratingTracesAskSchema = z.strictObject({ of: ratingAskSchema, token, subject: name })
export const transitionMomentsAskSchema = z.strictObject({
  of: statisticsAskSchema,
  raterKey: name.min(1),
  from: name,
  to: name,
})
