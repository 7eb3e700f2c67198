import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { AnnotationFormat } from '../../../preload/contract/interchange'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { writeBytesAtomic } from '../../engine/export/write-bytes'
import { gzipBoris, writeBoris } from '../../engine/interchange/boris-write'
import type { InterchangeDocument } from '../../engine/interchange/document'
import { writeEaf } from '../../engine/interchange/eaf-write'
import { MAX_FILE_BYTES, type ReadInterchange, readInterchange } from '../../engine/interchange/read-file'
import { writeSegmentsTable } from '../../engine/interchange/segments-table'
import { writeTextGrid } from '../../engine/interchange/textgrid-write'

/**
 * Annotations of a file of another program, whatever of the four formats it has.
 * @throws UnmaskError 'data.invalid' naming the file; the system's own error where it cannot be read
 */
export async function readAnnotationsFile(path: string, closesUnpaired: boolean): Promise<ReadInterchange> {
  const { size } = await stat(path)
  if (size > MAX_FILE_BYTES)
    throw new UnmaskError(
      'data.invalid',
      `${basename(path)} has ${Math.round(size / 1e6)} MB; annotations of more than ${Math.round(MAX_FILE_BYTES / 1e6)} MB are not read`,
    )
  return readInterchange(await readFile(path), basename(path), { closesUnpaired })
}

export interface WriteAnnotations {
  readonly path: string
  /** One, but for a table or a BORIS project, which hold many. */
  readonly documents: readonly InterchangeDocument[]
  readonly format: AnnotationFormat
  readonly isForReimport: boolean
  /** ISO 8601. */
  readonly date: string
  readonly author: string
  /** Of the project in BORIS. */
  readonly name: string
}

/** Writes annotations whole or not at all; a file that is there is replaced. */
export async function writeAnnotationsFile(order: WriteAnnotations): Promise<void> {
  const { path, documents, format, isForReimport, date, author, name } = order
  const [document] = documents
  if (!document) throw new UnmaskError('internal', 'there is nothing to write')
  const boris = (): string => writeBoris(documents, { projectName: name, date })
  switch (format) {
    case 'segments':
      return writeAtomic(path, writeSegmentsTable(documents))
    case 'eaf':
      return writeAtomic(path, writeEaf(document, { author, date }))
    case 'textgrid':
      return writeAtomic(path, writeTextGrid(document, { isForReimport }))
    case 'boris':
      return writeAtomic(path, [boris()])
    case 'boris-gz':
      return writeBytesAtomic(path, gzipBoris(boris()))
  }
}
