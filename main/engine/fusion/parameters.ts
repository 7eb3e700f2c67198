import { z } from 'zod'
import { EMOTION_COUNT } from '../emotions'

/** A straight ramp: the factor is 0 at `zeroAt`, 1 at `oneAt` and clamped beyond; zeroAt > oneAt falls. */
const ramp = (zeroAt: number, oneAt: number) =>
  z
    .object({ zeroAt: z.number().default(zeroAt), oneAt: z.number().default(oneAt) })
    .refine((value) => value.zeroAt !== value.oneAt, { message: 'zeroAt and oneAt must differ' })
    .prefault({})

/** How far each modality is believed at a moment (models.md section 5). Factors multiply to a gate 0..1. */
export const gateParametersSchema = z.object({
  face: z
    .object({
      /** Detector score, 0..1. */
      score: ramp(0.5, 0.9),
      /** Shorter side of the face box in source pixels. */
      sizePx: ramp(24, 64),
      /** Degrees away from frontal. */
      poseDegrees: ramp(50, 20),
      sharpness: ramp(0, 1),
    })
    .prefault({}),
  speech: z
    .object({
      /** Share of the window inside detected speech, 0..1. */
      share: ramp(0.2, 0.6),
      /** Speech level over the noise floor. */
      snrDb: ramp(0, 15),
    })
    .prefault({}),
})

export type Ramp = { readonly zeroAt: number; readonly oneAt: number }
export type GateParameters = z.infer<typeof gateParametersSchema>

const priorSchema = z
  .array(z.number().positive())
  .length(EMOTION_COUNT)
  .refine((prior) => Math.abs(prior.reduce((sum, share) => sum + share, 0) - 1) < 1e-6, {
    message: 'prior must sum to 1',
  })

export const fusionParametersSchema = z.object({
  /** 'product': Bayes' rule for modalities independent given the emotion. 'weighted-sum': mean of probabilities. */
  method: z.enum(['product', 'weighted-sum']).default('product'),
  /** b_face and b_voice of the product: exponents of the evidence. Not rescaled to sum to 1. */
  faceExponent: z.number().min(0).max(4).default(1),
  speechExponent: z.number().min(0).max(4).default(1),
  /** Weights of the weighted sum, before the gates. */
  faceWeight: z.number().min(0).max(1).default(0.5),
  speechWeight: z.number().min(0).max(1).default(0.5),
  /** rho_0: the class prior of the fused result, in canonical order. */
  prior: priorSchema.default(Array.from({ length: EMOTION_COUNT }, () => 1 / EMOTION_COUNT)),
  /** Share of a uniform distribution mixed into each posterior, so that no model can veto an emotion. */
  floor: z.number().gt(0).lt(1).default(0.02),
  /** With every gate below this the row is absent: nothing trustworthy was heard or seen. */
  minimumGate: z.number().gt(0).max(1).default(0.05),
  gates: gateParametersSchema.prefault({}),
  disagreement: z
    .object({
      minimumConfidence: z.number().min(0).max(1).default(0.5),
      minimumGate: z.number().min(0).max(1).default(0.5),
    })
    .prefault({}),
})

export type FusionParameters = z.infer<typeof fusionParametersSchema>

export const smoothingParametersSchema = z.object({
  /**
   * 'exponential': causal, on the face evidence before fusion. 'markov-forward': causal hidden Markov filter on the
   * fused scores. 'markov': the same filter in both directions, without lag.
   */
  method: z.enum(['none', 'exponential', 'markov-forward', 'markov']).default('exponential'),
  /** Time constant of the exponential average. */
  tauSecs: z.number().positive().default(0.4),
  /** State is forgotten after a longer gap than this. */
  restartGapSecs: z.number().positive().default(1),
  /** Markov: an emotion is kept over dt with probability exp(-dt / dwellSecs). */
  dwellSecs: z.number().positive().default(2),
  /** Markov: span of face frames that counts as one independent observation. */
  faceEvidenceSecs: z.number().positive().default(0.5),
})

export type SmoothingParameters = z.infer<typeof smoothingParametersSchema>

/** The displayed label changes only when another one leads by `lead` for `holdSecs`. */
export const displayParametersSchema = z.object({
  lead: z.number().min(0).max(1).default(0.1),
  holdSecs: z.number().min(0).default(0.25),
})

export type DisplayParameters = z.infer<typeof displayParametersSchema>
