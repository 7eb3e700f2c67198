import type { PixelImage } from './surface'

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]
/** Bytes before the first chunk that may stand after the header: signature, then IHDR of 13 bytes. */
const AFTER_HEADER = 8 + 12 + 13

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  return crc
})

/** PNG, 8 bits of red, green, blue and alpha. PNG specification, third edition (W3C, 2023). */
export async function encodePng({ widthPx, heightPx, data }: PixelImage): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, widthPx)
  view.setUint32(4, heightPx)
  // Eight bits a sample, colour type 6: red, green, blue, alpha.
  header.set([8, 6, 0, 0, 0], 8)
  const rowBytes = widthPx * 4
  // Each row begins with the number of its filter, 0: none.
  const rows = new Uint8Array((rowBytes + 1) * heightPx)
  for (let row = 0; row < heightPx; row++)
    rows.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1)
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', await deflated(rows)),
    chunk('IEND', new Uint8Array(0)),
  ])
}

/** The same PNG with its resolution, so that a figure has its size in print. */
export function withResolution(png: Uint8Array<ArrayBuffer>, dotsPerInch: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(9)
  const view = new DataView(body.buffer)
  const dotsPerMetre = Math.round(dotsPerInch / 0.0254)
  view.setUint32(0, dotsPerMetre)
  view.setUint32(4, dotsPerMetre)
  body[8] = 1
  return joined([png.subarray(0, AFTER_HEADER), chunk('pHYs', body), png.subarray(AFTER_HEADER)])
}

export function base64FromBytes(bytes: Uint8Array): string {
  const parts: string[] = []
  // More arguments than this overflow the stack.
  for (let at = 0; at < bytes.length; at += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return btoa(parts.join(''))
}

function chunk(name: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  for (let at = 0; at < 4; at++) bytes[4 + at] = name.charCodeAt(at)
  bytes.set(body, 8)
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)))
  return bytes
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** Zlib stream, which is what the platform calls "deflate". */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
