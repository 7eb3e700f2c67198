import { baseColumns, type NetworkInputSpec, stepFeatures, usedReference } from '../../speech/network-input'
import type { FrameRange } from '../../speech/vad'
import type { Random } from '../random'
import type { ClipCopy } from './clip-features'
import { copyColumns } from './clip-features'
import { baseFromRows } from './clip-input'

/** Random changes of a training clip; 0 switches one off. */
export interface AugmentOptions {
  /** Stretch of time by up to this share, either way. */
  readonly timeStretch: number
  /** Shift of the mel bands by up to this share: longer and shorter vocal tracts. */
  readonly bandWarp: number
  /** SD of a smooth change of the spectrum that lasts the whole clip: other microphones and rooms. */
  readonly channelDb: number
  /** How often noise is added, at an SNR (of the pre-emphasised signal) uniform between the two. */
  readonly noiseChance: number
  readonly noiseSnrDb: readonly [number, number]
  readonly bandMasks: number
  readonly bandMaskWidth: number
  readonly timeMasks: number
  readonly timeMaskFrames: number
}

/** Frames around the range that the differences look at. */
const marginFrames = (spec: NetworkInputSpec): number => 2 * spec.mfcc.differenceWidth

/**
 * Network steps of a range of a clip, changed at random: warped, stretched, through another channel, in noise, masked.
 * The clip's references are those of the changed clip, masks aside.
 * @returns row-major, shape [steps, coefficients], not yet standardised, at most spec.steps long
 */
export function augmentedSteps(
  copy: ClipCopy,
  range: FrameRange,
  { options, random, spec }: { options: AugmentOptions; random: Random; spec: NetworkInputSpec },
): Float32Array {
  const columns = copyColumns(spec.mfcc)
  const stretch = 1 + random.uniform(-options.timeStretch, options.timeStretch)
  const warp = 1 + random.uniform(-options.bandWarp, options.bandWarp)
  const margin = marginFrames(spec)
  const wantedFrames = Math.max(1, Math.round((range.end - range.start) * stretch))
  const length = Math.min(wantedFrames, spec.steps * spec.framesPerStep)
  const source = { rows: copy.rows, frames: copy.rows.length / columns, columns }
  const rows = warpedRows(source, {
    from: range.start - margin / stretch,
    step: 1 / stretch,
    count: length + 2 * margin,
    warp,
    spec,
  })
  // The means need no more than every third frame of speech.
  const sampled = speechSample(copy, source, { warp, spec })
  const channel = channelCurve(options.channelDb, spec.mfcc.melBands, random)
  for (const part of [rows, sampled])
    for (let at = 0; at < part.length; at += columns)
      for (let band = 0; band < channel.length; band++) part[at + band]! += channel[band]!
  if (random.chance(options.noiseChance)) {
    const noise = noiseProfile(rows, spec, { snrDb: random.uniform(...options.noiseSnrDb), random })
    addNoise(rows, spec, noise, random)
    addNoise(sampled, spec, noise, null)
  }
  const reference = usedReference(columnMeans(baseFromRows(sampled, spec), baseColumns(spec)), spec)
  const inner = { start: margin, end: margin + length }
  maskBands(rows, columns, inner, { ...options, bands: spec.mfcc.melBands, random })
  maskTime(rows, columns, inner, options, random)
  return stepFeatures({ base: baseFromRows(rows, spec) }, inner, reference, spec)
}

interface Source {
  readonly rows: Float32Array
  readonly frames: number
  readonly columns: number
}

interface WarpOptions {
  readonly from: number
  readonly step: number
  readonly count: number
  readonly warp: number
  readonly spec: NetworkInputSpec
}

/** Rows at fractional frames (the ends repeat), the bands moved by `warp`; energy and pitch are not warped. */
function warpedRows(source: Source, { from, step, count, warp, spec }: WarpOptions): Float32Array {
  const { rows, frames, columns } = source
  const bands = spec.mfcc.melBands
  const out = new Float32Array(count * columns)
  const low = new Int32Array(bands)
  const share = new Float32Array(bands)
  for (let band = 0; band < bands; band++) {
    const at = Math.min(bands - 1, band * warp)
    low[band] = Math.min(bands - 2, Math.floor(at))
    share[band] = at - low[band]!
  }
  for (let index = 0; index < count; index++) {
    const position = Math.min(frames - 1, Math.max(0, from + index * step))
    const before = Math.floor(position)
    const weight = position - before
    const a = before * columns
    const b = Math.min(frames - 1, before + 1) * columns
    const to = index * columns
    for (let band = 0; band < bands; band++) {
      const at = low[band]!
      const early = rows[a + at]! + share[band]! * (rows[a + at + 1]! - rows[a + at]!)
      const late = rows[b + at]! + share[band]! * (rows[b + at + 1]! - rows[b + at]!)
      out[to + band] = early + weight * (late - early)
    }
    for (let column = bands; column < columns; column++)
      out[to + column] = rows[a + column]! + weight * (rows[b + column]! - rows[a + column]!)
  }
  return out
}

