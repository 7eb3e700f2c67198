import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UnmaskError, throwIfAborted } from '../../errors'
import { dataError } from './problems'

const LF = 10
const CR = 13
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
/** Tables of pictures have lines of 10 kB; more than this is no table. */
const MAX_LINE_BYTES = 1 << 20

export interface TextLine {
  /** Position in the file, 1-based. */
  readonly number: number
  /** Without its end; valid until the next line is asked for. */
  readonly bytes: Buffer
}

/**
 * Lines of a text file or of a gzip file with text in it (told by its first bytes, not its name), streamed: memory holds a
 * piece at a time. LF and CRLF end a line; a byte order mark is left out; so is the nothing after the last line end.
 * @throws UnmaskError 'input.not-found', 'input.unreadable', 'input.empty'; 'data.invalid' for a gzip file that is cut off
 * or damaged and for what is no text; 'cancelled'
 */
export async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<TextLine> {
  const stream = await openText(path)
  let rest: Buffer = Buffer.alloc(0)
  let number = 0
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      throwIfAborted(signal)
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      for (let end = bytes.indexOf(LF, start); end !== -1; end = bytes.indexOf(LF, start)) {
        number++
        yield { number, bytes: withoutEnds(bytes.subarray(start, end), number, path) }
        start = end + 1
      }
      rest = bytes.subarray(start)
      if (rest.length > MAX_LINE_BYTES)
        throw dataError({
          path,
          line: number + 1,
          message: `more than ${MAX_LINE_BYTES} bytes without a line end; this is no text table`,
        })
    }
  } catch (error) {
    throw describeError(error, path, number)
  }
  if (rest.length > 0) yield { number: number + 1, bytes: withoutEnds(rest, number + 1, path) }
  if (rest.length === 0 && number === 0)
    throw new UnmaskError('input.empty', `The file holds no text: ${path}`)
}

async function openText(path: string): Promise<Readable> {
  const magic = Buffer.alloc(2)
  let bytesRead
  try {
    const file = await open(path, 'r')
    try {
      bytesRead = (await file.read(magic, 0, 2, 0)).bytesRead
    } finally {
      await file.close()
    }
  } catch (error) {
    throw describeError(error, path, 0)
  }
  if (bytesRead === 0) throw new UnmaskError('input.empty', `The file is empty (0 bytes): ${path}`)
  const source = createReadStream(path, { highWaterMark: 1 << 18 })
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return source
  const text = createGunzip({ chunkSize: 1 << 18 })
  // The reader sees every error on the text itself.
  pipeline(source, text, () => undefined)
  return text
}

function withoutEnds(line: Buffer, number: number, path: string): Buffer {
  if (number === 1) {
    const [first, second] = line
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw dataError({ path, line: 1, message: 'the text is UTF-16; save it as UTF-8 ("CSV UTF-8")' })
    if (line.includes(0))
      throw dataError({ path, line: 1, message: 'it holds zero bytes; this is no text table' })
  }
  const start = number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
  return line.subarray(start, line[line.length - 1] === CR ? line.length - 1 : line.length)
}

function describeError(error: unknown, path: string, lines: number): unknown {
  if (error instanceof UnmaskError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new UnmaskError('input.not-found', `No such file; check the path: ${path}`, { cause: error })
  if (code === 'Z_BUF_ERROR')
    return dataError({
      path,
      line: lines + 1,
      message: 'the gzip file ends in the middle; fetch or copy it again',
    })
  if (code.startsWith('Z_'))
    return dataError({
      path,
      line: lines + 1,
      message: `the gzip file is damaged (${code}); fetch or copy it again`,
    })
  return new UnmaskError('input.unreadable', `The file cannot be read (${code || String(error)}): ${path}`, {
    cause: error,
  })
}
