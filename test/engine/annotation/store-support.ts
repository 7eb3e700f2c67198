import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { AnnotationChange, AnnotationItem } from '../../../preload/contract/annotation'
import { ClipStore, type ClipStoreOptions } from '../../../main/engine/annotation/clip-store'
import { ANNOTATIONS_FOLDER } from '../../../main/engine/annotation/paths'
import { segmentItem } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'

export const CLIP = 'clip-1'

/** Ids of the items that tests make begin anew with each edit that names them. */
export const put = (...items: readonly AnnotationItem[]): { changes: AnnotationChange[]; title: string } => ({
  changes: items.map((item) => ({ put: item })),
  title: 'test',
})

export const remove = (...ids: readonly string[]): { changes: AnnotationChange[]; title: string } => ({
  changes: ids.map((id) => ({ remove: id })),
  title: 'test',
})

/** The bout number `at` of Ann's; bouts do not touch. */
export function bout(at: number, changes: Partial<Parameters<typeof segmentItem>[3]> = {}): AnnotationItem {
  return segmentItem('anger', at * 2, at * 2 + 1, { id: `bout-${at}`, ...changes })
}

export async function annotationsFolder(): Promise<string> {
  const folder = join(await tempFolder(), ANNOTATIONS_FOLDER)
  await mkdir(folder)
  return folder
}

/** Nothing is written in the background unless the test says so. */
export async function openStore(folder: string, options: Partial<ClipStoreOptions> = {}): Promise<ClipStore> {
  const store = await ClipStore.open({
    folder,
    clipId: CLIP,
    replicaId: 'here',
    quietMs: 1e6,
    ...options,
  })
  onTestFinished(() => store.close().catch(() => undefined))
  return store
}

export const idsOf = (items: readonly AnnotationItem[]): string[] => items.map(({ id }) => id).sort()

export const textOf = (path: string): Promise<string> => readFile(path, 'utf8')

/** Numbers that look random and are the same in each run (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4294967296) * below)
  }
}
