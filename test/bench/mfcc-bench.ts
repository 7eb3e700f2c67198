import Meyda from 'meyda'
import { Random } from '../../main/engine/learning/random'
import { MfccExtractor } from '../../main/engine/speech/mfcc'
import { DEFAULT_MFCC_PARAMETERS } from '../../main/engine/speech/mfcc-parameters'

export interface MfccBench {
  /** Seconds of sound per second of work, one thread, 16 kHz, a frame every 10 ms. */
  readonly ours: number
  readonly meyda: number
  readonly ratio: number
}

const { sampleRateHz, hopSamples, fftSize } = DEFAULT_MFCC_PARAMETERS
const OURS_SECS = 600
const MEYDA_SECS = 60
const ROUNDS = 3

/** Our front end (13 base features and log-mel) beside Meyda's own mfcc (512 samples every 10 ms), best of three. */
export async function benchMfcc(): Promise<MfccBench> {
  const random = new Random(1)
  const signal = Float32Array.from({ length: OURS_SECS * sampleRateHz }, () => 0.05 * random.gaussian())
  let ours = 0
  let meyda = 0
  // In turns, so that whatever else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.max(ours, OURS_SECS / secsOf(() => runOurs(signal)))
    meyda = Math.max(
      meyda,
      MEYDA_SECS / secsOf(() => runMeyda(signal.subarray(0, MEYDA_SECS * sampleRateHz))),
    )
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ours, meyda, ratio: ours / meyda }
}

function secsOf(work: () => void): number {
  const startMs = performance.now()
  work()
  return (performance.now() - startMs) / 1000
}

function runOurs(signal: Float32Array): void {
  const extractor = new MfccExtractor()
  let sum = 0
  for (let at = 0; at < signal.length; at += sampleRateHz)
    extractor.push(signal.subarray(at, at + sampleRateHz), (frame) => {
      sum += frame.base[0]!
    })
  if (!Number.isFinite(sum)) throw new Error('the front end gave no number')
}

function runMeyda(signal: Float32Array): void {
  Meyda.bufferSize = fftSize
  Meyda.sampleRate = sampleRateHz
  Meyda.numberOfMFCCCoefficients = 13
  Meyda.melBands = 26
  for (let at = 0; at + fftSize <= signal.length; at += hopSamples) {
    const features = Meyda.extract('mfcc', signal.subarray(at, at + fftSize))
    if (!features) throw new Error('Meyda gave no features')
  }
}
