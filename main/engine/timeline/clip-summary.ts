import { z } from 'zod'
import { EMOTION_COUNT, EMOTIONS } from '../emotions'

/**
 * What summary.csv and summary_long.csv say of a clip. It stands in the clip's meta.json, so that the folder's tables
 * can be written at any time without the clips. Null: not defined, an empty cell.
 */

const emotionName = z.enum(EMOTIONS)
const finite = z.number()

export const emotionStatisticsSchema = z.object({
  meanP: finite.nullable(),
  maxP: finite.nullable(),
  /** Share of the observed time in which this emotion is the label. */
  prop: finite.nullable(),
  bouts: z.number().int().nullable(),
  totalSecs: finite.nullable(),
  meanSecs: finite.nullable(),
  sdSecs: finite.nullable(),
  minSecs: finite.nullable(),
  maxSecs: finite.nullable(),
  ratePerMin: finite.nullable(),
  latencySecs: finite.nullable(),
})

export const modalityStatisticsSchema = z.object({
  modality: z.enum(['face', 'speech', 'fusion']),
  /** Time in which the modality has a reading. */
  observedSecs: finite,
  dominant: emotionName.nullable(),
  emotions: z.array(emotionStatisticsSchema).length(EMOTION_COUNT),
})

export const binStatisticsSchema = z.object({
  startSecs: finite,
  endSecs: finite,
  modalities: z.array(modalityStatisticsSchema).length(3),
})

export const subjectSummarySchema = z.object({
  subjectId: z.string(),
  /** Null: all faces of the clip, taken as one person. */
  faceId: z.number().int().nullable(),
  faceCoverage: finite.nullable(),
  longestGapSecs: finite,
  finalDominant: emotionName.nullable(),
  faceSpeechAgreement: finite.nullable(),
  whole: z.array(modalityStatisticsSchema).length(3),
  bins: z.array(binStatisticsSchema).min(1),
})

export const clipSummarySchema = z.object({
  durationSecs: finite,
  frameCount: z.number().int(),
  analysedFrameCount: z.number().int(),
  speechSecs: finite.nullable(),
  excludedSecs: finite,
  editedSegmentCount: z.number().int(),
  subjects: z.array(subjectSummarySchema).min(1),
})

export type EmotionStatistics = z.infer<typeof emotionStatisticsSchema>
export type ModalityStatistics = z.infer<typeof modalityStatisticsSchema>
export type BinStatistics = z.infer<typeof binStatisticsSchema>
export type SubjectSummary = z.infer<typeof subjectSummarySchema>
export type ClipSummary = z.infer<typeof clipSummarySchema>
