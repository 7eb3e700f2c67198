import { z } from 'zod'
import { UnmaskError } from '../errors'
import {
  displayParametersSchema,
  fusionParametersSchema,
  smoothingParametersSchema,
} from '../fusion/parameters'

export const segmentParametersSchema = z.object({
  /** Shorter episodes are dropped. */
  minimumSecs: z.number().min(0).default(0.3),
  /** Two episodes of one emotion with at most this between them become one. */
  mergeGapSecs: z.number().min(0).default(0.2),
  /** Rows whose windowed probability is lower carry no label; 0 switches the rule off. */
  minimumConfidence: z.number().min(0).max(1).default(0),
  /**
   * Labels are the majority over a window of this length centred on the row. Centred, so that an edge can move by half
   * of it at most and never lags; the causal exponential average is not used here.
   */
  voteWindowSecs: z.number().min(0).max(1).default(0.3),
})

export type SegmentParameters = z.infer<typeof segmentParametersSchema>

export const summaryParametersSchema = z.object({
  /** Width of the bins of summary_long.csv; null: one bin, the whole clip. */
  binSecs: z.number().positive().nullable().default(null),
  /** Two faces at once in at least this share of the analysed frames: the faces are summarised one by one. */
  severalFacesShare: z.number().min(0).max(1).default(0.05),
  /** ... those that are seen in at least this share of the analysed frames. */
  minimumFaceShare: z.number().min(0).max(1).default(0.1),
})

/** Everything that decides what is written for a clip; stands whole in its meta.json. */
export const analysisSettingsSchema = z.object({
  formatVersion: z.literal(1).default(1),
  modalities: z
    .array(z.enum(['face', 'speech', 'fusion']))
    .min(1)
    .default(['face', 'speech', 'fusion']),
  /** Frames analysed per second of video; 'all': every decoded frame. */
  framesPerSec: z.union([z.literal('all'), z.number().positive()]).default('all'),
  speech: z
    .object({
      windowSecs: z.number().positive().default(2.5),
      hopSecs: z.number().positive().default(0.25),
    })
    .prefault({}),
  fusion: fusionParametersSchema.prefault({}),
  smoothing: smoothingParametersSchema.prefault({}),
  display: displayParametersSchema.prefault({}),
  segments: segmentParametersSchema.prefault({}),
  summary: summaryParametersSchema.prefault({}),
})

export type AnalysisSettings = z.infer<typeof analysisSettingsSchema>
export type AnalysisSettingsInput = z.input<typeof analysisSettingsSchema>

/**
 * Fills in the defaults.
 * @throws UnmaskError 'usage.invalid' naming the parameter
 */
export function analysisSettings(input: AnalysisSettingsInput = {}): AnalysisSettings {
  const parsed = analysisSettingsSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError('usage.invalid', `setting ${issue?.path.join('.')}: ${issue?.message ?? 'invalid'}`)
}
