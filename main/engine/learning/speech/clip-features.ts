import { GrowableRows } from '../../speech/growable'
import { MfccExtractor } from '../../speech/mfcc'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import { PITCH_COLUMNS, pitchColumns } from '../../speech/pitch-columns'
import { PitchTrack } from '../../speech/pitch-track'
import { detectSpeech, type FrameRange } from '../../speech/vad'
import { VAD_COLUMNS, VadFeatures } from '../../speech/vad-features'
import { Random } from '../random'
import { addNoise, changeSpeed, reverberate } from './waveform'

/**
 * What is kept of one version of a training clip: log-mel and log energy, on which masks, warps and noise act, rather
 * than MFCC (the cosine transform is a tiny matrix product afterwards), and the pitch.
 */
export interface ClipCopy {
  /** Row-major, shape [frames, melBands + 1 + PITCH_COLUMNS]: log bands, log energy, log pitch, voicing. */
  readonly rows: Float32Array
  /** Detected speech in frames. */
  readonly speech: readonly FrameRange[]
}

export interface SpeechClip {
  readonly id: string
  readonly speaker: string
  /** Index into the labels of the run. */
  readonly label: number
  /** Versions to train on: as recorded first, then at other speeds and in noisy rooms. */
  readonly copies: readonly ClipCopy[]
  /** Degraded versions to calibrate on, which training never sees: in noise, and in a room. */
  readonly degraded: readonly ClipCopy[]
}

export const copyColumns = (parameters: MfccParameters): number => parameters.melBands + 1 + PITCH_COLUMNS

/** Features of a recording. @param samples mono, within [-1, 1], at the parameters' rate */
export function copyFeatures(samples: Float32Array, parameters: MfccParameters): ClipCopy {
  const { melBands, cepstra, sampleRateHz, hopSamples } = parameters
  const extractor = new MfccExtractor(parameters)
  const vadFeatures = new VadFeatures(parameters)
  const vadRows = new GrowableRows(VAD_COLUMNS)
  const bands = new GrowableRows(melBands + 1)
  const row = new Float32Array(melBands + 1)
  extractor.push(samples, (frame) => {
    row.set(frame.logMel)
    row[melBands] = frame.base[cepstra]!
    bands.push(row)
    vadRows.push(vadFeatures.take(frame))
  })
  const track = new PitchTrack(parameters)
  track.push(samples)
  const pitch = pitchColumns(track.finish(bands.rowCount))
  const columns = copyColumns(parameters)
  const rows = new Float32Array(bands.rowCount * columns)
  const from = bands.view()
  for (let frame = 0; frame < bands.rowCount; frame++) {
    rows.set(from.subarray(frame * (melBands + 1), (frame + 1) * (melBands + 1)), frame * columns)
    rows.set(
      pitch.subarray(frame * PITCH_COLUMNS, (frame + 1) * PITCH_COLUMNS),
      frame * columns + melBands + 1,
    )
  }
  return { rows, speech: detectSpeech(vadRows.view(), sampleRateHz / hopSamples).speech }
}

/** How the versions of a clip are made; part of the configuration. */
export interface CopyPlan {
  readonly speeds: readonly number[]
  /** Whether each speed has a second version in a noisy room. */
  readonly rooms: boolean
  readonly noiseSnrDb: readonly [number, number]
  readonly roomDecaySecs: readonly [number, number]
  readonly directToTailDb: readonly [number, number]
}

/** Silence kept on either side of the speech of a training clip: more than jitter and differences reach. */
const MARGIN_FRAMES = 40

/** The degraded versions that calibration looks at. */
const CALIBRATION_SNR_DB = 10
const CALIBRATION_ROOM = { decaySecs: 0.5, directToTailDb: 3 }

/** All versions of a recording; which noise and which room follows the seed. */
export function clipCopies(
  samples: Float32Array,
  parameters: MfccParameters,
  plan: CopyPlan,
  seed: number,
): Pick<SpeechClip, 'copies' | 'degraded'> {
  const { sampleRateHz, hopSamples } = parameters
  const clean = copyFeatures(samples, parameters)
  const frames = clean.rows.length / copyColumns(parameters)
  const start = Math.max(0, (clean.speech[0]?.start ?? 0) - MARGIN_FRAMES)
  const end = Math.min(frames, (clean.speech.at(-1)?.end ?? frames) + MARGIN_FRAMES)
  const cut = samples.subarray(start * hopSamples, end * hopSamples + parameters.frameSamples)
  const speech = clean.speech.map((range) => ({ start: range.start - start, end: range.end - start }))
  const random = new Random(seed, 1)
  const versions: ClipCopy[] = []
  const add = (sound: Float32Array, speed: number) => {
    const { rows } = copyFeatures(sound, parameters)
    const last = rows.length / copyColumns(parameters)
    // Where the speech is, the clean recording says best.
    const scaled = speech.map((range) => ({
      start: Math.min(last - 1, Math.round(range.start / speed)),
      end: Math.min(last, Math.round(range.end / speed)),
    }))
    versions.push({ rows, speech: scaled.filter((range) => range.end > range.start) })
  }
  const fasters = plan.speeds.map((speed) => changeSpeed(cut, speed))
  plan.speeds.forEach((speed, index) => add(fasters[index]!, speed))
  if (plan.rooms)
    plan.speeds.forEach((speed, index) => {
      const room = {
        sampleRateHz,
        decaySecs: random.uniform(...plan.roomDecaySecs),
        directToTailDb: random.uniform(...plan.directToTailDb),
      }
      const inRoom = reverberate(fasters[index]!, room, random)
      add(addNoise(inRoom, random.uniform(...plan.noiseSnrDb), random), speed)
    })
  const noisy = addNoise(samples, CALIBRATION_SNR_DB, random)
  const inRoom = reverberate(samples, { sampleRateHz, ...CALIBRATION_ROOM }, random)
  return {
    copies: versions,
    degraded: [copyFeatures(noisy, parameters), copyFeatures(inRoom, parameters)],
  }
}
