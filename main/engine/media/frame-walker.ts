import type { Frame, Packet, Stream } from 'node-av/lib'
import { Breather } from './breather'
import { DamageReport } from './damage'
import { type FrameIndex, type SeekPoint, seekPlaceFor } from './frame-index'
import { packetFacts } from './frame-scan'
import type { Ffmpeg } from './node-av'
import { type OpenInput, openInput, readOnlyStreams } from './open-input'
import { StreamPump } from './pump'
import { openDecoder, shownTicks, streamAt } from './streams'
import type { MediaInfo, VideoStreamInfo } from './types'

/** Few threads: each holds one picture back, which a jump has to wait for. */
const THREADS = 3
/** After a seek the wanted packet comes within so many, or not at all. */
const MAX_PACKETS_TO_BEGIN = 4000
/** Pictures of an open group that come before the wanted one. */
const MAX_LEADING_FRAMES = 64
/** After so many points that led astray it is not the points: only the beginning of the file tells. */
const MAX_MISSES = 3
/** Containers without an index: what their timestamps lead to is a guess, positions in the file are not. */
const SOUGHT_BY_BYTE = new Set(['mpegts', 'mpeg', 'h264', 'hevc', 'm4v', 'mpegvideo'])

/** The decoder gives other frames than the index holds, from the beginning of the file on: the index is wrong. */
export class WrongIndexError extends Error {}

/**
 * Decodes frames in the order shown, from any of them on. Each frame that comes out is checked against the index; where a
 * seek leads elsewhere, or to pictures that lack their reference, decoding begins at an earlier point, in the end at the
 * beginning of the file.
 */
