import { join } from 'node:path'
import { type Fault, throwIfAborted, toFault } from '../errors'
import type { ClipMeta } from '../export/meta-json'
import type { SegmentRecord } from '../export/segment-record'
import { clipFileName } from '../export/write-clip'
import { type ClipResults, readClipFacts, readClipResults, readSegments } from '../results/clip-results'
import type { ClipFiles, StudyPlace } from './find-clips'
import type { ReadStudyOptions } from './read-study-data'
import type { ClipParts } from './study-clip'

export interface ReadParts {
  /** Null: nothing of this clip is there. */
  readonly parts: ClipParts | null
  readonly notices: readonly string[]
}

/**
 * Reads a clip's results and annotations. One of them may be damaged without the other being lost.
 * @param onFault what could not be read
 */
export async function readClipParts(
  { clipId, durationSecs, hasMeta }: ClipFiles,
  place: StudyPlace,
  options: Pick<ReadStudyOptions, 'readings' | 'signal'>,
  onFault: (fault: Fault) => void,
): Promise<ReadParts> {
  const said = new Set<string>()
  const attempt = async <T>(read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read()
    } catch (error) {
      throwIfAborted(options.signal)
      const fault = toFault(error)
      // What stops all tables from being read together stops the one that is at fault again.
      if (!said.has(fault.message)) onFault(fault)
      said.add(fault.message)
      return null
    }
  }
  let meta: ClipMeta | null = null
  let records: readonly SegmentRecord[] = []
  let results: ClipResults | null = null
  const folder = place.resultsFolder
  if (folder !== null && hasMeta) {
    if (options.readings) results = await attempt(() => readClipResults(folder, clipId, options))
    if (results) ({ meta, segments: records } = results)
    else {
      meta = await attempt(() => readClipFacts(folder, clipId))
      records = (await attempt(() => readSegments(join(folder, clipFileName(clipId, 'segments.csv'))))) ?? []
    }
  }
  const annotation = await attempt(async () => (await place.annotations?.read(clipId)) ?? null)
  const notices = annotation?.notices ?? []
  if (!meta && !annotation && records.length === 0) return { parts: null, notices }
  const study = place.annotations?.study ?? null
  return { parts: { clipId, meta, records, annotation, study, results, durationSecs }, notices }
}
