import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { UnmaskError } from '../../errors'
import { makeFolder } from '../../export/make-folder'
import { writeBytesAtomic } from '../../export/write-bytes'

/**
 * One file: a line of JSON, then the float32 values of all arrays, little-endian, in the header's order. Written beside,
 * synced and renamed, so that a killed run or a full disk leaves the one before.
 */
const headerSchema = z.object({
  format: z.literal('unmask-checkpoint-1'),
  /** Of everything that makes this run this run: configuration and data. */
  configHash: z.string(),
  /** Epochs that are done. */
  epoch: z.number().int().min(0),
  /** Optimiser steps that are done. */
  step: z.number().int().min(0),
  arrays: z.array(z.object({ name: z.string(), length: z.number().int().min(0) })),
  /** Curves so far, whatever else the run wants back. */
  extra: z.record(z.string(), z.unknown()),
})

export interface Checkpoint {
  readonly configHash: string
  readonly epoch: number
  readonly step: number
  readonly arrays: ReadonlyMap<string, Float32Array>
  readonly extra: Readonly<Record<string, unknown>>
}

/** @throws UnmaskError 'output.*' when it cannot be written; the checkpoint before stays */
export async function writeCheckpointFile(file: string, checkpoint: Checkpoint): Promise<void> {
  const { arrays, ...rest } = checkpoint
  const header = {
    format: 'unmask-checkpoint-1' as const,
    ...rest,
    arrays: [...arrays].map(([name, values]) => ({ name, length: values.length })),
  }
  const parts = [
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...[...arrays.values()].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]
  await makeFolder(dirname(file))
  await writeBytesAtomic(file, Buffer.concat(parts))
}

/**
 * @param configHash of this run; null takes a checkpoint of any
 * @returns null where there is no checkpoint
 * @throws UnmaskError 'data.invalid' for a damaged checkpoint or one of another configuration; the file is left as it is
 */
export async function readCheckpointFile(
  file: string,
  configHash: string | null,
): Promise<Checkpoint | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const line = bytes.indexOf(10)
  const header = parseHeader(bytes.subarray(0, Math.max(0, line)).toString('utf8'), file)
  if (configHash !== null && header.configHash !== configHash)
    throw new UnmaskError(
      'data.invalid',
      `the checkpoint was made with another configuration or other data (${header.configHash}, this run is ${configHash}); give another --run folder, or delete it to start anew: ${file}`,
    )
  const wanted = header.arrays.reduce((sum, { length }) => sum + length, 0) * 4
  if (bytes.length - line - 1 !== wanted)
    throw new UnmaskError(
      'data.invalid',
      `the checkpoint has ${bytes.length - line - 1} bytes of values, ${wanted} are wanted; it is damaged, delete it: ${file}`,
    )
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + line + 1, bytes.byteOffset + bytes.length),
  )
  let offset = 0
  const arrays = new Map(
    header.arrays.map(({ name, length }) => [name, values.slice(offset, (offset += length))] as const),
  )
  const { epoch, step, extra } = header
  return { configHash: header.configHash, epoch, step, arrays, extra }
}

function parseHeader(text: string, file: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new UnmaskError('data.invalid', `not a checkpoint of Unmask; delete it to start anew: ${file}`, {
      cause: error,
    })
  }
}

/** The arrays of a checkpoint by name prefix, in order; their lengths must be as wanted. */
export function takeArrays(
  checkpoint: Checkpoint,
  prefix: string,
  into: readonly Float32Array[],
  file: string,
): void {
  into.forEach((target, index) => {
    const name = `${prefix}/${index}`
    const source = checkpoint.arrays.get(name)
    if (source?.length !== target.length)
      throw new UnmaskError(
        'data.invalid',
        `${name} has ${source?.length ?? 'no'} values, ${target.length} are wanted: the checkpoint is of another network; delete it: ${file}`,
      )
    target.set(source)
  })
}

/** Named as takeArrays looks for them. */
export function nameArrays(prefix: string, arrays: readonly Float32Array[]): [string, Float32Array][] {
  return arrays.map((values, index) => [`${prefix}/${index}`, values])
}

/** First 16 hexadecimal digits of the SHA-256 of a value's JSON. */
export function configHashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
