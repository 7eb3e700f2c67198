import { EMOTION_COUNT } from '../emotions'
import { UnmaskError } from '../errors'
import type { FaceFrame, FaceObservation } from '../face/types'
import { areDisagreeing } from '../fusion/disagreement'
import { fuse, isPresent, type ModalityReading } from '../fusion/fuse'
import { faceGate, speechGate } from '../fusion/gates'
import { createLabelMap, type LabelledModel, type LabelMap } from '../fusion/label-map'
import type { MediaInfo } from '../media/types'
import type { SpeechTimeline } from '../speech/types'
import { addDisplayedLabels } from './display-rows'
import { LandmarkStore } from './landmark-store'
import { RowStore } from './row-store'
import { findSegments } from './segments'
import type { AnalysisSettings } from './settings'
import { addSmoothedProbs } from './smooth-rows'
import { createSpeechLookup, type SpeechLookup } from './speech-lookup'
import { type ClipTimeline, QUALITIES, type Quality } from './types'

/** What the timeline needs of a face card. */
export interface TimelineFaceModel extends LabelledModel {
  readonly input: { readonly crop: { readonly levelEyes: boolean } }
}

export interface TimelineBuilderOptions {
  readonly media: MediaInfo
  /** Null where no face analysis was asked for: frames are then not decoded, rows are speech hops. */
  readonly faceCard: TimelineFaceModel | null
  /** Null where the clip has no audio or speech was not asked for. */
  readonly speech: SpeechTimeline | null
  readonly speechCard: LabelledModel | null
  readonly settings: AnalysisSettings
}

export interface TimelineBuilder {
  /**
   * Takes the next decoded frame; call in order, once for every frame.
   * @throws UnmaskError 'data.invalid' on a frame out of order, or where frames have no place
   */
  add(frame: FaceFrame): void
  /** Something the reader of the results must know; kept in order, repeats dropped. */
  addWarning(text: string): void
  /** Smooths, finds episodes and closes the table. Call once. */
  finish(): ClipTimeline
}

/** Puts faces and voice of one clip on one timeline, row by row, in memory that grows by about 230 bytes a row. */
export function createTimelineBuilder(options: TimelineBuilderOptions): TimelineBuilder {
  return new Builder(options)
}

const EXPECTED_ROWS_WITHOUT_DURATION = 4096
const quality = (name: Quality): number => QUALITIES.indexOf(name)

class Builder implements TimelineBuilder {
  readonly #options: TimelineBuilderOptions
  readonly #rowSource: ClipTimeline['rowSource']
  readonly #store: RowStore
  readonly #faceMap: LabelMap | null
  readonly #speechMap: LabelMap | null
  readonly #lookup: SpeechLookup | null
  readonly #speechProbs: Float32Array
  readonly #warnings: string[] = []
  readonly #landmarks = new LandmarkStore()
  #frameCount = 0
  #analysedCount = 0
  #lastFrame = -1
  #lastSecs = Number.NaN
  #lastSpacingSecs = Number.NaN
  #firstRowOfFrame = 0

