import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import { DEFAULT_VAD_PARAMETERS } from '../../speech/vad'
import { clipFeatures, type SpeechClip } from './clip-features'
import type { RavdessClip } from './ravdess'

/** Raise when the features or the voice activity detection of the same parameters change. */
const CACHE_VERSION = 2

interface CacheIndex {
  readonly clips: readonly (Omit<SpeechClip, 'logMelEnergy'> & { readonly frames: number })[]
}

export interface FeatureCacheOptions {
  readonly cacheFolder: string
  readonly parameters: MfccParameters
  /** Decodes a file to mono samples at parameters.sampleRateHz. */
  readonly decode: (path: string) => Promise<Float32Array>
  readonly onClip?: (done: number, total: number) => void
}

/** Features of all clips, in their order; computed once and kept in the cache folder, named by what went into them. */
export async function loadClipFeatures(
  clips: readonly RavdessClip[],
  { cacheFolder, parameters, decode, onClip }: FeatureCacheOptions,
): Promise<SpeechClip[]> {
  const key = createHash('sha256')
    .update(
      JSON.stringify([CACHE_VERSION, parameters, DEFAULT_VAD_PARAMETERS, clips.map(({ name }) => name)]),
    )
    .digest('hex')
    .slice(0, 16)
  const stem = join(cacheFolder, `speech-features-${key}`)
  const columns = parameters.melBands + 1
  const cached = await readCache(stem, columns)
  if (cached) return cached
  const computed: SpeechClip[] = []
  for (const { path, name, actor, label } of clips) {
    computed.push({ name, actor, label, ...clipFeatures(await decode(path), parameters) })
    onClip?.(computed.length, clips.length)
  }
  await writeCache(stem, computed, columns)
  return computed
}

async function readCache(stem: string, columns: number): Promise<SpeechClip[] | null> {
  let index: CacheIndex
  let bytes: Buffer
  try {
    index = JSON.parse(await readFile(`${stem}.json`, 'utf8')) as CacheIndex
    bytes = await readFile(`${stem}.bin`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  let offset = 0
  return index.clips.map(({ frames, ...clip }) => {
    const logMelEnergy = values.subarray(offset, offset + frames * columns)
    offset += frames * columns
    return { ...clip, logMelEnergy }
  })
}

/** The index is written last and renamed: a cache is whole or not there. */
async function writeCache(stem: string, clips: readonly SpeechClip[], columns: number): Promise<void> {
  await mkdir(dirname(stem), { recursive: true })
  const values = new Float32Array(clips.reduce((sum, { logMelEnergy }) => sum + logMelEnergy.length, 0))
  let offset = 0
  for (const { logMelEnergy } of clips) {
    values.set(logMelEnergy, offset)
    offset += logMelEnergy.length
  }
  const index: CacheIndex = {
    clips: clips.map(({ logMelEnergy, ...clip }) => ({ ...clip, frames: logMelEnergy.length / columns })),
  }
  await writeFile(`${stem}.bin`, values)
  await writeFile(`${stem}.json.part`, JSON.stringify(index))
  await rename(`${stem}.json.part`, `${stem}.json`)
}
