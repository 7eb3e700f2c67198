import { deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * A grey picture as PNG (ISO/IEC 15948): 8 bits, no filter.
 * @param pixels shape [heightPx, widthPx], 0..255
 */
export function greyPng(pixels: Uint8Array, widthPx: number, heightPx: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(widthPx, 0)
  header.writeUInt32BE(heightPx, 4)
  header[8] = 8 // bits a sample; colour type 0 (grey), deflate, no filter method and no interlace are the zeros behind
  const lines = Buffer.alloc(heightPx * (widthPx + 1))
  // Each line begins with its filter: 0, none.
  for (let row = 0; row < heightPx; row++)
    lines.set(pixels.subarray(row * widthPx, (row + 1) * widthPx), row * (widthPx + 1) + 1)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export const dataUri = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(typed.length + 8)
  frame.writeUInt32BE(data.length, 0)
  frame.set(typed, 4)
  frame.writeUInt32BE(crc32(typed), typed.length + 4)
  return frame
}

/** CRC-32 of PNG and zlib, bit by bit; Node has its own only from 20.15 on. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
