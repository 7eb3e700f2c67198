import type { FrameRange } from '../../speech/vad'
import type { Random } from '../random'
import type { LogMelClip } from './clip-input'

/** Random changes of a training clip; 0 switches one off. */
export interface AugmentOptions {
  /** Stretch of time by up to this share, either way. */
  readonly timeStretch: number
  /** Shift of the mel bands by up to this share: longer and shorter vocal tracts. */
  readonly bandWarp: number
  /** How often noise is added, at an SNR (of the pre-emphasised signal) uniform between the two. */
  readonly noiseChance: number
  readonly noiseSnrDb: readonly [number, number]
  readonly bandMasks: number
  readonly bandMaskWidth: number
  readonly timeMasks: number
  readonly timeMaskFrames: number
}

/** models.md section 3. */
export const DEFAULT_AUGMENT: AugmentOptions = {
  timeStretch: 0.15,
  bandWarp: 0.08,
  noiseChance: 0.5,
  noiseSnrDb: [10, 30],
  bandMasks: 2,
  bandMaskWidth: 3,
  timeMasks: 2,
  timeMaskFrames: 25,
}

/** A changed copy of the clip; masks lie inside `range`, which is scaled with the clip. */
export function augmentClip(
  clip: LogMelClip,
  range: FrameRange,
  { options, random, melBands }: { options: AugmentOptions; random: Random; melBands: number },
): { clip: LogMelClip; range: FrameRange } {
  const columns = melBands + 1
  const stretch = 1 + random.uniform(-options.timeStretch, options.timeStretch)
  const warp = 1 + random.uniform(-options.bandWarp, options.bandWarp)
  const warped = resample(clip.logMelEnergy, { columns, stretch, warp })
  const frames = warped.length / columns
  const scale = ({ start, end }: FrameRange): FrameRange => ({
    start: Math.min(frames - 1, Math.round(start * stretch)),
    end: Math.min(frames, Math.round(end * stretch)),
  })
  const changed = { logMelEnergy: warped, speech: clip.speech.map(scale) }
  if (random.chance(options.noiseChance))
    addNoise(warped, columns, { snrDb: random.uniform(...options.noiseSnrDb), random })
  const scaled = scale(range)
  maskBands(warped, columns, scaled, options, random)
  maskTime(warped, columns, scaled, options, random)
  return { clip: changed, range: scaled }
}

/** Linear interpolation along time by `stretch` and along the bands by `warp`; log energy is not warped. */
function resample(
  rows: Float32Array,
  { columns, stretch, warp }: { columns: number; stretch: number; warp: number },
): Float32Array {
  const frames = rows.length / columns
  const bands = columns - 1
  const outFrames = Math.max(1, Math.floor((frames - 1) * stretch) + 1)
  const out = new Float32Array(outFrames * columns)
  const low = new Int32Array(columns)
  const share = new Float32Array(columns)
  for (let band = 0; band < bands; band++) {
    const source = Math.min(bands - 1, band * warp)
    low[band] = Math.min(bands - 2, Math.floor(source))
    share[band] = source - low[band]!
  }
  for (let frame = 0; frame < outFrames; frame++) {
    const source = Math.min(frames - 1, frame / stretch)
    const before = Math.min(Math.max(0, frames - 2), Math.floor(source))
    const weight = source - before
    const a = before * columns
    const b = Math.min(frames - 1, before + 1) * columns
    for (let band = 0; band < bands; band++) {
      const at = low[band]!
      const early = rows[a + at]! + share[band]! * (rows[a + at + 1]! - rows[a + at]!)
      const late = rows[b + at]! + share[band]! * (rows[b + at + 1]! - rows[b + at]!)
      out[frame * columns + band] = early + weight * (late - early)
    }
    out[frame * columns + bands] = rows[a + bands]! + weight * (rows[b + bands]! - rows[a + bands]!)
  }
  return out
}

/**
 * Adds the expected power of a steady noise with a random spectral tilt to the bands and to the energy: powers of
 * independent signals add.
 */
