import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import { DEFAULT_VAD_PARAMETERS, type FrameRange } from '../../speech/vad'
import type { VoiceClip } from '../data/voice-clip'
import { type ClipCopy, clipCopies, copyColumns, type CopyPlan, type SpeechClip } from './clip-features'

/** Raise when the features, the copies or the voice activity detection of the same parameters change. */
const CACHE_VERSION = 3

interface CachedCopy {
  readonly frames: number
  readonly speech: readonly FrameRange[]
}

interface CacheIndex {
  readonly clips: readonly {
    readonly copies: readonly CachedCopy[]
    readonly degraded: readonly CachedCopy[]
  }[]
}

export interface FeatureCacheOptions {
  readonly cacheFolder: string
  readonly parameters: MfccParameters
  readonly plan: CopyPlan
  /** The run's labels: what a clip's label is an index of. */
  readonly labels: readonly string[]
  /** Decodes a file to mono samples at parameters.sampleRateHz. */
  readonly decode: (path: string) => Promise<Float32Array>
  /** Changes when a file does, for example its size and time. */
  readonly fingerprint: (path: string) => Promise<string>
  readonly onClip?: (done: number, total: number) => void
}

/** Features of all clips, in their order; computed once and kept in the cache folder, named by what went into them. */
export async function loadClipFeatures(
  clips: readonly VoiceClip[],
  options: FeatureCacheOptions,
): Promise<SpeechClip[]> {
  const { cacheFolder, parameters, plan, labels, decode, onClip } = options
  const prints: string[] = []
  for (const { path, id } of clips) prints.push(`${id} ${await options.fingerprint(path)}`)
  const key = createHash('sha256')
    .update(JSON.stringify([CACHE_VERSION, parameters, DEFAULT_VAD_PARAMETERS, plan, prints]))
    .digest('hex')
    .slice(0, 16)
  const stem = join(cacheFolder, `speech-features-${key}`)
  const columns = copyColumns(parameters)
  const cached = await readCache(stem, columns)
  const features = cached ?? []
  if (!cached) {
    for (const [index, { path }] of clips.entries()) {
      features.push(clipCopies(await decode(path), parameters, plan, index))
      onClip?.(features.length, clips.length)
    }
    await writeCache(stem, features, columns)
  }
  return clips.map(({ id, speaker, label }, index) => ({
    id,
    speaker,
    label: labels.indexOf(label),
    ...features[index]!,
  }))
}

type Versions = Pick<SpeechClip, 'copies' | 'degraded'>

async function readCache(stem: string, columns: number): Promise<Versions[] | null> {
  let index: CacheIndex
  let bytes: Buffer
  try {
    index = JSON.parse(await readFile(`${stem}.json`, 'utf8')) as CacheIndex
    bytes = await readFile(`${stem}.bin`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  let offset = 0
  const take = ({ frames, speech }: CachedCopy): ClipCopy => ({
    rows: values.subarray(offset, (offset += frames * columns)),
    speech,
  })
  return index.clips.map(({ copies, degraded }) => ({
    copies: copies.map(take),
    degraded: degraded.map(take),
  }))
}

/** The index is written last and renamed: a cache is whole or not there. */
async function writeCache(stem: string, clips: readonly Versions[], columns: number): Promise<void> {
  await mkdir(dirname(stem), { recursive: true })
  const all = clips.flatMap(({ copies, degraded }) => [...copies, ...degraded])
  const parts = all.map(({ rows }) => Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength))
  const entry = ({ rows, speech }: ClipCopy): CachedCopy => ({ frames: rows.length / columns, speech })
  const index: CacheIndex = {
    clips: clips.map(({ copies, degraded }) => ({
      copies: copies.map(entry),
      degraded: degraded.map(entry),
    })),
  }
  await writeFile(`${stem}.bin.part`, Buffer.concat(parts))
  await rename(`${stem}.bin.part`, `${stem}.bin`)
  await writeFile(`${stem}.json.part`, JSON.stringify(index))
  await rename(`${stem}.json.part`, `${stem}.json`)
}