export class FrameWalker {
  readonly frame: Frame
  private input: OpenInput | null = null
  private pump: StreamPump | null = null
  /** Place of the seek point decoding began with; -1 for the beginning of the file. */
  private place = -1
  /** Index of the next frame to come out; null while the first after a seek is awaited. */
  private next: number | null = null
  private leadingFrames = 0
  private hasMissed = false
  /** The second of two frames that have each other's timestamp. */
  private queued: Frame | null = null
  private readonly badPlaces = new Set<number>()
  /** Frames that were damaged when decoded from one point: from another they are taken as they are. */
  private readonly doubtful = new Set<number>()

  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly info: MediaInfo,
    private readonly video: VideoStreamInfo,
    private readonly index: FrameIndex,
    private readonly onOpen: (stream: Stream) => void,
  ) {
    this.frame = new ffmpeg.lib.Frame()
    this.frame.alloc()
  }

  /**
   * Decodes on to a frame.
   *
   * @param take called with each frame from `from` on while it stands in `this.frame`; false ends the walk
   * @throws {WrongIndexError}; UnmaskError input.*, media.decode-failed
   */
  async walk(from: number, take: (frameIndex: number) => boolean): Promise<void> {
    const breather = new Breather()
    let misses = 0
    await this.goTo(from)
    for (;;) {
      const found = this.step()
      if (found === 'missed') {
        misses += 1
        await this.goBack(from, misses >= MAX_MISSES)
        continue
      }
      if (found === 'end') return
      if (found !== 'more') {
        const goesOn = found < from || take(found)
        this.frame.unref()
        if (!goesOn) return
      }
      if (breather.isDue) await breather.breathe()
    }
  }

  /**
   * Decodes what follows the last seek point, whatever the index says of it.
   *
   * @returns timestamps of the frames as the decoder gives them, NaN for none; null when the point cannot be reached
   */
  async walkEnd(): Promise<number[] | null> {
    const place = this.index.seekPoints.length - 1
    await this.begin(place)
    if (this.place !== place) return null
    const firstTicks = place < 0 ? null : this.index.rawTicks[this.index.seekPoints[place]?.frameIndex ?? 0]
    const ticks: number[] = []
    const breather = new Breather()
    for (;;) {
      const step = this.hasMissed ? 'end' : (this.pump?.step(this.frame) ?? 'end')
      if (step === 'end') break
      if (step === 'frame') {
        const found = shownTicks(this.ffmpeg, this.frame) ?? NaN
        if (firstTicks === null || ticks.length > 0 || Object.is(found, firstTicks)) ticks.push(found)
        this.frame.unref()
      }
      if (breather.isDue) await breather.breathe()
    }
    this.close()
    return ticks.length === 0 ? null : ticks
  }

  free(): void {
    this.close()
    this.frame.free()
  }

  private async goTo(wanted: number): Promise<void> {
    const place = this.bestPlace(wanted)
    const point = this.index.seekPoints[place]
    if (this.pump !== null && this.next !== null && this.next <= wanted) {
      // Decoding on is quicker than a seek to a point that lies behind.
      if (this.next >= (point?.frameIndex ?? 0)) return
    }
    await this.begin(place)
  }

  /** The point in use led astray: it is not used again, and the walk begins at the one before. */
  private async goBack(wanted: number, isToStart: boolean): Promise<void> {
    const isAtEnd = !this.index.isEndDecoded && this.place === this.index.seekPoints.length - 1
    if (this.place < 0 || isAtEnd)
      throw new WrongIndexError(`the decoder gives other frames than its packets foretold`)
    this.badPlaces.add(this.place)
    await this.begin(isToStart ? -1 : this.bestPlace(wanted))
  }

  private bestPlace(wanted: number): number {
    let place = seekPlaceFor(this.index, wanted)
    while (place >= 0 && this.badPlaces.has(place)) place -= 1
    return place
  }

  private async begin(place: number): Promise<void> {
    const point = this.index.seekPoints[place]
    this.dropQueued()
    if (point !== undefined && (await this.seek(point))) {
      this.place = place
      this.next = null
      this.leadingFrames = 0
      return
    }
    if (point !== undefined) {
      this.badPlaces.add(place)
      return this.begin(this.bestPlace(point.frameIndex))
    }
    this.close()
    await this.open()
    this.place = -1
    this.next = 0
  }

  private async open(): Promise<void> {
    const { ffmpeg, info } = this
    this.hasMissed = false
    this.input = await openInput(ffmpeg, info.path)
    const stream = streamAt(this.input.format, this.video.streamIndex, info.path)
    readOnlyStreams(ffmpeg, this.input.format, [stream])
    const decoder = openDecoder(ffmpeg, stream, THREADS, info.path)
    this.onOpen(stream)
    // What is wrong with the clip was said when it was analysed.
    this.pump = new StreamPump(ffmpeg, this.input.format, stream, decoder, new DamageReport(undefined))
  }

  private close(): void {
    this.dropQueued()
    this.pump?.free()
    this.input?.close()
    this.pump = null
    this.input = null
    this.next = null
  }

  private async seek({ packet: wanted }: SeekPoint): Promise<boolean> {
    if (this.input === null) await this.open()
    const { input, pump } = this
    if (input === null || pump === null) return false
    const { AVSEEK_FLAG_BACKWARD, AVSEEK_FLAG_BYTE } = this.ffmpeg.constants
    const isByByte = SOUGHT_BY_BYTE.has(this.info.container) && !Number.isNaN(wanted.posBytes)
    const ticks = Number.isNaN(wanted.dtsTicks) ? wanted.ptsTicks : wanted.dtsTicks
    const code = isByByte
      ? input.format.seekFrameSync(-1, BigInt(wanted.posBytes), AVSEEK_FLAG_BYTE)
      : input.format.seekFrameSync(this.video.streamIndex, BigInt(ticks), AVSEEK_FLAG_BACKWARD)
    this.hasMissed = false
    let passed = 0
    pump.restart((packet) => {
      if (this.isSame(packet, wanted)) return true
      passed += 1
      if (passed > MAX_PACKETS_TO_BEGIN || this.liesBeyond(packet, wanted)) this.hasMissed = true
      return false
    })
    return code >= 0
  }

  private isSame(packet: Packet, wanted: SeekPoint['packet']): boolean {
    const facts = packetFacts(this.ffmpeg, packet)
    return (
      Object.is(facts.ptsTicks, wanted.ptsTicks) &&
      (facts.dtsTicks === wanted.dtsTicks ||
        Number.isNaN(facts.dtsTicks) ||
        facts.posBytes === wanted.posBytes) &&
      (facts.posBytes === wanted.posBytes || Number.isNaN(facts.posBytes))
    )
  }

  private liesBeyond(packet: Packet, wanted: SeekPoint['packet']): boolean {
    const { posBytes } = packetFacts(this.ffmpeg, packet)
    return posBytes > wanted.posBytes
  }

  /** @returns the index of the frame that now stands in `frame`; 'missed' when it is not the one the index holds */
  private step(): number | 'more' | 'end' | 'missed' {
    const { pump, frame, queued } = this
    if (pump === null || this.hasMissed) return 'missed'
    if (queued !== null && this.next !== null) {
      frame.ref(queued)
      this.dropQueued()
      this.next += 1
      return this.next - 1
    }
    const step = pump.step(frame)
    if (this.hasMissed) return 'missed'
    if (step === 'more') return 'more'
    if (step === 'end') return this.next === this.index.rawTicks.length ? 'end' : 'missed'
    const found = this.identify()
    if (typeof found !== 'number') frame.unref()
    return found
  }

  private identify(): number | 'more' | 'missed' {
    const { index, ffmpeg, frame } = this
    const ticks = shownTicks(ffmpeg, frame) ?? NaN
    if (this.next === null) {
      const first = index.seekPoints[this.place]?.frameIndex ?? 0
      if (!Object.is(ticks, index.rawTicks[first])) {
        this.leadingFrames += 1
        return this.leadingFrames > MAX_LEADING_FRAMES ? 'missed' : 'more'
      }
      this.next = first
    }
    const current = this.next
    if (!Object.is(ticks, index.rawTicks[current]) && !this.isExchanged(current, ticks)) return 'missed'
    if (this.place >= 0 && this.isDamaged() && !this.doubtful.has(current)) {
      this.doubtful.add(current)
      return 'missed'
    }
    this.next = current + 1
    return current
  }

  /**
   * Some cameras give the last pictures each other's timestamp, and recordings that were joined have that in their middle.
   * The index then has the two in the wrong order, which is put right; the times of the frames are not touched by it.
   */
  private isExchanged(current: number, ticks: number): boolean {
    const { frame, pump } = this
    const { rawTicks } = this.index
    const other = rawTicks[current] ?? NaN
    if (!Object.is(ticks, rawTicks[current + 1]) || pump === null) return false
    const first = frame.clone()
    if (first === null) return false
    frame.unref()
    let step = pump.step(frame)
    while (step === 'more' && !this.hasMissed) step = pump.step(frame)
    const isPair = step === 'frame' && Object.is(shownTicks(this.ffmpeg, frame), other)
    if (isPair) {
      this.queued = frame.clone()
      rawTicks[current] = ticks
      rawTicks[current + 1] = other
    }
    frame.unref()
    frame.ref(first)
    first.free()
    return isPair
  }

  private dropQueued(): void {
    this.queued?.free()
    this.queued = null
  }

  private isDamaged(): boolean {
    return (
      this.frame.decodeErrorFlags !== 0 || this.frame.hasFlags(this.ffmpeg.constants.AV_FRAME_FLAG_CORRUPT)
    )
  }
}
