import { UnmaskError } from '../errors'

/**
 * Fourier transform of real signals whose length is a power of two: a complex radix-4 Stockham transform of half the
 * length (no bit reversal; Van Loan, Computational Frameworks for the FFT, 1992, section 1.7) and a split into the real
 * signal's spectrum. Tables and work space are made once, nothing is allocated in a call.
 */
export class RealFft {
  readonly size: number
  /** Spectrum points 0 .. size / 2. */
  readonly binCount: number
  private readonly half: number
  /** cos and sin of the three factors of each radix-4 butterfly, in the order in which they are used. */
  private readonly twiddles: Float64Array
  private readonly splitCos: Float64Array
  private readonly splitSin: Float64Array
  private readonly workA: Float64Array
  private readonly workB: Float64Array

  /** @throws UnmaskError 'internal' when size is not a power of two of at least 8 */
  constructor(size: number) {
    if (size < 8 || !Number.isInteger(Math.log2(size)))
      throw new UnmaskError('internal', `fft size ${size} is not a power of two of at least 8`)
    this.size = size
    this.half = size / 2
    this.binCount = this.half + 1
    this.twiddles = radix4Twiddles(this.half)
    this.splitCos = new Float64Array(this.binCount)
    this.splitSin = new Float64Array(this.binCount)
    for (let bin = 0; bin < this.binCount; bin++) {
      this.splitCos[bin] = Math.cos((2 * Math.PI * bin) / size)
      this.splitSin[bin] = -Math.sin((2 * Math.PI * bin) / size)
    }
    this.workA = new Float64Array(size)
    this.workB = new Float64Array(size)
  }

  /**
   * X[k] = sum over n of x[n] exp(-2 pi i k n / size).
   * @param signal shape [size]
   * @param re shape [size / 2 + 1], written
   * @param im shape [size / 2 + 1], written
   */
  transform(signal: Float64Array, re: Float64Array, im: Float64Array): void {
    const z = this.transformPairs(signal)
    const { half, splitCos, splitSin } = this
    for (let bin = 0; bin <= half; bin++) {
      const near = 2 * (bin === half ? 0 : bin)
      const far = 2 * (bin === 0 ? 0 : half - bin)
      const evenRe = 0.5 * (z[near]! + z[far]!)
      const evenIm = 0.5 * (z[near + 1]! - z[far + 1]!)
      const oddRe = 0.5 * (z[near + 1]! + z[far + 1]!)
      const oddIm = -0.5 * (z[near]! - z[far]!)
      re[bin] = evenRe + splitCos[bin]! * oddRe - splitSin[bin]! * oddIm
      im[bin] = evenIm + splitCos[bin]! * oddIm + splitSin[bin]! * oddRe
    }
  }

  /**
   * |X[k]|^2, not divided by the size.
   * @param signal shape [size]
   * @param power shape [size / 2 + 1], written
   */
  powerSpectrum(signal: Float64Array, power: Float64Array): void {
    const z = this.transformPairs(signal)
    const { half, splitCos, splitSin } = this
    const first = z[0]! + z[1]!
    const last = z[0]! - z[1]!
    power[0] = first * first
    power[half] = last * last
    // Bins k and half - k share their even and odd parts: X[k] = E + wO, X[half - k] = conj(E - wO).
    for (let bin = 1; bin <= half >> 1; bin++) {
      const near = 2 * bin
      const far = 2 * (half - bin)
      const evenRe = 0.5 * (z[near]! + z[far]!)
      const evenIm = 0.5 * (z[near + 1]! - z[far + 1]!)
      const oddRe = 0.5 * (z[near + 1]! + z[far + 1]!)
      const oddIm = 0.5 * (z[far]! - z[near]!)
      const turnedRe = splitCos[bin]! * oddRe - splitSin[bin]! * oddIm
      const turnedIm = splitCos[bin]! * oddIm + splitSin[bin]! * oddRe
      const sumRe = evenRe + turnedRe
      const sumIm = evenIm + turnedIm
      const differenceRe = evenRe - turnedRe
      const differenceIm = evenIm - turnedIm
      power[bin] = sumRe * sumRe + sumIm * sumIm
      power[half - bin] = differenceRe * differenceRe + differenceIm * differenceIm
    }
  }

  /** The complex transform of x[2n] + i x[2n+1]; interleaved, in one of the work arrays. */
  private transformPairs(signal: Float64Array): Float64Array {
    const { half, twiddles } = this
    let from = signal
    let to = this.workA
    let table = 0
    let stride = 1
    let length = half
    while (length >= 4) {
      const quarter = length >> 2
      const step = 2 * stride * quarter
      for (let p = 0; p < quarter; p++) {
        const c1 = twiddles[table]!
        const s1 = twiddles[table + 1]!
        const c2 = twiddles[table + 2]!
        const s2 = twiddles[table + 3]!
        const c3 = twiddles[table + 4]!
        const s3 = twiddles[table + 5]!
        table += 6
        let a = 2 * stride * p
        let out = 8 * stride * p
        const end = a + 2 * stride
        for (; a < end; a += 2, out += 2) {
          const b = a + step
          const c = b + step
          const d = c + step
          const aRe = from[a]!
          const aIm = from[a + 1]!
          const bRe = from[b]!
          const bIm = from[b + 1]!
          const cRe = from[c]!
          const cIm = from[c + 1]!
          const dRe = from[d]!
          const dIm = from[d + 1]!
          const acRe = aRe + cRe
          const acIm = aIm + cIm
          const bdRe = bRe + dRe
          const bdIm = bIm + dIm
          // (a - c) -+ i (b - d)
          const oneRe = aRe - cRe + (bIm - dIm)
          const oneIm = aIm - cIm - (bRe - dRe)
          const threeRe = aRe - cRe - (bIm - dIm)
          const threeIm = aIm - cIm + (bRe - dRe)
          const twoRe = acRe - bdRe
          const twoIm = acIm - bdIm
          to[out] = acRe + bdRe
          to[out + 1] = acIm + bdIm
          const out1 = out + 2 * stride
          to[out1] = c1 * oneRe - s1 * oneIm
          to[out1 + 1] = c1 * oneIm + s1 * oneRe
          const out2 = out1 + 2 * stride
          to[out2] = c2 * twoRe - s2 * twoIm
          to[out2 + 1] = c2 * twoIm + s2 * twoRe
          const out3 = out2 + 2 * stride
          to[out3] = c3 * threeRe - s3 * threeIm
          to[out3 + 1] = c3 * threeIm + s3 * threeRe
        }
      }
      from = to
      to = from === this.workA ? this.workB : this.workA
      length = quarter
      stride *= 4
    }
    if (length === 2) {
      const middle = 2 * stride
      for (let a = 0; a < middle; a++) {
        const upper = from[a]!
        const lower = from[a + middle]!
        to[a] = upper + lower
        to[a + middle] = upper - lower
      }
      from = to
    }
    return from
  }
}

function radix4Twiddles(size: number): Float64Array {
  const values: number[] = []
  for (let length = size; length >= 4; length /= 4)
    for (let p = 0; p < length / 4; p++)
      for (let power = 1; power <= 3; power++) {
        const angle = (-2 * Math.PI * p * power) / length
        values.push(Math.cos(angle), Math.sin(angle))
      }
  return Float64Array.from(values)
}
