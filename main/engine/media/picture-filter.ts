import type { Frame, Stream } from 'node-av/lib'
import { LinearFilter } from './filter-graph'
import { type Size, displayedSize, fitWithin, turned } from './geometry'
import type { Ffmpeg } from './node-av'
import { type Orientation, orientationFilters } from './orientation'
import type { TimeBase } from './types'

const RGB_BYTES = 3

/** Makes decoded pictures upright, square-pixelled RGB pictures of one size. */
export class PictureFilter {
  private readonly output: Frame
  private filter: LinearFilter | null = null
  private filterKey = ''

  /** @param canvas size of every picture given out; one of another shape is centred on black */
  constructor(
    private readonly ffmpeg: Ffmpeg,
    private readonly stream: Stream,
    private readonly orientation: Orientation,
    private readonly canvas: Size,
  ) {
    this.output = new ffmpeg.lib.Frame()
    this.output.alloc()
  }

  /**
   * Takes what `frame` refers to.
   *
   * @returns interleaved RGB, shape [canvas height, canvas width, 3], its own memory; null when FFmpeg refuses it
   */
  convert(frame: Frame): Uint8Array | null {
    const { output, canvas } = this
    const filter = this.filterFor(frame)
    if (filter === null || filter.push(frame) < 0 || !filter.pull(output)) return null
    const rgb = output.toBuffer()
    output.unref()
    return rgb.byteLength === canvas.widthPx * canvas.heightPx * RGB_BYTES ? rgb : null
  }

  free(): void {
    this.filter?.free()
    this.filter = null
    this.output.free()
  }

  /** FFmpeg's filters are built for one size and format; a stream may change both on the way. */
  private filterFor(frame: Frame): LinearFilter | null {
    const { width, height, format, colorSpace, colorRange } = frame
    const aspect = sampleAspectRatio(this.stream, frame)
    const field = this.firstField(frame)
    const key = [width, height, format, colorSpace, colorRange, aspect.num, aspect.den, field].join(' ')
    if (this.filter !== null && this.filterKey === key) return this.filter
    this.filter?.free()
    this.filter = null
    const { timeBase } = this.stream
    this.filter = LinearFilter.create(this.ffmpeg, {
      kind: 'video',
      source: [
        `video_size=${width}x${height}:pix_fmt=${format}:time_base=${timeBase.num}/${timeBase.den}`,
        `colorspace=${colorSpace}:range=${colorRange}`,
      ].join(':'),
      chain: this.chain({ widthPx: width, heightPx: height }, aspect, field),
    })
    this.filterKey = key
    return this.filter
  }

  /**
   * An interlaced picture holds two moments, line by line: what moves would have combs for edges. The earlier one is
   * taken, which is the moment of the timestamp. FFmpeg's yadif would keep more lines, but gives each picture out only
   * once it has the next; here the picture is shrunk to half its lines most of the time anyhow.
   */
  private firstField(frame: Frame): 'top' | 'bottom' | null {
    const { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST } = this.ffmpeg.constants
    if (frame.height < 2 || !frame.hasFlags(AV_FRAME_FLAG_INTERLACED)) return null
    return frame.hasFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST) ? 'top' : 'bottom'
  }

  private chain(coded: Size, aspect: TimeBase, field: 'top' | 'bottom' | null): string {
    const { canvas, orientation } = this
    const shown = displayedSize(coded, aspect, orientation.rotationDegrees)
    const fitted = fitWithin(shown, canvas)
    // A pixel of rounding is not another shape.
    const isSameShape =
      Math.abs(fitted.widthPx - canvas.widthPx) <= 1 && Math.abs(fitted.heightPx - canvas.heightPx) <= 1
    const upright = isSameShape ? canvas : fitted
    const isTurned = orientation.rotationDegrees % 180 !== 0
    const scaled = isTurned ? turned(upright) : upright
    const filters = [
      ...(field === null ? [] : [`field=type=${field}`]),
      `scale=${scaled.widthPx}:${scaled.heightPx}:flags=${scalerFlags(coded, scaled)}`,
      'format=pix_fmts=rgb24',
      ...orientationFilters(orientation),
    ]
    if (!isSameShape) filters.push(`pad=${canvas.widthPx}:${canvas.heightPx}:-1:-1:black`)
    return filters.join(',')
  }
}

/** The container's word counts before the codec's, as in FFmpeg and players. */
export function sampleAspectRatio(stream: Stream, coded: { readonly sampleAspectRatio: TimeBase }): TimeBase {
  const { num, den } = stream.sampleAspectRatio
  return num > 0 && den > 0 ? { num, den } : coded.sampleAspectRatio
}

/**
 * FFmpeg's fast_bilinear looks at two source pixels for each; shrinking further it skips some and aliases (36 dB from an
 * area average at half size, 28 dB at a quarter, where bilinear, 0.3 ms dearer at 1280x720, has 41 and 40 dB).
 */
function scalerFlags(from: Size, to: Size): string {
  return from.widthPx <= 1.5 * to.widthPx ? 'fast_bilinear' : 'bilinear'
}
