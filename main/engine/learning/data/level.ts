import { UnmaskError } from '../../errors'

/** Levels of a recording in dB below full scale; -Infinity for digital silence. */
export interface SoundLevel {
  readonly peakDb: number
  readonly rmsDb: number
  /** Share of samples at full scale (0.999 and above), 0..1. */
  readonly clippedShare: number
}

const FULL_SCALE = 0.999

export function measureLevel(samples: Float32Array): SoundLevel {
  let peak = 0
  let squares = 0
  let clipped = 0
  for (const sample of samples) {
    const size = Math.abs(sample)
    if (size > peak) peak = size
    if (size >= FULL_SCALE) clipped++
    squares += sample * sample
  }
  const rms = samples.length === 0 ? 0 : Math.sqrt(squares / samples.length)
  return {
    peakDb: 20 * Math.log10(peak),
    rmsDb: 20 * Math.log10(rms),
    clippedShare: samples.length === 0 ? 0 : clipped / samples.length,
  }
}

/**
 * The recording at a stated level. Speech training needs no such step: its features do not depend on gain (log energy is
 * taken relative to the clip's speech); this is for listening and for material that leaves the program.
 * @param targetDb of the peak or the root mean square, at most 0
 * @returns a copy; silence stays silence; a peak that would pass full scale is an error, not clipped
 * @throws UnmaskError 'usage.invalid'
 */
export function normaliseLevel(
  samples: Float32Array,
  { reference, targetDb }: { readonly reference: 'peak' | 'rms'; readonly targetDb: number },
): Float32Array {
  if (!(targetDb <= 0))
    throw new UnmaskError(
      'usage.invalid',
      `a level is given in dB below full scale (0 or less), not ${targetDb}`,
    )
  const { peakDb, rmsDb } = measureLevel(samples)
  const gainDb = targetDb - (reference === 'peak' ? peakDb : rmsDb)
  if (!Number.isFinite(gainDb)) return samples.slice()
  // A rounding error above full scale is none.
  if (peakDb + gainDb > 1e-6)
    throw new UnmaskError(
      'usage.invalid',
      `at ${targetDb} dB RMS the peak would stand at ${(peakDb + gainDb).toFixed(1)} dB and be clipped; choose at most ${(rmsDb - peakDb).toFixed(1)}`,
    )
  const gain = 10 ** (gainDb / 20)
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)))
}
