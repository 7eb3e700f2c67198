import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toFault, UnmaskError } from '../errors'
import { AtomicFiles } from './atomic-file'
import { dataDictionaryCsv } from './data-dictionary'
import { errorsCsv } from './errors-csv'
import { type ClipMeta, parseClipMeta } from './meta-json'
import { methodsText } from './methods-text'
import { type FailedClipRow, type FolderClip, summaryCsv, summaryLongCsv, variableNames } from './summary'
import { clipFileName, withByteOrderMark } from './write-clip'

/** A clip of the batch, in the order of the tables. */
export type FolderEntry =
  | { readonly kind: 'done'; readonly clipId: string; readonly path: string; readonly fileName: string }
  | ({ readonly kind: 'failed' } & FailedClipRow)

export interface FolderOptions {
  readonly bom: boolean
  readonly appVersion: string
}

/**
 * Writes summary.csv, summary_long.csv, errors.csv, data_dictionary.csv and METHODS.txt from the meta.json of each done
 * clip, so that no memory of earlier clips or processes is needed. A done clip whose meta.json cannot be read becomes
 * an error row.
 * @returns names of the files
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'
 */
export async function writeFolderResults(
  entries: readonly FolderEntry[],
  outFolder: string,
  options: FolderOptions,
): Promise<string[]> {
  const clips: FolderClip[] = []
  for (const entry of entries) clips.push(await folderClip(entry, outFolder))
  const failed = clips.flatMap((clip) => ('failed' in clip ? [clip.failed] : []))
  const files = new AtomicFiles(outFolder)
  const csv = (lines: Iterable<string>): Iterable<string> => (options.bom ? withByteOrderMark(lines) : lines)
  try {
    await files.write('summary.csv', csv(summaryCsv(clips, options)))
    await files.write('summary_long.csv', csv(summaryLongCsv(clips)))
    await files.write('errors.csv', csv(errorsCsv(failed)))
    await files.write(
      'data_dictionary.csv',
      csv(dataDictionaryCsv({ variables: variableNames(clips), hasLandmarks: clips.some(hasLandmarks) })),
    )
    await files.write('METHODS.txt', [methodsText({ clips, appVersion: options.appVersion })])
    return await files.commit()
  } finally {
    await files.discard()
  }
}

function hasLandmarks(clip: FolderClip): boolean {
  return 'meta' in clip && clip.meta.files.includes(clipFileName(clip.meta.clipId, 'landmarks.csv'))
}

async function folderClip(entry: FolderEntry, outFolder: string): Promise<FolderClip> {
  if (entry.kind === 'failed') return { failed: entry }
  const { clipId, path, fileName } = entry
  try {
    return { meta: await readClipMeta(clipId, outFolder) }
  } catch (error) {
    return { failed: { clipId, path, fileName, stage: 'summary', fault: toFault(error) } }
  }
}

/** @throws UnmaskError 'data.invalid' */
export async function readClipMeta(clipId: string, outFolder: string): Promise<ClipMeta> {
  const path = join(outFolder, clipFileName(clipId, 'meta.json'))
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new UnmaskError('data.invalid', `the clip's meta.json cannot be read: ${path}`, { cause: error })
  }
  return parseClipMeta(text, path)
}
