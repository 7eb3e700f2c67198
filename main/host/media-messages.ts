import { z } from 'zod'
import { faultSchema } from '../engine/errors'

const common = { id: z.number().int(), path: z.string().min(1), outPath: z.string().min(1) }

/** What main asks of the media process. */
export const toMediaSchema = z.discriminatedUnion('type', [
  /** Writes a small JPEG of a recording. */
  z.object({ type: z.literal('thumbnail'), ...common }),
  /** Writes a copy that Chromium plays, where the recording itself is none or it is forced; says whether it did. */
  z.object({ type: z.literal('proxy'), ...common, isForced: z.boolean() }),
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
])
export type ToMedia = z.infer<typeof toMediaSchema>

export const fromMediaSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    id: z.number().int(),
    fraction: z.number().min(0).max(1).nullable(),
  }),
  /** `isNeeded` is false where the recording plays as it is and no copy was made. */
  z.object({ type: z.literal('done'), id: z.number().int(), isNeeded: z.boolean() }),
  z.object({ type: z.literal('failed'), id: z.number().int(), fault: faultSchema }),
])
export type FromMedia = z.infer<typeof fromMediaSchema>
