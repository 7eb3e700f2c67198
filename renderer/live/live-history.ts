import type { LiveFeatures, LiveReading, LiveVoiceReading } from '../../preload/contract/live-port'
import { ROW_QUALITIES } from '../../preload/contract/viewer-port'
import { VOICE_STATES } from '../plots/coverage-fills'
import { EMOTION_COUNT } from '../plots/series/rows'
import { RollingFeatures } from './rolling-features'
import { RollingStates, RollingValues } from './rolling-series'

/** The longest stretch that the view shows. */
export const HISTORY_SECS = 60
/** No camera gives more frames a second here (see open-track.ts). */
const FRAMES_PER_SEC = 30
/** A speech hop is not shorter in any sensible setting. */
const VOICES_PER_SEC = 20
/** As in the engine: a reading of the voice speaks until the next one is due, and half a second more. */
const VOICE_LASTS_SECS = 0.75

/** What the newest minute looked and sounded like, for the plots; memory does not grow. */
export class LiveHistory {
  readonly face = new RollingValues(EMOTION_COUNT, HISTORY_SECS * FRAMES_PER_SEC)
  readonly fusion = new RollingValues(EMOTION_COUNT, HISTORY_SECS * FRAMES_PER_SEC)
  readonly voice = new RollingValues(EMOTION_COUNT, HISTORY_SECS * VOICES_PER_SEC, 1)
  readonly faceWeight = new RollingValues(1, HISTORY_SECS * FRAMES_PER_SEC)
  readonly voiceWeight = new RollingValues(1, HISTORY_SECS * VOICES_PER_SEC, 1)
  readonly picture = new RollingStates(ROW_QUALITIES.length, HISTORY_SECS * FRAMES_PER_SEC)
  readonly sound = new RollingStates(VOICE_STATES.length, HISTORY_SECS * VOICES_PER_SEC, 1)
  readonly features = new RollingFeatures(HISTORY_SECS)
  private newest = 0
  private lastVoice: LiveVoiceReading | null = null

  /** Session time of the newest of all, seconds. */
  get newestSecs(): number {
    return this.newest
  }

  /** @param faceId the face that the plots are about; null: the largest of each frame */
  addReading(reading: LiveReading, faceId: number | null): void {
    const { timeSecs } = reading
    const face = chosenFace(reading, faceId)
    this.face.push(timeSecs, face?.faceProbs ?? null)
    this.fusion.push(timeSecs, face ? face.fusionProbs : this.voiceAlone(timeSecs))
    this.faceWeight.push(timeSecs, face ? [face.faceGate] : null)
    this.picture.push(timeSecs, ROW_QUALITIES.indexOf(face?.quality ?? 'no_face'))
    this.newest = Math.max(this.newest, timeSecs)
  }

  /** @param isAlone without a camera the voice's own fusion is the fused timeline */
  addVoice(voice: LiveVoiceReading, isAlone: boolean): void {
    const { timeSecs } = voice
    this.voice.push(timeSecs, voice.probs)
    this.voiceWeight.push(timeSecs, voice.state === 'speech' ? [voice.gate] : null)
    this.sound.push(timeSecs, VOICE_STATES.indexOf(voice.state))
    this.lastVoice = voice
    if (isAlone) this.fusion.push(timeSecs, voice.fusionProbs)
    this.newest = Math.max(this.newest, timeSecs)
  }

  /** No face: as in a recording, the fused reading then rests on the voice alone, while that is fresh. */
  private voiceAlone(timeSecs: number): Float32Array | null {
    const voice = this.lastVoice
    return voice && timeSecs - voice.timeSecs <= VOICE_LASTS_SECS ? voice.fusionProbs : null
  }

  addFeatures(features: LiveFeatures): void {
    this.features.add(features)
  }

  /** Another face is looked at: what was plotted of the old one is not its past. */
  forgetFace(): void {
    this.face.clear()
    this.fusion.clear()
    this.faceWeight.clear()
    this.picture.clear()
  }

  clear(): void {
    this.forgetFace()
    this.voice.clear()
    this.voiceWeight.clear()
    this.sound.clear()
    this.features.clear()
    this.newest = 0
    this.lastVoice = null
  }
}

/** The face that is meant; the largest where none is named. */
export function chosenFace(
  { faces }: Pick<LiveReading, 'faces'>,
  faceId: number | null,
): LiveReading['faces'][number] | null {
  if (faceId !== null) return faces.find(({ id }) => id === faceId) ?? null
  const area = ({ box: [, , width, height] }: LiveReading['faces'][number]): number => width * height
  return faces.reduce<LiveReading['faces'][number] | null>(
    (largest, face) => (!largest || area(face) > area(largest) ? face : largest),
    null,
  )
}
