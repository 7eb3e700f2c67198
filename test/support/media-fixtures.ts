import type { AVSampleFormat } from 'node-av/constants'
import type { Codec, CodecContext, FormatContext, Frame, Stream } from 'node-av/lib'
import { type Ffmpeg, loadFfmpeg } from '../../main/engine/media/node-av'
import type { RotationDegrees } from '../../main/engine/media/types'
import { displayMatrixBytes } from './display-matrix'
import { PATTERN_NUMBERS, drawPattern } from './frame-pattern'
import { type SoundKind, soundAt } from './test-sounds'

type EncoderName = Parameters<Ffmpeg['lib']['Codec']['findEncoderByName']>[0]

export interface ClipVideo {
  /** Of the picture as it is meant to be seen; even numbers. */
  readonly widthPx?: number
  readonly heightPx?: number
  /** Constant rate; the default is 25. */
  readonly fps?: number
  readonly frames?: number
  /** Instead of fps and frames: when each picture is shown, in whole milliseconds after the first. */
  readonly ptsMs?: readonly number[]
  /** Clockwise turn a player must make (mp4 and mov hold it). */
  readonly rotationDegrees?: RotationDegrees
  readonly isMirrored?: boolean
  readonly bitDepth?: 8 | 10
  /** Width to height of one stored pixel. */
  readonly pixelAspect?: { readonly num: number; readonly den: number }
  /** The number drawn in the first picture. */
  readonly firstNumber?: number
  /** Timestamp of the first picture, in seconds. */
  readonly startSecs?: number
  /** From one key picture to the next; the default is 12. */
  readonly groupFrames?: number
  /** H.264: pictures before a key picture may lean on it and on what lies before. */
  readonly isOpenGroup?: boolean
}

export interface ClipAudio {
  readonly kind: SoundKind
  /** When the sound starts after the first picture; negative: before it. */
  readonly offsetSecs?: number
  readonly durationSecs?: number
  readonly sampleRateHz?: number
  readonly channels?: 1 | 2
  /** Stretches of the sound left out of the file, in seconds after its start; the timestamps tell. */
  readonly gapsSecs?: readonly (readonly [number, number])[]
}

export interface ClipOptions {
  /** Its extension says which container: see CONTAINERS. */
  readonly path: string
  /** null for sound alone. */
  readonly video?: ClipVideo | null
  /** None without it. */
  readonly audio?: ClipAudio
}

interface Container {
  readonly format: string
  readonly video: string | null
  readonly audio: string
  /** The container counts pictures, not time. */
  readonly isConstantRateOnly?: boolean
}

/** What node-av's FFmpeg can write; it has no encoder for the older Windows Media video than WMV2, nor for AMR. */
export const CONTAINERS: Readonly<Record<string, Container>> = {
  mp4: { format: 'mp4', video: 'libx264', audio: 'aac' },
  mov: { format: 'mov', video: 'libx264', audio: 'pcm_s16le' },
  mkv: { format: 'matroska', video: 'libx264', audio: 'flac' },
  webm: { format: 'webm', video: 'libvpx-vp9', audio: 'libopus' },
  avi: { format: 'avi', video: 'mpeg4', audio: 'pcm_s16le', isConstantRateOnly: true },
  mts: { format: 'mpegts', video: 'libx264', audio: 'ac3' },
  wmv: { format: 'asf', video: 'wmv2', audio: 'wmav2' },
  wav: { format: 'wav', video: null, audio: 'pcm_s16le' },
  flac: { format: 'flac', video: null, audio: 'flac' },
  mp3: { format: 'mp3', video: null, audio: 'libmp3lame' },
  m4a: { format: 'ipod', video: null, audio: 'aac' },
  ogg: { format: 'ogg', video: null, audio: 'libvorbis' },
  opus: { format: 'opus', video: null, audio: 'libopus' },
  aac: { format: 'adts', video: null, audio: 'aac' },
}

