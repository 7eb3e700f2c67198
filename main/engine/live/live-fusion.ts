import { EMOTION_COUNT } from '../emotions'
import type { FaceObservation } from '../face/types'
import { DisplayLabel } from '../fusion/display-label'
import { evidence, fuse, isPresent, type ModalityReading, productScores, softmax } from '../fusion/fuse'
import { faceGate, speechGate } from '../fusion/gates'
import { createLabelMap, type LabelledModel, type LabelMap } from '../fusion/label-map'
import { ExponentialSmoother } from '../fusion/smoothing'
import { areDisagreeing } from '../fusion/disagreement'
import type { TimelineFaceModel } from '../timeline/row-builder'
import type { AnalysisSettings } from '../timeline/settings'
import type { VoiceState } from './live-voice'

export interface LiveFusionOptions {
  readonly faceCard: TimelineFaceModel | null
  readonly speechCard: LabelledModel | null
  readonly settings: AnalysisSettings
}

/** A voice reading in canonical emotions. */
export interface FusedVoice extends VoiceState {
  /** Shape [7]; null without speech. */
  readonly probs: Float32Array | null
  readonly gate: number
  /** Fusion with the voice alone. */
  readonly fusionProbs: Float32Array | null
}

export interface FusedFace {
  readonly face: FaceObservation
  readonly probs: Float32Array
  readonly gate: number
  readonly fusionProbs: Float32Array | null
  readonly shownProbs: Float32Array
  readonly shownLabel: number
  /** Null where fusion has not both readings. */
  readonly isDisagreeing: boolean | null
}

interface FaceMemory {
  readonly smoother: ExponentialSmoother
  readonly label: DisplayLabel
  lastSecs: number
}

/** A reading of the voice speaks for this long after it was made, beyond the hop until the next one. */
const VOICE_LASTS_SECS = 0.5
/** What is known of a face that was not seen for so long is forgotten, so that memory does not grow. */
const FORGET_SECS = 5

/**
 * Puts face and voice of this moment together as the recorded analysis does, with the parts of it that are causal: gates,
 * fusion, the exponential average of evidence, the displayed label with hysteresis.
 */
export class LiveFusion {
  private readonly faceMap: LabelMap | null
  private readonly speechMap: LabelMap | null
  private readonly faces = new Map<number, FaceMemory>()
  private readonly scores = new Float64Array(EMOTION_COUNT)
  private readonly seen = new Float64Array(EMOTION_COUNT)
  private readonly heard = new Float64Array(EMOTION_COUNT)

  constructor(private readonly options: LiveFusionOptions) {
    this.faceMap = options.faceCard && createLabelMap(options.faceCard)
    this.speechMap = options.speechCard && createLabelMap(options.speechCard)
  }

  addVoice(state: VoiceState): FusedVoice {
    const { fusion } = this.options.settings
    if (!state.modelProbs || !this.speechMap) return { ...state, probs: null, gate: 0, fusionProbs: null }
    const probs = new Float32Array(EMOTION_COUNT)
    this.speechMap.map(state.modelProbs, probs)
    const gate = speechGate(state, fusion.gates.speech)
    const fused = new Float32Array(EMOTION_COUNT)
    const hasFused = fuse(null, { probs, prior: this.speechMap.prior, gate }, fusion, fused)
    return { ...state, probs, gate, fusionProbs: hasFused ? fused : null }
  }

  /**
   * @param voice the newest reading and when it was made; it counts only while it is fresh
   * @param timeSecs not before the last call's
   */
  addFaces(
    faces: readonly FaceObservation[],
    voice: { readonly reading: FusedVoice; readonly madeSecs: number } | null,
    timeSecs: number,
  ): FusedFace[] {
    for (const [id, { lastSecs }] of this.faces) if (timeSecs - lastSecs > FORGET_SECS) this.faces.delete(id)
    const isFresh =
      voice !== null && timeSecs - voice.madeSecs <= this.options.settings.speech.hopSecs + VOICE_LASTS_SECS
    const spoken = isFresh ? this.asModality(voice.reading) : null
    return faces.map((face) => this.addFace(face, spoken, timeSecs))
  }

  private asModality({ probs, gate }: FusedVoice): ModalityReading | null {
    return probs && this.speechMap ? { probs, prior: this.speechMap.prior, gate } : null
  }

  private addFace(face: FaceObservation, spoken: ModalityReading | null, timeSecs: number): FusedFace {
    const { settings, faceCard } = this.options
    if (!this.faceMap || !faceCard) throw new Error('a face without a face model')
    const probs = new Float32Array(EMOTION_COUNT)
    this.faceMap.map(face.modelProbs, probs)
    const gate = faceGate(face, faceCard.input.crop.levelEyes, settings.fusion.gates.face)
    const own: ModalityReading = { probs, prior: this.faceMap.prior, gate }
    const fused = new Float32Array(EMOTION_COUNT)
    const hasFused = fuse(own, spoken, settings.fusion, fused)
    const shownProbs = this.smooth(
      own,
      hasFused ? spoken : null,
      hasFused ? fused : probs,
      face.trackId,
      timeSecs,
    )
    const shownLabel = this.memoryOf(face.trackId, timeSecs).label.next(shownProbs, 0, timeSecs)
    const hasBoth = isPresent(own) && isPresent(spoken)
    return {
      face,
      probs,
      gate,
      fusionProbs: hasFused ? fused : null,
      shownProbs,
      shownLabel,
      isDisagreeing: hasBoth ? areDisagreeing(own, spoken, settings.fusion.disagreement) : null,
    }
  }

  /** The Markov filter looks ahead, or needs the whole clip: live, every method but 'none' is the exponential average. */
  private smooth(
    own: ModalityReading,
    spoken: ModalityReading | null,
    raw: Float32Array,
    id: number,
    timeSecs: number,
  ): Float32Array {
    const { fusion, smoothing } = this.options.settings
    if (smoothing.method === 'none') return raw
    evidence(own, fusion.floor, this.seen)
    const mean = this.memoryOf(id, timeSecs).smoother.next(this.seen, timeSecs)
    const shown = new Float32Array(EMOTION_COUNT)
    for (let emotion = 0; emotion < EMOTION_COUNT; emotion++)
      this.scores[emotion] = (mean[emotion] ?? 0) + Math.log(own.prior[emotion] ?? Number.NaN)
    softmax(this.scores, shown)
    if (fusion.method !== 'product') {
      const summed = new Float32Array(EMOTION_COUNT)
      return fuse({ ...own, probs: shown }, spoken, fusion, summed) ? summed : shown
    }
    if (spoken) evidence(spoken, fusion.floor, this.heard)
    productScores(
      { evidence: mean, gate: own.gate },
      spoken && { evidence: this.heard, gate: spoken.gate },
      fusion,
      this.scores,
    )
    softmax(this.scores, shown)
    return shown
  }

  private memoryOf(id: number, timeSecs: number): FaceMemory {
    const { smoothing, display } = this.options.settings
    const known = this.faces.get(id)
    if (known) {
      known.lastSecs = timeSecs
      return known
    }
    const memory = {
      smoother: new ExponentialSmoother(smoothing),
      label: new DisplayLabel({ ...display, restartGapSecs: smoothing.restartGapSecs }),
      lastSecs: timeSecs,
    }
    this.faces.set(id, memory)
    return memory
  }
}