const SAMPLE_EVERY = 3

function speechSample(
  copy: ClipCopy,
  source: Source,
  { warp, spec }: { warp: number; spec: NetworkInputSpec },
): Float32Array {
  const parts = copy.speech.map(({ start, end }) =>
    warpedRows(source, {
      from: start,
      step: SAMPLE_EVERY,
      count: Math.ceil((end - start) / SAMPLE_EVERY),
      warp,
      spec,
    }),
  )
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

function columnMeans(values: Float32Array, columns: number): Float64Array {
  const means = new Float64Array(columns)
  const count = Math.max(1, values.length / columns)
  for (let at = 0; at < values.length; at++) means[at % columns]! += values[at]! / count
  return means
}

/** Slowest cosines over the bands that a microphone or a room may add. */
const CHANNEL_CURVES = 4

/** @returns change of log power per band, shape [bands] */
function channelCurve(sdDb: number, bands: number, random: Random): Float32Array {
  const curve = new Float32Array(bands)
  const scale = (sdDb * Math.LN10) / 10
  for (let order = 1; order <= CHANNEL_CURVES; order++) {
    const gain = (scale * random.gaussian()) / order
    for (let band = 0; band < bands; band++)
      curve[band]! += gain * Math.cos((Math.PI * order * (band + 0.5)) / bands)
  }
  return curve
}

interface NoiseProfile {
  /** Expected power in each band, shape [bands]. */
  readonly power: Float64Array
  readonly energy: number
}

/** A steady noise with a random spectral tilt, its power set against that of the rows. */
function noiseProfile(
  rows: Float32Array,
  { mfcc }: NetworkInputSpec,
  { snrDb, random }: { snrDb: number; random: Random },
): NoiseProfile {
  const bands = mfcc.melBands
  const columns = copyColumns(mfcc)
  const frames = rows.length / columns
  let bandPower = 0
  let energy = 0
  for (let at = 0; at < rows.length; at += columns) {
    for (let band = 0; band < bands; band++) bandPower += Math.exp(rows[at + band]!)
    energy += Math.exp(rows[at + bands]!)
  }
  // From the most speech-like (falling) to white, which rises after pre-emphasis and with the bands' widths.
  const tilt = random.uniform(-0.1, 0.15)
  const shape = Float64Array.from({ length: bands }, (_, band) => Math.exp(tilt * band))
  const total = shape.reduce((sum, value) => sum + value, 0)
  const factor = 10 ** (-snrDb / 10) / Math.max(1, frames)
  return { power: shape.map((value) => (bandPower * factor * value) / total), energy: energy * factor }
}

/** Powers of independent signals add. Without a generator the expected power is added. */
function addNoise(
  rows: Float32Array,
  { mfcc }: NetworkInputSpec,
  { power, energy }: NoiseProfile,
  random: Random | null,
): void {
  const bands = mfcc.melBands
  const columns = copyColumns(mfcc)
  for (let at = 0; at < rows.length; at += columns) {
    const jitter = random ? Math.exp(random.uniform(-0.17, 0.17)) : 1
    for (let band = 0; band < bands; band++) {
      // A band's power in one frame scatters by about a decibel.
      const scatter = random ? 1 + random.uniform(-0.45, 0.45) : 1
      rows[at + band] = Math.log(Math.exp(rows[at + band]!) + jitter * scatter * power[band]!)
    }
    rows[at + bands] = Math.log(Math.exp(rows[at + bands]!) + jitter * energy)
  }
}

interface BandMaskOptions {
  readonly bandMasks: number
  readonly bandMaskWidth: number
  readonly bands: number
  readonly random: Random
}

function maskBands(
  rows: Float32Array,
  columns: number,
  { start, end }: FrameRange,
  { bandMasks, bandMaskWidth, bands, random }: BandMaskOptions,
): void {
  for (let mask = 0; mask < bandMasks; mask++) {
    const width = random.below(bandMaskWidth + 1)
    const first = random.below(bands - width + 1)
    for (let band = first; band < first + width; band++) {
      let sum = 0
      for (let frame = start; frame < end; frame++) sum += rows[frame * columns + band]!
      for (let at = band; at < rows.length; at += columns) rows[at] = sum / (end - start)
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
    if (width === 0) continue
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
