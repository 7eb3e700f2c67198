import type { Frame } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { Breather } from './breather'
import { DamageReport } from './damage'
import { statesDuration } from './demuxers'
import { FrameTimer, frameClockOptions, nominalFrameTicks, type TimedFrame } from './frame-timer'
import { type Size, fitLongestSide } from './geometry'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { openInput, readOnlyStreams } from './open-input'
import { orientationOf } from './orientation'
import { PictureFilter } from './picture-filter'
import { StreamPump } from './pump'
import { displayMatrix, openDecoder, streamAt, shownTicks, ticksToSecs } from './streams'
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
  private readonly timer: FrameTimer<Uint8Array>
  private index = 0

  private constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly info: MediaInfo,
    private readonly video: VideoStreamInfo,
    private readonly canvas: Size,
    private readonly pump: StreamPump,
    private readonly filter: PictureFilter,
    private readonly damage: DamageReport,
    private readonly closeInput: () => void,
  ) {
    this.decoded = new ffmpeg.lib.Frame()
    this.decoded.alloc()
    this.timer = new FrameTimer(frameClockOptions(info, video), damage)
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
      return new VideoReader(ffmpeg, info, video, canvas, pump, filter, damage, () => input.close())
    } catch (error) {
      input.close()
      throw error
    }
  }

  step(): VideoFrame | 'more' | 'end' {
    const { decoded, timer } = this
    const step = this.pump.step(decoded)
    if (step === 'end') {
      const last = timer.end()
      return last === null ? 'end' : this.give(last)
    }
    if (step === 'more') return 'more'
    const ticks = shownTicks(this.ffmpeg, decoded)
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
    const before = timer.next(ticks, rgb)
    return before === null ? 'more' : this.give(before)
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
    const endSecs = this.secs(this.timer.lastTicks + nominalFrameTicks(video))
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

  private give({ item: rgb, ptsTicks }: TimedFrame<Uint8Array>): VideoFrame {
    this.index += 1
    return { index: this.index - 1, ptsTicks, timeSecs: this.secs(ptsTicks), ...this.canvas, rgb }
  }

  private secs(ticks: number): number {
    return ticksToSecs(ticks - this.video.startTicks, this.video.timeBase)
  }

  private secsText(ticks: number | null): string {
    return `${this.secs(ticks ?? this.timer.lastTicks).toFixed(2)} s`
  }
}

function picturesAhead({ codedWidthPx, codedHeightPx, bitDepth }: VideoStreamInfo): number {
  // 4:2:0: half as many colour values as there are pixels.
  const pictureBytes = codedWidthPx * codedHeightPx * 1.5 * (bitDepth > 8 ? 2 : 1)
  return Math.max(MIN_PICTURES_AHEAD, Math.min(MAX_PICTURES_AHEAD, Math.floor(AHEAD_BYTES / pictureBytes)))
}
