import { statSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readProjectAnnotations } from '../../main/engine/annotation/project-annotations'
import { copyProject, type CopyFolder, editClip, makeProjectFolder, puts } from '../support/project-copies'
import { runUnmask } from '../support/run-unmask'
import { sampleStudy, segmentItem } from '../support/study'
import { tempFolder } from '../support/temp-folder'

const first = segmentItem('anger', 1, 2)
let here: CopyFolder
let there: CopyFolder

/** Two copies of a project of two clips, with one bout that both have. */
beforeEach(async () => {
  const folder = await tempFolder()
  const origin = await makeProjectFolder(join(folder, 'origin'), { one: 1000, two: 2000 })
  await editClip(origin, 'one', puts(first))
  here = await copyProject(origin, join(folder, 'here'), 'a')
  there = await copyProject(origin, join(folder, 'there'), 'b')
})

const codesOf = async ({ folder }: CopyFolder, clipId: string) =>
  ((await readProjectAnnotations(folder)).clips.get(clipId)?.items ?? [])
    .flatMap((item) => (item.kind === 'segment' ? [`${item.codeId} ${item.startSecs}`] : []))
    .sort()

/** Every file below a folder with its text. */
async function textsOf({ folder }: CopyFolder): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true })
  const paths = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile())
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)))
}

