import type { CodecContext, FormatContext, Frame, Packet, Stream } from 'node-av/lib'
import type { DamageReport } from './damage'
import { type Ffmpeg, ffmpegMessage } from './node-av'
import { ticksOrNull, ticksToSecs } from './streams'

/** What one step of a pump came to: a decoded frame, nothing yet, or the end of the stream. */
export type PumpStep = 'frame' | 'more' | 'end'

/** After so many read errors without a packet between them the rest of the file counts as lost. */
const MAX_READ_ERRORS = 50
/** A decoder in its final flush that only errs would otherwise be asked for ever. */
const MAX_FLUSH_ERRORS = 1000

/**
 * Reads packets of one stream and decodes them, one short synchronous step at a time. A hop to libuv's threads and back
 * costs more than most of these calls (25 context switches a frame, 40% more CPU at 1280x720); what is slow, decoding
 * pictures, runs on FFmpeg's own threads.
 */
export class StreamPump {
  private readonly packet: Packet
  private readErrors = 0
  private flushErrors = 0
  private isFlushing = false
  private isFreed = false
  private begins: ((packet: Packet) => boolean) | null = null

  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly format: FormatContext,
    private readonly stream: Stream,
    private readonly decoder: CodecContext,
    private readonly damage: DamageReport,
  ) {
    this.packet = new ffmpeg.lib.Packet()
    this.packet.alloc()
  }

  /** @param frame receives the decoded frame when the answer is 'frame' */
  step(frame: Frame): PumpStep {
    const { AVERROR_EAGAIN, AVERROR_EOF } = this.ffmpeg.constants
    const code = this.decoder.receiveFrameSync(frame)
    if (code >= 0) return 'frame'
    if (code === AVERROR_EOF) return 'end'
    if (code !== AVERROR_EAGAIN) {
      this.damage.report(
        'decode',
        `Part of the stream cannot be decoded (${ffmpegMessage(this.ffmpeg, code)})`,
      )
      if (!this.isFlushing) return 'more'
      this.flushErrors += 1
      return this.flushErrors > MAX_FLUSH_ERRORS ? 'end' : 'more'
    }
    if (this.isFlushing) return 'end'
    this.feed()
    return 'more'
  }

  /**
   * Goes on elsewhere in the file, after a seek. What the decoder holds is dropped.
   *
   * @param begins asked of each packet of the stream in turn; those before the first true are left out
   */
  restart(begins: (packet: Packet) => boolean): void {
    this.decoder.flushBuffers()
    this.readErrors = 0
    this.flushErrors = 0
    this.isFlushing = false
    this.begins = begins
  }

  free(): void {
    if (this.isFreed) return
    this.isFreed = true
    this.packet.free()
    this.decoder.freeContext()
  }

  private feed(): void {
    const { AVERROR_EAGAIN, AVERROR_EOF, AV_PKT_FLAG_CORRUPT } = this.ffmpeg.constants
    const { packet } = this
    const code = this.format.readFrameSync(packet)
    if (code < 0) {
      this.readErrors += 1
      const isEnd = code === AVERROR_EOF
      if (!isEnd && code !== AVERROR_EAGAIN) {
        this.damage.report('read', `Part of the file cannot be read (${ffmpegMessage(this.ffmpeg, code)})`)
      }
      if (isEnd || this.readErrors > MAX_READ_ERRORS) this.flush()
      return
    }
    this.readErrors = 0
    if (packet.streamIndex === this.stream.index && this.hasBegun(packet)) {
      if (packet.hasFlags(AV_PKT_FLAG_CORRUPT)) {
        this.damage.report('packet', `The data is cut off or corrupt ${this.whereText()}`)
      }
      const sent = this.decoder.sendPacketSync(packet)
      if (sent < 0 && sent !== AVERROR_EAGAIN) {
        const reason = ffmpegMessage(this.ffmpeg, sent)
        this.damage.report('decode', `Part of the stream cannot be decoded (${reason}) ${this.whereText()}`)
      }
    }
    packet.unref()
  }

  private hasBegun(packet: Packet): boolean {
    if (this.begins?.(packet) === false) return false
    this.begins = null
    return true
  }

  private flush(): void {
    this.isFlushing = true
    this.decoder.sendPacketSync(null)
  }

  private whereText(): string {
    const ticks = ticksOrNull(this.ffmpeg, this.packet.pts) ?? ticksOrNull(this.ffmpeg, this.packet.dts)
    return ticks === null ? 'somewhere' : `near ${ticksToSecs(ticks, this.stream.timeBase).toFixed(2)} s`
  }
}
