import type { WaveformColumns } from '../../../plots/types'

/** Amplitudes that the waveform's axis may end at. */
const FULL_SCALES = [0.05, 0.1, 0.2, 0.5, 1]

/** The end of an axis on which a peak shows well, 0..1. */
export function fullScaleOf(peak: number): number {
  return FULL_SCALES.find((full) => full >= peak) ?? 1
}

/** The sample farthest from zero. */
export function peakOf({ maximum, minimum }: Pick<WaveformColumns, 'maximum' | 'minimum'>): number {
  let peak = 0
  for (let column = 0; column < maximum.length; column++)
    peak = Math.max(peak, maximum[column]! || 0, -minimum[column]! || 0)
  return peak
}
