import { DIGITAL_SILENCE_DB, VAD_BANDS, VAD_COLUMNS } from './vad-features'

/**
 * Parameters of voice activity detection. All levels are relative to the noise floor that is tracked in the recording,
 * so the recording's gain does not matter.
 */
export interface VadParameters {
  /** Levels are averaged over this many frames (odd), centred. */
  readonly smoothingFrames: number
  /** The noise floor of a band is a low quantile of its level over this time around the moment. */
  readonly floorWindowSecs: number
  readonly floorQuantile: number
  /**
   * What lies further below the loud parts (their quantile in the same window) counts as floor too: the reverberant
   * tails and breaths of very clean recordings.
   */
  readonly dynamicRangeDb: number
  readonly peakQuantile: number
  /** The mean excess over the floor of this many loudest bands is compared with the thresholds. */
  readonly topBands: number
  /** Excess in one band counts up to here. */
  readonly excessCapDb: number
  /** Speech starts above this... */
  readonly onsetDb: number
  /** ...and ends below this. */
  readonly offsetDb: number
  /** Added at both ends of detected speech: weak consonants. */
  readonly paddingSecs: number
  /** Shorter pauses are part of the speech around them (hangover). */
  readonly minimumGapSecs: number
  /** Shorter bursts are not speech; frames and smoothing lengthen a burst by up to 0.06 s. */
  readonly minimumSpeechSecs: number
  /** Sound whose band levels vary less than this (SD over the stretch) is a steady noise or hum, not speech. */
  readonly minimumVariationDb: number
}

/**
 * Thresholds over a tracked floor with hysteresis and hangover follow the ETSI ES 202 050 and ITU-T G.729 B detectors;
 * floors by low quantiles: Stahl, Fischer and Bippus, ICASSP 2000, 1875-1878; level modulation against steady noise:
 * Scheirer and Slaney, ICASSP 1997, 1331-1334. The numbers were set on synthetic mixtures and on the training speakers'
 * recordings.
 */
export const DEFAULT_VAD_PARAMETERS: VadParameters = {
  smoothingFrames: 5,
  floorWindowSecs: 10,
  floorQuantile: 0.15,
  dynamicRangeDb: 42,
  peakQuantile: 0.95,
  topBands: 3,
  excessCapDb: 30,
  onsetDb: 8,
  offsetDb: 5,
  paddingSecs: 0.04,
  minimumGapSecs: 0.3,
  minimumSpeechSecs: 0.15,
  minimumVariationDb: 2.5,
}

/** Frames [start, end). */
export interface FrameRange {
  readonly start: number
  readonly end: number
}

export interface VadResult {
  /** Ascending, not touching. */
  readonly speech: readonly FrameRange[]
  /** 1 where the frame is inside detected speech, shape [frames]. */
  readonly isSpeech: Uint8Array
  /** Noise level per frame in dB re full scale, NaN where none could be measured; shape [frames]. */
  readonly noiseDb: Float32Array
}

/** Shorter stretches may well be one even vowel. */
const STEADY_JUDGED_FROM_SECS = 0.6

/** A frame is digital silence when nothing in it exceeds this: half a step of 24-bit audio. */
const SILENT_BELOW_DB = -150

/**
 * Finds speech in a recording.
 * @param rows from VadFeatures, row-major, shape [frames, VAD_COLUMNS], in dB
 * @param framesPerSec frames in a second
 */
export function detectSpeech(
  rows: Float32Array,
  framesPerSec: number,
  parameters: VadParameters = DEFAULT_VAD_PARAMETERS,
): VadResult {
  const frames = rows.length / VAD_COLUMNS
  const smooth = smoothLevels(rows, frames, parameters.smoothingFrames)
  const toFrames = (secs: number) => Math.round(secs * framesPerSec)
  const { excess, noiseDb } = measureExcess(smooth, frames, toFrames(parameters.floorWindowSecs), parameters)
  const active = hysteresis(excess, parameters)
  const isSteady = (range: FrameRange) => variationDb(smooth, range) < parameters.minimumVariationDb
  // A long steady stretch must not be joined with its neighbours first, whose difference would look like variation.
  const candidates = rangesOf(active).filter(
    (range) => range.end - range.start < toFrames(STEADY_JUDGED_FROM_SECS) || !isSteady(range),
  )
  const joined = mergeRanges(candidates, toFrames(parameters.minimumGapSecs)).filter(
    (range) => range.end - range.start >= toFrames(parameters.minimumSpeechSecs) && !isSteady(range),
  )
  const padding = toFrames(parameters.paddingSecs)
  const padded = joined.map(({ start, end }) => ({
    start: Math.max(0, start - padding),
    end: Math.min(frames, end + padding),
  }))
  const speech = mergeRanges(padded, 1)
  const isSpeech = new Uint8Array(frames)
  for (const { start, end } of speech) isSpeech.fill(1, start, end)
  return { speech, isSpeech, noiseDb }
}

