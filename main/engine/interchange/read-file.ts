import { basename } from 'node:path'
import { UnmaskError } from '../errors'
import { gunzipBoris, readBoris } from './boris-read'
import { decodeText } from './decode-text'
import type { InterchangeDocument, InterchangeFormat } from './document'
import { readEaf } from './eaf-read'
import { readSegmentsTable } from './segments-table'
import { readTextGrid } from './textgrid-read'

/** More than the longest study has; a file beyond is refused before it is read. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024

export interface ReadInterchange {
  readonly format: InterchangeFormat
  /** One for each recording that the file speaks of. */
  readonly documents: readonly InterchangeDocument[]
}

export interface ReadOptions {
  /** See BorisReadOptions. */
  readonly closesUnpaired: boolean
}

/**
 * Reads annotations of any of the four formats. Its content says which it is; the name only serves as a title.
 * @throws UnmaskError 'data.invalid' naming the file
 */
export function readInterchange(bytes: Uint8Array, fileName: string, options: ReadOptions): ReadInterchange {
  try {
    return read(bytes, stemOf(fileName), options)
  } catch (error) {
    if (!(error instanceof UnmaskError)) throw error
    throw new UnmaskError(error.code, `${basename(fileName)}: ${error.message}`, { cause: error })
  }
}

function read(bytes: Uint8Array, title: string, options: ReadOptions): ReadInterchange {
  if (bytes.length > MAX_FILE_BYTES)
    throw new UnmaskError(
      'data.invalid',
      `the file has ${Math.round(bytes.length / 1e6)} MB; annotations of more than ${Math.round(MAX_FILE_BYTES / 1e6)} MB are not read`,
    )
  if (bytes.length === 0) throw new UnmaskError('data.invalid', 'the file is empty')
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const { text, encoding } = decodeText(isGzip ? gunzipBoris(bytes) : bytes)
  const start = text.slice(0, 1000).trimStart()
  const notices = encoding === 'Windows-1252' ? ['the text is not UTF-8; it was read as Windows-1252'] : []
  const noted = (document: InterchangeDocument): InterchangeDocument =>
    notices.length === 0 ? document : { ...document, notices: [...notices, ...document.notices] }
  if (start.startsWith('<')) return { format: 'eaf', documents: [noted(readEaf(text, title))] }
  if (start.startsWith('{')) return { format: 'boris', documents: readBoris(text, title, options).map(noted) }
  if (/^(File type = )?"?oo(TextFile|BinaryFile)|^"Praat chronological/i.test(start))
    return { format: 'textgrid', documents: [noted(readTextGrid(text, title))] }
  const header = start.split('\n')[0] ?? ''
  if (/\bstart_s\b/.test(header) && /\bend_s\b/.test(header))
    return { format: 'segments', documents: readSegmentsTable(text).map(noted) }
  throw new UnmaskError(
    'data.invalid',
    'this is neither a segments table (its first line must name start_s and end_s), an ELAN document, a Praat TextGrid nor a BORIS project',
  )
}

/** Name without folder and endings such as ".segments.csv". */
export function stemOf(fileName: string): string {
  return basename(fileName.replaceAll('\\', '/')).replace(
    /(\.segments)?\.(csv|eaf|textgrid|boris|boris\.gz|json|xml)$/i,
    '',
  )
}
