import { z } from 'zod'
import { analysisSettingsSchema } from '../timeline/settings'

/** What a result file depends on; two runs with equal options (and backend) write equal CSV. */
export const labelOptionsSchema = z.object({
  settings: analysisSettingsSchema,
  exports: z.object({
    long: z.boolean(),
    eaf: z.boolean(),
    textgrid: z.boolean(),
    boris: z.boolean(),
    /** Younger than the others: a journal without it was written without landmarks. */
    landmarks: z.boolean().default(false),
    bom: z.boolean(),
  }),
})

export type LabelOptions = z.infer<typeof labelOptionsSchema>

export const clipJobSchema = z.object({
  /** Unique in the results folder; the first part of the result files' names. */
  clipId: z.string().min(1),
  path: z.string().min(1),
  outFolder: z.string().min(1),
  options: labelOptionsSchema,
})

export type ClipJob = z.infer<typeof clipJobSchema>

export const CLIP_STAGES = ['probe', 'hash', 'speech', 'face', 'write'] as const

export const clipProgressSchema = z.object({
  stage: z.enum(CLIP_STAGES),
  /** Share of the clip done, 0..1; null while the length is not known. */
  fraction: z.number().min(0).max(1).nullable(),
  /** Decoded frames read so far. */
  frames: z.number().int().min(0),
  /** Seconds of sound heard, then classified; moves on in the speech stage also where no length is known. */
  audioSecs: z.number().min(0).optional(),
})

export type ClipProgress = z.infer<typeof clipProgressSchema>

/** A clip that was written. */
export const clipOutcomeSchema = z.object({
  files: z.array(z.string()),
  frames: z.number().int().min(0),
  warnings: z.array(z.string()),
  wallSecs: z.number().min(0),
})

export type ClipOutcome = z.infer<typeof clipOutcomeSchema>
