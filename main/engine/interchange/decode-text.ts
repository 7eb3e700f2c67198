import { isUtf8 } from 'node:buffer'

export interface DecodedText {
  readonly text: string
  readonly encoding: 'UTF-8' | 'UTF-16 LE' | 'UTF-16 BE' | 'Windows-1252'
}

/** Bytes 0x80 to 0x9f of Windows-1252; the rest of it is Latin-1. */
const WINDOWS_1252 =
  '\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F' +
  '\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178'
/** How much of a file without a mark is looked at for the zeros of UTF-16. */
const SAMPLE_BYTES = 4096

/**
 * Text of a file of unknown encoding: by its byte order mark; without one by the zeros that UTF-16 has in Latin text; else UTF-8
 * where the bytes are that, and Windows-1252, which takes any, where they are not. The mark is taken off.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return utf16(buffer.subarray(2), false)
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return utf16(buffer.subarray(2), true)
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf)
    return { text: buffer.toString('utf8', 3), encoding: 'UTF-8' }
  const [even, odd] = zeros(buffer.subarray(0, SAMPLE_BYTES))
  const least = Math.min(buffer.length, SAMPLE_BYTES) / 8
  if (odd > least && even < odd / 8) return utf16(buffer, false)
  if (even > least && odd < even / 8) return utf16(buffer, true)
  if (isUtf8(buffer)) return { text: buffer.toString('utf8'), encoding: 'UTF-8' }
  const text = buffer
    .toString('latin1')
    .replace(/[\u0080-\u009F]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? char)
  return { text, encoding: 'Windows-1252' }
}

function utf16(buffer: Buffer, isBigEndian: boolean): DecodedText {
  const whole = buffer.subarray(0, buffer.length - (buffer.length % 2))
  return isBigEndian
    ? { text: Buffer.from(whole).swap16().toString('utf16le'), encoding: 'UTF-16 BE' }
    : { text: whole.toString('utf16le'), encoding: 'UTF-16 LE' }
}

function zeros(sample: Uint8Array): [even: number, odd: number] {
  const count: [number, number] = [0, 0]
  sample.forEach((byte, at) => {
    if (byte === 0) count[at % 2 === 0 ? 0 : 1]++
  })
  return count
}
