import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FormatContext, Stream } from 'node-av/lib'
import { UnmaskError, throwIfAborted } from '../errors'
import { INPUT_OPTIONS } from './demuxers'
import { type Ffmpeg, ffmpegMessage } from './node-av'

/** An opened file; native memory until closed. */
export interface OpenInput {
  readonly format: FormatContext
  readonly sizeBytes: number
  /** May be called again; nothing else may be called after. */
  close(): void
}

/**
 * Opens a media file and reads its streams' headers.
 *
 * @throws {UnmaskError} input.not-found, input.unreadable, input.empty, media.not-media, cancelled
 */
export async function openInput(ffmpeg: Ffmpeg, path: string, signal?: AbortSignal): Promise<OpenInput> {
  throwIfAborted(signal)
  const sizeBytes = await readableSize(path)
  const { lib } = ffmpeg
  const format = new lib.FormatContext()
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    format.closeInputSync()
  }
  const interrupt = (): void => format.interrupt()
  signal?.addEventListener('abort', interrupt, { once: true })
  const options = lib.Dictionary.fromObject(INPUT_OPTIONS)
  try {
    // The prefix keeps a name such as "http:x" or "concat:a|b" a file name.
    const opened = await format.openInput(`file:${resolve(path)}`, null, options)
    throwIfAborted(signal)
    if (opened < 0) throw notMedia(ffmpeg, path, opened)
    const analysed = await format.findStreamInfo()
    throwIfAborted(signal)
    if (analysed < 0) throw notMedia(ffmpeg, path, analysed)
    return { format, sizeBytes, close }
  } catch (error) {
    close()
    throw error
  } finally {
    signal?.removeEventListener('abort', interrupt)
    options.free()
  }
}

/** Lets FFmpeg skip what belongs to other streams. */
export function readOnlyStreams(ffmpeg: Ffmpeg, format: FormatContext, wanted: readonly Stream[]): void {
  const indices = new Set(wanted.map((stream) => stream.index))
  for (const stream of format.streams) {
    if (!indices.has(stream.index)) stream.discard = ffmpeg.constants.AVDISCARD_ALL
  }
}

async function readableSize(path: string): Promise<number> {
  let stats
  try {
    stats = await stat(path)
  } catch (error) {
    throw unreadable(path, error)
  }
  if (stats.isDirectory()) {
    throw new UnmaskError('input.unreadable', `This is a folder, not a media file; give a file: ${path}`)
  }
  if (!stats.isFile()) {
    throw new UnmaskError(
      'input.unreadable',
      `This is a device or pipe, not a media file; copy it to a file: ${path}`,
    )
  }
  try {
    await access(path, constants.R_OK)
  } catch (error) {
    throw unreadable(path, error)
  }
  if (stats.size === 0) throw new UnmaskError('input.empty', `The file is empty (0 bytes): ${path}`)
  return stats.size
}

function unreadable(path: string, error: unknown): UnmaskError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UnmaskError('input.not-found', `No such file; check the path: ${path}`, { cause: error })
  }
  const reason = code === 'EACCES' || code === 'EPERM' ? 'no permission to read it' : (code ?? String(error))
  return new UnmaskError('input.unreadable', `The file cannot be read (${reason}): ${path}`, { cause: error })
}

function notMedia(ffmpeg: Ffmpeg, path: string, code: number): UnmaskError {
  const reason = ffmpegMessage(ffmpeg, code)
  return new UnmaskError(
    'media.not-media',
    `FFmpeg recognises no sound or video recording in this file (${reason}); check that it plays elsewhere: ${path}`,
  )
}
