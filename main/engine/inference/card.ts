import { z } from 'zod'
import { MODEL_LABELS } from '../emotions'

/**
 * card.json of a model folder: everything the engine must know to use a model rightly, and everything a reviewer must
 * know to trust it. Code reads these and never guesses them.
 */

const probabilityVector = z.array(z.number().min(0).max(1))
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const metric = z.object({
  /** For example "accuracy", "UAR", "ECE". */
  name: z.string().min(1),
  value: z.number(),
  /** Half width or [low, high] of the 95% interval, where known. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Data, split, number of items and seeds: no figure stands alone. */
  protocol: z.string().min(1),
})

/**
 * Rows that the weights were fitted on, in a form that programs compare, so that none of them is used as a test: those of
 * the data set that are in one of the splits or of one of the speakers; all of its rows where neither is listed.
 */
const trainingRows = z.object({
  /** "fer2013", "ravdess", or the name of a lab's own manifest. */
  dataSet: z.string().min(1),
  splits: z.array(z.string()).optional(),
  speakers: z.array(z.string()).optional(),
})

const common = {
  formatVersion: z.literal(1),
  /** Unique and stable: appears in exports. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  title: z.string().min(1),
  description: z.string(),
  licence: z.string().min(1),
  attribution: z.string(),
  /** Canonical names in the order of the network's outputs. */
  labels: z.array(z.enum(MODEL_LABELS as [string, ...string[]])).min(2),
  output: z.enum(['probabilities', 'logits']),
  /** Which output tensor is used where the network has several heads. */
  outputIndex: z.number().int().min(0).default(0),
  /** Effective class prior the training left in the model, in label order, sums to 1 (models.md section 5). */
  prior: probabilityVector,
  calibration: z.object({
    /** Logits (or log-probabilities) are divided by this before the softmax. */
    temperature: z.number().positive(),
    protocol: z.string(),
  }),
  training: z.object({
    data: z.string(),
    split: z.string(),
    seeds: z.array(z.number()).default([]),
    rows: z.array(trainingRows).optional(),
  }),
  metrics: z.array(metric),
  provenance: z.object({ command: z.string(), commit: z.string() }),
  /** Every file the model is loaded from, model.json first. */
  files: z.array(z.object({ name: z.string().min(1), sha256 })).min(1),
}

const faceNormalisation = z.discriminatedUnion('kind', [
  /** (value - mean[channel]) / scale, on 0..255. */
  z.object({ kind: z.literal('fixed'), mean: z.array(z.number()), scale: z.number().positive() }),
  /** Per image: subtract its mean, divide by max(SD, sdFloor), clip to +-clip; on 0..255. */
  z.object({ kind: z.literal('per-image'), sdFloor: z.number().positive(), clip: z.number().positive() }),
])

/** A further output of a face network, measured beside the one the application uses. */
const otherHead = z.object({
  outputIndex: z.number().int().min(0),
  /** Canonical names in the order of this output. */
  labels: z.array(z.enum(MODEL_LABELS as [string, ...string[]])).min(2),
  /** What it was trained to say: "FER2013 labels". */
  target: z.string().min(1),
  prior: probabilityVector.optional(),
})

export const faceCardSchema = z.object({
  ...common,
  task: z.literal('face-emotion'),
  otherHeads: z.array(otherHead).optional(),
  input: z.object({
    widthPx: z.number().int().positive(),
    heightPx: z.number().int().positive(),
    colour: z.enum(['rgb', 'grey']),
    normalisation: faceNormalisation,
    /**
     * Where the box lies in the crop, as fractions of the crop's side: the crop is cut from the picture so that the
     * centre of the box (a square of side max(w, h)) lands at (boxCentreX, boxCentreY) and its side spans boxSide of
     * the crop. The box is the detector's, or the smallest one around the 68 landmarks.
     */
    crop: z.object({
      reference: z.enum(['detector', 'landmarks']).default('detector'),
      boxCentreX: z.number(),
      boxCentreY: z.number(),
      boxSide: z.number().positive(),
      levelEyes: z.boolean(),
    }),
    /** Average the logits of the crop and its mirror image offline. */
    mirrorAverage: z.boolean().default(false),
  }),
})

/** One network of a speech model, and how the features become its input. */
const speechMember = z.object({
  /** Its topology among the card's files; that file's manifest names its weights. */
  topology: z.string().min(1),
  /** Share of its logits in the mean; the shares are normalised. */
  weight: z.number().positive().default(1),
  /** Feature frames averaged into one network step. */
  framesPerStep: z.number().int().positive(),
  /** Network steps: the time length of the input, shape [steps, coefficients]. */
  steps: z.number().int().positive(),
  /** Static, first and second differences: 39, with pitch 45. */
  coefficients: z.number().int().positive(),
  /** Log pitch and voicing stand behind the energy. */
  pitch: z.boolean().default(false),
  /** 'speech-mean': the mean log energy over the clip's speech frames is subtracted from log energy. */
  energyReference: z.enum(['none', 'speech-mean']),
  /** Also subtract the mean of each MFCC and of log pitch over the clip's speech frames. */
  removeClipMean: z.boolean().default(false),
  /** Training speakers' mean and standard deviation, each of length `coefficients`. */
  standardisation: z.object({ mean: z.array(z.number()), sd: z.array(z.number().positive()) }),
  /** True: the network's second input is a mask, shape [steps], 1 inside the speech and 0 in the padding. */
  hasMask: z.boolean(),
})

/** Cards of a single network once had its input beside the front end's. */
function withMembers(raw: unknown): unknown {
  const card = raw as {
    task?: unknown
    members?: unknown
    input?: object
    files?: { name?: unknown }[]
  } | null
  if (card?.task !== 'speech-emotion' || card.members !== undefined) return raw
  return { ...card, members: [{ ...card.input, topology: card.files?.[0]?.name }] }
}

export const speechCardSchema = z.object({
  ...common,
  task: z.literal('speech-emotion'),
  input: z.object({
    sampleRateHz: z.number().int().positive(),
    /** The front end's parameters, as in speech/mfcc-parameters.ts. */
    features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    windowSecs: z.number().positive(),
    hopSecs: z.number().positive(),
    minimumSpeechSecs: z.number().positive(),
  }),
  /** The networks; what they say together is the weighted mean of their logits. A card without members has one. */
  members: z.array(speechMember).min(1).max(3),
})

export const modelCardSchema = z
  .preprocess(withMembers, z.discriminatedUnion('task', [faceCardSchema, speechCardSchema]))
  .refine((card) => card.prior.length === card.labels.length, {
    message: 'prior must have one share for each label',
    path: ['prior'],
  })
  .refine((card) => Math.abs(card.prior.reduce((sum, share) => sum + share, 0) - 1) < 1e-3, {
    message: 'prior must sum to 1',
    path: ['prior'],
  })
  .refine((card) => new Set(card.labels).size === card.labels.length, {
    message: 'labels must differ',
    path: ['labels'],
  })

export type FaceCard = z.infer<typeof faceCardSchema>
export type SpeechCard = z.infer<typeof speechCardSchema>
export type SpeechMember = SpeechCard['members'][number]
export type ModelCard = z.infer<typeof modelCardSchema>
