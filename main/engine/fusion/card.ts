import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EMOTIONS } from '../emotions'
import { UnmaskError } from '../errors'
import { fusionParametersSchema } from './parameters'

/**
 * card.json of the fusion: the parameters with which face and speech are fused, how they were chosen and how well it
 * works. There are no weights; a folder holds the card alone.
 */
export const fusionCardSchema = z.object({
  formatVersion: z.literal(1),
  task: z.literal('fusion'),
  /** Unique and stable. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  title: z.string().min(1),
  description: z.string(),
  licence: z.string().min(1),
  attribution: z.string(),
  /** Order of `parameters.prior` and of everything fused. */
  labels: z.array(z.string()).refine((labels) => labels.join() === EMOTIONS.join(), {
    message: `labels must be ${EMOTIONS.join(', ')}`,
  }),
  /** What becomes of labels that single models know beside the seven; null: dropped, the rest renormalised. */
  labelMap: z.object({ calm: z.literal('neutral'), contempt: z.null() }),
  /** b, floor, gates, rho_0 and the rest. */
  parameters: fusionParametersSchema,
  choice: z.object({
    /** How the exponents were chosen, and on what. */
    protocol: z.string().min(1),
    /** The models whose outputs were used. */
    models: z.object({ face: z.string(), speech: z.string() }),
  }),
  metrics: z.array(
    z.object({
      name: z.string().min(1),
      value: z.number(),
      interval: z.tuple([z.number(), z.number()]).optional(),
      protocol: z.string().min(1),
    }),
  ),
  provenance: z.object({ command: z.string(), commit: z.string() }),
})

export type FusionCard = z.infer<typeof fusionCardSchema>

/** Folder of the fusion's card below the folder of models. */
export const FUSION_FOLDER = 'fusion'
const CARD_FILE = 'card.json'

/** True for the content of a fusion's card.json, whether or not the rest of it is in order. */
export function isFusionCard(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'task' in raw && raw.task === 'fusion'
}

/**
 * The fusion's card.
 * @returns null where the folder of models holds none: the program's own defaults serve then
 * @throws UnmaskError 'model.bad-card'
 */
export async function readFusionCard(modelsFolder: string): Promise<FusionCard | null> {
  const file = join(modelsFolder, FUSION_FOLDER, CARD_FILE)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new UnmaskError('model.not-found', `the fusion card cannot be read: ${file}`, { cause: error })
  }
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError(
      'model.bad-card',
      `the fusion card is not JSON; restore it from the repository: ${file}`,
      { cause: error },
    )
  }
  const parsed = fusionCardSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'model.bad-card',
    `${issue?.path.join('.') || 'card'}: ${issue?.message ?? 'invalid'} in fusion card ${file}`,
  )
}
