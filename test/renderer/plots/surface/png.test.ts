import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64FromBytes, encodePng, withResolution } from '../../../../renderer/plots/surface/png'

const IMAGE = {
  widthPx: 3,
  heightPx: 2,
  data: Uint8ClampedArray.from({ length: 24 }, (_, at) => (at * 37) % 256),
}

/** Chunks of a PNG by its specification, with their checksums checked bit by bit. */
function chunksOf(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png)
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const body = bytes.subarray(at + 4, at + 8 + length)
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crcOf(body))
    chunks.set(body.subarray(0, 4).toString('latin1'), body.subarray(4))
    at += 12 + length
  }
  return chunks
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

describe('encodePng', () => {
  it('holds the very pixels, by an independent reading of the format', async () => {
    const chunks = chunksOf(await encodePng(IMAGE))
    expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND'])
    expect([...chunks.get('IHDR')!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 6, 0, 0, 0])
    const rows = inflateSync(chunks.get('IDAT')!)
    expect(rows.length).toBe(2 * 13)
    expect([...rows.subarray(1, 13), ...rows.subarray(14)]).toEqual([...IMAGE.data])
    expect([rows[0], rows[13]]).toEqual([0, 0])
  })

  it('is told its resolution in dots a metre', async () => {
    const chunks = chunksOf(withResolution(await encodePng(IMAGE), 300))
    expect([...chunks.keys()][1]).toBe('pHYs')
    expect(chunks.get('pHYs')!.readUInt32BE(0)).toBe(11_811)
    expect(chunks.get('pHYs')![8]).toBe(1)
  })
})

it('base64FromBytes survives more bytes than a call takes arguments', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251)
  expect(Buffer.from(base64FromBytes(bytes), 'base64').equals(Buffer.from(bytes))).toBe(true)
})
