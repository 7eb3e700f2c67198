import type { Frame } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { Breather } from './breather'
import { DamageReport } from './damage'
import { statesDuration } from './demuxers'
import { FrameClock } from './frame-clock'
import { type Size, fitLongestSide } from './geometry'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { openInput, readOnlyStreams } from './open-input'
import { orientationOf } from './orientation'
import { PictureFilter } from './picture-filter'
import { StreamPump } from './pump'
import { displayMatrix, openDecoder, streamAt, ticksOrNull, ticksToSecs } from './streams'
import type { DecodeVideoOptions, MediaInfo, VideoFrame, VideoStreamInfo } from './types'

/**
 * FFmpeg decodes one picture ahead on each of its threads, also while the caller computes and the event loop stands
 * still. So there are more of them than cores, as far as the pictures they hold are small.
 */
const MAX_PICTURES_AHEAD = 8
const MIN_PICTURES_AHEAD = 2
const AHEAD_BYTES = 96 * 1024 * 1024
/** An ending this much before the stated one is rounding or a missing last frame, not a cut. */
const SHORT_BY_SECS = 0.5

/**
 * Decodes the clip's video stream: upright pictures with square pixels, all of one size, which is the displayed size
 * (`info.video.widthPx` x `heightPx`) scaled so that the longer side is at most `longestSidePx`. Where the stream changes
 * its size on the way, pictures of another shape stand centred on black.
 *
 * Pictures are decoded ahead on FFmpeg's threads while the caller works on the last one. Leaving the loop early frees
 * everything.
 *
 * @throws {UnmaskError} usage.invalid without a video stream; media.decode-failed when no picture at all can be decoded;
 * cancelled; input.* when the file is gone
 */
export async function* decodeVideo(info: MediaInfo, options: DecodeVideoOptions): AsyncGenerator<VideoFrame> {
  const { video } = info
  if (video === null)
    throw new UnmaskError('usage.invalid', `There is no video stream to decode: ${info.path}`)
  const ffmpeg = await loadFfmpeg()
  const damage = new DamageReport(options.onDamage)
  const reader = await VideoReader.open(ffmpeg, info, video, options, damage)
  try {
    const breather = new Breather()
    let step = reader.step()
    while (step !== 'end') {
      throwIfAborted(options.signal)
      if (step !== 'more') yield step
      if (breather.isDue) await breather.breathe()
      throwIfAborted(options.signal)
      step = reader.step()
    }
    reader.finish()
  } finally {
    reader.free()
  }
}

class VideoReader {
  private readonly decoded: Frame
  private readonly clock: FrameClock
  private index = 0
  private lastTicks = -Infinity
  /** Decoded and converted, waiting to see whether the next picture's timestamp belongs before its own. */
  private waiting: { ticks: number | null; rgb: Uint8Array } | null = null

  private constructor(
    ffmpeg: Ffmpeg,
    private readonly info: MediaInfo,
    private readonly video: VideoStreamInfo,
    private readonly canvas: Size,
    private readonly pump: StreamPump,
    private readonly filter: PictureFilter,
    private readonly damage: DamageReport,
    private readonly readTicks: (frame: Frame) => number | null,
    private readonly closeInput: () => void,
  ) {
    this.decoded = new ffmpeg.lib.Frame()
    this.decoded.alloc()
    const { timeBase, startTicks } = video
    const frameTicks = nominalFrameTicks(video)
    this.clock = new FrameClock({ timeBase, startTicks, frameTicks, durationSecs: info.durationSecs }, damage)
  }