describe('unmask merge', () => {
  it('brings in what only the other copy has, leaves that one as it was, and keeps a backup', async () => {
    await editClip(here, 'one', puts(segmentItem('fear', 5, 6)))
    await editClip(there, 'one', puts({ ...first, codeId: 'sadness' }, segmentItem('disgust', 8, 9)))
    await editClip(there, 'two', puts(segmentItem('surprise', 3, 4, { observerId: 'bob' })))
    const before = await textsOf(there)
    const { code, stdout, stderr } = await runUnmask(['merge', here.folder, there.folder])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('one.mp4: 1 added, 1 changed, 0 removed, 0 conflict(s)')
    expect(stdout).toContain('merged: 2 added, 1 changed, 0 removed in 2 clip(s)')
    expect(await codesOf(here, 'one')).toEqual(['disgust 8', 'fear 5', 'sadness 1'])
    expect(await codesOf(here, 'two')).toEqual(['surprise 3'])
    expect(await textsOf(there)).toEqual(before)
    const backups = await readdir(join(here.folder, 'annotations', 'backups'))
    expect(backups.some((name) => name.startsWith('one.'))).toBe(true)

    const again = await runUnmask(['merge', here.folder, there.folder])
    expect(again.stdout).toContain('nothing is there that is not here')
    // The other way round, the merged copy brings what the other did not have.
    expect((await runUnmask(['merge', there.folder, here.folder])).code).toBe(0)
    expect(await codesOf(there, 'one')).toEqual(await codesOf(here, 'one'))
  })

  it('changes nothing on a dry run', async () => {
    await editClip(there, 'one', puts(segmentItem('disgust', 8, 9)))
    const before = await textsOf(here)
    const { code, stdout } = await runUnmask(['merge', here.folder, there.folder, '--dry-run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ isNothingNew: false, clips: [{ clip: 'one.mp4', added: 1 }] })
    expect(await textsOf(here)).toEqual(before)
  })

  it('refuses while a conflict is open, shows both versions, and does as it is told', async () => {
    await editClip(here, 'one', puts({ ...first, codeId: 'fear', comment: 'looks away' }))
    await editClip(there, 'one', puts({ ...first, codeId: 'sadness' }, segmentItem('disgust', 8, 9)))
    const refused = await runUnmask(['merge', here.folder, there.folder])
    expect(refused.code).toBe(2)
    expect(refused.stdout).toContain('conflict: one.mp4, clip/manual/Ann: changed in both copies')
    expect(refused.stdout).toMatch(/here {3}fear {2}1.000 s to 2.000 s {2}looks away/)
    expect(refused.stdout).toMatch(/there {2}sadness/)
    expect(refused.stderr).toContain('1 conflict(s) are open, so nothing was merged')
    expect(await codesOf(here, 'one')).toEqual(['fear 1'])

    expect((await runUnmask(['merge', here.folder, there.folder, '--prefer', 'there'])).code).toBe(0)
    expect(await codesOf(here, 'one')).toEqual(['disgust 8', 'sadness 1'])
    // What was decided here is news there, and no conflict.
    const back = await runUnmask(['merge', there.folder, here.folder])
    expect(back.code, back.stderr).toBe(0)
  })

  it('asks about bouts that would overlap in one tier', async () => {
    await editClip(here, 'two', puts(segmentItem('fear', 5, 8)))
    await editClip(there, 'two', puts(segmentItem('anger', 7, 9)))
    const refused = await runUnmask(['merge', here.folder, there.folder])
    expect(refused.code).toBe(2)
    expect(refused.stdout).toContain('both cannot stand together')
    expect((await runUnmask(['merge', here.folder, there.folder, '--prefer', 'here'])).code).toBe(0)
    expect(await codesOf(here, 'two')).toEqual(['fear 5'])
  })

  it('takes clips whose recordings differ in size for others until it is told', async () => {
    const folder = await tempFolder()
    const other = await makeProjectFolder(join(folder, 'other'), { one: 999, three: 5 })
    await editClip({ ...other, replicaId: 'c' }, 'one', puts(segmentItem('disgust', 8, 9)))
    await editClip({ ...other, replicaId: 'c' }, 'three', puts(segmentItem('disgust', 8, 9)))
    const refused = await runUnmask(['merge', here.folder, other.folder])
    expect(refused.stdout).toContain('not the same recording')
    expect(refused.stdout).toContain('three.mp4 is not in this project: its 1 annotation(s) stay there')
    expect((await runUnmask(['merge', here.folder, other.folder, '--prefer', 'here'])).code).toBe(0)
    expect(await codesOf(here, 'one')).toEqual(['anger 1'])
    expect((await runUnmask(['merge', here.folder, other.folder, '--prefer', 'there'])).code).toBe(0)
    expect(await codesOf(here, 'one')).toEqual(['anger 1', 'disgust 8'])
  })

  it('brings the study together by name', async () => {
    const folder = await tempFolder()
    const study = sampleStudy({ subjects: [{ id: 'x', name: 'Child 1', description: '', variables: {} }] })
    const other = await makeProjectFolder(join(folder, 'other'), { one: 1000 }, study)
    await editClip(
      { ...other, replicaId: 'c' },
      'one',
      puts(segmentItem('fear', 8, 9, { subjectId: 'x' })),
      study,
    )
    const { code, stdout } = await runUnmask(['merge', here.folder, other.folder])
    expect(code).toBe(0)
    expect(stdout).toContain('taken for one, by name: subject Child 1')
    const { items } = (await readProjectAnnotations(here.folder)).clips.get('one')!
    expect(items).toMatchObject([{ codeId: 'anger' }, { codeId: 'fear', subjectId: 's1' }])
  })

  it('waits until the other copy is closed, and reads it all the same when its lock is a dead one', async () => {
    const lock = join(there.folder, '.unmask-project.lock')
    await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }))
    const refused = await runUnmask(['merge', here.folder, there.folder])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('is open in another window')
    const dead = JSON.stringify({ pid: 2 ** 22 - 1, host: hostname() })
    await writeFile(lock, dead)
    expect((await runUnmask(['merge', here.folder, there.folder])).code).toBe(0)
    expect(await readFile(lock, 'utf8')).toBe(dead)
  })

  it('says what is wrong with a folder', async () => {
    const nothing = await runUnmask(['merge', here.folder, join(here.folder, 'annotations')])
    expect(nothing.code).toBe(1)
    expect(nothing.stderr).toContain('there is no project (unmask-project.json) in this folder')
    expect((await runUnmask(['merge', here.folder, here.folder])).code).toBe(2)
  })
})
