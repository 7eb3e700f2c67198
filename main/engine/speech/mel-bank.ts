/** Mel scale, O'Shaughnessy 1987: 1000 Hz is about 1000 mel. */
export function hzToMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700)
}

export function melToHz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1)
}

export interface MelBankOptions {
  readonly bands: number
  readonly fftSize: number
  readonly sampleRateHz: number
  readonly lowHz: number
  readonly highHz: number
}

/**
 * Triangular filters, evenly spaced in mel, drawn in Hz, with unit peaks (not normalised by area). Each is kept as its
 * run of non-zero weights.
 */
export class MelBank {
  readonly bands: number
  /** Centre of each band in Hz, shape [bands]. */
  readonly centresHz: Float64Array
  private readonly firstBin: Int32Array
  /** Weights of band b: from offsets[b] to offsets[b + 1]. */
  private readonly offsets: Int32Array
  private readonly weights: Float64Array

  constructor({ bands, fftSize, sampleRateHz, lowHz, highHz }: MelBankOptions) {
    const lowMel = hzToMel(lowHz)
    const stepMel = (hzToMel(highHz) - lowMel) / (bands + 1)
    const edgeHz = Array.from({ length: bands + 2 }, (_, edge) => melToHz(lowMel + edge * stepMel))
    this.bands = bands
    this.centresHz = Float64Array.from(edgeHz.slice(1, -1))
    this.firstBin = new Int32Array(bands)
    this.offsets = new Int32Array(bands + 1)
    const weights: number[] = []
    for (let band = 0; band < bands; band++) {
      const [left = 0, centre = 0, right = 0] = edgeHz.slice(band, band + 3)
      let first = -1
      for (let bin = 0; bin <= fftSize / 2; bin++) {
        const hz = (bin * sampleRateHz) / fftSize
        const weight = Math.min((hz - left) / (centre - left), (right - hz) / (right - centre))
        if (weight <= 0) continue
        if (first < 0) first = bin
        weights.push(weight)
      }
      this.firstBin[band] = Math.max(first, 0)
      this.offsets[band + 1] = weights.length
    }
    this.weights = Float64Array.from(weights)
  }

  /**
   * @param power shape [fftSize / 2 + 1]
   * @param out shape [bands], written: natural log of each band's power, of `floor` where it is less
   */
  logPower(power: Float64Array, floor: number, out: Float64Array): void {
    const { bands, firstBin, offsets, weights } = this
    let index = 0
    for (let band = 0; band < bands; band++) {
      const end = offsets[band + 1]!
      let sum = 0
      for (let bin = firstBin[band]!; index < end; index++, bin++) sum += weights[index]! * power[bin]!
      out[band] = Math.log(sum > floor ? sum : floor)
    }
  }

  /** Dense weights, shape [bands][fftSize / 2 + 1], for display and tests. */
  toMatrix(binCount: number): Float64Array[] {
    return Array.from({ length: this.bands }, (_, band) => {
      const row = new Float64Array(binCount)
      row.set(this.weights.subarray(this.offsets[band], this.offsets[band + 1]), this.firstBin[band])
      return row
    })
  }
}
