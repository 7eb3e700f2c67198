import { GrowableRows } from './growable'
import type { MfccParameters } from './mfcc-parameters'
import { DEFAULT_YIN_PARAMETERS, Yin } from './yin'

/**
 * Fundamental frequency of each feature frame from a stream. YIN looks at more samples than a frame has; its span is
 * centred on the frame, with zeros before the signal's start and behind its end.
 */
export class PitchTrack {
  private readonly yin: Yin
  private readonly hopSamples: number
  private readonly buffer: Float32Array
  private filled: number
  private readonly track = new GrowableRows(1)

  constructor({ sampleRateHz, hopSamples, frameSamples }: MfccParameters) {
    this.yin = new Yin({ ...DEFAULT_YIN_PARAMETERS, sampleRateHz })
    this.hopSamples = hopSamples
    this.buffer = new Float32Array(this.yin.contextSamples)
    // The first span starts this long before the first frame: it is as much longer than a frame on either side.
    this.filled = Math.max(0, (this.yin.contextSamples - frameSamples) >> 1)
  }

  push(samples: Float32Array): void {
    const { buffer } = this
    for (let position = 0; position < samples.length;) {
      const count = Math.min(buffer.length - this.filled, samples.length - position)
      buffer.set(samples.subarray(position, position + count), this.filled)
      this.filled += count
      position += count
      if (this.filled < buffer.length) continue
      this.track.push([this.yin.estimate(buffer)])
      buffer.copyWithin(0, this.hopSamples)
      this.filled -= this.hopSamples
    }
  }

  /** @returns Hz of frames 0 .. frameCount, NaN where unvoiced */
  finish(frameCount: number): Float32Array {
    const zeros = new Float32Array(this.hopSamples)
    while (this.track.rowCount < frameCount) this.push(zeros)
    return this.track.view().subarray(0, frameCount)
  }
}
