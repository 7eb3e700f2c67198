import { z } from 'zod'
import type { FramePicture, ViewerFrameVerbs } from '../../../preload/contract/viewer-port-frames'
import { UnmaskError } from '../../engine/errors'
import { type FrameReader, openFrameReader } from '../../engine/media/frame-reader'
import { mediaOffsetSecs } from '../../engine/media/media-offset'
import type { ClipRows } from '../../engine/results/clip-rows'
import { handler, type PortHandlers } from '../port-server'
import { type Grants, tokenSchema } from './grants'
import type { KeptRows } from './kept-rows'

type Answer<K extends keyof ViewerFrameVerbs> = ViewerFrameVerbs[K]['answer']

/** Each keeps decoded pictures in memory; the window shows one clip at a time, or two beside each other. */
const MAX_OPEN = 2

/** Frames of clips for stepping. */
export function frameVerbs(grants: Grants, kept: KeptRows): PortHandlers {
  const readers = new OpenReaders(grants, kept)
  grants.onClose((token) => readers.close(token))
  return {
    openFrames: handler(
      z.object({ token: tokenSchema }),
      async ({ token }, { signal }): Promise<Answer<'openFrames'>> => {
        const reader = await readers.open(token, signal)
        const { frameCount, timesSecs, widthPx, heightPx, revision, info } = reader
        const offsetSecs = await mediaOffsetSecs(info, signal)
        return { frameCount, timesSecs, widthPx, heightPx, revision, mediaOffsetSecs: offsetSecs }
      },
    ),
    readFrame: handler(
      z.object({ token: tokenSchema, index: z.number().int().min(0) }),
      async ({ token, index }, { signal }): Promise<Answer<'readFrame'>> => {
        grants.of(token)
        const reader = await readers.open(token, signal)
        const { bytes, timeSecs, widthPx, heightPx, matrix } = await reader.read(index)
        const { revision } = reader
        return { index, timeSecs, widthPx, heightPx, i420: bytes, matrix, revision } satisfies FramePicture
      },
    ),
    closeFrames: handler(
      z.object({ token: tokenSchema }),
      async ({ token }): Promise<Answer<'closeFrames'>> => {
        readers.close(token)
        return null
      },
    ),
  }
}

/** By token, the one used last at the end. */
class OpenReaders {
  readonly #grants: Grants
  readonly #kept: KeptRows
  readonly #readers = new Map<string, { reader: Promise<FrameReader>; abort: AbortController }>()

  constructor(grants: Grants, kept: KeptRows) {
    this.#grants = grants
    this.#kept = kept
  }

  /** @throws as openFrameReader, KeptRows.rows */
  async open(token: string, signal: AbortSignal): Promise<FrameReader> {
    const grant = this.#grants.of(token)
    const known = this.#readers.get(token)
    if (known) {
      this.#readers.delete(token)
      this.#readers.set(token, known)
      return known.reader
    }
    const abort = new AbortController()
    const giveUp = () => abort.abort()
    signal.addEventListener('abort', giveUp, { once: true })
    const reader = this.#analysedTimes(token).then((analysedTimesSecs) =>
      openFrameReader(grant.mediaPath, { analysedTimesSecs, signal: abort.signal }),
    )
    this.#readers.set(token, { reader, abort })
    for (const oldest of [...this.#readers.keys()].slice(0, -MAX_OPEN)) this.close(oldest)
    try {
      return await reader
    } catch (error) {
      // The next request tries again: the recording may have been put back.
      if (this.#readers.get(token)?.reader === reader) this.#readers.delete(token)
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  close(token: string): void {
    const known = this.#readers.get(token)
    this.#readers.delete(token)
    known?.abort.abort()
    // One that failed to open was told to whoever opened it.
    known?.reader.then((reader) => reader.close()).catch(() => undefined)
  }

  async #analysedTimes(token: string): Promise<Float64Array | undefined> {
    try {
      return frameTimes(await this.#kept.rows(token))
    } catch (error) {
      // A clip that is not labelled yet has frames all the same.
      if (error instanceof UnmaskError) return undefined
      throw error
    }
  }
}

/** Times of the frames 0, 1, 2, …; undefined where rows do not stand for all of them. */
export function frameTimes({
  count,
  frame,
  timeSecs,
}: Pick<ClipRows, 'count' | 'frame' | 'timeSecs'>): Float64Array | undefined {
  const times: number[] = []
  for (let row = 0; row < count; row++) {
    if (frame[row] === times.length - 1) continue
    if (frame[row] !== times.length) return undefined
    times.push(timeSecs[row] ?? NaN)
  }
  return times.length === 0 ? undefined : Float64Array.from(times)
}
