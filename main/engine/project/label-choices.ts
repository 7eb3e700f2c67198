import { z } from 'zod'
import { DETECTOR_KINDS } from '../face/detector'
import { BACKEND_CHOICES } from '../inference/backend-choice'

/** What a researcher chooses for a batch; the command has a flag for each. */
export const labelChoicesSchema = z.object({
  modalities: z.array(z.enum(['face', 'speech', 'fusion'])).min(1),
  framesPerSec: z.union([z.literal('all'), z.number().positive().max(1000)]),
  windowSecs: z.number().positive().max(86_400),
  hopSecs: z.number().positive().max(86_400),
  fusionMethod: z.enum(['product', 'weighted-sum']),
  exports: z.object({
    long: z.boolean(),
    eaf: z.boolean(),
    textgrid: z.boolean(),
    boris: z.boolean(),
    landmarks: z.boolean(),
    bom: z.boolean(),
  }),
  /** Clips at a time; null: by cores. */
  jobs: z.number().int().min(1).max(256).nullable(),
  backend: z.enum(BACKEND_CHOICES),
  detector: z.enum(DETECTOR_KINDS),
  /** Ids of models; null: those of models/defaults.json. */
  faceModel: z.string().min(1).nullable(),
  speechModel: z.string().min(1).nullable(),
  /** A clip without progress for so long is given up. */
  stallSecs: z.number().positive().max(86_400),
})

export type LabelChoices = z.infer<typeof labelChoicesSchema>
