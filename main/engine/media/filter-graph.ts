import type { FilterContext, FilterGraph, FilterInOut, Frame } from 'node-av/lib'
import { UnmaskError } from '../errors'
import { type Ffmpeg, ffmpegMessage } from './node-av'

export interface FilterGraphOptions {
  readonly kind: 'video' | 'audio'
  /** Options of FFmpeg's buffer or abuffer source. */
  readonly source: string
  /** FFmpeg's filter chain, for example "scale=640:360,format=pix_fmts=rgb24". */
  readonly chain: string
}

/** A linear FFmpeg filter graph, fed and read synchronously. */
export class LinearFilter {
  private readonly graph: FilterGraph
  private readonly source: FilterContext
  private readonly sink: FilterContext

  /** Null where FFmpeg refuses the chain: a broken stream can ask for what no filter takes. */
  static create(ffmpeg: Ffmpeg, options: FilterGraphOptions): LinearFilter | null {
    try {
      return new LinearFilter(ffmpeg, options)
    } catch (error) {
      if (error instanceof UnmaskError && error.code === 'media.decode-failed') return null
      throw error
    }
  }

  private constructor(
    private readonly ffmpeg: Ffmpeg,
    options: FilterGraphOptions,
  ) {
    const { lib } = ffmpeg
    const prefix = options.kind === 'audio' ? 'a' : ''
    this.graph = new lib.FilterGraph()
    try {
      this.graph.alloc()
      // The pictures are small by then; threads would only be woken and waited for.
      this.graph.nbThreads = 1
      this.source = this.create(`${prefix}buffer`, 'in', options.source)
      this.sink = this.create(`${prefix}buffersink`, 'out', null)
      // As FFmpeg counts, what the chain leaves open: its output meets the sink, its input the source.
      const parsed = this.graph.parsePtr(
        options.chain,
        this.end('out', this.sink),
        this.end('in', this.source),
      )
      this.check(parsed, options)
      this.check(this.graph.configSync(), options)
    } catch (error) {
      this.graph.free()
      throw error
    }
  }

  /** Takes what `frame` refers to; null says that no more comes. Returns FFmpeg's code. */
  push(frame: Frame | null): number {
    return this.source.buffersrcAddFrameSync(frame)
  }

  /** True when `frame` was filled; the caller unrefs it. */
  pull(frame: Frame): boolean {
    return this.sink.buffersinkGetFrameSync(frame) >= 0
  }

  free(): void {
    this.graph.free()
  }

  private create(filterName: string, name: string, options: string | null): FilterContext {
    const filter = this.ffmpeg.lib.Filter.getByName(filterName)
    const context = filter === null ? null : this.graph.createFilter(filter, name, options)
    if (context === null)
      throw new UnmaskError(
        'media.decode-failed',
        `FFmpeg refuses its ${filterName} filter: ${options ?? ''}`,
      )
    return context
  }

  private end(name: string, filter: FilterContext): FilterInOut {
    // The graph owns it once parsed.
    const end = new this.ffmpeg.lib.FilterInOut()
    end.alloc()
    end.name = name
    end.filterCtx = filter
    end.padIdx = 0
    return end
  }

  private check(code: number, { source, chain }: FilterGraphOptions): void {
    if (code >= 0) return
    const reason = ffmpegMessage(this.ffmpeg, code)
    throw new UnmaskError(
      'media.decode-failed',
      `FFmpeg refuses the filter chain (${reason}): ${source} -> ${chain}`,
    )
  }
}
