import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UnmaskError } from '../../errors'
import { tf } from '../../inference/tf'
import type { AdamWState } from '../adamw'

/**
 * One file: a line of JSON (epochs done, optimiser steps, sizes), then float32 of all weights in the layers' order and
 * of both optimiser moments. Written beside and renamed, so a killed run leaves the one before.
 */
interface CheckpointHeader {
  readonly epoch: number
  readonly step: number
  readonly weightSizes: readonly number[]
  readonly momentSizes: readonly number[]
}

export async function writeCheckpoint(
  file: string,
  { network, state, epoch }: { network: tf.LayersModel; state: AdamWState; epoch: number },
): Promise<void> {
  const weights = await Promise.all(network.getWeights().map((weight) => weight.data()))
  const header: CheckpointHeader = {
    epoch,
    step: state.step,
    weightSizes: weights.map(({ length }) => length),
    momentSizes: state.first.map(({ length }) => length),
  }
  const arrays = [...(weights as Float32Array[]), ...state.first, ...state.second]
  const parts = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...parts]))
  await rename(`${file}.part`, file)
}

/**
 * Puts a checkpoint into a network and an optimiser state of the same sizes.
 * @returns epochs done; 0 where there is no checkpoint
 * @throws UnmaskError 'data.invalid' for a checkpoint of another network
 */
export async function readCheckpoint(
  file: string,
  network: tf.LayersModel,
  state: AdamWState,
): Promise<number> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  const line = bytes.indexOf(10)
  const header = JSON.parse(bytes.subarray(0, line).toString('utf8')) as CheckpointHeader
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + line + 1, bytes.byteOffset + bytes.length),
  )
  const current = network.getWeights()
  const sizes = [...header.weightSizes, ...header.momentSizes, ...header.momentSizes]
  const isSame =
    current.length === header.weightSizes.length &&
    current.every((weight, index) => weight.size === header.weightSizes[index]) &&
    state.first.every(({ length }, index) => length === header.momentSizes[index]) &&
    sizes.reduce((sum, size) => sum + size, 0) === values.length
  if (!isSame)
    throw new UnmaskError(
      'data.invalid',
      `the checkpoint is of another network; delete it to start anew: ${file}`,
    )
  let offset = 0
  const next = (size: number) => values.subarray(offset, (offset += size))
  const restored = current.map((weight) => tf.tensor(next(weight.size).slice(), weight.shape))
  network.setWeights(restored)
  tf.dispose(restored)
  for (const moments of [...state.first, ...state.second]) moments.set(next(moments.length))
  state.step = header.step
  return header.epoch
}