function addNoise(
  rows: Float32Array,
  columns: number,
  { snrDb, random }: { snrDb: number; random: Random },
): void {
  const bands = columns - 1
  const frames = rows.length / columns
  let bandPower = 0
  let energy = 0
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < bands; band++) bandPower += Math.exp(rows[frame * columns + band]!)
    energy += Math.exp(rows[frame * columns + bands]!)
  }
  // From the most speech-like (falling) to white, which rises after pre-emphasis and with the bands' widths.
  const tilt = random.uniform(-0.1, 0.15)
  const profile = Float64Array.from({ length: bands }, (_, band) => Math.exp(tilt * band))
  const total = profile.reduce((sum, value) => sum + value, 0)
  const noisePower = (bandPower / frames) * 10 ** (-snrDb / 10)
  const noiseEnergy = (energy / frames) * 10 ** (-snrDb / 10)
  for (let frame = 0; frame < frames; frame++) {
    const at = frame * columns
    const jitter = Math.exp(0.1 * random.gaussian())
    for (let band = 0; band < bands; band++) {
      // A band's power in one frame scatters by about a decibel.
      const noise = (jitter * noisePower * profile[band]! * Math.exp(0.25 * random.gaussian())) / total
      rows[at + band] = Math.log(Math.exp(rows[at + band]!) + noise)
    }
    rows[at + bands] = Math.log(Math.exp(rows[at + bands]!) + jitter * noiseEnergy)
  }
}

function maskBands(
  rows: Float32Array,
  columns: number,
  { start, end }: FrameRange,
  { bandMasks, bandMaskWidth }: AugmentOptions,
  random: Random,
): void {
  const bands = columns - 1
  for (let mask = 0; mask < bandMasks; mask++) {
    const width = random.below(bandMaskWidth + 1)
    const first = random.below(bands - width + 1)
    for (let band = first; band < first + width; band++) {
      let sum = 0
      for (let frame = start; frame < end; frame++) sum += rows[frame * columns + band]!
      for (let frame = start; frame < end; frame++) rows[frame * columns + band] = sum / (end - start)
    }
  }
}

function maskTime(
  rows: Float32Array,
  columns: number,
  { start, end }: FrameRange,
  { timeMasks, timeMaskFrames }: AugmentOptions,
  random: Random,
): void {
  for (let mask = 0; mask < timeMasks; mask++) {
    // Short speech keeps at least three quarters of itself.
    const width = random.below(Math.min(timeMaskFrames, Math.floor((end - start) / 8)) + 1)
    const first = start + random.below(end - start - width + 1)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let frame = start; frame < end; frame++) sum += rows[frame * columns + column]!
      for (let frame = first; frame < first + width; frame++)
        rows[frame * columns + column] = sum / (end - start)
    }
  }
}

/**
 * Where training looks in a clip: one of its stretches of speech (longer ones more often) or all of them with the
 * pauses between, its bounds moved a little, and often only a part of it.
 */
export function randomRange(
  { speech, frames }: { speech: readonly FrameRange[]; frames: number },
  { windowFrames, minimumFrames, random }: { windowFrames: number; minimumFrames: number; random: Random },
): FrameRange {
  const long = speech.filter(({ start, end }) => end - start >= minimumFrames)
  const whole = { start: speech[0]?.start ?? 0, end: speech.at(-1)?.end ?? frames }
  const chosen = long.length === 0 || random.chance(0.3) ? whole : weightedChoice(long, random)
  const jitterFrames = 10
  const start = clamp(chosen.start + Math.round(random.uniform(-jitterFrames, jitterFrames)), 0, frames - 1)
  const end = clamp(chosen.end + Math.round(random.uniform(-jitterFrames, jitterFrames)), start + 1, frames)
  const available = end - start
  const least = Math.min(
    available,
    Math.max(minimumFrames, Math.round(0.6 * Math.min(available, windowFrames))),
  )
  const most = Math.min(available, windowFrames)
  const length = random.chance(0.5) ? most : least + random.below(most - least + 1)
  const first = start + random.below(available - length + 1)
  return { start: first, end: first + length }
}

function weightedChoice(ranges: readonly FrameRange[], random: Random): FrameRange {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  let remaining = random.uniform(0, total)
  for (const range of ranges) {
    remaining -= range.end - range.start
    if (remaining < 0) return range
  }
  return ranges.at(-1)!
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
