import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Numbers that took long to compute, from their file; null where it is absent or was cut short. */
export async function readKeptValues(file: string, count: number): Promise<Float32Array | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  if (bytes.byteLength !== count * Float32Array.BYTES_PER_ELEMENT) return null
  return new Float32Array(new Uint8Array(bytes).buffer)
}

/** Under a name of its own until it is whole, so that a killed run leaves no half file behind. */
export async function keepValues(file: string, values: Float32Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.part`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  await rename(`${file}.part`, file)
}
