import { readFile } from 'node:fs/promises'
import type { CodecContext, Frame, Packet } from 'node-av/lib'
import { UnmaskError } from '../errors'
import { LinearFilter } from './filter-graph'
import { type Ffmpeg, ffmpegMessage, loadFfmpeg } from './node-av'
import { orientationFilters, orientationOf } from './orientation'
import { MAX_PICTURE_PIXELS } from './streams'

/** A decoded still picture, upright. */
export interface StillPicture {
  readonly widthPx: number
  readonly heightPx: number
  /** Interleaved RGB, shape [heightPx, widthPx, 3], 0..255; transparency is left out. */
  readonly rgb: Uint8Array
}

type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'webp' | 'tiff' | 'pgm' | 'ppm'

const SIGNATURES: readonly (readonly [PictureFormat, (bytes: Buffer) => boolean])[] = [
  ['jpeg', (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8],
  ['png', (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))],
  ['bmp', (bytes) => startsWith(bytes, 'BM')],
  ['webp', (bytes) => startsWith(bytes, 'RIFF') && bytes.subarray(8, 12).toString('latin1') === 'WEBP'],
  ['tiff', (bytes) => startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')],
  ['pgm', (bytes) => startsWith(bytes, 'P5') || startsWith(bytes, 'P2')],
  ['ppm', (bytes) => startsWith(bytes, 'P6') || startsWith(bytes, 'P3')],
]

/**
 * Decodes still pictures (JPEG, PNG, BMP, WebP, TIFF, PGM, PPM, told by their first bytes) with FFmpeg's decoders, which are
 * kept open between pictures: opening each file as a recording costs ten times the decoding. Free it when done.
 */
export class PictureDecoder {
  private readonly decoders = new Map<PictureFormat, CodecContext>()
  private readonly packet: Packet
  private readonly decoded: Frame
  private readonly converted: Frame
  private filter: LinearFilter | null = null
  private filterKey = ''

  static async open(): Promise<PictureDecoder> {
    return new PictureDecoder(await loadFfmpeg())
  }

  private constructor(private readonly ffmpeg: Ffmpeg) {
    const { lib } = ffmpeg
    this.packet = new lib.Packet()
    this.decoded = new lib.Frame()
    this.converted = new lib.Frame()
    for (const holder of [this.packet, this.decoded, this.converted]) holder.alloc()
  }

  /**
   * @throws UnmaskError 'input.not-found', 'input.unreadable', 'input.empty'; 'media.not-media' for bytes that are no such
   * picture; 'media.decode-failed' for a damaged or cut-off one
   */
  async decode(path: string): Promise<StillPicture> {
    const bytes = await readPicture(path)
    const format = SIGNATURES.find(([, matches]) => matches(bytes))?.[0]
    if (format === undefined)
      throw new UnmaskError(
        'media.not-media',
        `The file is no JPEG, PNG, BMP, WebP, TIFF, PGM or PPM picture; check that it opens elsewhere: ${path}`,
      )
    const decoder = this.decoderFor(format)
    this.packet.data = bytes
    // Without it FFmpeg adds a PNG to the one before, as AVI files have them.
    this.packet.isKeyframe = true
    try {
      const sent = decoder.sendPacketSync(this.packet)
      const code = sent < 0 ? sent : decoder.receiveFrameSync(this.decoded)
      if (code < 0 || this.decoded.decodeErrorFlags !== 0) {
        // What a broken picture leaves behind must not reach the next one.
        this.close(format)
        throw broken(path, code < 0 ? ffmpegMessage(this.ffmpeg, code) : 'part of it is missing')
      }
      return this.convert(path)
    } finally {
      this.decoded.unref()
      this.packet.unref()
    }
  }

  free(): void {
    for (const format of [...this.decoders.keys()]) this.close(format)
    this.filter?.free()
    this.filter = null
    this.packet.free()
    this.decoded.free()
    this.converted.free()
  }

  private close(format: PictureFormat): void {
    this.decoders.get(format)?.freeContext()
    this.decoders.delete(format)
  }

  private decoderFor(format: PictureFormat): CodecContext {
    const known = this.decoders.get(format)
    if (known) return known
    const { lib, constants } = this.ffmpeg
    const ids = {
      jpeg: constants.AV_CODEC_ID_MJPEG,
      png: constants.AV_CODEC_ID_PNG,
      bmp: constants.AV_CODEC_ID_BMP,
      webp: constants.AV_CODEC_ID_WEBP,
      tiff: constants.AV_CODEC_ID_TIFF,
      pgm: constants.AV_CODEC_ID_PGM,
      ppm: constants.AV_CODEC_ID_PPM,
    }
    const codec = lib.Codec.findDecoder(ids[format])
    if (codec === null) throw new UnmaskError('internal', `this FFmpeg has no decoder for ${format}`)
    const decoder = new lib.CodecContext()
    decoder.allocContext3(codec)
    decoder.threadCount = 1
    decoder.setOption('max_pixels', MAX_PICTURE_PIXELS)
    // Without it a cut-off picture decodes with its rest in grey.
    decoder.setOption('err_detect', 'explode')
    const code = decoder.open2Sync(codec)
    if (code < 0) {
      decoder.freeContext()
      throw new UnmaskError(
        'internal',
        `the ${format} decoder does not open (${ffmpegMessage(this.ffmpeg, code)})`,
      )
    }
    this.decoders.set(format, decoder)
    return decoder
  }

  private convert(path: string): StillPicture {
    const { converted, ffmpeg, decoded } = this
    const matrix = decoded.getSideData(ffmpeg.constants.AV_FRAME_DATA_DISPLAYMATRIX)
    const filter = this.filterFor(matrix)
    if (filter === null || filter.push(decoded) < 0 || !filter.pull(converted))
      throw broken(path, 'its pixel format cannot be converted')
    const { width, height } = converted
    const rgb = converted.toBuffer()
    converted.unref()
    return { widthPx: width, heightPx: height, rgb }
  }

  private filterFor(displayMatrix: Uint8Array | null): LinearFilter | null {
    const { width, height, format, colorSpace, colorRange } = this.decoded
    // Phones store pictures as the sensor lies and say in EXIF how to turn them.
    const turns = orientationFilters(orientationOf(displayMatrix))
    const key = [width, height, format, colorSpace, colorRange, ...turns].join(' ')
    if (this.filter !== null && this.filterKey === key) return this.filter
    this.filter?.free()
    this.filter = LinearFilter.create(this.ffmpeg, {
      kind: 'video',
      source: `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/1:colorspace=${colorSpace}:range=${colorRange}`,
      chain: ['scale=flags=accurate_rnd+full_chroma_int', 'format=pix_fmts=rgb24', ...turns].join(','),
    })
    this.filterKey = key
    return this.filter
  }
}

async function readPicture(path: string): Promise<Buffer> {
  let bytes
  try {
    bytes = await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error)
    throw code === 'ENOENT' || code === 'ENOTDIR'
      ? new UnmaskError('input.not-found', `No such file; check the path: ${path}`, { cause: error })
      : new UnmaskError('input.unreadable', `The file cannot be read (${code}): ${path}`, { cause: error })
  }
  if (bytes.length === 0) throw new UnmaskError('input.empty', `The file is empty (0 bytes): ${path}`)
  return bytes
}

function broken(path: string, reason: string): UnmaskError {
  return new UnmaskError(
    'media.decode-failed',
    `The picture is damaged or cut off (${reason}); replace the file: ${path}`,
  )
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.subarray(0, text.length).toString('latin1') === text
}
