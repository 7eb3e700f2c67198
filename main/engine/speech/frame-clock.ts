import type { MfccParameters } from './mfcc-parameters'
import type { Interval } from './types'
import type { FrameRange } from './vad'

/** Translates between feature frames and the clip's clock. */
export interface FrameClock {
  readonly startSample: number
  readonly endSample: number
  readonly frameCount: number
  readonly mfcc: MfccParameters
}

export function spanOf({ startSample, endSample, mfcc }: FrameClock): Interval {
  return { startSecs: startSample / mfcc.sampleRateHz, endSecs: endSample / mfcc.sampleRateHz }
}

/**
 * Where frame `frame` begins to be the nearest one: half a hop before its centre. The first and the last bound are
 * those of the signal, so that frames 0 .. frameCount cover it.
 */
export function frameEdgeSecs(frame: number, clock: FrameClock): number {
  const { startSample, endSample, frameCount, mfcc } = clock
  if (frame <= 0) return startSample / mfcc.sampleRateHz
  if (frame >= frameCount) return endSample / mfcc.sampleRateHz
  const offset = frame * mfcc.hopSamples + (mfcc.frameSamples - mfcc.hopSamples) / 2
  return (startSample + offset) / mfcc.sampleRateHz
}

export function rangeToInterval({ start, end }: FrameRange, clock: FrameClock): Interval {
  return { startSecs: frameEdgeSecs(start, clock), endSecs: frameEdgeSecs(end, clock) }
}

/** Middle of frame `frame`. */
export function frameCentreSecs(
  frame: number,
  { startSample, mfcc }: Pick<FrameClock, 'startSample' | 'mfcc'>,
): number {
  return (startSample + frame * mfcc.hopSamples + mfcc.frameSamples / 2) / mfcc.sampleRateHz
}
