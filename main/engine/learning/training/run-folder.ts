import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import { makeFolder } from '../../export/make-folder'

export const CHECKPOINT_FILE = 'checkpoint.bin'
const PROVENANCE_FILE = 'provenance.json'

const provenanceSchema = z.object({ command: z.string(), commit: z.string() })

/** What began a run: the card of the model says so, whichever commit brought it to its end. */
export type Provenance = z.infer<typeof provenanceSchema>

export async function readProvenance(folder: string): Promise<Provenance> {
  return provenanceSchema.parse(JSON.parse(await readFile(join(folder, PROVENANCE_FILE), 'utf8')))
}

/** Where one training keeps what it is and how far it is. */
export interface RunFolder {
  readonly folder: string
  readonly checkpointFile: string
}

/**
 * Opens the folder of a run and writes its resolved configuration.
 * @throws UnmaskError 'output.exists' where it holds a checkpoint and `isResumed` is false
 */
export async function openRunFolder(
  folder: string,
  { config, provenance, isResumed }: { config: object; provenance: Provenance; isResumed: boolean },
): Promise<RunFolder> {
  const checkpointFile = join(folder, CHECKPOINT_FILE)
  const isBegun = await exists(checkpointFile)
  if (isBegun && !isResumed)
    throw new UnmaskError(
      'output.exists',
      `this run was begun already; add --resume to go on with it, or give another --run folder: ${folder}`,
    )
  await makeFolder(folder)
  // A run that goes on keeps its own; whether it is the same is for the checkpoint's hash to say.
  if (!isBegun) {
    await writeAtomic(join(folder, 'config.json'), [`${JSON.stringify(config, null, 2)}\n`])
    await writeAtomic(join(folder, PROVENANCE_FILE), [`${JSON.stringify(provenance, null, 2)}\n`])
  }
  return { folder, checkpointFile }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
