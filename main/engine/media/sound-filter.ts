import type { Frame } from 'node-av/lib'
import { LinearFilter } from './filter-graph'
import type { Ffmpeg } from './node-av'

/** Makes decoded sound mono float at one rate. */
export class SoundFilter {
  private readonly output: Frame
  private filter: LinearFilter | null = null
  private filterKey = ''

  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly sampleRateHz: number,
  ) {
    this.output = new ffmpeg.lib.Frame()
    this.output.alloc()
  }

  /** True when `frame` has another format than those before it, so that `finish` is due before `push`. */
  needsNewFilter(frame: Frame): boolean {
    return this.filter === null || this.filterKey !== formatKey(frame)
  }

  /**
   * Takes what `frame` refers to.
   *
   * @param take receives float32 samples
   * @returns false when FFmpeg refuses it
   */
  push(frame: Frame, take: (bytes: Uint8Array) => void): boolean {
    this.filter ??= this.build(frame)
    if (this.filter === null) return false
    const isTaken = this.filter.push(frame) >= 0
    this.drain(take)
    return isTaken
  }

  /** Gets the last samples out of the resampler; the next frame starts anew. */
  finish(take: (bytes: Uint8Array) => void): void {
    if (this.filter === null) return
    this.filter.push(null)
    this.drain(take)
    this.filter.free()
    this.filter = null
  }

  free(): void {
    this.filter?.free()
    this.filter = null
    this.output.free()
  }

  private drain(take: (bytes: Uint8Array) => void): void {
    while (this.filter?.pull(this.output) === true) {
      take(this.output.toBuffer())
      this.output.unref()
    }
  }

  private build(frame: Frame): LinearFilter | null {
    this.filterKey = formatKey(frame)
    const { sampleRate, format, channels } = frame
    const layout = this.ffmpeg.lib.avChannelLayoutDescribe(frame.channelLayout)
    return LinearFilter.create(this.ffmpeg, {
      kind: 'audio',
      source: [
        `time_base=1/${sampleRate}:sample_rate=${sampleRate}:sample_fmt=${format}`,
        layout === null ? `channels=${channels}` : `channel_layout=${layout}`,
      ].join(':'),
      chain: [
        'aformat=sample_fmts=fltp',
        `pan=mono|c0=${averageOf(channels)}`,
        `aresample=${this.sampleRateHz}`,
        'aformat=sample_fmts=flt:channel_layouts=mono',
      ].join(','),
    })
  }
}

/** FFmpeg's pan expression for the mean of all channels: independent of what the file calls them. */
function averageOf(channels: number): string {
  const weight = 1 / channels
  return Array.from({ length: channels }, (_, channel) => `${weight}*c${channel}`).join('+')
}

function formatKey({ sampleRate, format, channels }: Frame): string {
  return `${sampleRate} ${format} ${channels}`
}
