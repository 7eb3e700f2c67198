import { z } from 'zod'
import type {
  AnnotationChange,
  AnnotationEdit,
  AnnotationItem,
  CodingScheme,
  Study,
} from '../../../preload/contract/annotation'

/** What the contract's types say, checked at run time: of files, of journals and of the window's requests. */

const id = z.string().min(1).max(200)
const name = z.string().trim().min(1).max(200)
const longText = z.string().max(100_000)
const secs = z.number().finite().min(-86_400).max(8_640_000)
const stamp = z.string().max(40)

const codeSchema = z.strictObject({
  id,
  kind: z.enum(['state', 'point']),
  set: z.string().max(200),
  name,
  key: z.string().min(1).max(20).nullable(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, { message: 'must be a colour such as #1f77b4' }),
  description: longText,
})

const dimensionSchema = z
  .strictObject({
    id,
    name,
    minimum: z.number().finite(),
    maximum: z.number().finite(),
    neutral: z.number().finite(),
    lowLabel: z.string().max(200),
    highLabel: z.string().max(200),
    description: longText,
  })
  .refine(({ minimum, maximum }) => minimum < maximum, { message: 'minimum must be below maximum' })
  .refine(({ minimum, maximum, neutral }) => minimum <= neutral && neutral <= maximum, {
    message: 'neutral must lie between minimum and maximum',
  })

const unique =
  <K extends string>(field: K) =>
  (items: readonly Readonly<Record<K, string | null>>[]): boolean => {
    const values = items.map((item) => item[field]).filter((value) => value !== null)
    return new Set(values).size === values.length
  }

export const codingSchemeSchema: z.ZodType<CodingScheme> = z.strictObject({
  name: z.string().max(200),
  isLocked: z.boolean(),
  codes: z
    .array(codeSchema)
    .max(500)
    .refine(unique('id'), { message: 'two codes have the same id' })
    .refine(unique('name'), { message: 'two codes have the same name' })
    .refine(unique('key'), { message: 'two codes have the same key' }),
  dimensions: z
    .array(dimensionSchema)
    .max(50)
    .refine(unique('id'), { message: 'two ratings have the same id' })
    .refine(unique('name'), { message: 'two ratings have the same name' }),
})

const variableValues = z.record(z.string().max(200), z.string().max(10_000))

export const studySchema: z.ZodType<Study> = z.strictObject({
  scheme: codingSchemeSchema,
  observers: z
    .array(z.strictObject({ id, name, isBlind: z.boolean() }))
    .max(200)
    .refine(unique('id'), { message: 'two observers have the same id' })
    .refine(unique('name'), { message: 'two observers have the same name' }),
  subjects: z
    .array(z.strictObject({ id, name, description: longText, variables: variableValues }))
    .max(10_000)
    .refine(unique('id'), { message: 'two subjects have the same id' })
    .refine(unique('name'), { message: 'two subjects have the same name' }),
  variables: z
    .array(
      z.strictObject({
        id,
        name,
        scope: z.enum(['clip', 'subject']),
        kind: z.enum(['text', 'number', 'choice']),
        choices: z.array(z.string().max(1000)).max(1000),
        description: longText,
      }),
    )
    .max(500)
    .refine(unique('id'), { message: 'two variables have the same id' })
    .refine(unique('name'), { message: 'two variables have the same name' }),
})

const base = { id, observerId: id, editedAt: stamp }
const subjectId = z.string().max(200)

const segmentSchema = z
  .strictObject({
    ...base,
    kind: z.literal('segment'),
    subjectId,
    codeId: id,
    startSecs: secs,
    endSecs: secs,
    status: z.enum(['added', 'confirmed', 'edited', 'rejected']),
    orig: z
      .strictObject({
        segmentId: z.string().max(200),
        tier: z.string().max(1000),
        label: z.string().max(1000),
        startSecs: secs,
        endSecs: secs,
      })
      .nullable(),
    confidence: z.number().min(0).max(1).nullable(),
    comment: longText,
  })
  .refine(({ startSecs, endSecs }) => endSecs >= startSecs, { message: 'endSecs is before startSecs' })

const ratingSchema = z
  .strictObject({
    ...base,
    kind: z.literal('rating'),
    subjectId,
    dimensionId: id,
    timesSecs: z.array(secs).max(1_000_000),
    values: z.array(z.number().finite()).max(1_000_000),
    reactionTimeSecs: z.number().min(-10).max(10),
    endSecs: secs,
    comment: longText,
  })
  .refine(({ timesSecs, values }) => timesSecs.length === values.length, {
    message: 'timesSecs and values must have the same length',
  })

const stretch = { startSecs: secs, endSecs: secs }

export const annotationItemSchema: z.ZodType<AnnotationItem> = z.discriminatedUnion('kind', [
  segmentSchema,
  ratingSchema,
  z.strictObject({ ...base, kind: z.literal('exclusion'), ...stretch, reason: longText }),
  z.strictObject({ ...base, kind: z.literal('baseline'), subjectId, ...stretch }),
  z.strictObject({ ...base, kind: z.literal('comment'), atSecs: secs.nullable(), text: longText }),
  z.strictObject({
    ...base,
    kind: z.literal('track'),
    faceId: z.number().int().min(0),
    startSecs: secs.nullable(),
    endSecs: secs.nullable(),
    subjectId,
  }),
  z.strictObject({ ...base, kind: z.literal('variable'), variableId: id, value: z.string().max(10_000) }),
  z.strictObject({ ...base, kind: z.literal('done') }),
  z.strictObject({
    ...base,
    kind: z.literal('review'),
    momentKind: z.enum(['disagreement', 'low-confidence']),
    faceId: z.number().int(),
    ...stretch,
    outcome: z.enum(['agreed', 'corrected', 'unclear']),
  }),
])

export const annotationChangeSchema: z.ZodType<AnnotationChange> = z.union([
  z.strictObject({ put: annotationItemSchema }),
  z.strictObject({ remove: id }),
])

export const annotationEditSchema: z.ZodType<AnnotationEdit> = z.strictObject({
  changes: z.array(annotationChangeSchema).min(1).max(100_000),
  title: z.string().max(1000),
})