/** Writes a clip of numbered pictures (see frame-pattern.ts) and known sound (see test-sounds.ts). */
export async function makeClip(options: ClipOptions): Promise<void> {
  const ffmpeg = await loadFfmpeg()
  const { lib, constants } = ffmpeg
  const extension = options.path.split('.').pop() ?? ''
  const container = CONTAINERS[extension]
  if (container === undefined) throw new Error(`No such container here: ${options.path}`)
  const format = new lib.FormatContext()
  check(ffmpeg, format.allocOutputContext2(null, container.format, options.path), 'container')
  const wantsHeader = ((format.oformat?.flags ?? 0) & constants.AVFMT_GLOBALHEADER) !== 0
  const video = container.video === null || options.video === null ? null : withDefaults(options.video ?? {})
  const shiftSecs = Math.max(0, -(options.audio?.offsetSecs ?? 0))
  const tracks: Track[] = []
  try {
    if (video !== null && container.video !== null) {
      tracks.push(
        videoTrack(ffmpeg, format, video, { ...container, video: container.video, wantsHeader, shiftSecs }),
      )
    }
    if (options.audio !== undefined) {
      tracks.push(
        audioTrack(ffmpeg, format, options.audio, { name: container.audio, wantsHeader, shiftSecs }),
      )
    }
    check(ffmpeg, await format.openOutput(), 'open')
    check(ffmpeg, await format.writeHeader(), 'header')
    await writeInTurn(ffmpeg, format, tracks)
    check(ffmpeg, await format.writeTrailer(), 'trailer')
  } finally {
    for (const { encoder } of tracks) encoder.freeContext()
    await format.closeOutput()
    format.freeContext()
  }
}

interface Track {
  readonly encoder: CodecContext
  readonly stream: Stream
  readonly frames: Iterator<Frame>
}

type FullVideo = Required<Omit<ClipVideo, 'ptsMs'>> & Pick<ClipVideo, 'ptsMs'>

function withDefaults(video: ClipVideo): FullVideo {
  const count = video.ptsMs?.length ?? video.frames ?? 25
  if (count + (video.firstNumber ?? 0) > PATTERN_NUMBERS)
    throw new Error(`Too many pictures to number: ${count}`)
  return {
    widthPx: 160,
    heightPx: 128,
    fps: 25,
    rotationDegrees: 0,
    isMirrored: false,
    bitDepth: 8,
    pixelAspect: { num: 1, den: 1 },
    firstNumber: 0,
    startSecs: 0,
    groupFrames: 12,
    isOpenGroup: false,
    ...video,
    frames: count,
  }
}

