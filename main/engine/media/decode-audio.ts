import type { Frame } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { AudioClock } from './audio-clock'
import { BlockWriter } from './block-writer'
import { Breather } from './breather'
import { DamageReport } from './damage'
import { statesDuration } from './demuxers'
import { type Ffmpeg, loadFfmpeg } from './node-av'
import { openInput, readOnlyStreams } from './open-input'
import { StreamPump } from './pump'
import { SoundFilter } from './sound-filter'
import { openDecoder, streamAt, ticksOrNull, ticksToSecs } from './streams'
import type { AudioBlock, AudioStreamInfo, DecodeAudioOptions, MediaInfo } from './types'

const BLOCK_SAMPLES = 8192
/** An ending this much before the stated one is rounding or padding, not a cut. */
const SHORT_BY_SECS = 0.5

/**
 * Decodes the clip's sound: the mean of all channels at the asked rate, in blocks of up to 8,192 samples whose positions
 * only grow. Encoder delay and edit lists are undone as FFmpeg does. Where timestamps leave a gap of more than 20 ms, the
 * next block's startSample leaves it too; overlapping sound is dropped. Values are limited to [-1, 1].
 *
 * @throws {UnmaskError} usage.invalid without an audio stream; media.decode-failed when nothing of it can be decoded;
 * cancelled; input.* when the file is gone
 */
export async function* decodeAudio(info: MediaInfo, options: DecodeAudioOptions): AsyncGenerator<AudioBlock> {
  const { audio } = info
  const { signal } = options
  if (audio === null)
    throw new UnmaskError('usage.invalid', `There is no audio stream to decode: ${info.path}`)
  const ffmpeg = await loadFfmpeg()
  const reader = await AudioReader.open(ffmpeg, info, audio, options)
  try {
    const breather = new Breather()
    let hasMore = true
    while (hasMore) {
      hasMore = reader.step()
      for (let block = reader.writer.take(); block !== null; block = reader.writer.take()) {
        throwIfAborted(signal)
        yield block
      }
      if (breather.isDue) await breather.breathe()
      throwIfAborted(signal)
    }
    reader.judge()
  } finally {
    reader.free()
  }
}

class AudioReader {
  readonly writer = new BlockWriter(BLOCK_SAMPLES)
  private readonly decoded: Frame
  private readonly clock: AudioClock
  private readonly filter: SoundFilter

  private constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly info: MediaInfo,
    private readonly audio: AudioStreamInfo,
    private readonly sampleRateHz: number,
    private readonly pump: StreamPump,
    private readonly damage: DamageReport,
    private readonly closeInput: () => void,
  ) {
    this.decoded = new ffmpeg.lib.Frame()
    this.decoded.alloc()
    this.clock = new AudioClock(info.durationSecs, damage)
    this.filter = new SoundFilter(ffmpeg, sampleRateHz)
  }

  static async open(
    ffmpeg: Ffmpeg,
    info: MediaInfo,
    audio: AudioStreamInfo,
    options: DecodeAudioOptions,
  ): Promise<AudioReader> {
    const damage = new DamageReport(options.onDamage)
    const input = await openInput(ffmpeg, info.path, options.signal)
    try {
      const stream = streamAt(input.format, audio.streamIndex, info.path)
      readOnlyStreams(ffmpeg, input.format, [stream])
      const pump = new StreamPump(
        ffmpeg,
        input.format,
        stream,
        openDecoder(ffmpeg, stream, 1, info.path),
        damage,
      )
      return new AudioReader(ffmpeg, info, audio, options.sampleRateHz, pump, damage, () => input.close())
    } catch (error) {
      input.close()
      throw error
    }
  }

  /** @returns false at the end, when the last blocks are ready */
  step(): boolean {
    const { decoded, filter } = this
    const step = this.pump.step(decoded)
    if (step === 'more') return true
    if (step === 'end') {
      filter.finish(this.write)
      this.writer.flush()
      return false
    }
    const ticks =
      ticksOrNull(this.ffmpeg, decoded.bestEffortTimestamp) ?? ticksOrNull(this.ffmpeg, decoded.pts)
    const stated = ticks === null ? null : ticksToSecs(ticks, this.audio.timeBase) - this.info.zeroSecs
    if (decoded.nbSamples > 0 && decoded.sampleRate > 0 && decoded.channels > 0) this.place(stated)
    decoded.unref()
    return true
  }

  /** Judges the whole once the end is reached. */
  judge(): void {
    const { audio, info, writer } = this
    if (writer.endSample === null) {
      if (!this.damage.isDamaged) return
      throw new UnmaskError(
        'media.decode-failed',
        `Nothing of the ${audio.codec} sound can be decoded: ${info.path}`,
      )
    }
    if (audio.durationSecs === null || !statesDuration(info.container)) return
    const startSecs = ticksToSecs(audio.startTicks, audio.timeBase) - info.zeroSecs
    const endSecs = writer.endSample / this.sampleRateHz
    if (endSecs - startSecs < audio.durationSecs - SHORT_BY_SECS) {
      const stated = `${(startSecs + audio.durationSecs).toFixed(2)} s`
      this.damage.report(
        'short',
        `The sound ends at ${endSecs.toFixed(2)} s of ${stated}; the rest is missing`,
      )
    }
  }

  free(): void {
    this.filter.free()
    this.decoded.free()
    this.pump.free()
    this.closeInput()
  }

  private readonly write = (bytes: Uint8Array): void => this.writer.write(bytes)

  private place(statedSecs: number | null): void {
    const { decoded, filter } = this
    const { startSecs, isNewRun } = this.clock.next(statedSecs, decoded.nbSamples / decoded.sampleRate)
    if (isNewRun || filter.needsNewFilter(decoded)) {
      filter.finish(this.write)
      this.writer.seek(Math.round(startSecs * this.sampleRateHz))
    }
    if (!filter.push(decoded, this.write)) {
      this.damage.report(
        'decode',
        `The sound at ${startSecs.toFixed(2)} s cannot be converted and is left out`,
      )
    }
  }
}
