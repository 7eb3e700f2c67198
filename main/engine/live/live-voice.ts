import type { LoadedSpeechModel } from '../inference/registry'
import { classifyWindows } from '../speech/analyse-speech'
import { windowPlan } from '../speech/window-plan'
import { MelBank } from '../speech/mel-bank'
import { MfccExtractor, type MfccFrame } from '../speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS, parseMfccParameters } from '../speech/mfcc-parameters'
import { pitchColumns } from '../speech/pitch-columns'
import { PitchStream } from '../speech/pitch-stream'
import { detectSpeech, type FrameRange } from '../speech/vad'
import { DIGITAL_SILENCE_DB, VAD_BANDS, VAD_COLUMNS, VadFeatures } from '../speech/vad-features'
import { windowLevels } from '../speech/window-levels'
import { RollingRows } from './rolling-rows'

export interface LiveVoiceOptions {
  /** Null: speech is found but not classified. */
  readonly model: LoadedSpeechModel | null
  readonly windowSecs: number
  readonly hopSecs: number
}

/** What the newest sound says; the same states as offline, and 'no_audio' before any came. */
export interface VoiceState {
  readonly state: 'speech' | 'too_short' | 'silence' | 'no_audio'
  /** On the session's clock. */
  readonly startSecs: number
  readonly endSecs: number
  /** Calibrated, in the order of the card's labels; null unless state is 'speech'. */
  readonly modelProbs: Float32Array | null
  readonly speechShare: number
  readonly snrDb: number | null
  readonly rmsDb: number
}

/** One analysis frame as the view draws it. */
export interface FeatureColumn {
  /** Middle of the frame on the session's clock. */
  readonly timeSecs: number
  /** Reused: copy what is to be kept. Shape [13] and [melBands]. */
  readonly base: ArrayLike<number>
  readonly logMel: ArrayLike<number>
  readonly peak: number
}

/**
 * What came earlier is forgotten. The floor of the noise is tracked over ten seconds, and a window is 2.5 s; the level and
 * the melody of a speaker are referenced to what is remembered.
 */
const HISTORY_SECS = 15
/** Sound whose stated time is this much later than its count of samples: blocks were lost in between. */
const GAP_SECS = 0.15
/** Speech is over when it ended this long before now: a shorter pause belongs to it (the detector's own hangover). */
const ENDED_SECS = 0.3

/**
 * Emotion from a voice while it speaks. Causal: a reading rests on what was heard until then, so its edges and references
 * differ a little from those of the recording analysed afterwards, which hears the whole. Memory does not grow.
 */
export class LiveVoice {
  readonly sampleRateHz: number
  private readonly mfcc: ReturnType<typeof parseMfccParameters>
  private readonly plan: ReturnType<typeof windowPlan>
  private readonly vadFeatures: VadFeatures
  private readonly base: RollingRows
  private readonly vadRows: RollingRows
  private readonly pitchHz: RollingRows
  private readonly usesPitch: boolean
  private extractor: MfccExtractor
  private pitch: PitchStream
  /** Session time of the first sample since the last reset; null before any. */
  private startSecs: number | null = null
  private samples = 0
  private frames = 0
  private pitchFrames = 0

  /** @throws UnmaskError 'usage.invalid' for windows the network cannot take */
  constructor(private readonly options: LiveVoiceOptions) {
    const { model } = options
    this.mfcc = model ? parseMfccParameters(model.card.input.features) : DEFAULT_MFCC_PARAMETERS
    this.sampleRateHz = this.mfcc.sampleRateHz
    this.plan = windowPlan(model?.card ?? null, options, this.framesPerSec)
    this.usesPitch = model?.card.members.some(({ pitch }) => pitch) ?? false
    const capacity = Math.ceil(HISTORY_SECS * this.framesPerSec)
    this.vadFeatures = new VadFeatures(this.mfcc)
    this.extractor = new MfccExtractor(this.mfcc)
    this.pitch = new PitchStream(this.mfcc)
    this.base = new RollingRows(this.extractor.width, capacity)
    this.vadRows = new RollingRows(VAD_COLUMNS, capacity)
    this.pitchHz = new RollingRows(1, capacity)
  }

  private get framesPerSec(): number {
    return this.mfcc.sampleRateHz / this.mfcc.hopSamples
  }

  /** From one column of features to the next, seconds. */
  get columnHopSecs(): number {
    return 1 / this.framesPerSec
  }

  /** Middle frequency of each log-mel band, Hz. */
  get bandHz(): Float64Array {
    const { melBands: bands, fftSize, sampleRateHz, lowHz, highHz } = this.mfcc
    return new MelBank({ bands, fftSize, sampleRateHz, lowHz, highHz }).centresHz
  }

  /** Session time up to which sound has come; NaN before any. */
  get heardSecs(): number {
    return this.startSecs === null ? Number.NaN : this.startSecs + this.samples / this.sampleRateHz
  }

