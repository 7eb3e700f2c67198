import type { CodecContext, FormatContext, Frame, Packet, Stream } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { Breather } from './breather'
import { measureRate } from './frame-rate'
import { displayedSize } from './geometry'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { openInput, readOnlyStreams } from './open-input'
import { orientationOf } from './orientation'
import { sampleAspectRatio } from './picture-filter'
import {
  displayMatrix,
  findAudioStream,
  findVideoStream,
  openDecoder,
  ticksOrNull,
  ticksToSecs,
} from './streams'
import type { AudioStreamInfo, MediaInfo, TimeBase, VideoStreamInfo } from './types'

/** Timestamps of so many pictures tell the frame rate; half an hour of packets need not be read for it. */
const MAX_PACKETS = 4000
const MAX_BYTES = 48 * 1024 * 1024

/**
 * Reads what a file holds: its container, first usable video and audio stream, frame rates, rotation and zero. It
 * demuxes the first 4,000 pictures (or 48 MiB) for the frame rate, and decodes one frame of each stream for its first
 * timestamp, which containers state wrongly (edit lists, encoder delay, pictures that lack their reference).
 *
 * @throws {UnmaskError} input.not-found, input.unreadable, input.empty, media.not-media, media.no-streams, cancelled
 */
export async function probe(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<MediaInfo> {
  const { signal } = options
  const ffmpeg = await loadFfmpeg()
  const { constants } = ffmpeg
  const input = await openInput(ffmpeg, path, signal)
  try {
    const { format } = input
    const videoStream = findVideoStream(ffmpeg, format)
    const audioStream = findAudioStream(ffmpeg, format)
    const wanted = [videoStream, audioStream].filter((stream) => stream !== null)
    if (wanted.length === 0) throw noStreams(ffmpeg, format, path)
    readOnlyStreams(ffmpeg, format, wanted)
    const starts = await readStart(ffmpeg, format, { videoStream, audioStream, path, signal })
    const durationSecs = positiveOrNull(Number(format.duration) / constants.AV_TIME_BASE)
    const video = videoStream && videoInfo(ffmpeg, videoStream, starts.video)
    const audio = audioStream && audioInfo(ffmpeg, audioStream, starts.audio.startTicks)
    const first = video ?? audio
    return {
      path,
      sizeBytes: input.sizeBytes,
      container: format.iformat?.name ?? 'unknown',
      durationSecs,
      video,
      audio,
      zeroSecs: first === null ? 0 : ticksToSecs(first.startTicks, first.timeBase),
    }
  } finally {
    input.close()
  }
}

interface StreamStart {
  /** Timestamp of the first decoded frame; the first packet's where none decodes. */
  readonly startTicks: number
  /** Timestamps of the packets read, in file order. */
  readonly ptsTicks: readonly number[]
}

interface Wanted {
  readonly videoStream: Stream | null
  readonly audioStream: Stream | null
  readonly path: string
  readonly signal: AbortSignal | undefined
}

async function readStart(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  { videoStream, audioStream, path, signal }: Wanted,
): Promise<{ video: StreamStart; audio: StreamStart }> {
  const video = new StartFinder(ffmpeg, videoStream, path)
  const audio = new StartFinder(ffmpeg, audioStream, path)
  const packet = new ffmpeg.lib.Packet()
  packet.alloc()
  try {
    const breather = new Breather()
    let bytes = 0
    let isAtEnd = false
    while (!isAtEnd && bytes < MAX_BYTES && video.packets < MAX_PACKETS) {
      // Sound alone has no frame rate to measure.
      if (videoStream === null && audio.isFound) break
      throwIfAborted(signal)
      if (breather.isDue) await breather.breathe()
      isAtEnd = format.readFrameSync(packet) < 0
      if (isAtEnd) break
      bytes += packet.size
      if (packet.streamIndex === videoStream?.index) video.take(packet)
      else if (packet.streamIndex === audioStream?.index) audio.take(packet)
      packet.unref()
    }
    return { video: video.finish(), audio: audio.finish() }
  } finally {
    packet.free()
    video.free()
    audio.free()
  }
}

/** Follows one stream's packets until its first frame is decoded. */
class StartFinder {
  packets = 0
  isFound = false
  private readonly ptsTicks: number[] = []
  private readonly frame: Frame
  private decoder: CodecContext | null = null
  private firstTicks: number | null = null

  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly stream: Stream | null,
    path: string,
  ) {
    this.frame = new ffmpeg.lib.Frame()
    this.frame.alloc()
    if (stream === null) return
    try {
      this.decoder = openDecoder(ffmpeg, stream, 1, path)
    } catch (error) {
      // A decoder that refuses its stream is reported when the stream is decoded; the headers can still be told.
      if (!(error instanceof UnmaskError)) throw error
      this.isFound = true
    }
  }

  take(packet: Packet): void {
    const { AV_PKT_FLAG_DISCARD } = this.ffmpeg.constants
    this.packets += 1
    const pts = ticksOrNull(this.ffmpeg, packet.pts) ?? ticksOrNull(this.ffmpeg, packet.dts)
    if (pts !== null && !packet.hasFlags(AV_PKT_FLAG_DISCARD)) this.ptsTicks.push(pts)
    if (this.isFound || this.decoder === null) return
    this.decoder.sendPacketSync(packet)
    this.receive()
  }

  finish(): StreamStart {
    if (!this.isFound && this.decoder !== null) {
      this.decoder.sendPacketSync(null)
      this.receive()
    }
    const start = this.firstTicks ?? this.ptsTicks.reduce((least, pts) => Math.min(least, pts), Infinity)
    const stated = this.stream === null ? null : ticksOrNull(this.ffmpeg, this.stream.startTime)
    return { startTicks: Number.isFinite(start) ? start : (stated ?? 0), ptsTicks: this.ptsTicks }
  }

  free(): void {
    this.frame.free()
    this.decoder?.freeContext()
    this.decoder = null
  }

  private receive(): void {
    const { decoder, frame } = this
    if (decoder === null || decoder.receiveFrameSync(frame) < 0) return
    this.isFound = true
    this.firstTicks =
      ticksOrNull(this.ffmpeg, frame.bestEffortTimestamp) ?? ticksOrNull(this.ffmpeg, frame.pts)
    frame.unref()
    decoder.freeContext()
    this.decoder = null
  }
}

