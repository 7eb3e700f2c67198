import { z } from 'zod'
import type { InterchangeDocument } from './document'
import type { Lane } from './lanes'

/**
 * What a file of another program has no place for and no annotation owns: whose tier is whose, the codes' keys and colours, the
 * length of the recording. Written as one JSON text that the format keeps; a file without it is read by its own means.
 */

const manifestSchema = z.object({
  unmask: z.literal(1),
  title: z.string(),
  durationSecs: z.number().nullable(),
  media: z.array(
    z.object({
      path: z.string(),
      offsetSecs: z.number(),
      durationSecs: z.number().nullable(),
      fps: z.number().nullable(),
      hasVideo: z.boolean().nullable(),
      hasAudio: z.boolean().nullable(),
    }),
  ),
  codes: z.array(
    z.object({
      kind: z.enum(['state', 'point']),
      set: z.string(),
      name: z.string(),
      key: z.string().nullable(),
      colour: z.string(),
      description: z.string(),
    }),
  ),
  variables: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['text', 'number', 'choice']),
      choices: z.array(z.string()),
      description: z.string(),
      value: z.string(),
    }),
  ),
  tiers: z.array(
    z.object({
      name: z.string(),
      subject: z.string(),
      observer: z.string(),
      set: z.string(),
      kind: z.enum(['states', 'points']),
      source: z.enum(['human', 'model']),
      /** Names of the file's tiers that hold this one's annotations. */
      lanes: z.array(z.string()),
    }),
  ),
})

export type Manifest = z.infer<typeof manifestSchema>

export function manifestText(document: InterchangeDocument, lanes: readonly Lane[]): string {
  const manifest: Manifest = {
    unmask: 1,
    title: document.title,
    durationSecs: document.durationSecs,
    media: document.media.map((media) => ({ ...media })),
    codes: document.codes.map((code) => ({ ...code })),
    variables: document.variables.map((variable) => ({ ...variable, choices: [...variable.choices] })),
    tiers: document.tiers.map(({ annotations: _, ...tier }) => ({
      ...tier,
      lanes: lanes.filter((lane) => lane.tier.name === tier.name).map(({ name }) => name),
    })),
  }
  return safeJson(manifest)
}

/** @returns null where there is none, or where it is damaged */
export function parseManifest(text: string | null | undefined): Manifest | null {
  if (!text) return null
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null // cut off or edited by hand: the file's own names are used
  }
}

/** JSON without the characters that XML cannot hold; JSON.stringify escapes all of them but two. */
function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\uFFFE\uFFFF\u007F-\u009F\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