  /**
   * Takes the next block. Blocks follow each other by their count of samples, which is steadier than their stated times; only a
   * later one beyond what jitter explains means that sound is missing, and the history begins anew.
   * @param samples mono, within [-1, 1], at sampleRateHz
   * @param startSecs session time of the first sample
   */
  push(samples: Float32Array, startSecs: number, onColumn?: (column: FeatureColumn) => void): void {
    if (this.startSecs === null || startSecs - this.heardSecs > GAP_SECS) this.reset(startSecs)
    const take = (frame: MfccFrame) => {
      this.base.push(frame.base)
      this.vadRows.push(this.vadFeatures.take(frame))
      this.frames++
      onColumn?.({
        timeSecs: this.frameSecs(this.frames - 0.5),
        base: frame.base,
        logMel: frame.logMel,
        peak: peakOf(frame.raw),
      })
    }
    this.extractor.push(samples, take)
    if (this.usesPitch) this.pitch.push(samples, (hz) => (this.pitchHz.push([hz]), this.pitchFrames++))
    this.samples += samples.length
  }

  /** Session time at which frame `frame` begins to be the nearest one. */
  private frameSecs(frame: number): number {
    const { hopSamples, frameSamples } = this.mfcc
    const sample = frame * hopSamples + (frameSamples - hopSamples) / 2
    return (this.startSecs ?? 0) + sample / this.sampleRateHz
  }

  private reset(startSecs: number): void {
    this.startSecs = startSecs
    this.samples = 0
    this.frames = 0
    this.pitchFrames = 0
    this.extractor = new MfccExtractor(this.mfcc)
    this.pitch = new PitchStream(this.mfcc)
    for (const rows of [this.base, this.vadRows, this.pitchHz]) rows.clear()
  }

  /** The reading of this moment. */
  async read(): Promise<VoiceState> {
    const frameCount = this.base.rowCount
    if (frameCount === 0) return ABSENT
    const rows = this.vadRows.newest()
    const vad = detectSpeech(rows, this.framesPerSec)
    const first = this.frames - frameCount
    const range = this.currentSpeech(vad.speech.at(-1), frameCount)
    const state = !range
      ? 'silence'
      : range.end - range.start < this.plan.minimumFrames
        ? 'too_short'
        : 'speech'
    const span = range ?? { start: Math.max(0, frameCount - this.plan.hopFrames), end: frameCount }
    const modelProbs =
      state === 'speech' && this.options.model
        ? await this.classify({ ...span, state }, vad.isSpeech, frameCount)
        : null
    const { speechShare, snrDb } = windowLevels(rows, vad, span, this.plan.windowFrames)
    return {
      state,
      startSecs: this.frameSecs(first + span.start),
      endSecs: this.frameSecs(first + span.end),
      modelProbs,
      speechShare,
      snrDb,
      rmsDb: levelOf(rows, Math.max(0, frameCount - this.plan.hopFrames), frameCount),
    }
  }

  /** The stretch of speech that goes on now, its last window's length of it. */
  private currentSpeech(last: FrameRange | undefined, frameCount: number): FrameRange | null {
    if (!last || frameCount - last.end > ENDED_SECS * this.framesPerSec) return null
    return { start: Math.max(last.start, last.end - this.plan.windowFrames), end: last.end }
  }

  private async classify(
    window: FrameRange & { readonly state: 'speech' },
    isSpeech: Uint8Array,
    frameCount: number,
  ): Promise<Float32Array | null> {
    const { model } = this.options
    if (!model) return null
    const collected = {
      base: this.base.newest(),
      pitch: this.usesPitch ? pitchColumns(this.pitchOf(frameCount)) : null,
      frameCount,
    }
    const probs = await classifyWindows(collected, { isSpeech }, [window], { model })
    return probs.get(window) ?? null
  }

  /** Hz of the frames that are held; the newest one or two, whose pitch has not come yet, are unvoiced. */
  private pitchOf(frameCount: number): Float32Array {
    const out = new Float32Array(frameCount).fill(Number.NaN)
    const late = this.frames - this.pitchFrames
    const known = this.pitchHz.newest()
    for (let frame = 0; frame < frameCount; frame++) {
      const at = known.length - (frameCount - frame) + late
      if (at >= 0 && at < known.length) out[frame] = known[at] ?? Number.NaN
    }
    return out
  }
}

const ABSENT: VoiceState = {
  state: 'no_audio',
  startSecs: Number.NaN,
  endSecs: Number.NaN,
  modelProbs: null,
  speechShare: 0,
  snrDb: null,
  rmsDb: DIGITAL_SILENCE_DB,
}

function peakOf(samples: ArrayLike<number>): number {
  let peak = 0
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0))
  return peak
}

/** RMS level of frames [from, to), dB re full scale. */
function levelOf(rows: Float32Array, from: number, to: number): number {
  let power = 0
  for (let frame = from; frame < to; frame++) {
    const level = rows[frame * VAD_COLUMNS + VAD_BANDS] ?? DIGITAL_SILENCE_DB
    if (level > DIGITAL_SILENCE_DB) power += 10 ** (level / 10)
  }
  return power > 0 ? 10 * Math.log10(power / (to - from)) : DIGITAL_SILENCE_DB
}