function videoTrack(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  video: FullVideo,
  how: { video: string; isConstantRateOnly?: boolean; wantsHeader: boolean; shiftSecs: number },
): Track {
  const { lib, constants } = ffmpeg
  const codec = findEncoder(ffmpeg, how.video)
  const stream = format.newStream(codec)
  const encoder = new lib.CodecContext()
  encoder.allocContext3(codec)
  const isTurned = video.rotationDegrees % 180 !== 0
  encoder.width = isTurned ? video.heightPx : video.widthPx
  encoder.height = isTurned ? video.widthPx : video.heightPx
  encoder.pixelFormat =
    video.bitDepth === 10 ? constants.AV_PIX_FMT_YUV420P10LE : constants.AV_PIX_FMT_YUV420P
  const ticksPerSec = how.isConstantRateOnly === true ? video.fps : how.video === 'wmv2' ? 1000 : 90000
  const timeBase = new lib.Rational(1, ticksPerSec)
  encoder.timeBase = timeBase
  encoder.framerate = new lib.Rational(video.fps, 1)
  encoder.gopSize = video.groupFrames
  encoder.bitRate = 2_000_000n
  encoder.threadCount = 1
  if (how.video === 'libx264') {
    encoder.maxBFrames = 2
    encoder.setOption('preset', 'veryfast')
    if (video.isOpenGroup) encoder.setOption('x264-params', 'open-gop=1:scenecut=0')
  }
  if (how.video === 'libvpx-vp9') encoder.setOption('cpu-used', '8')
  encoder.sampleAspectRatio = new lib.Rational(video.pixelAspect.num, video.pixelAspect.den)
  stream.sampleAspectRatio = encoder.sampleAspectRatio
  openEncoder(ffmpeg, { encoder, stream, wantsHeader: how.wantsHeader })
  stream.avgFrameRate = encoder.framerate
  if (video.rotationDegrees !== 0 || video.isMirrored) {
    const matrix = displayMatrixBytes(video.rotationDegrees, video.isMirrored)
    check(
      ffmpeg,
      stream.codecpar.addCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX, matrix),
      'display matrix',
    )
  }
  const startTicks = Math.round((how.shiftSecs + video.startSecs) * ticksPerSec)
  const frames = function* (): Generator<Frame> {
    for (let index = 0; index < video.frames; index++) {
      const secs = (video.ptsMs?.[index] ?? (index * 1000) / video.fps) / 1000
      yield lib.Frame.fromVideoBuffer(drawPattern(video.firstNumber + index, video), {
        width: encoder.width,
        height: encoder.height,
        format: encoder.pixelFormat,
        pts: BigInt(startTicks + Math.round(secs * ticksPerSec)),
        timeBase,
        sampleAspectRatio: encoder.sampleAspectRatio,
      })
    }
  }
  return { encoder, stream, frames: frames() }
}

function audioTrack(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  audio: ClipAudio,
  how: { name: string; wantsHeader: boolean; shiftSecs: number },
): Track {
  const { lib } = ffmpeg
  const { kind, offsetSecs = 0, durationSecs = 1, sampleRateHz = 48000, channels = 1, gapsSecs = [] } = audio
  const codec = findEncoder(ffmpeg, how.name)
  const stream = format.newStream(codec)
  const encoder = new lib.CodecContext()
  encoder.allocContext3(codec)
  encoder.sampleRate = sampleRateHz
  encoder.channelLayout = lib.avChannelLayoutDefault(channels)
  encoder.sampleFormat = sampleFormatOf(ffmpeg, codec)
  encoder.bitRate = 128_000n
  const timeBase = new lib.Rational(1, sampleRateHz)
  encoder.timeBase = timeBase
  openEncoder(ffmpeg, { encoder, stream, wantsHeader: how.wantsHeader })
  const startTicks = Math.round((how.shiftSecs + offsetSecs) * sampleRateHz)
  const total = Math.round(durationSecs * sampleRateHz)
  const frameSamples = encoder.frameSize > 0 ? encoder.frameSize : 1024
  const frames = function* (): Generator<Frame> {
    for (let from = 0; from < total; from += frameSamples) {
      const count = Math.min(frameSamples, total - from)
      const secs = from / sampleRateHz
      if (gapsSecs.some(([start, end]) => secs >= start && secs < end)) continue
      const mono = Float32Array.from({ length: count }, (_, place) =>
        soundAt(kind, (from + place) / sampleRateHz),
      )
      yield lib.Frame.fromAudioBuffer(encodedSamples(ffmpeg, mono, channels, encoder.sampleFormat), {
        nbSamples: count,
        format: encoder.sampleFormat,
        sampleRate: sampleRateHz,
        channelLayout: encoder.channelLayout,
        pts: BigInt(startTicks + from),
        timeBase,
      })
    }
  }
  return { encoder, stream, frames: frames() }
}

function findEncoder({ lib }: Ffmpeg, name: string): Codec {
  const codec = lib.Codec.findEncoderByName(name as EncoderName)
  if (codec === null) throw new Error(`This FFmpeg has no encoder ${name}`)
  return codec
}

