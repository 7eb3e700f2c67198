import { GrowableRows } from './growable'
import type { MfccParameters } from './mfcc-parameters'
import { PitchStream } from './pitch-stream'

/** Fundamental frequency of each feature frame of a whole signal, with zeros behind its end. */
export class PitchTrack {
  private readonly stream: PitchStream
  private readonly hopSamples: number
  private readonly track = new GrowableRows(1)

  constructor(parameters: MfccParameters) {
    this.stream = new PitchStream(parameters)
    this.hopSamples = parameters.hopSamples
  }

  push(samples: Float32Array): void {
    this.stream.push(samples, (hz) => this.track.push([hz]))
  }

  /** @returns Hz of frames 0 .. frameCount, NaN where unvoiced */
  finish(frameCount: number): Float32Array {
    const zeros = new Float32Array(this.hopSamples)
    while (this.track.rowCount < frameCount) this.push(zeros)
    return this.track.view().subarray(0, frameCount)
  }
}
