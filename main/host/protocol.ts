import { z } from 'zod'
import { clipJobSchema, clipOutcomeSchema, clipProgressSchema } from '../engine/batch/clip-job'
import { faultSchema } from '../engine/errors'
import { DETECTOR_KINDS } from '../engine/face/detector'
import { BACKEND_CHOICES } from '../engine/inference/backend-choice'

/** The messages between whoever starts an analysis host and the host. Both ends parse what they receive. */

export const hostConfigSchema = z.object({
  backend: z.enum(BACKEND_CHOICES),
  faceModelFolder: z.string().nullable(),
  speechModelFolder: z.string().nullable(),
  detector: z.enum(DETECTOR_KINDS),
  /** Stands in every result. */
  appVersion: z.string(),
})
export type HostConfig = z.infer<typeof hostConfigSchema>

export const toHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('configure'), config: hostConfigSchema }),
  z.object({ type: z.literal('label'), jobId: z.number().int(), job: clipJobSchema }),
  z.object({ type: z.literal('cancel'), jobId: z.number().int() }),
  z.object({ type: z.literal('shutdown') }),
])
export type ToHost = z.infer<typeof toHostSchema>

export const backendReportSchema = z.object({
  name: z.enum(['tensorflow-gpu', 'tensorflow', 'wasm']),
  description: z.string(),
  tfjsVersion: z.string(),
  refused: z.array(z.object({ name: z.enum(['tensorflow-gpu', 'tensorflow', 'wasm']), reason: z.string() })),
})

export const fromHostSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), backend: backendReportSchema, loadSecs: z.number() }),
  z.object({ type: z.literal('refused'), fault: faultSchema }),
  z.object({ type: z.literal('progress'), jobId: z.number().int(), progress: clipProgressSchema }),
  z.object({ type: z.literal('done'), jobId: z.number().int(), outcome: clipOutcomeSchema }),
  z.object({ type: z.literal('failed'), jobId: z.number().int(), stage: z.string(), fault: faultSchema }),
])
export type FromHost = z.infer<typeof fromHostSchema>
