import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted, UnmaskError } from '../errors'
import { type ClipMeta, parseClipMeta } from '../export/meta-json'
import type { SegmentRecord } from '../export/segment-record'
import { parseSegmentsCsv } from '../export/segments-csv'
import { clipFileName } from '../export/write-clip'
import { type ClipRows, readClipRows } from './clip-rows'
import { readError } from './csv-columns'
import { readSpeechRows, type SpeechRows, speechWindowsOfRows } from './speech-rows'

/** Everything that the result files of one clip hold. */
export interface ClipResults {
  readonly meta: ClipMeta
  readonly rows: ClipRows
  /** Shape [rows.count]: number of the speech window behind each row, -1: none. */
  readonly speechWindow: Int32Array
  readonly speech: SpeechRows
  readonly segments: readonly SegmentRecord[]
}

/** META.json alone: what a list of clips needs. @throws UnmaskError 'data.invalid' | 'input.*' */
export async function readClipFacts(folder: string, clipId: string): Promise<ClipMeta> {
  const path = join(folder, clipFileName(clipId, 'meta.json'))
  const meta = parseClipMeta(await readText(path), path)
  if (meta.clipId === clipId) return meta
  throw new UnmaskError(
    'data.invalid',
    `clipId is "${meta.clipId}", not "${clipId}": the file was renamed; give it its old name back ` +
      `or label the clip again with --force: ${path}`,
  )
}

/**
 * Reads a labelled clip's meta.json, frames, speech and segments tables from its results folder.
 * @throws UnmaskError 'data.invalid' naming file, line and what to do, also where the files do not belong together;
 * 'input.not-found' | 'input.unreadable'; 'cancelled'
 */
export async function readClipResults(
  folder: string,
  clipId: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ClipResults> {
  const path = (ending: string) => join(folder, clipFileName(clipId, ending))
  const meta = await readClipFacts(folder, clipId)
  const rows = await readClipRows(path('frames.csv'), options)
  requireAllFrames(meta, rows, path('frames.csv'))
  const speech = await readSpeechRows(path('speech.csv'), options)
  throwIfAborted(options.signal)
  const segments = await readSegments(path('segments.csv'))
  return {
    meta,
    rows,
    speechWindow: speechWindowsOfRows(rows.speechStartSecs, rows.speechEndSecs, speech),
    speech,
    segments,
  }
}

export async function readSegments(path: string): Promise<SegmentRecord[]> {
  const text = await readText(path)
  try {
    return parseSegmentsCsv(text)
  } catch (error) {
    if (!(error instanceof UnmaskError)) throw error
    throw new UnmaskError(error.code, `${error.message}; mend the file or label the clip again: ${path}`, {
      cause: error,
    })
  }
}

/** A table that was cut off at the end of a line has nothing wrong with it but that. */
function requireAllFrames(meta: ClipMeta, rows: ClipRows, path: string): void {
  if (meta.rowSource !== 'video') return
  const frames = (rows.frame[rows.count - 1] ?? -1) + 1
  if (frames === meta.summary.frameCount) return
  throw new UnmaskError(
    'data.invalid',
    `the table ends with frame ${frames - 1}, but meta.json counts ${meta.summary.frameCount} frames: rows are missing ` +
      `or come from another run; label the clip again with --force: ${path}`,
  )
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw readError(error, path)
  }
}
