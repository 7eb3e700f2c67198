import { DEFAULT_MFCC_PARAMETERS as PARAMETERS } from '../speech/mfcc-parameters'
import { MelBank } from '../speech/mel-bank'
import { decodeMfcc, LOG_MEL_BANDS, LOG_MEL_OFFSET, LOG_MEL_SCALE, MFCC_ROWS } from './codecs'
import { chooseColumns, type Levels } from './levels'
import { decodeWaveform, WAVEFORM_COLUMN_SAMPLES } from './waveform-pyramid'

/** The rate at which sound is looked at: that of the speech front end. */
export const SIGNAL_RATE_HZ = PARAMETERS.sampleRateHz

/** Bounds of the sound and the ranges to draw it in. */
export interface SignalFacts {
  /** Position of the first sample on the clip's clock, and one past the last. */
  readonly startSample: number
  readonly endSample: number
  readonly isComplete: boolean
  /** Percentiles of log power over all bands. */
  readonly logMelLow: number
  readonly logMelHigh: number
  /** Percentiles of each base feature. Shape [MFCC_ROWS]. */
  readonly mfccLow: readonly number[]
  readonly mfccHigh: readonly number[]
}

export interface SignalRange {
  readonly fromSecs: number
  readonly toSecs: number
  readonly maxColumns: number
}

export interface SignalColumns {
  /** Left edge of the first column. */
  readonly startSecs: number
  readonly stepSecs: number
  readonly columns: number
  readonly isComplete: boolean
  readonly soundStartSecs: number
  readonly soundEndSecs: number
}

export const MFCC_ROW_NAMES: readonly string[] = [
  ...Array.from({ length: MFCC_ROWS - 1 }, (_, row) => `MFCC ${row + 1}`),
  'log energy',
]

/** Frames are 20 ms every 10 ms: a frame's column is the hop around its centre. */
const FRAME_EDGE_SAMPLES = (PARAMETERS.frameSamples - PARAMETERS.hopSamples) / 2

/**
 * The sound of a clip as pictures, at any zoom: waveform, log-mel spectrogram and the base features of the speech model.
 * Resolution: waveform 2 ms and 16 bits; spectrogram 10 ms, 40 bands and 0.63 dB; features 10 ms and 1/256.
 */
export class SoundSignals {
  readonly #waveform: Levels
  readonly #logMel: Levels
  readonly #mfcc: Levels
  readonly #facts: () => SignalFacts

  /** @param facts asked for at every reading, since a sound that is still being read grows */
  constructor(
    levels: { readonly waveform: Levels; readonly logMel: Levels; readonly mfcc: Levels },
    facts: () => SignalFacts,
  ) {
    this.#waveform = levels.waveform
    this.#logMel = levels.logMel
    this.#mfcc = levels.mfcc
    this.#facts = facts
  }

  get facts(): SignalFacts {
    return this.#facts()
  }

  /** The first and the last moment of the sound on the clip's clock. */
  get bounds(): { readonly soundStartSecs: number; readonly soundEndSecs: number } {
    const { startSample, endSample } = this.#facts()
    return { soundStartSecs: startSample / SIGNAL_RATE_HZ, soundEndSecs: endSample / SIGNAL_RATE_HZ }
  }

  async waveform(range: SignalRange) {
    const { bytes, ...columns } = await this.#read(this.#waveform, WAVEFORM_COLUMN_SAMPLES, 0, range)
    return { kind: 'waveform' as const, ...columns, ...decodeWaveform(bytes) }
  }

  async logMel(range: SignalRange) {
    const { bytes, ...columns } = await this.#read(
      this.#logMel,
      PARAMETERS.hopSamples,
      FRAME_EDGE_SAMPLES,
      range,
    )
    const { logMelLow, logMelHigh } = this.#facts()
    return {
      kind: 'log-mel' as const,
      ...columns,
      codes: bytes,
      bands: LOG_MEL_BANDS,
      offset: LOG_MEL_OFFSET,
      scale: LOG_MEL_SCALE,
      bandHz: displayBank().centresHz.slice(),
      low: logMelLow,
      high: logMelHigh,
    }
  }

  async mfcc(range: SignalRange) {
    const { bytes, ...columns } = await this.#read(
      this.#mfcc,
      PARAMETERS.hopSamples,
      FRAME_EDGE_SAMPLES,
      range,
    )
    const { mfccLow, mfccHigh } = this.#facts()
    return {
      kind: 'mfcc' as const,
      ...columns,
      values: decodeMfcc(bytes),
      rows: MFCC_ROWS,
      rowNames: MFCC_ROW_NAMES,
      low: Float32Array.from(mfccLow),
      high: Float32Array.from(mfccHigh),
    }
  }

  async #read(
    levels: Levels,
    columnSamples: number,
    edgeSamples: number,
    range: SignalRange,
  ): Promise<SignalColumns & { readonly bytes: Uint8Array<ArrayBuffer> }> {
    const { startSample, isComplete } = this.#facts()
    const stepSecs = columnSamples / SIGNAL_RATE_HZ
    const startSecs = (startSample + edgeSamples) / SIGNAL_RATE_HZ
    const { level, first, end } = chooseColumns(levels, { startSecs, stepSecs }, range)
    const levelStepSecs = stepSecs * 2 ** level
    return {
      startSecs: startSecs + first * levelStepSecs,
      stepSecs: levelStepSecs,
      columns: end - first,
      isComplete,
      ...this.bounds,
      bytes: await levels.read(level, first, end),
    }
  }
}

let bank: MelBank | null = null

/** The bands of the spectrogram. */
export function displayBank(): MelBank {
  const { fftSize, sampleRateHz, lowHz, highHz } = PARAMETERS
  return (bank ??= new MelBank({ bands: LOG_MEL_BANDS, fftSize, sampleRateHz, lowHz, highHz }))
}
