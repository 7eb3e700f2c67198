import type { MfccParameters } from './mfcc-parameters'
import { DEFAULT_YIN_PARAMETERS, Yin } from './yin'

/**
 * Fundamental frequency of one feature frame after the other from a stream. YIN looks at more samples than a frame has; its
 * span is centred on the frame, with zeros before the signal's start, so a frame's pitch comes a little later than the frame.
 */
export class PitchStream {
  private readonly yin: Yin
  private readonly hopSamples: number
  private readonly buffer: Float32Array
  private filled: number

  constructor({ sampleRateHz, hopSamples, frameSamples }: MfccParameters) {
    this.yin = new Yin({ ...DEFAULT_YIN_PARAMETERS, sampleRateHz })
    this.hopSamples = hopSamples
    this.buffer = new Float32Array(this.yin.contextSamples)
    // The first span starts this long before the first frame: it is as much longer than a frame on either side.
    this.filled = Math.max(0, (this.yin.contextSamples - frameSamples) >> 1)
  }

  /** @param onPitch called for each frame that became whole, with Hz or NaN where unvoiced */
  push(samples: Float32Array, onPitch: (hz: number) => void): void {
    const { buffer } = this
    for (let position = 0; position < samples.length;) {
      const count = Math.min(buffer.length - this.filled, samples.length - position)
      buffer.set(samples.subarray(position, position + count), this.filled)
      this.filled += count
      position += count
      if (this.filled < buffer.length) continue
      onPitch(this.yin.estimate(buffer))
      buffer.copyWithin(0, this.hopSamples)
      this.filled -= this.hopSamples
    }
  }
}