/** Centred mean of the levels in dB; digital silence keeps its own level and lends it to no neighbour. */
function smoothLevels(rows: Float32Array, frames: number, width: number): Float32Array {
  const half = width >> 1
  const smooth = new Float32Array(rows.length)
  for (let frame = 0; frame < frames; frame++) {
    const first = Math.max(0, frame - half)
    const last = Math.min(frames - 1, frame + half)
    for (let column = 0; column < VAD_COLUMNS; column++) {
      const own = rows[frame * VAD_COLUMNS + column]!
      let sum = 0
      let count = 0
      for (let near = first; near <= last; near++) {
        const level = rows[near * VAD_COLUMNS + column]!
        if (level <= SILENT_BELOW_DB) continue
        sum += level
        count++
      }
      smooth[frame * VAD_COLUMNS + column] = own <= SILENT_BELOW_DB ? DIGITAL_SILENCE_DB : sum / count
    }
  }
  return smooth
}

const HISTOGRAM_STEP_DB = 0.25
const HISTOGRAM_BINS = Math.ceil((60 - SILENT_BELOW_DB) / HISTOGRAM_STEP_DB)

/** Floors are taken anew this often: the window that they summarise moves slowly. */
const FLOOR_STEP_FRAMES = 10

interface Excess {
  /** Mean excess of the loudest bands over their floors, dB, shape [frames]; NaN in digital silence. */
  readonly excess: Float32Array
  /** Noise level of the whole frame, dB re full scale, shape [frames]; NaN where none could be measured. */
  readonly noiseDb: Float32Array
}

/**
 * Floors are low quantiles of each column over a window around the moment, by histograms that slide along: linear in
 * the length of the recording. At the ends the window keeps its length and stops moving. Digital silence does not count.
 */
function measureExcess(
  smooth: Float32Array,
  frames: number,
  windowFrames: number,
  parameters: VadParameters,
): Excess {
  const excess = new Float32Array(frames)
  const noiseDb = new Float32Array(frames)
  const histograms = Array.from({ length: VAD_COLUMNS }, () => new LevelHistogram())
  const thresholds = new Float64Array(VAD_BANDS)
  const length = Math.min(frames, windowFrames)
  let start = 0
  let end = 0
  let frameNoiseDb = Number.NaN
  for (let frame = 0; frame < frames; frame++) {
    if (frame % FLOOR_STEP_FRAMES === 0) {
      const wantedStart = Math.min(Math.max(0, frame - (length >> 1)), frames - length)
      for (; end < wantedStart + length; end++) addRow(histograms, smooth, end, 1)
      for (; start < wantedStart; start++) addRow(histograms, smooth, start, -1)
      takeThresholds(histograms, thresholds, parameters)
      frameNoiseDb = histograms[VAD_BANDS]!.quantile(parameters.floorQuantile)
    }
    noiseDb[frame] = frameNoiseDb
    excess[frame] = topExcess(smooth, frame * VAD_COLUMNS, thresholds, parameters)
  }
  return { excess, noiseDb }
}

function addRow(
  histograms: readonly LevelHistogram[],
  smooth: Float32Array,
  frame: number,
  count: 1 | -1,
): void {
  for (let column = 0; column < VAD_COLUMNS; column++)
    histograms[column]!.add(smooth[frame * VAD_COLUMNS + column]!, count)
}

/** What a band must exceed: its noise floor, or the bottom of the dynamic range where that is higher. */
function takeThresholds(
  histograms: readonly LevelHistogram[],
  thresholds: Float64Array,
  { floorQuantile, peakQuantile, dynamicRangeDb }: VadParameters,
): void {
  for (let band = 0; band < VAD_BANDS; band++)
    thresholds[band] = Math.max(
      histograms[band]!.quantile(floorQuantile),
      histograms[band]!.quantile(peakQuantile) - dynamicRangeDb,
    )
}

