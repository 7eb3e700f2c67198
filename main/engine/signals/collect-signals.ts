import type { AudioBlock } from '../media/types'
import { readContinuous } from '../speech/collect-features'
import { MfccExtractor, type MfccFrame } from '../speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS as PARAMETERS } from '../speech/mfcc-parameters'
import {
  LOG_MEL_BANDS,
  LOG_MEL_OFFSET,
  LOG_MEL_SCALE,
  logMelCodec,
  MFCC_ROWS,
  MFCC_STEPS,
  mfccCodec,
} from './codecs'
import { Histogram } from './histogram'
import type { GrowingLevels } from './levels'
import { MeanPyramid } from './mean-pyramid'
import { displayBank, type SignalFacts, SIGNAL_RATE_HZ, SoundSignals } from './sound-signals'
import { WaveformPyramid } from './waveform-pyramid'

/** Quiet parts fill the picture of many clips: the range begins just above them, and single clicks do not end it. */
const LOG_MEL_SHARES = [0.02, 0.998] as const
const MFCC_SHARES = [0.01, 0.99] as const
const MFCC_REACH = 32_768 / MFCC_STEPS

export interface CollectSignalsOptions {
  readonly signal?: AbortSignal
  /** Called after each block with the seconds of sound read so far. */
  readonly onProgress?: (readSecs: number) => void
}

/**
 * Turns a stream of sound into SoundSignals; no samples are kept. An hour takes some 70 MB: 29 MB of spectrogram, 22 MB of
 * waveform, 19 MB of features.
 */
export class SignalCollector {
  readonly #waveform = new WaveformPyramid()
  readonly #logMel = new MeanPyramid(LOG_MEL_BANDS, logMelCodec)
  readonly #mfcc = new MeanPyramid(MFCC_ROWS, mfccCodec)
  readonly #extractor = new MfccExtractor(PARAMETERS)
  readonly #bands = new Float64Array(LOG_MEL_BANDS)
  readonly #powers = new Histogram(LOG_MEL_OFFSET, LOG_MEL_OFFSET + 256 * LOG_MEL_SCALE, 256)
  readonly #features = Array.from({ length: MFCC_ROWS }, () => new Histogram(-MFCC_REACH, MFCC_REACH, 2048))
  #startSample = 0
  #samples = 0
  #isComplete = false

  /** What has been read so far; grows while `collect` runs. */
  readonly signals: SoundSignals

  constructor() {
    this.signals = new SoundSignals(this.levels, () => this.#facts())
  }

  get levels(): {
    readonly waveform: GrowingLevels
    readonly logMel: GrowingLevels
    readonly mfcc: GrowingLevels
  } {
    return { waveform: this.#waveform.levels, logMel: this.#logMel.levels, mfcc: this.#mfcc.levels }
  }

  /**
   * Reads the sound to its end. Call once.
   * @param blocks mono at SIGNAL_RATE_HZ; gaps between them are silence
   * @throws UnmaskError 'cancelled', and whatever `blocks` throws
   */
  async collect(
    blocks: AsyncIterable<AudioBlock>,
    { signal, onProgress }: CollectSignalsOptions = {},
  ): Promise<void> {
    const { startSample } = await readContinuous(
      this.#noting(blocks),
      (samples) => {
        this.#waveform.push(samples)
        this.#extractor.push(samples, this.#keep)
        this.#samples += samples.length
      },
      { signal, onBlock: (end, start) => onProgress?.((end - start) / SIGNAL_RATE_HZ) },
    )
    this.#startSample = startSample
    this.#waveform.finish()
    this.#logMel.finish()
    this.#mfcc.finish()
    this.#isComplete = true
  }

  /** The start is known with the first block, and wanted while reading. */
  async *#noting(blocks: AsyncIterable<AudioBlock>): AsyncGenerator<AudioBlock> {
    for await (const block of blocks) {
      if (this.#samples === 0) this.#startSample = block.startSample
      yield block
    }
  }

  readonly #keep = ({ power, base }: MfccFrame): void => {
    displayBank().logPower(power, PARAMETERS.powerFloor, this.#bands)
    this.#logMel.push(this.#bands)
    this.#mfcc.push(base)
    for (const logPower of this.#bands) this.#powers.add(logPower)
    for (let row = 0; row < MFCC_ROWS; row++) this.#features[row]!.add(base[row]!)
  }

  #facts(): SignalFacts {
    const [lowShare, highShare] = MFCC_SHARES
    return {
      startSample: this.#startSample,
      endSample: this.#startSample + this.#samples,
      isComplete: this.#isComplete,
      logMelLow: this.#powers.percentile(LOG_MEL_SHARES[0]),
      logMelHigh: this.#powers.percentile(LOG_MEL_SHARES[1]),
      mfccLow: this.#features.map((histogram) => histogram.percentile(lowShare)),
      mfccHigh: this.#features.map((histogram) => histogram.percentile(highShare)),
    }
  }
}
