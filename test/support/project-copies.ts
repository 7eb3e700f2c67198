import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnnotationChange, AnnotationItem, Study } from '../../preload/contract/annotation'
import { ClipStore } from '../../main/engine/annotation/clip-store'
import { writeStudy } from '../../main/engine/annotation/study-file'
import { projectText } from '../../main/engine/project/project-file'
import { emptyProject } from '../../main/engine/project/rebuild'
import { sampleStudy } from './study'

/** Projects on the disk that people worked on apart, without window and recordings. */

export interface CopyFolder {
  readonly folder: string
  /** Name of this copy in clocks. */
  readonly replicaId: string
}

/** Makes a project with clips of these ids, each with a recording of so many bytes. */
export async function makeProjectFolder(
  folder: string,
  clips: Readonly<Record<string, number>>,
  study: Study = sampleStudy(),
): Promise<CopyFolder> {
  await mkdir(join(folder, 'annotations'), { recursive: true })
  const file = {
    ...emptyProject(folder, { name: 'Study', resultsFolder: 'results' }),
    clips: Object.entries(clips).map(([clipId, sizeBytes]) => ({
      clipId,
      path: `${clipId}.mp4`,
      sizeBytes,
      modifiedMs: 0,
      addedAt: '2026-03-01T00:00:00.000Z',
      facts: null,
    })),
  }
  await writeFile(join(folder, 'unmask-project.json'), projectText(file))
  await writeStudy(join(folder, 'annotations'), study)
  return { folder, replicaId: 'origin' }
}

/** A copy of the folder, as on a memory stick. */
export async function copyProject(from: CopyFolder, folder: string, replicaId: string): Promise<CopyFolder> {
  await cp(from.folder, folder, { recursive: true })
  return { folder, replicaId }
}

/** Edits a clip as the window does. */
export async function editClip(
  { folder, replicaId }: CopyFolder,
  clipId: string,
  changes: readonly AnnotationChange[],
  study: Study = sampleStudy(),
): Promise<void> {
  const store = await ClipStore.open({ folder: join(folder, 'annotations'), clipId, replicaId })
  await store.edit({ changes, title: 'work' }, { study, observerId: null })
  await store.close()
}

export const puts = (...items: readonly AnnotationItem[]): AnnotationChange[] =>
  items.map((item) => ({ put: item }))
