import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UnmaskError } from '../../errors'

/**
 * Everything that decides a training of the speech model beside data and seed. The shipped model's stands in
 * models/speech/config.json; each value's reason in its comment here.
 */
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'low must not exceed high')
const share = z.number().min(0).max(1)

const augmentSchema = z.strictObject({
  timeStretch: z.number().min(0).max(0.5),
  bandWarp: z.number().min(0).max(0.3),
  channelDb: z.number().min(0).max(12),
  noiseChance: share,
  noiseSnrDb: range,
  bandMasks: z.int().min(0),
  bandMaskWidth: z.int().min(0).max(10),
  timeMasks: z.int().min(0),
  timeMaskFrames: z.int().min(0),
})

const copiesSchema = z.strictObject({
  /** Playing speeds of the waveform; the recording itself (1) first. */
  speeds: z.array(z.number().min(0.5).max(2)).min(1),
  rooms: z.boolean(),
  noiseSnrDb: range,
  roomDecaySecs: range,
  directToTailDb: range,
  /** Strength of the noise reduction that recordings get before anything else; absent is none. */
  noiseReduction: share.optional(),
})

const memberSchema = z.strictObject({
  /** Names files: a-model.json. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** Share of this member's logits in the mean; the shares are normalised. */
  weight: z.number().positive(),
  /** Frames of 10 ms averaged into one step of the network. */
  framesPerStep: z.int().min(1),
  energyReference: z.enum(['none', 'speech-mean']),
  removeClipMean: z.boolean(),
  /** Log pitch and voicing beside MFCC and energy. */
  pitch: z.boolean(),
  /** Added to the run's seed, so that members that are alike begin apart. */
  seedOffset: z.int().min(0).default(0),
})

const trainingSchema = z.strictObject({
  /** Fixed beforehand, never chosen on a test fold. */
  epochs: z.int().min(1),
  batchSize: z.int().min(2),
  peakRate: z.number().positive(),
  lastRate: z.number().positive(),
  warmUpEpochs: z.int().min(0),
  /** Decoupled, on kernels. */
  weightDecay: z.number().min(0),
  labelSmoothing: share,
  /** Loss weight of neutral, which has half as many clips as the others in RAVDESS. */
  neutralWeight: z.number().positive(),
  mixupChance: share,
  mixupShape: z.number().positive(),
  /** Whole input coefficients dropped (spatial dropout). */
  coefficientDropout: share,
  dropout: share,
  /** How often an example is the recording itself at its own speed; else one of the other copies. */
  plainChance: share,
})

export const speechConfigSchema = z.strictObject({
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  title: z.string().min(1),
  windowSecs: z.number().positive(),
  hopSecs: z.number().positive(),
  minimumSpeechSecs: z.number().positive(),
  members: z
    .array(memberSchema)
    .min(1)
    .max(3)
    .refine(
      (members) => new Set(members.map(({ name }) => name)).size === members.length,
      'names must differ',
    ),
  training: trainingSchema,
  copies: copiesSchema,
  augment: augmentSchema,
})

export type SpeechConfig = z.infer<typeof speechConfigSchema>
export type MemberConfig = SpeechConfig['members'][number]

/** @throws UnmaskError 'data.invalid' naming the key, what is wrong and the file */
export async function readSpeechConfig(path: string): Promise<SpeechConfig> {
  let raw: unknown
  try {
    raw = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new UnmaskError(
      'data.invalid',
      `the configuration cannot be read as JSON (${error instanceof Error ? error.message : String(error)}): ${path}`,
      { cause: error },
    )
  }
  const parsed = speechConfigSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'data.invalid',
    `${issue?.path.join('.') || 'configuration'}: ${issue?.message ?? 'invalid'} in ${path}`,
  )
}