function videoInfo(ffmpeg: Ffmpeg, stream: Stream, start: StreamStart): VideoStreamInfo {
  const { lib } = ffmpeg
  const { codecpar } = stream
  const timeBase = plainTimeBase(stream.timeBase)
  const coded = { widthPx: codecpar.width, heightPx: codecpar.height }
  const { rotationDegrees } = orientationOf(displayMatrix(ffmpeg, stream))
  const aspect = sampleAspectRatio(stream, codecpar)
  const pixelFormat = lib.avGetPixFmtName(codecpar.format as Parameters<typeof lib.avGetPixFmtName>[0])
  return {
    streamIndex: stream.index,
    codec: lib.avGetCodecName(codecpar.codecId) ?? 'unknown',
    profile: profileName(ffmpeg, stream),
    pixelFormat,
    bitDepth: codecpar.bitsPerRawSample || bitDepthOf(pixelFormat),
    codedWidthPx: coded.widthPx,
    codedHeightPx: coded.heightPx,
    ...displayedSize(coded, aspect, rotationDegrees),
    rotationDegrees,
    timeBase,
    startTicks: start.startTicks,
    nominalFps: positiveOrNull(stream.rFrameRate.num / stream.rFrameRate.den),
    ...measureRate(start.ptsTicks, timeBase),
    durationSecs: streamDurationSecs(ffmpeg, stream),
  }
}

function audioInfo(ffmpeg: Ffmpeg, stream: Stream, startTicks: number): AudioStreamInfo {
  const { codecpar } = stream
  return {
    streamIndex: stream.index,
    codec: ffmpeg.lib.avGetCodecName(codecpar.codecId) ?? 'unknown',
    sampleRateHz: codecpar.sampleRate,
    channels: codecpar.channels,
    timeBase: plainTimeBase(stream.timeBase),
    startTicks,
    durationSecs: streamDurationSecs(ffmpeg, stream),
  }
}

/** Matroska keeps a stream's end as a tag, "00:00:06.047000000". */
function streamDurationSecs(ffmpeg: Ffmpeg, stream: Stream): number | null {
  const ticks = ticksOrNull(ffmpeg, stream.duration)
  if (ticks !== null) return positiveOrNull(ticksToSecs(ticks, stream.timeBase))
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(stream.metadata?.get('DURATION')?.trim() ?? '')
  if (match === null) return null
  const endSecs = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  const startTicks = ticksOrNull(ffmpeg, stream.startTime) ?? 0
  return positiveOrNull(endSecs - Math.max(0, ticksToSecs(startTicks, stream.timeBase)))
}

/** "yuv420p10le" has 10 bits a component; a name without a depth has 8. */
function bitDepthOf(pixelFormat: string | null): number {
  const depth = Number(/p(\d+)(?:le|be)?$/.exec(pixelFormat ?? '')?.[1] ?? 8)
  return depth >= 8 && depth <= 16 ? depth : 8
}

function profileName({ lib }: Ffmpeg, stream: Stream): string | null {
  const { codecId, profile } = stream.codecpar
  const profiles = lib.Codec.findDecoder(codecId)?.profiles ?? []
  return profiles.find((candidate) => candidate.profile === profile)?.name ?? null
}

function plainTimeBase({ num, den }: TimeBase): TimeBase {
  return { num, den }
}

function positiveOrNull(value: number): number | null {
  return Number.isFinite(value) && value > 0 ? value : null
}

function noStreams({ lib }: Ffmpeg, format: FormatContext, path: string): UnmaskError {
  const codecs = format.streams.map((stream) => lib.avGetCodecName(stream.codecpar.codecId) ?? 'unknown')
  const held = codecs.length === 0 ? 'no stream at all' : `only ${codecs.join(', ')}`
  return new UnmaskError(
    'media.no-streams',
    `The file holds ${held}: no sound or video that can be decoded: ${path}`,
  )
}
