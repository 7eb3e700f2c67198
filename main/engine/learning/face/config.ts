import { z } from 'zod'

const positiveInt = z.number().int().positive()
const share = z.number().min(0).max(1)

/** Random changes of a training image; at zero strength each leaves the image as it is. */
export const faceAugmentSchema = z.strictObject({
  flipChance: share.default(0.5),
  rotationDegrees: z.number().min(0).max(45).default(12),
  /** Scale is drawn from 1 - this to 1 + this. */
  scaleRange: z.number().min(0).max(0.5).default(0.15),
  /** Shift in both directions, as a share of the side. */
  shiftShare: z.number().min(0).max(0.5).default(0.1),
  /** Gamma is drawn from [1 / this, this], evenly on the logarithm. */
  gammaRange: z.number().min(1).max(3).default(1.4),
  /** Shrink to 20 to 40 px of 48, and back. */
  shrinkChance: share.default(0.2),
  noiseChance: share.default(0.2),
  /** Largest SD of the noise, of 255. */
  noiseSd: z.number().min(0).max(64).default(8),
  eraseChance: share.default(0.5),
  /** Largest part of the image that is erased; the smallest is 2%. */
  eraseShare: z.number().min(0).max(0.5).default(0.15),
})

export type FaceAugmentOptions = z.infer<typeof faceAugmentSchema>

/** Everything that makes a face training this one and no other. Defaults are the recipe of the shipped model. */
export const faceConfigSchema = z.strictObject({
  network: z
    .strictObject({
      /** The first convolution halves the picture: 5 x 5, stride 2. */
      stemChannels: positiveInt.default(32),
      /** Residual blocks; each but the first is at half the size of the one before, by maximum pooling. */
      stages: z
        .array(
          z.strictObject({
            channels: positiveInt,
            blocks: positiveInt.default(1),
            /** Squeeze-and-excitation at the end of each block: cheap where the maps are small. */
            hasGate: z.boolean().default(true),
          }),
        )
        .min(1)
        .default([
          { channels: 64, blocks: 1, hasGate: false },
          { channels: 128, blocks: 1, hasGate: true },
          { channels: 256, blocks: 1, hasGate: true },
        ]),
      squeezeRatio: positiveInt.default(8),
      dropout: z.number().min(0).lt(1).default(0.4),
    })
    .prefault({}),
  seed: z.number().int().min(0).default(1),
  epochs: positiveInt.default(40),
  batchSize: positiveInt.default(128),
  peakRate: z.number().positive().default(0.1),
  lastRate: z.number().min(0).default(0.001),
  warmUpEpochs: z.number().min(0).default(2),
  momentum: z.number().min(0).lt(1).default(0.9),
  /** L2 on kernels. */
  weightDecay: z.number().min(0).default(5e-4),
  /** The weights that are kept are an exponential average: this share of the old one at each step. */
  averageKeep: z.number().min(0).lt(1).default(0.999),
  labelSmoothing: z.number().min(0).lt(1).default(0.1),
  /** This times log(class share) is added to the FER2013 logits inside the loss; the prior left is share^(1 - this). */
  priorAdjustment: share.default(0.5),
  /** Weight of the loss on FER+ vote shares beside the one on FER2013 labels. */
  voteWeight: z.number().min(0).default(1),
  /** Share of batches that are mixed, and the shape of the Beta distribution (Zhang et al., ICLR 2018). */
  mixupChance: share.default(0.5),
  mixupShape: z.number().positive().default(0.2),
  augment: faceAugmentSchema.prefault({}),
})

export type FaceConfig = z.infer<typeof faceConfigSchema>
