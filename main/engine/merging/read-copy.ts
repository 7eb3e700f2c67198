import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { AnnotationDocument } from '../annotation/document'
import { readProjectAnnotations } from '../annotation/project-annotations'
import type { StudyRecord } from '../annotation/study-history'
import { lockHolder } from '../batch/folder-lock'
import { readJournal } from '../batch/journal'
import { UnmaskError } from '../errors'
import { parseClipMeta } from '../export/meta-json'
import { LOCK_FILE } from '../project/project'
import { parseProject, PROJECT_FILE, type ProjectFile } from '../project/project-file'
import { withJournal } from '../project/read-project'
import type { ItemVersion, ItemVersions } from './versions'

/** What is known of a clip's recording. */
export interface RecordingFacts {
  readonly fileName: string
  /** Null: never found. */
  readonly sizeBytes: number | null
  /** Of the recording that was labelled; null: not labelled. */
  readonly sha256: string | null
}

/** A copy of a project, as far as merging is concerned. */
export interface ProjectCopy extends StudyRecord {
  readonly folder: string
  readonly name: string
  /** Of all clips of the project and all that have annotations, by clip id. */
  readonly recordings: ReadonlyMap<string, RecordingFacts | null>
  /** Of clips that somebody annotated, by clip id. */
  readonly clips: ReadonlyMap<string, ItemVersions>
  /** There are annotations that this program cannot read, so nobody knows what they refer to. */
  readonly hasUnreadClips: boolean
  /** What is damaged or missing, for people. */
  readonly notices: readonly string[]
}

/**
 * Reads a project from outside, changing nothing in its folder.
 * @throws UnmaskError 'input.not-found' where there is no project, 'output.exists' where another process has it open,
 * 'data.invalid', 'input.unreadable'; NewerVersionError
 */
export async function readCopy(folder: string, signal?: AbortSignal): Promise<ProjectCopy> {
  const file = await readProjectFile(folder)
  const owner = await lockHolder(join(folder, LOCK_FILE))
  if (owner && owner.pid !== process.pid)
    throw new UnmaskError(
      'output.exists',
      `this copy of the project is open in another window (process ${owner.pid} on ${owner.host}); close it there, so that ` +
        `what is written last is read: ${folder}`,
    )
  const annotations = await readProjectAnnotations(folder, signal)
  return {
    folder,
    name: file.name,
    study: annotations.study,
    history: annotations.history,
    recordings: await recordingsOf(folder, file, [...annotations.clips.keys()]),
    clips: new Map([...annotations.clips].map(([clipId, document]) => [clipId, versionsOf(document)])),
    hasUnreadClips: false,
    notices: annotations.notices,
  }
}

/** Everything that a document knows, removals too. */
export function versionsOf(document: AnnotationDocument): ItemVersions {
  const versions = new Map<string, ItemVersion>()
  for (const { item, clock } of document.stored) versions.set(item.id, { item, clock })
  for (const { id, clock } of document.tombstones) versions.set(id, { item: null, clock })
  return versions
}

/** @param annotated ids of clips that may have left the project and have annotations all the same */
export async function recordingsOf(
  folder: string,
  file: ProjectFile,
  annotated: readonly string[],
): Promise<Map<string, RecordingFacts | null>> {
  const recordings = new Map<string, RecordingFacts | null>(annotated.map((clipId) => [clipId, null]))
  const results = join(folder, file.resultsFolder)
  for (const { clipId, path, sizeBytes } of file.clips)
    recordings.set(clipId, {
      fileName: basename(path.replaceAll('\\', '/')),
      sizeBytes: sizeBytes > 0 ? sizeBytes : null,
      sha256: await labelledHash(results, clipId),
    })
  return recordings
}

async function readProjectFile(folder: string): Promise<ProjectFile> {
  const path = join(folder, PROJECT_FILE)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new UnmaskError(
      'input.not-found',
      `there is no project (${PROJECT_FILE}) in this folder: ${folder}`,
      {
        cause: error,
      },
    )
  }
  const file = parseProject(text, path)
  const entries = await readJournal(join(folder, file.resultsFolder))
  return withJournal(file, entries ?? [], folder)
}

async function labelledHash(resultsFolder: string, clipId: string): Promise<string | null> {
  const path = join(resultsFolder, `${clipId}.meta.json`)
  try {
    return parseClipMeta(await readFile(path, 'utf8'), path).sha256
  } catch {
    return null // not labelled, or not legibly: then the size has to do
  }
}
