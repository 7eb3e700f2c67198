import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ClipStore } from '../../../main/engine/annotation/clip-store'
import { applyMerge } from '../../../main/engine/merging/apply-merge'
import { openConflicts, planMerge, settlePlan } from '../../../main/engine/merging/plan-merge'
import { type ProjectCopy, readCopy } from '../../../main/engine/merging/read-copy'
import type { AnnotationChange, AnnotationItem, SegmentItem } from '../../../preload/contract/annotation'
import { seededRandom } from '../../support/mutate'
import { copyProject, type CopyFolder, makeProjectFolder } from '../../support/project-copies'
import { sampleStudy, segmentItem } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'
import { overlaps } from './copies'

/** Projects as they lie on the disk: journals, snapshots, copied folders. */

const study = sampleStudy()
const CLIPS = ['one', 'two']

/** Some work in a copy: bouts added, moved, relabelled, removed; what would overlap is left. Left open by a killed process now and then. */
async function work({ folder, replicaId }: CopyFolder, random: () => number): Promise<void> {
  for (const clipId of CLIPS) {
    const annotations = join(folder, 'annotations')
    const store = await ClipStore.open({ folder: annotations, clipId, replicaId })
    for (let edit = 0; edit < 6; edit++) {
      const change = anyChange(store.items, random)
      const rest = store.items.filter(({ id }) => id !== ('put' in change ? change.put.id : change.remove))
      if ('put' in change && overlaps([...rest, change.put]) > 0) continue
      await store.edit({ changes: [change], title: 'work' }, { study, observerId: null })
    }
    await store.close()
  }
}

function anyChange(items: readonly AnnotationItem[], random: () => number): AnnotationChange {
  const segments = items.filter((item): item is SegmentItem => item.kind === 'segment')
  const known = segments[Math.floor(random() * segments.length)]
  const codeId = study.scheme.codes[Math.floor(random() * 7)]!.id
  const kind = random()
  if (!known || kind < 0.5) {
    const startSecs = Math.floor(random() * 60)
    const observerId = random() < 0.5 ? 'ann' : 'bob'
    return { put: segmentItem(codeId, startSecs, startSecs + 1 + Math.floor(random() * 4), { observerId }) }
  }
  if (kind < 0.65) return { remove: known.id }
  if (kind < 0.85) return { put: { ...known, codeId } }
  return { put: { ...known, endSecs: known.endSecs + 1 } }
}

/** Merges on the disk, every conflict from one side. */
async function merge(into: CopyFolder, from: CopyFolder, side: 'here' | 'there'): Promise<number> {
  const [here, there] = [await readCopy(into.folder), await readCopy(from.folder)]
  const plan = planMerge(here, there)
  const count = openConflicts(plan, () => undefined).length
  const folder = join(into.folder, 'annotations')
  const using = async (clipId: string, run: (store: ClipStore) => Promise<void>) => {
    const store = await ClipStore.open({ folder, clipId, replicaId: into.replicaId })
    await run(store).finally(() => store.close())
  }
  await mkdir(folder, { recursive: true })
  await applyMerge(
    settlePlan(plan, here, () => side, into.replicaId),
    {
      folder,
      adoptStudy: () => Promise.reject(new Error('the studies are the same')),
      backUp: (clipId) => using(clipId, (store) => store.backUp()),
      adopt: (clipId, changes, title) => using(clipId, (store) => store.adopt(changes, title, study)),
    },
    'merge',
  )
  return count
}

const stateOf = (copy: ProjectCopy) =>
  [...copy.clips].map(([clipId, versions]) => [clipId, [...versions].sort(([a], [b]) => (a < b ? -1 : 1))])

describe('copies of a project on the disk', () => {
  it('come to one state, by whatever way it goes: pairs, chains, copies of copies', async () => {
    let conflicts = 0
    for (let seed = 0; seed < 8; seed++) {
      const random = seededRandom(seed)
      const root = await tempFolder()
      const origin = await makeProjectFolder(join(root, 'origin'), { one: 1, two: 2 })
      await work(origin, random)
      const here = await copyProject(origin, join(root, 'here'), 'a')
      const there = await copyProject(origin, join(root, 'there'), 'b')
      await work(here, random)
      await work(there, random)
      const third = await copyProject(there, join(root, 'third'), 'c')
      await work(third, random)

      conflicts += await merge(here, there, 'there')
      conflicts += await merge(here, third, 'here')
      // The others take what was decided, and have nothing to ask.
      expect(await merge(third, here, 'here'), `seed ${seed}`).toBe(0)
      expect(await merge(there, third, 'here'), `seed ${seed}`).toBe(0)
      const states = await Promise.all(
        [here, there, third].map(async ({ folder }) => stateOf(await readCopy(folder))),
      )
      expect(states[1]).toEqual(states[0])
      expect(states[2]).toEqual(states[0])
      for (const versions of (await readCopy(here.folder)).clips.values())
        expect(overlaps([...versions.values()].flatMap(({ item }) => item ?? []))).toBe(0)
    }
    expect(conflicts).toBeGreaterThan(5)
  }, 60_000)
})
