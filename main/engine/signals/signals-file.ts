import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { outputError, TEMPORARY_SUFFIX } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import { LOG_MEL_BANDS, MFCC_ROWS, mfccCodec } from './codecs'
import type { GrowingLevels, Levels } from './levels'
import { type SignalFacts, SoundSignals } from './sound-signals'
import { WAVEFORM_COLUMN_BYTES } from './waveform-pyramid'

/** Raised with any change of what is computed or how it is kept. */
const VERSION = 1
const MAGIC = 'UNMASKSG'
const PREFIX_BYTES = MAGIC.length + 4
const HEADER_BYTES_MAX = 1 << 16

const TRACKS = ['waveform', 'logMel', 'mfcc'] as const
type Track = (typeof TRACKS)[number]

const BYTES_PER_COLUMN: Readonly<Record<Track, number>> = {
  waveform: WAVEFORM_COLUMN_BYTES,
  logMel: LOG_MEL_BANDS,
  mfcc: mfccCodec.bytesPerColumn,
}

/** What makes a recording the same recording, without reading it. */
export interface MediaIdentity {
  readonly sizeBytes: number
  readonly modifiedMs: number
}

const countsSchema = z.array(z.number().int().min(0)).max(40)
const rangeSchema = z.array(z.number()).length(MFCC_ROWS)

const headerSchema = z.object({
  version: z.literal(VERSION),
  media: z.object({ sizeBytes: z.number(), modifiedMs: z.number() }),
  facts: z.object({
    startSample: z.number().int(),
    endSample: z.number().int(),
    logMelLow: z.number(),
    logMelHigh: z.number(),
    mfccLow: rangeSchema,
    mfccHigh: rangeSchema,
  }),
  /** Columns of each level. */
  counts: z.object({ waveform: countsSchema, logMel: countsSchema, mfcc: countsSchema }),
})

type Header = z.infer<typeof headerSchema>

/** Where the sound of a clip is kept as pictures. */
export function signalsFilePath(cacheFolder: string, clipId: string): string {
  return join(cacheFolder, `${clipId}.signals`)
}

/** @throws the file system's error where the recording is gone */
export async function mediaIdentity(mediaPath: string): Promise<MediaIdentity> {
  const { size, mtimeMs } = await stat(mediaPath)
  return { sizeBytes: size, modifiedMs: mtimeMs }
}

/**
 * Writes finished signals beside their place, syncs and renames them, so that a reader finds a whole file or none.
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'
 */
export async function writeSignalsFile(
  path: string,
  media: MediaIdentity,
  levels: Readonly<Record<Track, GrowingLevels>>,
  facts: SignalFacts,
): Promise<void> {
  const header: Header = {
    version: VERSION,
    media,
    facts: {
      startSample: facts.startSample,
      endSample: facts.endSample,
      // A sound without a single frame has no percentiles, and JSON no NaN.
      logMelLow: facts.logMelLow || 0,
      logMelHigh: facts.logMelHigh || 0,
      mfccLow: facts.mfccLow.map((value) => value || 0),
      mfccHigh: facts.mfccHigh.map((value) => value || 0),
    },
    counts: {
      waveform: countsOf(levels.waveform),
      logMel: countsOf(levels.logMel),
      mfcc: countsOf(levels.mfcc),
    },
  }
  const part = `${path}${TEMPORARY_SUFFIX}`
  try {
    await makeFolder(dirname(path))
    const handle = await open(part, 'w')
    try {
      await writeAll(handle, encodeHeader(header))
      for (const track of TRACKS)
        for (let level = 0; level < levels[track].levelCount; level++)
          for (const bytes of levels[track].parts(level)) await writeAll(handle, bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw outputError(error, path)
  }
}

/** Signals that lie in a file; a reading takes from it what it shows, so that they cost no memory. */
export interface SignalsFile {
  readonly signals: SoundSignals
  close(): Promise<void>
}

/**
 * Opens signals that were written for this very recording.
 * @returns null where there are none, or the file is of another recording, another version, cut off or no such file at all:
 * they can be made again
 */
export async function openSignalsFile(path: string, media: MediaIdentity): Promise<SignalsFile | null> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch {
    return null
  }
  const found = await readHeader(handle).catch(() => null)
  const isOurs =
    found &&
    found.header.media.sizeBytes === media.sizeBytes &&
    found.header.media.modifiedMs === media.modifiedMs
  if (!isOurs) {
    await handle.close()
    return null
  }
  const { header, dataAt } = found
  const facts: SignalFacts = { ...header.facts, isComplete: true }
  const levels = {} as Record<Track, Levels>
  let at = dataAt
  for (const track of TRACKS) {
    const counts = header.counts[track]
    levels[track] = new FileLevels(handle, at, counts, BYTES_PER_COLUMN[track])
    at += sum(counts) * BYTES_PER_COLUMN[track]
  }
  return { signals: new SoundSignals(levels, () => facts), close: () => handle.close() }
}

class FileLevels implements Levels {
  readonly bytesPerColumn: number
  readonly #handle: FileHandle
  readonly #counts: readonly number[]
  readonly #offsets: readonly number[]

  constructor(handle: FileHandle, at: number, counts: readonly number[], bytesPerColumn: number) {
    this.#handle = handle
    this.#counts = counts
    this.bytesPerColumn = bytesPerColumn
    this.#offsets = counts.map((_, level) => at + sum(counts.slice(0, level)) * bytesPerColumn)
  }

  get levelCount(): number {
    return this.#counts.length
  }

  columnCount(level: number): number {
    return this.#counts[level] ?? 0
  }

  async read(level: number, first: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array((end - first) * this.bytesPerColumn)
    const at = (this.#offsets[level] ?? 0) + first * this.bytesPerColumn
    for (let read = 0; read < bytes.length;) {
      const { bytesRead } = await this.#handle.read(bytes, read, bytes.length - read, at + read)
      if (bytesRead === 0)
        throw new Error('the sound in the cache was cut off while it was read; open the clip again')
      read += bytesRead
    }
    return bytes
  }
}

function encodeHeader(header: Header): Uint8Array {
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return Buffer.concat([Buffer.from(MAGIC, 'latin1'), length, json])
}

/** @returns null where the file is none of ours or not whole */
async function readHeader(handle: FileHandle): Promise<{ header: Header; dataAt: number } | null> {
  const { size } = await handle.stat()
  const prefix = Buffer.alloc(PREFIX_BYTES)
  await handle.read(prefix, 0, PREFIX_BYTES, 0)
  const length = prefix.readUInt32LE(MAGIC.length)
  if (prefix.toString('latin1', 0, MAGIC.length) !== MAGIC || length > HEADER_BYTES_MAX) return null
  const json = Buffer.alloc(length)
  await handle.read(json, 0, length, PREFIX_BYTES)
  const parsed = headerSchema.safeParse(JSON.parse(json.toString('utf8')))
  if (!parsed.success) return null
  const dataAt = PREFIX_BYTES + length
  const dataBytes = TRACKS.reduce(
    (total, track) => total + sum(parsed.data.counts[track]) * BYTES_PER_COLUMN[track],
    0,
  )
  return dataAt + dataBytes === size ? { header: parsed.data, dataAt } : null
}

function countsOf(levels: Levels): number[] {
  return Array.from({ length: levels.levelCount }, (_, level) => levels.columnCount(level))
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += (await handle.write(bytes, written)).bytesWritten
}
