import type { MfccFrame } from './mfcc'
import type { MfccParameters } from './mfcc-parameters'

/** Edges of the bands in which speech is looked for: about two critical bands each, telephone band and a bit above. */
export const VAD_BAND_EDGES_HZ = [120, 280, 460, 720, 1080, 1600, 2300, 3300, 5000] as const

/** Lowest power per band whose logarithm is taken: far below any recording, so that gain shifts and nothing else. */
const POWER_FLOOR = 1e-20

export const VAD_BANDS = VAD_BAND_EDGES_HZ.length - 1

/** What is kept of a frame: the level of each band, then the level of the whole frame, all in dB. */
export const VAD_COLUMNS = VAD_BANDS + 1

/** Level of a frame in which every sample is zero. */
export const DIGITAL_SILENCE_DB = 10 * Math.log10(POWER_FLOOR)

/** Turns the front end's frames into the few numbers that voice activity detection keeps; no allocation per frame. */
export class VadFeatures {
  /** Shape [VAD_COLUMNS], rewritten by each call of `take`. */
  readonly row = new Float32Array(VAD_COLUMNS)
  private readonly edges: Int32Array
  private readonly frameSamples: number

  constructor({ fftSize, sampleRateHz, frameSamples }: MfccParameters) {
    const lastBin = fftSize / 2
    this.edges = Int32Array.from(VAD_BAND_EDGES_HZ, (hz) =>
      Math.min(lastBin, Math.round((hz * fftSize) / sampleRateHz)),
    )
    this.frameSamples = frameSamples
  }

  /** @returns `row`: band levels in dB of the power spectrum's mean, then the frame's RMS in dB re full scale */
  take(frame: MfccFrame): Float32Array {
    const { edges, row } = this
    const { power } = frame
    for (let band = 0; band < VAD_BANDS; band++) {
      const first = edges[band]!
      const last = edges[band + 1]!
      let sum = 0
      for (let bin = first; bin < last; bin++) sum += power[bin]!
      row[band] = last > first ? toDb(sum / (last - first)) : DIGITAL_SILENCE_DB
    }
    row[VAD_BANDS] = toDb(frame.rawEnergy / this.frameSamples)
    return row
  }
}

function toDb(power: number): number {
  return 10 * Math.log10(power > POWER_FLOOR ? power : POWER_FLOOR)
}
