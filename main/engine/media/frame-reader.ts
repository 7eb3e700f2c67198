import { UnmaskError, throwIfAborted } from '../errors'
import { FrameCache } from './frame-cache'
import { type FrameIndex, hasTimes, indexOf, predictIndex, withEnd } from './frame-index'
import { scanFrames, scanPackets } from './frame-scan'
import { FrameWalker, WrongIndexError } from './frame-walker'
import { type Size, evenSize, fitLongestSide } from './geometry'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { orientationOf } from './orientation'
import { PictureFilter, type PictureLayout, type YuvMatrix, matrixOf, pictureBytes } from './picture-filter'
import { probe } from './probe'
import { PrefetchPlan } from './prefetch-plan'
import { displayMatrix } from './streams'
import type { MediaInfo, VideoStreamInfo } from './types'

/** One upright, square-pixelled, scaled frame of a clip. */
export interface Picture {
  /** Position in the order shown, 0-based, as the analysis counts: a row of frames.csv. */
  readonly index: number
  /** Seconds after the clip's zero. */
  readonly timeSecs: number
  readonly widthPx: number
  readonly heightPx: number
  readonly layout: PictureLayout
  /** How I420 values stand for colours (limited range); of no meaning for RGB. */
  readonly matrix: YuvMatrix
  /** See PictureLayout; shared with the reader's cache, so it must not be changed or transferred. */
  readonly bytes: Uint8Array
}

export interface FrameReaderOptions {
  /** The longer side is scaled down to this many pixels; never up. The default is 1280. */
  readonly longestSidePx?: number
  /** The default, i420, takes half the memory and time of rgb24. */
  readonly layout?: PictureLayout
  /** Decoded frames kept around the position; the default is 150 MiB. */
  readonly cacheBytes?: number
  /**
   * When the analysis found each frame to be shown, where the clip was analysed. It decoded them all, so that what the
   * packets foretell needs no further proof where both agree.
   */
  readonly analysedTimesSecs?: Float64Array
  readonly signal?: AbortSignal
}

const LONGEST_SIDE_PX = 1280
const CACHE_BYTES = 150 * 1024 * 1024

/**
 * Opens a clip for random access to its frames: the same frames in the same order as `decodeVideo` gives.
 *
 * The frames are foretold from the packets, which reads the file once. Where they may not be believed (containers that
 * state no times, damaged packets), the whole stream is decoded once for its timestamps.
 *
 * @throws {UnmaskError} usage.invalid without a video stream; media.decode-failed; cancelled; input.*
 */
export async function openFrameReader(path: string, options: FrameReaderOptions = {}): Promise<FrameReader> {
  const { signal, analysedTimesSecs } = options
  const ffmpeg = await loadFfmpeg()
  const info = await probe(path, { signal })
  const { video } = info
  if (video === null) throw new UnmaskError('usage.invalid', `There is no video stream to show: ${path}`)
  const packets = await scanPackets(ffmpeg, info, video, signal)
  const { index, isReliable } = predictIndex(info, video, packets)
  const isProved = analysedTimesSecs !== undefined && hasTimes(index, analysedTimesSecs)
  const isBelieved = isProved || (isReliable && analysedTimesSecs === undefined)
  const scan = async (): Promise<FrameIndex> =>
    indexOf(info, video, {
      rawTicks: await scanFrames(ffmpeg, info, video, signal),
      packets,
      isEndDecoded: true,
    })
  throwIfAborted(signal)
  const reader = new FrameReader(ffmpeg, { info, video, scan }, isBelieved ? index : await scan(), options)
  if (isProved || !isBelieved) return reader
  try {
    await reader.verify()
    return reader
  } catch (error) {
    await reader.close()
    throw error
  }
}

interface Clip {
  readonly info: MediaInfo
  readonly video: VideoStreamInfo
  /** Finds the index by decoding everything. */
  readonly scan: () => Promise<FrameIndex>
}

interface Request {
  readonly index: number
  readonly resolve: (picture: Picture) => void
  readonly reject: (error: unknown) => void
}

