/** Columns that a pitch track adds to the base features: log pitch and voicing. */
export const PITCH_COLUMNS = 2

/** Log pitch is counted in octaves from here, between men's and women's voices; standardisation does the rest. */
const REFERENCE_HZ = 160

/**
 * Log pitch with the unvoiced frames bridged by straight lines (as in Ghahremani et al., ICASSP 2014), so that its
 * differences follow the melody and do not jump at each consonant, and whether a frame is voiced.
 * @param hz fundamental frequency per frame, NaN where unvoiced
 * @returns row-major, shape [frames, PITCH_COLUMNS]: octaves re 160 Hz (0 where nothing is voiced), 1 or 0
 */
export function pitchColumns(hz: ArrayLike<number>): Float32Array {
  const out = new Float32Array(hz.length * PITCH_COLUMNS)
  let before = -1
  for (let frame = 0; frame < hz.length; frame++) {
    if (!(hz[frame]! > 0)) continue
    const octaves = Math.log2(hz[frame]! / REFERENCE_HZ)
    out[frame * PITCH_COLUMNS] = octaves
    out[frame * PITCH_COLUMNS + 1] = 1
    const from = before < 0 ? octaves : out[before * PITCH_COLUMNS]!
    for (let gap = before + 1; gap < frame; gap++)
      out[gap * PITCH_COLUMNS] = from + ((octaves - from) * (gap - before)) / (frame - before)
    before = frame
  }
  if (before >= 0)
    for (let gap = before + 1; gap < hz.length; gap++) out[gap * PITCH_COLUMNS] = out[before * PITCH_COLUMNS]!
  return out
}