  static async open(
    ffmpeg: Ffmpeg,
    info: MediaInfo,
    video: VideoStreamInfo,
    options: DecodeVideoOptions,
    damage: DamageReport,
  ): Promise<VideoReader> {
    const input = await openInput(ffmpeg, info.path, options.signal)
    try {
      const stream = streamAt(input.format, video.streamIndex, info.path)
      readOnlyStreams(ffmpeg, input.format, [stream])
      const canvas = fitLongestSide(video, options.longestSidePx)
      const decoder = openDecoder(ffmpeg, stream, picturesAhead(video), info.path)
      const pump = new StreamPump(ffmpeg, input.format, stream, decoder, damage)
      const filter = new PictureFilter(ffmpeg, stream, orientationOf(displayMatrix(ffmpeg, stream)), canvas)
      const readTicks = (frame: Frame): number | null =>
        ticksOrNull(ffmpeg, frame.bestEffortTimestamp) ?? ticksOrNull(ffmpeg, frame.pts)
      return new VideoReader(ffmpeg, info, video, canvas, pump, filter, damage, readTicks, () =>
        input.close(),
      )
    } catch (error) {
      input.close()
      throw error
    }
  }

  step(): VideoFrame | 'more' | 'end' {
    const { decoded, waiting } = this
    const step = this.pump.step(decoded)
    if (step === 'end' && waiting !== null) {
      this.waiting = null
      return this.give(waiting)
    }
    if (step !== 'frame') return step
    let ticks = this.readTicks(decoded)
    if (decoded.decodeErrorFlags !== 0) {
      this.damage.report(
        'picture',
        `A picture near ${this.secsText(ticks)} is damaged; what is missing was guessed`,
      )
    }
    const rgb = this.filter.convert(decoded)
    decoded.unref()
    if (rgb === null) {
      this.damage.report(
        'picture',
        `The picture at ${this.secsText(ticks)} cannot be converted and is left out`,
      )
      return 'more'
    }
    if (waiting === null) {
      this.waiting = { ticks, rgb }
      return 'more'
    }
    // Some cameras give the last pictures each other's timestamp. Decoders put pictures in the order they are shown.
    if (ticks !== null && waiting.ticks !== null && ticks < waiting.ticks && ticks > this.lastTicks) {
      ;[ticks, waiting.ticks] = [waiting.ticks, ticks]
    }
    this.waiting = { ticks, rgb }
    return this.give(waiting)
  }

  /** Judges the whole once the end is reached. */
  finish(): void {
    const { info, video } = this
    if (this.index === 0) {
      throw new UnmaskError(
        'media.decode-failed',
        `No picture of the ${video.codec} stream can be decoded: ${info.path}`,
      )
    }
    const endSecs = this.secs(this.lastTicks + nominalFrameTicks(video))
    if (video.durationSecs === null || !statesDuration(info.container)) return
    if (endSecs < video.durationSecs - SHORT_BY_SECS) {
      const stated = `${video.durationSecs.toFixed(2)} s`
      this.damage.report(
        'short',
        `The pictures end at ${endSecs.toFixed(2)} s of ${stated}; the rest is missing`,
      )
    }
  }

  free(): void {
    this.filter.free()
    this.decoded.free()
    this.pump.free()
    this.closeInput()
  }

  private give({ ticks, rgb }: { ticks: number | null; rgb: Uint8Array }): VideoFrame {
    const ptsTicks = this.clock.next(ticks)
    this.lastTicks = ptsTicks
    this.index += 1
    return { index: this.index - 1, ptsTicks, timeSecs: this.secs(ptsTicks), ...this.canvas, rgb }
  }

  private secs(ticks: number): number {
    return ticksToSecs(ticks - this.video.startTicks, this.video.timeBase)
  }

  private secsText(ticks: number | null): string {
    return `${this.secs(ticks ?? this.lastTicks).toFixed(2)} s`
  }
}

function picturesAhead({ codedWidthPx, codedHeightPx, bitDepth }: VideoStreamInfo): number {
  // 4:2:0: half as many colour values as there are pixels.
  const pictureBytes = codedWidthPx * codedHeightPx * 1.5 * (bitDepth > 8 ? 2 : 1)
  return Math.max(MIN_PICTURES_AHEAD, Math.min(MAX_PICTURES_AHEAD, Math.floor(AHEAD_BYTES / pictureBytes)))
}

function nominalFrameTicks({ nominalFps, measuredFps, timeBase }: VideoStreamInfo): number {
  const fps = measuredFps ?? nominalFps ?? 25
  return Math.max(1, Math.round(timeBase.den / (timeBase.num * fps)))
}
