import { z } from 'zod'

/** Asks the viewer process to say when it has obeyed every order before this one. */
export const settleOrderSchema = z.object({ type: z.literal('settle'), id: z.number().int() })

/** The answer. */
export const settledSchema = z.object({ type: z.literal('settled'), id: z.number().int() })

export type Settled = z.infer<typeof settledSchema>
