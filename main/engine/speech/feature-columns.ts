import { DEFAULT_MFCC_PARAMETERS } from './mfcc-parameters'

/** A column of the features table, as the data dictionary describes it. */
export interface FeatureColumn {
  readonly name: string
  readonly unit: string
  readonly description: string
  /** Digits behind the decimal point that carry information. */
  readonly decimals: number
}

const { cepstra } = DEFAULT_MFCC_PARAMETERS
const coefficients = Array.from({ length: cepstra }, (_, k) => k + 1)
const FLAT = { decimals: 6, unit: '' }

function baseColumns(prefix: string, change: string): FeatureColumn[] {
  return [
    ...coefficients.map((k) => ({
      ...FLAT,
      name: `${prefix}mfcc_${k}`,
      description: `${change}mel-frequency cepstral coefficient ${k} (26 bands, natural logarithm, orthonormal DCT-II)`,
    })),
    {
      ...FLAT,
      name: `${prefix}log_energy`,
      unit: prefix ? 'nat per frame' : 'nat',
      description: `${change}natural log of the energy of the pre-emphasised frame`,
    },
  ]
}

/** The columns of `unmask features`, in order. One row is one 20 ms frame, a frame every 10 ms. */
export const FEATURE_COLUMNS: readonly FeatureColumn[] = [
  { name: 'time_s', unit: 's', decimals: 6, description: 'Middle of the frame on the clip clock' },
  ...baseColumns('', ''),
  ...baseColumns('d_', 'First difference per frame (regression over 2 frames either side) of the '),
  ...baseColumns('dd_', 'Second difference (the difference of the first) of the '),
  { name: 'rms', unit: 'full scale', decimals: 8, description: 'Root mean square of the samples' },
  { name: 'zero_crossings_per_s', unit: '1/s', decimals: 1, description: 'Zero crossings in a second' },
  {
    name: 'spectral_centroid_hz',
    unit: 'Hz',
    decimals: 2,
    description: 'Centroid of the amplitude spectrum',
  },
  {
    name: 'spectral_rolloff_hz',
    unit: 'Hz',
    decimals: 2,
    description: 'Frequency below which 99% of the amplitude spectrum lies',
  },
  {
    name: 'spectral_flatness',
    unit: '',
    decimals: 6,
    description: 'Geometric over arithmetic mean of the amplitude spectrum',
  },
  {
    name: 'spectral_spread_hz',
    unit: 'Hz',
    decimals: 2,
    description: 'Standard deviation of the amplitude spectrum around its centroid',
  },
  {
    name: 'loudness',
    unit: '',
    decimals: 6,
    description:
      'Sum over 24 Bark bands of summed amplitude to the power of 0.23 (Meyda); relative, depends on the gain',
  },
  {
    name: 'f0_hz',
    unit: 'Hz',
    decimals: 3,
    description: 'Fundamental frequency by YIN, 60 to 600 Hz; empty where unvoiced',
  },
  {
    name: 'speech_active',
    unit: '0/1',
    decimals: 0,
    description: '1 where the frame lies in detected speech',
  },
]
