import { rename, rm } from 'node:fs/promises'
import type { FormatContext, Frame } from 'node-av/lib'
import { throwIfAborted, UnmaskError } from '../errors'
import { outputError } from '../export/atomic-file'
import { decodeAudio } from './decode-audio'
import { decodeVideo } from './decode-video'
import { check, EncodeTrack } from './encode-track'
import { LinearFilter } from './filter-graph'
import { fitLongestSide } from './geometry'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import type { AudioBlock, MediaInfo, VideoFrame } from './types'

export interface ProxyOptions {
  readonly signal?: AbortSignal
  /** Share of the clip that is done, 0..1; null while its length is not known. */
  readonly onProgress?: (fraction: number | null) => void
}

/** The longer side of a proxy: 720 lines of a 16:9 picture. */
export const PROXY_SIDE_PX = 1280
/** Fine enough that every decoder timestamp keeps its place. */
const TICKS_PER_SEC = 90_000
const SAMPLE_RATE_HZ = 48_000
const PROGRESS_INTERVAL_SECS = 0.5

/**
 * Writes a copy of a clip that Chromium plays: VP9 and AAC in MP4, upright, at most 1280 px, mono. (x264 ends the process
 * when it runs inside Electron 25.1; VP9 does not.) Every decoded picture is
 * in it at its own time after the clip's zero, so that frame numbers and times are those of the analysis; groups are a second
 * long at most, so that seeking is quick.
 * @param target ends in .mp4; appears when it is complete
 * @throws UnmaskError 'media.decode-failed', 'cancelled', 'output.*'
 */
export async function writeProxy(
  media: MediaInfo,
  target: string,
  options: ProxyOptions = {},
): Promise<void> {
  const scratch = `${target}.unmask-tmp`
  const ffmpeg = await loadFfmpeg()
  try {
    await encodeProxy(ffmpeg, media, scratch, options)
    await rename(scratch, target)
  } catch (error) {
    await rm(scratch, { force: true })
    throw error instanceof UnmaskError ? error : outputError(error, target)
  }
}

async function encodeProxy(
  ffmpeg: Ffmpeg,
  media: MediaInfo,
  path: string,
  { signal, onProgress }: ProxyOptions,
): Promise<void> {
  const { lib } = ffmpeg
  const format = new lib.FormatContext()
  check(ffmpeg, format.allocOutputContext2(null, 'mp4', path), 'choosing a container')
  const tracks: EncodeTrack[] = []
  const sources: Source[] = []
  try {
    if (media.video) sources.push(videoSource(ffmpeg, format, media, tracks, signal))
    if (media.audio) sources.push(soundSource(ffmpeg, format, media, tracks, signal))
    check(ffmpeg, await format.openOutput(), 'opening the proxy')
    const flags = lib.Dictionary.fromObject({ movflags: '+faststart' })
    check(ffmpeg, await format.writeHeader(flags), 'beginning the proxy')
    flags.free()
    await writeInTurn(sources, media, onProgress)
    for (const track of tracks) await track.write(null)
    check(ffmpeg, await format.writeTrailer(), 'ending the proxy')
  } finally {
    for (const source of sources) await source.close()
    for (const track of tracks) track.free()
    await format.closeOutput()
    format.freeContext()
  }
}

/** Frames of one stream, encoded one after the other. */
interface Source {
  /** Encodes the next one. @returns its time, null at the end */
  next(): Promise<number | null>
  close(): Promise<void>
}

/** Whichever stream is behind goes on, as a camera's would: the muxer keeps little in hand. */
async function writeInTurn(
  sources: readonly Source[],
  media: MediaInfo,
  onProgress: ProxyOptions['onProgress'],
): Promise<void> {
  const states = sources.map((source) => ({ source, atSecs: Number.NEGATIVE_INFINITY, isOver: false }))
  let toldSecs = Number.NEGATIVE_INFINITY
  for (;;) {
    const [behind] = states.filter(({ isOver }) => !isOver).sort((a, b) => a.atSecs - b.atSecs)
    if (!behind) return
    const atSecs = await behind.source.next()
    if (atSecs === null) {
      behind.isOver = true
      continue
    }
    behind.atSecs = atSecs
    if (atSecs - toldSecs < PROGRESS_INTERVAL_SECS) continue
    toldSecs = atSecs
    onProgress?.(media.durationSecs ? Math.min(1, atSecs / media.durationSecs) : null)
  }
}

function videoSource(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  media: MediaInfo,
  tracks: EncodeTrack[],
  signal: AbortSignal | undefined,
): Source {
  const { lib, constants } = ffmpeg
  const video = media.video
  if (!video) throw new UnmaskError('internal', 'a proxy of pictures without pictures')
  const fitted = fitLongestSide(video, PROXY_SIDE_PX)
  const size = { widthPx: even(fitted.widthPx), heightPx: even(fitted.heightPx) }
  const fps = Math.min(120, Math.max(1, Math.round(video.measuredFps ?? video.nominalFps ?? 25)))
  const timeBase = new lib.Rational(1, TICKS_PER_SEC)
  const track = EncodeTrack.open(ffmpeg, format, 'libvpx-vp9', (encoder) => {
    encoder.width = size.widthPx
    encoder.height = size.heightPx
    encoder.pixelFormat = constants.AV_PIX_FMT_YUV420P
    encoder.timeBase = timeBase
    encoder.framerate = new lib.Rational(fps, 1)
    encoder.gopSize = fps
    // Quick and with no picture held back: hidden pictures and reordering are what players differ in.
    encoder.setOption('deadline', 'realtime')
    encoder.setOption('cpu-used', '8')
    encoder.setOption('row-mt', '1')
    encoder.setOption('lag-in-frames', '0')
    encoder.setOption('auto-alt-ref', '0')
    encoder.bitRate = 0n
    encoder.setOption('crf', '30')
  })
  track.usualDuration = BigInt(Math.round(TICKS_PER_SEC / fps))
  tracks.push(track)
  const upright = new ToYuv(ffmpeg, fitted, size)
  const frames = decodeVideo(media, { longestSidePx: PROXY_SIDE_PX, ...(signal && { signal }) })
  let lastTicks = -1
  return {
    next: async () => {
      const { value, done } = await frames.next()
      if (done) return null
      lastTicks = Math.max(lastTicks + 1, Math.round(value.timeSecs * TICKS_PER_SEC))
      await upright.convert(value, lastTicks, (frame) => track.write(frame))
      return value.timeSecs
    },
    close: async () => {
      await frames.return(undefined)
      upright.free()
    },
  }
}

