import type { FaceCard, SpeechCard } from '../inference/card'
import type { MediaInfo } from '../media/types'
import type { AnalysisSettings } from '../timeline/settings'

/** The part of a card that exports quote. */
type Quoted =
  'id' | 'title' | 'licence' | 'attribution' | 'labels' | 'prior' | 'calibration' | 'training' | 'files'
export type ExportedCard = Pick<FaceCard, Quoted> | Pick<SpeechCard, Quoted>

/** What is known of a clip beside its timeline. */
export interface ClipContext {
  /** Unique in the results folder and fit for a file name; result files are called after it. */
  readonly clipId: string
  readonly fileName: string
  readonly mediaPath: string
  /** Of the media file; null where it was not computed. */
  readonly sha256: string | null
  readonly media: MediaInfo
  readonly settings: AnalysisSettings
  readonly faceCard: ExportedCard | null
  readonly speechCard: ExportedCard | null
  readonly appVersion: string
  /** Backend that ran the models, for example "tensorflow", and what is worth knowing of it. */
  readonly backend: { readonly name: string; readonly details?: Readonly<Record<string, string>> }
  /** Versions of what the result depends on: node, ffmpeg, tfjs. */
  readonly versions: Readonly<Record<string, string>>
  /** Parameters of the analysis that are no settings, by part: detection, voice activity, front end and so on. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Seconds spent by stage. */
  readonly timingsSecs: Readonly<Record<string, number>>
  /** ISO 8601 UTC: the only value that differs between two runs on the same input. */
  readonly analysedAt: string
  /** Why the media could not be read to its end; empty for sound files. */
  readonly damage?: readonly string[]
  /** The researcher's names of faces, by face id. */
  readonly subjects?: Readonly<Record<string, string>>
  /** Independent variables of the study, by name. */
  readonly variables?: Readonly<Record<string, string>>
}

/** What the formats on request need of a clip; a clip's meta.json alone tells it too. */
export interface ExportContext extends Pick<
  ClipContext,
  'clipId' | 'mediaPath' | 'settings' | 'appVersion' | 'analysedAt' | 'subjects'
> {
  readonly media: {
    readonly video: { readonly nominalFps: number | null; readonly measuredFps: number | null } | null
    readonly audio: object | null
  }
  /** Null where the modality was not asked for. */
  readonly faceCard: { readonly id: string } | null
  readonly speechCard: { readonly id: string } | null
}

export interface ExportOptions {
  readonly long: boolean
  readonly eaf: boolean
  readonly textgrid: boolean
  readonly boris: boolean
  /** Needs a timeline that was analysed with landmarks. */
  readonly landmarks?: boolean
  /** Byte order mark in front of the CSV files, which older Excel needs for UTF-8. */
  readonly bom: boolean
}

/** Name of what made the fused values, where a model's id is wanted. */
export function fusionId(settings: AnalysisSettings): string {
  return `fusion-${settings.fusion.method}`
}