class LevelHistogram {
  private readonly counts = new Int32Array(HISTOGRAM_BINS)
  /** Sums of the levels in each bin: the quantile is a mean of real levels, not a bin's edge, so gain shifts it. */
  private readonly sums = new Float64Array(HISTOGRAM_BINS)
  private total = 0

  add(levelDb: number, count: 1 | -1): void {
    if (levelDb <= SILENT_BELOW_DB) return
    const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor((levelDb - SILENT_BELOW_DB) / HISTOGRAM_STEP_DB))
    this.counts[bin]! += count
    this.sums[bin]! += count * levelDb
    this.total += count
  }

  quantile(share: number): number {
    if (this.total === 0) return Number.NaN
    let remaining = share * this.total
    for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
      remaining -= this.counts[bin]!
      if (remaining < 0) return this.sums[bin]! / this.counts[bin]!
    }
    return Number.NaN
  }
}

const bandExcess = new Float32Array(VAD_BANDS)

/** Mean excess of the loudest bands of the frame whose row starts at `at`. */
function topExcess(
  smooth: Float32Array,
  at: number,
  thresholds: Float64Array,
  { topBands, excessCapDb }: VadParameters,
): number {
  if (smooth[at + VAD_BANDS]! <= SILENT_BELOW_DB) return Number.NaN
  for (let band = 0; band < VAD_BANDS; band++) {
    const over = smooth[at + band]! - thresholds[band]!
    bandExcess[band] = over > 0 ? Math.min(over, excessCapDb) : 0
  }
  bandExcess.sort()
  let sum = 0
  for (let top = 1; top <= topBands; top++) sum += bandExcess[VAD_BANDS - top]!
  return sum / topBands
}

/** 1 from a frame above onset, and the frames around it, while above offset. */
function hysteresis(excess: Float32Array, { onsetDb, offsetDb }: VadParameters): Uint8Array {
  const active = new Uint8Array(excess.length)
  for (let frame = 0; frame < excess.length; frame++) {
    if (!(excess[frame]! >= onsetDb) || active[frame]) continue
    for (let back = frame; back >= 0 && excess[back]! >= offsetDb; back--) active[back] = 1
    for (let ahead = frame; ahead < excess.length && excess[ahead]! >= offsetDb; ahead++) active[ahead] = 1
  }
  return active
}

/** Runs of ones. */
export function rangesOf(flags: Uint8Array): FrameRange[] {
  const ranges: FrameRange[] = []
  let start = -1
  for (let frame = 0; frame <= flags.length; frame++) {
    const isOn = flags[frame] === 1
    if (isOn && start < 0) start = frame
    if (!isOn && start >= 0) {
      ranges.push({ start, end: frame })
      start = -1
    }
  }
  return ranges
}

/** Joins ranges whose gap is shorter than `gapFrames`; ascending input. */
function mergeRanges(ranges: readonly FrameRange[], gapFrames: number): FrameRange[] {
  const merged: FrameRange[] = []
  for (const range of ranges) {
    const last = merged.at(-1)
    if (last && range.start - last.end < gapFrames)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else merged.push(range)
  }
  return merged
}

/** Frames left out at either end of a stretch, where a steady sound too rises and falls. */
const EDGE_FRAMES = 8

/** Mean over the bands of the level's SD within a stretch, of the more varied half of the bands. */
function variationDb(smooth: Float32Array, { start, end }: FrameRange): number {
  const trim = end - start > 4 * EDGE_FRAMES ? EDGE_FRAMES : 0
  const deviations: number[] = []
  for (let band = 0; band < VAD_BANDS; band++) {
    let sum = 0
    let squares = 0
    let count = 0
    for (let frame = start + trim; frame < end - trim; frame++) {
      const level = smooth[frame * VAD_COLUMNS + band]!
      if (level <= SILENT_BELOW_DB) continue
      sum += level
      squares += level * level
      count++
    }
    deviations.push(count > 0 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : 0)
  }
  const varied = deviations.sort((a, b) => b - a).slice(0, VAD_BANDS / 2)
  return varied.reduce((sum, deviation) => sum + deviation, 0) / varied.length
}
