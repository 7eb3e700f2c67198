import type { FFEncoderCodec } from 'node-av/constants'
import type { CodecContext, FormatContext, Frame, Packet, Stream } from 'node-av/lib'
import { UnmaskError } from '../errors'
import { type Ffmpeg, ffmpegMessage } from './node-av'

/** One stream that is encoded into an output. */
export class EncodeTrack {
  private readonly packet: Packet

  private constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly format: FormatContext,
    readonly encoder: CodecContext,
    private readonly stream: Stream,
  ) {
    this.packet = new ffmpeg.lib.Packet()
    this.packet.alloc()
  }

  /**
   * @param name of FFmpeg's encoder
   * @param setUp sets size, rate and options before the encoder is opened
   * @throws UnmaskError 'media.decode-failed' where this FFmpeg cannot encode so
   */
  static open(
    ffmpeg: Ffmpeg,
    format: FormatContext,
    name: 'libvpx-vp9' | 'aac',
    setUp: (encoder: CodecContext) => void,
  ): EncodeTrack {
    const { lib, constants } = ffmpeg
    const codec = lib.Codec.findEncoderByName(name as FFEncoderCodec)
    if (codec === null) throw new UnmaskError('media.decode-failed', `this FFmpeg has no encoder ${name}`)
    const stream = format.newStream(codec)
    const encoder = new lib.CodecContext()
    encoder.allocContext3(codec)
    try {
      setUp(encoder)
      if (((format.oformat?.flags ?? 0) & constants.AVFMT_GLOBALHEADER) !== 0)
        encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER)
      check(ffmpeg, encoder.open2Sync(null), `opening the encoder ${name}`)
      check(ffmpeg, stream.codecpar.fromContext(encoder), `describing the ${name} stream`)
      stream.timeBase = encoder.timeBase
      return new EncodeTrack(ffmpeg, format, encoder, stream)
    } catch (error) {
      encoder.freeContext()
      throw error
    }
  }

  /** Of a packet that states none, in the encoder's ticks; MP4 leaves out a last picture that lasts no time. */
  usualDuration = 0n

  /** @param frame in the encoder's time base; null: the end */
  async write(frame: Frame | null): Promise<void> {
    const { ffmpeg, encoder, packet, stream, format } = this
    check(ffmpeg, await encoder.sendFrame(frame), 'encoding')
    while ((await encoder.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index
      // An encoder of sound begins before 0 with a packet that only primes decoders; players move their clock for it.
      if (packet.pts < 0n) {
        packet.unref()
        continue
      }
      if (packet.duration <= 0n) packet.duration = this.usualDuration
      packet.rescaleTs(encoder.timeBase, stream.timeBase)
      check(ffmpeg, await format.interleavedWriteFrame(packet), 'writing')
    }
  }

  free(): void {
    this.packet.free()
    this.encoder.freeContext()
  }
}

/** @throws UnmaskError 'media.decode-failed' with FFmpeg's reason */
export function check(ffmpeg: Ffmpeg, code: number, what: string): void {
  if (code < 0) throw new UnmaskError('media.decode-failed', `${what} failed: ${ffmpegMessage(ffmpeg, code)}`)
}
