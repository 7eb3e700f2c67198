import { type FileHandle, open } from 'node:fs/promises'
import { throwIfAborted, UnmaskError } from '../errors'
import { CsvRowParser } from './csv-row-parser'
import type { ColumnSpec } from './column-buffer'

export interface ReadColumnsOptions {
  readonly signal?: AbortSignal
  /** Of one read, in bytes; for tests. */
  readonly chunkBytes?: number
}

export interface ReadColumnsResult {
  readonly rowCount: number
  /** Wanted columns that the table does not have. */
  readonly missing: readonly string[]
}

const LF = 0x0a
const CHUNK_BYTES = 1 << 22
/** No row of ours comes near; a longer one is an unclosed quote or no table. */
const ROW_BYTES_MAX = 1 << 20
/** A header longer than this, or without an end, is no table. */
const HEADER_BYTES_MAX = 1 << 16

/**
 * Reads the wanted columns of a CSV table into typed columns, found by the names in the header, whatever their order.
 * Works on bytes in chunks: no text is made of a cell and memory does not grow with the file but for the columns. LF and
 * CRLF, a byte order mark and quoted cells are read as RFC 4180 has them; numbers come out as Number() would give them.
 * @returns the number of rows; the buffers hold at least as many
 * @throws UnmaskError 'data.invalid' naming file, line and column; 'input.not-found' | 'input.unreadable'; 'cancelled'
 */
export async function readColumns(
  path: string,
  specs: readonly ColumnSpec[],
  { signal, chunkBytes = CHUNK_BYTES }: ReadColumnsOptions = {},
): Promise<ReadColumnsResult> {
  const handle = await openTable(path)
  try {
    const { size } = await handle.stat()
    const source = new ByteWindow(handle, chunkBytes)
    const header = await readHeader(source, path)
    const parser = new CsvRowParser(header, specs, path)
    let hasReserved = false
    for (let isOpen = true; isOpen;) {
      throwIfAborted(signal)
      const { bytes, isAtEnd } = source
      const firstAt = source.start
      const firstRow = parser.rowCount
      // Up to the last line feed every cell outside quotes is whole.
      const end = isAtEnd ? source.end : bytes.subarray(0, source.end).lastIndexOf(LF) + 1
      const at = end > firstAt ? parser.parse(bytes, firstAt, end, isAtEnd) : firstAt
      if (!hasReserved && parser.rowCount > firstRow) {
        // Rows are of like length: with what the first chunk shows the columns need not grow again.
        parser.reserve(Math.ceil((1.03 * size * (parser.rowCount - firstRow)) / (at - firstAt)))
        hasReserved = true
      }
      if (at === firstAt && source.end - at > ROW_BYTES_MAX)
        throw invalid(`has no end of line ${parser.rowCount + 2}`, path)
      isOpen = await source.advance(at)
    }
    return { rowCount: parser.rowCount, missing: parser.missing }
  } catch (error) {
    throw readError(error, path)
  } finally {
    await handle.close()
  }
}

/** What has been read of a file and not been parsed yet. */
class ByteWindow {
  bytes: Uint8Array<ArrayBuffer>
  start = 0
  end = 0
  isAtEnd = false
  readonly #handle: FileHandle
  readonly #chunkBytes: number

  constructor(handle: FileHandle, chunkBytes: number) {
    this.#handle = handle
    this.#chunkBytes = chunkBytes
    // One byte behind the end belongs to the parser's sentinel.
    this.bytes = new Uint8Array(chunkBytes + 1)
  }

  /**
   * Drops what lies before `at` and reads on.
   * @returns false when the file is at its end and all was taken
   */
  async advance(at: number): Promise<boolean> {
    if (this.isAtEnd) return false
    const rest = this.end - at
    // A row that fills half the window may need a larger one.
    const capacity = this.bytes.length - 1
    if (2 * rest >= capacity) {
      const larger = new Uint8Array(2 * capacity + 1)
      larger.set(this.bytes.subarray(at, this.end))
      this.bytes = larger
    } else this.bytes.copyWithin(0, at, this.end)
    this.start = 0
    this.end = rest
    const space = Math.min(this.bytes.length - 1 - rest, Math.max(this.#chunkBytes, rest))
    const { bytesRead } = await this.#handle.read(this.bytes, rest, space)
    this.end += bytesRead
    if (bytesRead === 0) this.isAtEnd = true
    return this.end > 0
  }
}

async function readHeader(source: ByteWindow, path: string): Promise<string[]> {
  const findEnd = (): number => source.bytes.subarray(0, source.end).indexOf(LF)
  do await source.advance(0)
  while (findEnd() < 0 && !source.isAtEnd && source.end <= HEADER_BYTES_MAX)
  const lineEnd = findEnd()
  const stop = lineEnd >= 0 ? lineEnd : source.end
  if (stop === 0 || stop > HEADER_BYTES_MAX) throw invalid('has no header line', path)
  const hasMark = source.bytes[0] === 0xef && source.bytes[1] === 0xbb && source.bytes[2] === 0xbf
  const text = new TextDecoder().decode(source.bytes.subarray(hasMark ? 3 : 0, stop))
  source.start = lineEnd >= 0 ? lineEnd + 1 : source.end
  return text.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
}

/** A table that is not what it should be, and what to do about it. */
export function invalid(what: string, path: string): UnmaskError {
  return new UnmaskError('data.invalid', `the table ${what}; label the clip again with --force: ${path}`)
}

async function openTable(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    throw readError(error, path)
  }
}

/** An error of the file system as the user must read it; errors that have a code keep it. */
export function readError(error: unknown, path: string): unknown {
  if (error instanceof UnmaskError) return error
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === undefined) return error
  if (code === 'ENOENT')
    return new UnmaskError(
      'input.not-found',
      `the result file is gone; label the clip again or restore it: ${path}`,
      { cause: error },
    )
  return new UnmaskError('input.unreadable', `the result file cannot be read (${code}): ${path}`, {
    cause: error,
  })
}