  constructor(options: TimelineBuilderOptions) {
    const { media, faceCard, speech, speechCard, settings } = options
    this.#options = options
    this.#rowSource = faceCard && media.video ? 'video' : 'speech-hop'
    this.#faceMap = faceCard ? createLabelMap(faceCard) : null
    this.#speechMap = speechCard ? createLabelMap(speechCard) : null
    this.#lookup = speech ? createSpeechLookup(speech) : null
    this.#speechProbs = mapWindows(speech, this.#speechMap)
    const rate = this.#rowSource === 'video' ? nominalFps(media) : 1 / settings.speech.hopSecs
    const expected = Math.ceil((media.durationSecs ?? Number.NaN) * rate * 1.02)
    this.#store = new RowStore(
      Number.isFinite(expected) ? Math.min(expected, 1e6) : EXPECTED_ROWS_WITHOUT_DURATION,
    )
  }

  add(frame: FaceFrame): void {
    if (this.#rowSource !== 'video')
      throw new UnmaskError(
        'data.invalid',
        `frame ${frame.frameIndex} was added to a timeline without video rows`,
      )
    if (frame.frameIndex <= this.#lastFrame || frame.timeSecs < this.#lastSecs)
      throw new UnmaskError(
        'data.invalid',
        `frame ${frame.frameIndex} at ${frame.timeSecs} s follows frame ${this.#lastFrame} at ${this.#lastSecs} s; ` +
          'frames must be added in order',
      )
    this.#closeFrame(frame.timeSecs - this.#lastSecs)
    this.#lastFrame = frame.frameIndex
    this.#lastSecs = frame.timeSecs
    this.#firstRowOfFrame = this.#store.count
    this.#frameCount++
    if (frame.isAnalysed) this.#analysedCount++
    if (frame.isAnalysed && frame.faces.length > 0) for (const face of frame.faces) this.#addRow(frame, face)
    else this.#addRow(frame, null)
    if (frame.isAnalysed) this.#landmarks.add(frame)
  }

  addWarning(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings.push(text)
  }

  finish(): ClipTimeline {
    const { media, speech, settings } = this.#options
    if (this.#rowSource === 'video') this.#closeFrame(this.#lastFrameSecs())
    else this.#addHops()
    const rows = this.#store.finish()
    const context = {
      rows,
      rowSource: this.#rowSource,
      facePrior: this.#faceMap?.prior ?? null,
      speechPrior: this.#speechMap?.prior ?? null,
      settings,
    }
    addSmoothedProbs(context)
    addDisplayedLabels(context)
    const last = rows.count - 1
    const rowsEndSecs = last < 0 ? 0 : (rows.timeSecs[last] ?? 0) + (rows.durSecs[last] ?? 0)
    const durationSecs = Math.max(rowsEndSecs, speech?.span.endSecs ?? 0)
    this.#warnOfLoss(rowsEndSecs)
    this.#warnOfContent(media)
    return {
      frameCount: this.#frameCount,
      analysedFrameCount: this.#analysedCount,
      rowSource: this.#rowSource,
      durationSecs,
      rows,
      speech,
      speechWindowProbs: this.#speechProbs,
      ...(this.#landmarks.count > 0 && { landmarks: this.#landmarks.finish() }),
      segments: findSegments({ ...context, speech, speechWindowProbs: this.#speechProbs }),
      warnings: [...this.#warnings],
    }
  }

  /** The rows of the last frame last until the next one. */
  #closeFrame(spacingSecs: number): void {
    if (Number.isNaN(this.#lastSecs)) return
    this.#lastSpacingSecs = spacingSecs
    for (let row = this.#firstRowOfFrame; row < this.#store.count; row++)
      this.#store.columns.durSecs[row] = spacingSecs
  }

  /** Nothing follows the last frame: it lasts as long as the one before, else as the nominal rate says. */
  #lastFrameSecs(): number {
    if (this.#lastSpacingSecs > 0) return this.#lastSpacingSecs
    const rate = nominalFps(this.#options.media)
    return Number.isFinite(rate) ? 1 / rate : 0
  }

  #addRow(frame: FaceFrame, face: FaceObservation | null): void {
    const { settings, faceCard } = this.#options
    const row = this.#store.push()
    const columns = this.#store.columns
    columns.frame[row] = frame.frameIndex
    columns.timeSecs[row] = frame.timeSecs
    columns.quality[row] = quality(face?.quality ?? (frame.isAnalysed ? 'no_face' : 'not_analysed'))
    if (frame.isAnalysed) columns.faceCount[row] = frame.faces.length
    if (face && this.#faceMap && faceCard) {
      columns.faceId[row] = face.trackId
      columns.faceScore[row] = face.score
      columns.faceBox.set([face.box.x, face.box.y, face.box.w, face.box.h], row * 4)
      columns.faceGate[row] = faceGate(face, faceCard.input.crop.levelEyes, settings.fusion.gates.face)
      this.#faceMap.map(face.modelProbs, columns.faceProbs, row * EMOTION_COUNT)
    }
    this.#addSpeech(row, frame.timeSecs)
    // A frame left out by the rate setting gets no fused value: it would rest on the voice alone and flicker.
    if (frame.isAnalysed) this.#fuseRow(row)
  }

  #addSpeech(row: number, timeSecs: number): number {
    const columns = this.#store.columns
    const speech = this.#options.speech
    if (!speech || !this.#lookup?.isInAudio(timeSecs)) return -1
    columns.speechActive[row] = this.#lookup.isActiveAt(timeSecs) ? 1 : 0
    const index = this.#lookup.windowAt(timeSecs)
    const window = speech.windows[index]
    if (!window) return -1
    columns.speechWindow[row] = index
    columns.speechGate[row] = speechGate(window, this.#options.settings.fusion.gates.speech)
    const from = index * EMOTION_COUNT
    columns.speechProbs.set(this.#speechProbs.subarray(from, from + EMOTION_COUNT), row * EMOTION_COUNT)
    return index
  }

  #fuseRow(row: number): void {
    const { settings } = this.#options
    if (!settings.modalities.includes('fusion')) return
    const columns = this.#store.columns
    const reading = (
      probs: Float32Array,
      map: LabelMap | null,
      gate: number | undefined,
    ): ModalityReading | null =>
      map && gate !== undefined && !Number.isNaN(gate)
        ? { probs, offset: row * EMOTION_COUNT, prior: map.prior, gate }
        : null
    const face = reading(columns.faceProbs, this.#faceMap, columns.faceGate[row])
    const speech = reading(columns.speechProbs, this.#speechMap, columns.speechGate[row])
    fuse(face, speech, settings.fusion, columns.fusionProbs, row * EMOTION_COUNT)
    if (isPresent(face) && isPresent(speech))
      columns.disagree[row] = areDisagreeing(face, speech, settings.fusion.disagreement) ? 1 : 0
  }

  /** Rows of a clip without video: one a speech hop, so that a timeline exists. */
  #addHops(): void {
    const { speech, settings } = this.#options
    if (!speech) return
    const { hopSecs } = settings.speech
    const endSecs = speech.span.endSecs
    for (let step = 0; step * hopSecs < endSecs - 1e-9; step++) {
      const row = this.#store.push()
      const columns = this.#store.columns
      const timeSecs = step * hopSecs
      columns.frame[row] = step
      columns.timeSecs[row] = timeSecs
      columns.durSecs[row] = Math.min(hopSecs, endSecs - timeSecs)
      const window = this.#addSpeech(row, timeSecs)
      columns.quality[row] = quality(this.#hopQuality(columns.speechActive[row] ?? 0, window))
      this.#fuseRow(row)
    }
  }

  #hopQuality(active: number, window: number): Quality {
    if (window >= 0) return 'ok'
    if (active === 1) return 'not_analysed' // speech too short to classify
    return active === 0 ? 'silence' : 'no_audio'
  }

  /** Each stream is compared with what the file states of it: sound may begin before the picture and end before or after. */
  #warnOfLoss(rowsEndSecs: number): void {
    // The decoder mostly says itself that the file ends early, and more exactly.
    if (this.#warnings.length > 0) return
    const { media, speech } = this.#options
    const check = (what: string, statedSecs: number | null | undefined, decodedSecs: number): void => {
      if (!statedSecs || statedSecs - decodedSecs <= Math.max(1, 0.05 * statedSecs)) return
      this.addWarning(
        `the file states ${statedSecs.toFixed(3)} s of ${what} but only ${decodedSecs.toFixed(3)} s could be decoded`,
      )
    }
    if (this.#rowSource === 'video') check('video', media.video?.durationSecs, rowsEndSecs)
    if (speech) check('audio', media.audio?.durationSecs, speech.span.endSecs - speech.span.startSecs)
  }

  #warnOfContent(media: MediaInfo): void {
    const { faceCard, speechCard, settings } = this.#options
    const wantsSpeech = settings.modalities.some((modality) => modality !== 'face')
    const wantsFace = settings.modalities.some((modality) => modality !== 'speech')
    if (media.video && !faceCard)
      this.addWarning('face was not asked for: frames were not decoded, rows are speech hops')
    if (!media.video && wantsFace) this.addWarning('the file has no video stream: there are no face readings')
    if (!media.audio && wantsSpeech)
      this.addWarning('the file has no audio stream: there are no speech readings')
    if (media.audio && speechCard && this.#options.speech?.activity.length === 0)
      this.addWarning('no speech was detected in the audio')
  }
}

function nominalFps(media: MediaInfo): number {
  return media.video?.measuredFps ?? media.video?.nominalFps ?? Number.NaN
}

function mapWindows(speech: SpeechTimeline | null, map: LabelMap | null): Float32Array {
  const probs = new Float32Array((speech?.windows.length ?? 0) * EMOTION_COUNT).fill(Number.NaN)
  speech?.windows.forEach((window, index) => {
    if (window.modelProbs && map) map.map(window.modelProbs, probs, index * EMOTION_COUNT)
  })
  return probs
}
