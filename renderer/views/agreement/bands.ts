import { type StringKey, t } from '../../strings'

/** A word for a value from a convention of the literature. @param bands least values, highest first */
function wordOf(value: number, bands: readonly (readonly [number, StringKey])[], below: StringKey): string {
  return t(bands.find(([least]) => value >= least)?.[1] ?? below)
}

const LANDIS_KOCH = [
  [0.81, 'agreement.band.almostPerfect'],
  [0.61, 'agreement.band.substantial'],
  [0.41, 'agreement.band.moderate'],
  [0.21, 'agreement.band.fair'],
  [0, 'agreement.band.slight'],
] as const

/**
 * Landis, J. R. & Koch, G. G. (1977). The measurement of observer agreement for categorical data. Biometrics 33, 159-174:
 * below 0 poor, to .20 slight, to .40 fair, to .60 moderate, to .80 substantial, above almost perfect. The bands are stated with
 * two decimals, so the value is rounded to two before it is looked up.
 */
export const landisKoch = (value: number): string =>
  wordOf(Math.round(value * 100) / 100, LANDIS_KOCH, 'agreement.band.poor')

/** Krippendorff, K. (2004). Content Analysis, 2nd ed., p. 241. */
export const krippendorff = (value: number): string =>
  wordOf(
    value,
    [
      [0.8, 'agreement.band.reliable'],
      [0.667, 'agreement.band.tentative'],
    ],
    'agreement.band.low',
  )

/** Koo, T. K. & Li, M. Y. (2016). Journal of Chiropractic Medicine 15, 155-163. */
export const kooLi = (value: number): string =>
  wordOf(
    value,
    [
      [0.9, 'agreement.band.excellent'],
      [0.75, 'agreement.band.good'],
      [0.5, 'agreement.band.moderate'],
    ],
    'agreement.band.poor',
  )
