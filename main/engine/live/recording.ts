import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { outputError, TEMPORARY_SUFFIX, writeAtomic } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import { remux } from '../media/remux'
import { liveDictionary, liveHeader } from './live-csv'

export interface RecordingOptions {
  readonly folder: string
  /** Without extension. */
  readonly name: string
  readonly container: 'webm' | 'mp4'
}

export interface FinishedRecording {
  /** In the folder. */
  readonly fileName: string
  readonly rows: number
}

/**
 * A recording while it is made: the browser's stretches of a media file, and the table of what was read live. Both grow under
 * temporary names, so a crash leaves what was recorded so far and nothing that looks complete. Writes keep their order.
 */
export class LiveRecording {
  private queue: Promise<void> = Promise.resolve()
  private failure: unknown = null
  private rows = 0
  private bytes = 0

  private constructor(
    private readonly options: RecordingOptions,
    private readonly media: FileHandle,
    private readonly table: FileHandle,
  ) {}

  /** @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
  static async open(options: RecordingOptions): Promise<LiveRecording> {
    const { folder } = options
    try {
      await makeFolder(folder)
      const media = await open(rawPath(options), 'wx')
      const table = await open(tablePath(options) + TEMPORARY_SUFFIX, 'wx')
      const recording = new LiveRecording(options, media, table)
      await recording.write(table, Buffer.from(liveHeader(), 'utf8'))
      return recording
    } catch (error) {
      throw outputError(error, folder)
    }
  }

  /** @throws UnmaskError where this or an earlier write failed: the disk is full, the folder is gone */
  addMedia(bytes: Uint8Array): Promise<void> {
    this.bytes += bytes.byteLength
    return this.write(this.media, bytes)
  }

  addRows(lines: string): Promise<void> {
    this.rows += lines.split('\n').length - 1
    return this.write(this.table, Buffer.from(lines, 'utf8'))
  }

  private write(handle: FileHandle, bytes: Uint8Array): Promise<void> {
    const written = this.queue.then(async () => {
      if (this.failure) throw this.failure
      let at = 0
      while (at < bytes.byteLength) at += (await handle.write(bytes, at)).bytesWritten
    })
    this.queue = written.catch((error: unknown) => void (this.failure ??= error))
    return written.catch((error: unknown) => Promise.reject(outputError(error, this.options.folder)))
  }

  /**
   * Closes the files, copies the media into a file with length and index, and gives both their names.
   * @returns null where nothing was recorded or it is not wanted; then nothing is left
   * @throws UnmaskError; the media as they came then stay under NAME.part.webm
   */
  async finish(isWanted: boolean): Promise<FinishedRecording | null> {
    await this.queue
    await this.media.close()
    await this.table.close()
    const { folder, name, container } = this.options
    const table = tablePath(this.options)
    if (!isWanted || this.bytes === 0) {
      await Promise.all([
        rm(rawPath(this.options), { force: true }),
        rm(table + TEMPORARY_SUFFIX, { force: true }),
      ])
      return null
    }
    if (this.failure) throw outputError(this.failure, folder)
    const fileName = `${name}.${container}`
    const copy = join(folder, `${name}.copying.${container}`)
    try {
      await remux(rawPath(this.options), copy)
      await rename(copy, join(folder, fileName))
    } catch (error) {
      await rm(copy, { force: true })
      throw outputError(error, folder)
    }
    await rename(table + TEMPORARY_SUFFIX, table)
    await writeAtomic(join(folder, DICTIONARY_FILE), liveDictionary())
    await rm(rawPath(this.options), { force: true })
    return { fileName, rows: this.rows }
  }
}

/** Columns of the tables beside it, one file for all recordings. */
const DICTIONARY_FILE = 'live_dictionary.csv'

const rawPath = ({ folder, name, container }: RecordingOptions) => join(folder, `${name}.part.${container}`)
const tablePath = ({ folder, name }: RecordingOptions) => join(folder, `${name}.live.csv`)