function sampleFormatOf({ constants }: Ffmpeg, codec: Codec): AVSampleFormat {
  const known = [
    constants.AV_SAMPLE_FMT_FLTP,
    constants.AV_SAMPLE_FMT_FLT,
    constants.AV_SAMPLE_FMT_S16,
    constants.AV_SAMPLE_FMT_S16P,
  ]
  const format = known.find((candidate) => codec.sampleFormats?.includes(candidate))
  if (format === undefined) throw new Error(`No test sound for encoder ${codec.name ?? ''}`)
  return format
}

/** The same samples in every channel. */
function encodedSamples({ constants }: Ffmpeg, mono: Float32Array, channels: number, format: number): Buffer {
  const { AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S16P, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP } = constants
  const isPlanar = format === AV_SAMPLE_FMT_S16P || format === AV_SAMPLE_FMT_FLTP
  const source = (place: number): number =>
    mono[isPlanar ? place % mono.length : Math.floor(place / channels)] ?? 0
  const length = mono.length * channels
  if (format === AV_SAMPLE_FMT_S16 || format === AV_SAMPLE_FMT_S16P) {
    return Buffer.from(Int16Array.from({ length }, (_, place) => Math.round(source(place) * 32767)).buffer)
  }
  if (format === AV_SAMPLE_FMT_FLT || format === AV_SAMPLE_FMT_FLTP) {
    return Buffer.from(Float32Array.from({ length }, (_, place) => source(place)).buffer)
  }
  throw new Error(`No test sound in sample format ${format}`)
}

function openEncoder(
  ffmpeg: Ffmpeg,
  { encoder, stream, wantsHeader }: { encoder: CodecContext; stream: Stream; wantsHeader: boolean },
): void {
  if (wantsHeader) encoder.setFlags(ffmpeg.constants.AV_CODEC_FLAG_GLOBAL_HEADER)
  check(ffmpeg, encoder.open2Sync(null), 'encoder')
  check(ffmpeg, stream.codecpar.fromContext(encoder), 'stream parameters')
  stream.timeBase = encoder.timeBase
}

/** Frames go in by time, as a camera's would: muxers keep little in hand. */
async function writeInTurn(ffmpeg: Ffmpeg, format: FormatContext, tracks: readonly Track[]): Promise<void> {
  const waiting = tracks.map((track) => ({ track, next: track.frames.next() }))
  for (;;) {
    let earliest: (typeof waiting)[number] | null = null
    let earliestSecs = Infinity
    for (const candidate of waiting) {
      if (candidate.next.done === true) continue
      const { timeBase } = candidate.track.encoder
      const secs = (Number(candidate.next.value.pts) * timeBase.num) / timeBase.den
      if (secs < earliestSecs) [earliest, earliestSecs] = [candidate, secs]
    }
    if (earliest === null || earliest.next.done === true) break
    await encode(ffmpeg, format, earliest.track, earliest.next.value)
    earliest.next.value.free()
    earliest.next = earliest.track.frames.next()
  }
  for (const { track } of waiting) await encode(ffmpeg, format, track, null)
}

async function encode(
  ffmpeg: Ffmpeg,
  format: FormatContext,
  track: Track,
  frame: Frame | null,
): Promise<void> {
  const { encoder, stream } = track
  check(ffmpeg, encoder.sendFrameSync(frame), 'encode')
  const packet = new ffmpeg.lib.Packet()
  packet.alloc()
  while (encoder.receivePacketSync(packet) >= 0) {
    packet.streamIndex = stream.index
    packet.rescaleTs(encoder.timeBase, stream.timeBase)
    check(ffmpeg, await format.interleavedWriteFrame(packet), 'write')
  }
  packet.free()
}

function check({ lib }: Ffmpeg, code: number, what: string): void {
  if (code < 0) throw new Error(`FFmpeg refuses the ${what}: ${lib.FFmpegError.strerror(code)}`)
}