/** RGB pictures as the encoder wants them. */
class ToYuv {
  private readonly filter: LinearFilter
  private readonly output: Frame

  constructor(
    private readonly ffmpeg: Ffmpeg,
    from: { readonly widthPx: number; readonly heightPx: number },
    to: { readonly widthPx: number; readonly heightPx: number },
  ) {
    const { AV_PIX_FMT_RGB24 } = ffmpeg.constants
    const filter = LinearFilter.create(ffmpeg, {
      kind: 'video',
      source: `video_size=${from.widthPx}x${from.heightPx}:pix_fmt=${AV_PIX_FMT_RGB24}:time_base=1/${TICKS_PER_SEC}`,
      chain: `scale=${to.widthPx}:${to.heightPx}:out_range=limited:out_color_matrix=bt709,format=pix_fmts=yuv420p`,
    })
    if (!filter) throw new UnmaskError('media.decode-failed', 'FFmpeg cannot convert these pictures')
    this.filter = filter
    this.output = new ffmpeg.lib.Frame()
    this.output.alloc()
  }

  async convert(
    { rgb, widthPx, heightPx }: VideoFrame,
    ticks: number,
    take: (frame: Frame) => Promise<void>,
  ): Promise<void> {
    const { lib, constants } = this.ffmpeg
    const input = lib.Frame.fromVideoBuffer(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength), {
      width: widthPx,
      height: heightPx,
      format: constants.AV_PIX_FMT_RGB24,
      pts: BigInt(ticks),
      timeBase: new lib.Rational(1, TICKS_PER_SEC),
    })
    try {
      check(this.ffmpeg, this.filter.push(input), 'converting a picture')
      while (this.filter.pull(this.output)) {
        this.output.pts = BigInt(ticks)
        await take(this.output)
        this.output.unref()
      }
    } finally {
      input.free()
    }
  }

  free(): void {
    this.filter.free()
    this.output.free()
  }
}

function soundSource(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  media: MediaInfo,
  tracks: EncodeTrack[],
  signal: AbortSignal | undefined,
): Source {
  const { lib, constants } = ffmpeg
  const timeBase = new lib.Rational(1, SAMPLE_RATE_HZ)
  const track = EncodeTrack.open(ffmpeg, format, 'aac', (encoder) => {
    encoder.sampleRate = SAMPLE_RATE_HZ
    encoder.channelLayout = lib.avChannelLayoutDefault(1)
    encoder.sampleFormat = constants.AV_SAMPLE_FMT_FLTP
    encoder.bitRate = 128_000n
    encoder.timeBase = timeBase
  })
  tracks.push(track)
  const { frameSize } = track.encoder
  const frames = soundFrames(
    decodeAudio(media, { sampleRateHz: SAMPLE_RATE_HZ, ...(signal && { signal }) }),
    frameSize > 0 ? frameSize : 1024,
  )
  return {
    next: async () => {
      const { value, done } = await frames.next()
      if (done) return null
      throwIfAborted(signal)
      const { samples, startSample } = value
      const frame = lib.Frame.fromAudioBuffer(
        Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
        {
          nbSamples: samples.length,
          format: constants.AV_SAMPLE_FMT_FLTP,
          sampleRate: SAMPLE_RATE_HZ,
          channelLayout: track.encoder.channelLayout,
          pts: BigInt(startSample),
          timeBase,
        },
      )
      try {
        await track.write(frame)
      } finally {
        frame.free()
      }
      return startSample / SAMPLE_RATE_HZ
    },
    close: async () => void (await frames.return(undefined)),
  }
}

/**
 * Unbroken frames of one size from the clip's zero on: gaps become silence, and sound before the first picture is left out,
 * which no player could show a picture to.
 */
async function* soundFrames(
  blocks: AsyncGenerator<AudioBlock>,
  frameSamples: number,
): AsyncGenerator<AudioBlock> {
  let frame = new Float32Array(frameSamples)
  let filled = 0
  let startSample = 0
  const take = function* (samples: Float32Array): Generator<AudioBlock> {
    for (let at = 0; at < samples.length;) {
      const count = Math.min(frameSamples - filled, samples.length - at)
      frame.set(samples.subarray(at, at + count), filled)
      filled += count
      at += count
      if (filled < frameSamples) continue
      yield { startSample, samples: frame }
      startSample += frameSamples
      frame = new Float32Array(frameSamples)
      filled = 0
    }
  }
  for await (const block of blocks) {
    const position = startSample + filled
    if (block.startSample > position) yield* take(new Float32Array(block.startSample - position))
    yield* take(
      block.samples.subarray(Math.min(block.samples.length, Math.max(0, position - block.startSample))),
    )
  }
  if (filled > 0) yield { startSample, samples: frame.subarray(0, filled) }
}

const even = (px: number): number => Math.max(2, px - (px % 2))
