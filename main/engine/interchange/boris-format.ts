import { z } from 'zod'

/**
 * BORIS projects, format 7.0 (BORIS 7, 8 and 9), as loosely as BORIS itself reads them: older versions leave keys out and have
 * five cells an event.
 */

const text = z.union([z.string(), z.number().transform(String), z.null().transform(() => '')]).catch('')

export const borisEventSchema = z.tuple([z.union([z.number(), z.string()]), text, text]).rest(z.unknown())

const behaviourSchema = z.looseObject({
  type: text,
  code: z.string(),
  key: text.optional(),
  description: text.optional(),
  color: text.optional(),
  category: text.optional(),
})

const mediaInfoSchema = z
  .looseObject({
    length: z.record(z.string(), z.number()).catch({}).optional(),
    fps: z.record(z.string(), z.number()).catch({}).optional(),
    hasVideo: z.record(z.string(), z.boolean()).catch({}).optional(),
    hasAudio: z.record(z.string(), z.boolean()).catch({}).optional(),
    offset: z
      .record(z.string(), z.union([z.number(), z.string()]))
      .catch({})
      .optional(),
  })
  .catch({})

const observationSchema = z.looseObject({
  file: z.union([z.record(z.string(), z.array(z.string())), z.array(z.string())]).catch({}),
  description: text.optional(),
  'time offset': z.union([z.number(), z.string()]).catch(0).optional(),
  events: z.array(z.unknown()).catch([]),
  independent_variables: z.record(z.string(), text).catch({}).optional(),
  media_info: mediaInfoSchema.optional(),
})

const variableSchema = z.looseObject({
  label: z.string(),
  description: text.optional(),
  type: text.optional(),
  'possible values': text.optional(),
})

export const borisProjectSchema = z.looseObject({
  project_format_version: text.optional(),
  project_name: text.optional(),
  behaviors_conf: z.record(z.string(), behaviourSchema),
  observations: z.record(z.string(), observationSchema),
  independent_variables: z.record(z.string(), variableSchema).catch({}).optional(),
})

export type BorisProject = z.infer<typeof borisProjectSchema>
export type BorisObservation = z.infer<typeof observationSchema>

export const STATE_EVENT = 'State event'
export const POINT_EVENT = 'Point event'
export const NO_FRAME = 'NA'
/** BORIS rounds every time to this when it opens a project. */
export const UNITS_PER_SEC_BORIS = 1000
/** In a comment, in front of our fields; "]]" ends them. */
export const FIELDS_MARK = '[[unmask '
export const FIELDS_END = ']]'

/** A comment that people read, and behind it our fields. */
export function commentWithFields(comment: string, fields: string): string {
  if (fields === '' && !comment.includes(FIELDS_MARK)) return comment
  return `${comment}${comment === '' ? '' : ' '}${FIELDS_MARK}${fields}${FIELDS_END}`
}

export function splitComment(text: string): { comment: string; fields: string | null } {
  const from = text.lastIndexOf(FIELDS_MARK)
  const end = from < 0 ? -1 : text.indexOf(FIELDS_END, from)
  if (end < 0) return { comment: text, fields: null }
  const before = text.slice(0, from)
  const comment = (before.endsWith(' ') ? before.slice(0, -1) : before) + text.slice(end + FIELDS_END.length)
  return { comment, fields: text.slice(from + FIELDS_MARK.length, end) }
}
