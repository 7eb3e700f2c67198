import { RealFft } from '../../speech/fft'

/** What each frequency of a frame is multiplied by. */
export type FrameGains = Float64Array

/**
 * Overlapping frames of a signal, as spectra and back. Windows are square roots of the periodic Hann window on both sides,
 * half a frame apart: their products sum to 1 everywhere, so that frames left alone give the signal back.
 */
export class Stft {
  readonly hopSamples: number
  readonly binCount: number
  private readonly fft: RealFft
  private readonly window: Float64Array
  private readonly frame: Float64Array
  private readonly re: Float64Array
  private readonly im: Float64Array

  /** @param frameSamples a power of two of at least 8 */
  constructor(readonly frameSamples: number) {
    this.fft = new RealFft(frameSamples)
    this.hopSamples = frameSamples / 2
    this.binCount = this.fft.binCount
    this.window = Float64Array.from({ length: frameSamples }, (_, n) =>
      Math.sin((Math.PI * n) / frameSamples),
    )
    this.frame = new Float64Array(frameSamples)
    this.re = new Float64Array(this.binCount)
    this.im = new Float64Array(this.binCount)
  }

  /** Frames that a signal has; the first begins half a frame before it, the last reaches behind its end. */
  frameCount(samples: number): number {
    return Math.ceil(samples / this.hopSamples) + 1
  }

  /** |X|^2 of every frame, shape [frames, binCount]. */
  powers(signal: Float32Array): Float64Array {
    const frames = this.frameCount(signal.length)
    const result = new Float64Array(frames * this.binCount)
    for (let frame = 0; frame < frames; frame++) {
      this.cut(signal, frame)
      this.fft.powerSpectrum(this.frame, result.subarray(frame * this.binCount, (frame + 1) * this.binCount))
    }
    return result
  }

  /**
   * The signal with every frame's spectrum multiplied; gains of 1 give it back to rounding.
   * @param gainsOf shape [binCount] for a frame
   */
  apply(signal: Float32Array, gainsOf: (frame: number) => FrameGains): Float32Array {
    const sum = new Float64Array(signal.length)
    const { frameSamples, hopSamples, frame, window, re, im } = this
    for (let index = 0; index < this.frameCount(signal.length); index++) {
      this.cut(signal, index)
      this.fft.transform(frame, re, im)
      const gains = gainsOf(index)
      for (let bin = 0; bin < this.binCount; bin++) {
        re[bin] = re[bin]! * gains[bin]!
        im[bin] = im[bin]! * gains[bin]!
      }
      this.inverse()
      const start = (index - 1) * hopSamples
      for (let n = Math.max(0, -start); n < frameSamples && start + n < signal.length; n++)
        sum[start + n] = sum[start + n]! + frame[n]! * window[n]!
    }
    return Float32Array.from(sum)
  }

  private cut(signal: Float32Array, index: number): void {
    const start = (index - 1) * this.hopSamples
    for (let n = 0; n < this.frameSamples; n++) this.frame[n] = (signal[start + n] ?? 0) * this.window[n]!
  }

  /**
   * From the spectrum in `re`, `im` back to `frame`, with the forward transform alone: the Hartley transform (real part
   * minus imaginary part) is its own inverse but for the size.
   */
  private inverse(): void {
    const { frameSamples, re, im, frame } = this
    const half = frameSamples / 2
    const hartley = new Float64Array(frameSamples)
    for (let k = 0; k <= half; k++) {
      const cas = re[k]! - im[k]!
      const mirrored = re[k]! + im[k]!
      hartley[k] = cas
      if (k > 0 && k < half) hartley[frameSamples - k] = mirrored
    }
    this.fft.transform(hartley, re, im)
    for (let n = 0; n <= half; n++) {
      frame[n] = (re[n]! - im[n]!) / frameSamples
      if (n > 0 && n < half) frame[frameSamples - n] = (re[n]! + im[n]!) / frameSamples
    }
  }
}