/** Random access to the frames of one clip. One request counts at a time: a newer one cancels an older one. */
export class FrameReader {
  readonly widthPx: number
  readonly heightPx: number
  private readonly layout: PictureLayout
  private readonly canvas: Size
  private readonly cache: FrameCache<Picture>
  private readonly plan: PrefetchPlan
  private walker: FrameWalker
  private filter: PictureFilter | null = null
  private request: Request | null = null
  private working: Promise<void> | null = null
  private isClosed = false
  private indexRevision = 0

  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly clip: Clip,
    private index: FrameIndex,
    { longestSidePx = LONGEST_SIDE_PX, layout = 'i420', cacheBytes = CACHE_BYTES }: FrameReaderOptions,
  ) {
    const fitted = fitLongestSide(clip.video, longestSidePx)
    this.canvas = layout === 'i420' ? evenSize(fitted) : fitted
    this.widthPx = this.canvas.widthPx
    this.heightPx = this.canvas.heightPx
    this.layout = layout
    this.cache = new FrameCache(cacheBytes)
    this.plan = new PrefetchPlan(Math.floor(cacheBytes / pictureBytes(this.canvas, layout)))
    this.walker = this.newWalker()
  }

  get info(): MediaInfo {
    return this.clip.info
  }

  get frameCount(): number {
    return this.index.timesSecs.length
  }

  /** When each frame is shown, in seconds after the clip's zero. */
  get timesSecs(): Float64Array {
    return this.index.timesSecs
  }

  /** Grows when decoding proves that the file's packets told wrongly which frames there are (a damaged middle). */
  get revision(): number {
    return this.indexRevision
  }

  /**
   * @param index 0 .. frameCount - 1
   * @throws {UnmaskError} usage.invalid for another index; cancelled when a newer request came or the reader was closed;
   * media.decode-failed; input.*
   */
  async read(index: number): Promise<Picture> {
    this.check(index)
    this.replaceRequest(null)
    this.plan.moveTo(index)
    this.cache.focus = index
    const cached = this.cache.get(index)
    if (cached !== undefined) {
      this.work()
      return cached
    }
    return new Promise((resolve, reject) => {
      this.request = { index, resolve, reject }
      this.work()
    })
  }

  /** Ends the reading; waits until nothing is decoded any more. */
  async close(): Promise<void> {
    this.isClosed = true
    this.replaceRequest(null)
    await this.working
    this.walker.free()
    this.filter?.free()
    this.filter = null
    this.cache.clear()
  }

  /** Decodes the end and some of the beginning, where files differ most from what their packets say. */
  async verify(): Promise<void> {
    await this.correctIndex()
    await this.guarded(() => this.walker.walk(0, (frameIndex) => frameIndex < VERIFIED_AT_START - 1))
    // Nobody has seen another index.
    this.indexRevision = 0
  }

  private check(index: number): void {
    if (this.isClosed) throw new UnmaskError('cancelled', 'Cancelled: the clip is closed')
    if (Number.isInteger(index) && index >= 0 && index < this.frameCount) return
    throw new UnmaskError(
      'usage.invalid',
      `There is no frame ${index}; the clip has 0 to ${this.frameCount - 1}: ${this.clip.info.path}`,
    )
  }

  private replaceRequest(request: Request | null): void {
    this.request?.reject(new UnmaskError('cancelled', 'Cancelled: another frame is wanted'))
    this.request = request
  }

  /** Works off the request and what the plan wants ahead, until neither is left. */
  private work(): void {
    if (this.working !== null) return
    this.working = this.workOff().finally(() => {
      this.working = null
      // A request that came when the loop had just found nothing more to do.
      if (this.request !== null && !this.isClosed) this.work()
    })
  }

  private async workOff(): Promise<void> {
    while (!this.isClosed) {
      const { request } = this
      const range = this.plan.next(request?.index ?? null, this.cache, this.index)
      if (range === null) return
      try {
        await this.guarded(() => this.fill(range.from, range.to))
      } catch (error) {
        if (this.request !== null) {
          this.request.reject(error)
          this.request = null
        }
        // Nobody asked for what was decoded ahead; whoever does will be told.
        return
      }
    }
  }

  /** Decodes from..to into the cache; gives up when something else is wanted meanwhile. */
  private async fill(from: number, to: number): Promise<void> {
    await this.walker.walk(from, (frameIndex) => {
      this.keep(frameIndex)
      return frameIndex < to && !this.isClosed && this.isOnTheWay(frameIndex, to)
    })
    if (this.request !== null && this.request.index >= from && this.request.index <= to) this.failRequest()
  }

  private isOnTheWay(frameIndex: number, to: number): boolean {
    const wanted = this.request?.index
    return wanted === undefined || (wanted > frameIndex && wanted <= to)
  }

  private failRequest(): void {
    const { request, clip } = this
    this.request = null
    request?.reject(
      new UnmaskError('media.decode-failed', `Frame ${request.index} cannot be decoded: ${clip.info.path}`),
    )
  }

  private keep(frameIndex: number): void {
    const picture = this.cache.get(frameIndex) ?? this.convert(frameIndex)
    if (picture === null) return
    this.cache.put(frameIndex, picture, picture.bytes.byteLength)
    if (this.request?.index !== frameIndex) return
    this.request.resolve(picture)
    this.request = null
  }

  private convert(index: number): Picture | null {
    const { frame } = this.walker
    const matrix = matrixOf(this.ffmpeg, frame)
    const { filter } = this
    const bytes = filter?.convert(frame) ?? null
    if (bytes === null) return null
    const timeSecs = this.index.timesSecs[index] ?? NaN
    return { index, timeSecs, ...this.canvas, layout: this.layout, matrix, bytes }
  }

  /** Runs decoding; where that shows the index to be wrong, decodes everything for the right one, and leaves it there. */
  private async guarded(run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (error) {
      if (!(error instanceof WrongIndexError)) throw error
      await this.correctIndex()
      const { request } = this
      if (request !== null && request.index >= this.frameCount) this.failRequest()
    }
  }

  /** Takes the end of the clip from the decoder; where that was done before, everything. */
  private async correctIndex(): Promise<void> {
    const { info, video, scan } = this.clip
    const { timesSecs } = this.index
    const endTicks = this.index.isEndDecoded ? null : await this.walker.walkEnd()
    this.index = endTicks === null ? await scan() : withEnd(info, video, this.index, endTicks)
    if (!hasTimes(this.index, timesSecs)) {
      this.indexRevision += 1
      this.cache.clear()
    }
    this.walker.free()
    this.walker = this.newWalker()
  }

  private newWalker(): FrameWalker {
    return new FrameWalker(this.ffmpeg, this.clip.info, this.clip.video, this.index, (stream) => {
      // The one before reads the stream of a file that is closed now.
      this.filter?.free()
      this.filter = new PictureFilter(
        this.ffmpeg,
        stream,
        orientationOf(displayMatrix(this.ffmpeg, stream)),
        this.canvas,
        this.layout,
      )
    })
  }
}

const VERIFIED_AT_START = 16
