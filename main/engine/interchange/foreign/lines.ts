import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { UnmaskError } from '../../errors'
import { decodeText } from '../decode-text'

/** Enough to see the encoding and the first lines. */
const HEAD_BYTES = 1 << 18
/** A line longer than this is no table. */
const LINE_CHARS_MAX = 1 << 22

/** The first lines of a text file, without their ends. */
export async function headLines(path: string, most: number): Promise<string[]> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    const { text } = decodeText(buffer.subarray(0, bytesRead))
    const lines = text.split(/\r\n|\n|\r/)
    // What was cut in the middle is no line.
    if (bytesRead === HEAD_BYTES) lines.pop()
    return lines.slice(0, most)
  } finally {
    await handle.close()
  }
}

/**
 * Lines of a text file of any length, one after the other, in the encodings of decodeText; LF, CRLF and CR end them.
 * @throws UnmaskError 'data.invalid' on a line that never ends
 */
export async function* eachLine(path: string, signal?: AbortSignal): AsyncGenerator<string> {
  const decode = await decoderOf(path)
  let rest = ''
  let isFirst = true
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) {
    let text = rest + decode(chunk)
    if (isFirst && text.startsWith('\uFEFF')) text = text.slice(1)
    isFirst = isFirst && text === ''
    // A CR at the very end may be the half of a CRLF.
    const safeEnd = text.endsWith('\r') ? text.length - 1 : text.length
    const lines = text.slice(0, safeEnd).split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '') + text.slice(safeEnd)
    if (rest.length > LINE_CHARS_MAX)
      throw new UnmaskError(
        'data.invalid',
        `a line has more than ${LINE_CHARS_MAX} characters; this is no table`,
      )
    yield* lines
  }
  for (const line of rest.split(/\r\n|\n|\r/)) yield line
}

async function decoderOf(path: string): Promise<(chunk: Buffer) => string> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    const head = buffer.subarray(0, bytesRead)
    // A character that is cut at the end of the sample must not make it look like another encoding.
    const whole = head.subarray(0, Math.max(0, head.lastIndexOf(0x0a)))
    const { encoding } = decodeText(whole.length > 0 ? whole : head)
    if (encoding === 'UTF-16 BE')
      throw new UnmaskError('data.invalid', 'the table is in UTF-16 big endian; save it as UTF-8 or CSV')
    const decoder = new StringDecoder(
      encoding === 'UTF-8' ? 'utf8' : encoding === 'UTF-16 LE' ? 'utf16le' : 'latin1',
    )
    return (chunk) => decoder.write(chunk)
  } finally {
    await handle.close()
  }
}
