import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { greyPng } from './grey-png'
import type { SampleFace } from './sample-faces'

/** Beside report.json where the report was made with pictures of the data set; they are not passed on. */
export const SAMPLES_JSON = 'samples.json'

const samplesSchema = z.object({
  formatVersion: z.literal(1),
  /** Of the report it belongs to: a later report without samples leaves this file behind, which then is not its own. */
  command: z.string(),
  samples: z.array(
    z.object({
      id: z.string(),
      /** Base64 of a grey PNG. */
      png: z.base64(),
      label: z.string().nullable(),
      majority: z.string().nullable(),
      predicted: z.string(),
      probability: z.number().min(0).max(1),
      isRight: z.boolean(),
    }),
  ),
})
export type StoredSample = z.infer<typeof samplesSchema>['samples'][number]

export function samplesJson(command: string, faces: readonly SampleFace[]): string {
  const samples = faces.map(({ sidePx, pixels, ...rest }) => ({
    ...rest,
    png: greyPng(pixels, sidePx, sidePx).toString('base64'),
  }))
  return `${JSON.stringify({ formatVersion: 1, command, samples }, null, 1)}\n`
}

/**
 * The samples of a report.
 * @param command of the report
 * @returns none where it was made without
 * @throws UnmaskError 'data.invalid'
 */
export async function readSamples(folder: string, command: string): Promise<readonly StoredSample[]> {
  const path = join(folder, SAMPLES_JSON)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  try {
    const stored = samplesSchema.parse(JSON.parse(text))
    return stored.command === command ? stored.samples : []
  } catch (error) {
    throw new UnmaskError('data.invalid', `the samples cannot be read; make the report again: ${path}`, {
      cause: error,
    })
  }
}
