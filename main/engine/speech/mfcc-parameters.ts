import { z } from 'zod'
import { UnmaskError } from '../errors'

/**
 * Every parameter of the speech front end. A model's card carries the ones it was trained with, so that training and
 * inference cannot differ.
 */
export interface MfccParameters {
  /** Hz of the signal the extractor is given. */
  readonly sampleRateHz: number
  /** Samples of one frame. */
  readonly frameSamples: number
  /** Samples from one frame's start to the next one's. */
  readonly hopSamples: number
  /** Points of the Fourier transform, a power of two; the frame is padded with zeros behind it. */
  readonly fftSize: number
  /** a in y[n] = x[n] - a x[n-1], over the whole signal, with x[-1] = 0. */
  readonly preEmphasis: number
  /** Triangular filters of unit peak, evenly spaced in mel between lowHz and highHz. */
  readonly melBands: number
  readonly lowHz: number
  readonly highHz: number
  /** Cepstral coefficients kept, from the first on; the zeroth is replaced by log energy. */
  readonly cepstra: number
  /** Least power whose natural logarithm is taken, in mel bands and in energy alike. */
  readonly powerFloor: number
  /** Frames on either side in the regression of the differences. */
  readonly differenceWidth: number
}

/**
 * Sources, value by value:
 * - sampleRateHz 16000: wideband speech, ITU-T P.341; the rate of the training data.
 * - frameSamples 320 and hopSamples 160 (20 ms every 10 ms): within the 10 to 30 ms over which speech is held to be
 *   stationary, Rabiner and Juang, Fundamentals of Speech Recognition, 1993, section 3.3.
 * - fftSize 512: the next power of two.
 * - preEmphasis 0.97: Young et al., The HTK Book 3.4, 2006, section 5.4.
 * - Hamming window, symmetric, 0.54 - 0.46 cos(2 pi n / (N - 1)): Harris, Proc. IEEE 66(1), 1978, 51-83.
 * - melBands 26: The HTK Book, section 5.6; mel(f) = 2595 log10(1 + f / 700): O'Shaughnessy, Speech Communication, 1987.
 * - cepstra 12, orthonormal DCT-II of the log bands: Davis and Mermelstein, IEEE Trans. ASSP 28(4), 1980, 357-366.
 * - differenceWidth 2, first and second regression differences: Furui, IEEE Trans. ASSP 34(1), 1986, 52-59; The HTK
 *   Book, section 5.9.
 */
export const DEFAULT_MFCC_PARAMETERS: MfccParameters = {
  sampleRateHz: 16_000,
  frameSamples: 320,
  hopSamples: 160,
  fftSize: 512,
  preEmphasis: 0.97,
  melBands: 26,
  lowHz: 0,
  highHz: 8_000,
  cepstra: 12,
  powerFloor: 1e-10,
  differenceWidth: 2,
}

const positiveInteger = z.number().int().positive()

export const mfccParametersSchema = z
  .object({
    sampleRateHz: positiveInteger,
    frameSamples: positiveInteger.min(2),
    hopSamples: positiveInteger,
    fftSize: positiveInteger.min(8),
    preEmphasis: z.number().min(0).lt(1),
    melBands: positiveInteger,
    lowHz: z.number().min(0),
    highHz: z.number().positive(),
    cepstra: positiveInteger,
    powerFloor: z.number().positive(),
    differenceWidth: positiveInteger,
  })
  .strict()
  .refine(({ fftSize }) => Number.isInteger(Math.log2(fftSize)), {
    message: 'must be a power of two',
    path: ['fftSize'],
  })
  .refine(({ fftSize, frameSamples }) => fftSize >= frameSamples, {
    message: 'must not be shorter than frameSamples',
    path: ['fftSize'],
  })
  .refine(({ highHz, lowHz, sampleRateHz }) => highHz > lowHz && highHz <= sampleRateHz / 2, {
    message: 'must lie above lowHz and not above half the sampling rate',
    path: ['highHz'],
  })
  .refine(({ cepstra, melBands }) => cepstra < melBands, {
    message: 'must be fewer than melBands',
    path: ['cepstra'],
  })

/**
 * Parameters from the `features` record of a model card.
 * @throws UnmaskError 'model.bad-card' naming the parameter
 */
export function parseMfccParameters(features: unknown): MfccParameters {
  const parsed = mfccParametersSchema.safeParse(features)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'model.bad-card',
    `input.features.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}; restore the model's card`,
  )
}

/** The defaults at another sampling rate: the same times in seconds, the band up to half the rate. */
export function mfccParametersAt(sampleRateHz: number): MfccParameters {
  const frameSamples = Math.round(0.02 * sampleRateHz)
  return {
    ...DEFAULT_MFCC_PARAMETERS,
    sampleRateHz,
    frameSamples,
    hopSamples: Math.round(0.01 * sampleRateHz),
    fftSize: 2 ** Math.ceil(Math.log2(frameSamples)),
    highHz: sampleRateHz / 2,
  }
}
