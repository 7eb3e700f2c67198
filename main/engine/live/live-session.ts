import type { ClipModels } from '../clip-models'
import { UnmaskError } from '../errors'
import type { Picture } from '../face/resample'
import type { AnalysisSettings } from '../timeline/settings'
import { LiveFaces } from './live-faces'
import { type FusedFace, type FusedVoice, LiveFusion } from './live-fusion'
import { type FeatureColumn, LiveVoice } from './live-voice'

export interface LiveSessionOptions {
  readonly models: ClipModels
  readonly settings: AnalysisSettings
  /** Called for each analysis frame of the sound. */
  readonly onColumn?: (column: FeatureColumn) => void
  /** Called once a hop while sound comes. */
  readonly onVoice?: (voice: FusedVoice, timeSecs: number) => void
}

export interface LiveMoment {
  readonly timeSecs: number
  readonly faces: readonly FusedFace[]
  /** The newest reading of the voice; null where no sound comes. */
  readonly voice: FusedVoice | null
}

/** Sound that has not come for so long does not come: the microphone is gone. */
const SOUND_LOST_SECS = 1

/** Everything about one live session: faces frame by frame, the voice hop by hop, both on one clock. Memory does not grow. */
export class LiveSession {
  readonly voice: LiveVoice
  private readonly faces: LiveFaces | null
  private readonly fusion: LiveFusion
  private newest: { readonly reading: FusedVoice; readonly madeSecs: number } | null = null
  private lastFrameSecs = Number.NEGATIVE_INFINITY
  private nextReadSecs = Number.NEGATIVE_INFINITY
  private isReading = false

  constructor(private readonly options: LiveSessionOptions) {
    const { models, settings } = options
    this.faces = models.face && new LiveFaces(models.face)
    this.voice = new LiveVoice({ model: models.speech, ...settings.speech })
    this.fusion = new LiveFusion({
      faceCard: models.face?.model.card ?? null,
      speechCard: models.speech?.card ?? null,
      settings,
    })
  }

  /** @throws UnmaskError 'usage.invalid' where the session has no face model or time runs backwards */
  async addFrame(picture: Picture, timeSecs: number): Promise<LiveMoment> {
    if (!this.faces) throw new UnmaskError('usage.invalid', 'this session was begun without faces')
    if (!(timeSecs > this.lastFrameSecs))
      throw new UnmaskError(
        'usage.invalid',
        `the frame of ${timeSecs} s comes after that of ${this.lastFrameSecs} s; frames must be in order`,
      )
    this.lastFrameSecs = timeSecs
    const observations = await this.faces.read(picture, timeSecs)
    const faces = this.fusion.addFaces(observations, this.newest, timeSecs)
    const isHeard = this.newest !== null && timeSecs - this.newest.madeSecs <= SOUND_LOST_SECS
    return { timeSecs, faces, voice: isHeard ? (this.newest?.reading ?? null) : null }
  }

  /** Takes sound; a reading is made once a hop, never two at a time. */
  async addSound(samples: Float32Array, startSecs: number): Promise<void> {
    this.voice.push(samples, startSecs, this.options.onColumn)
    const nowSecs = this.voice.heardSecs
    if (this.isReading || nowSecs < this.nextReadSecs) return
    this.isReading = true
    try {
      const { hopSecs } = this.options.settings.speech
      this.nextReadSecs = nowSecs + hopSecs
      const reading = this.fusion.addVoice(await this.voice.read())
      this.newest = { reading, madeSecs: nowSecs }
      this.options.onVoice?.(reading, nowSecs)
    } finally {
      this.isReading = false
    }
  }
}
