import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { AnnotationSession } from '../../../main/app/annotation/annotation-session'
import { ChosenObservers } from '../../../main/app/annotation/chosen-observers'
import { MergeService } from '../../../main/app/merging/merge-service'
import { Project } from '../../../main/engine/project/project'
import type { Study } from '../../../preload/contract/annotation'
import { copyProject, type CopyFolder, editClip, makeProjectFolder, puts } from '../../support/project-copies'
import { sampleStudy, segmentItem } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'

const EVE = { id: 'eve', name: 'Eve', isBlind: false }
const shared = segmentItem('anger', 1, 2)
let root: string
let here: CopyFolder
let there: CopyFolder

beforeEach(async () => {
  root = await tempFolder()
  const origin = await makeProjectFolder(join(root, 'origin'), { one: 10 })
  await editClip(origin, 'one', puts(shared))
  here = await copyProject(origin, join(root, 'here'), 'a')
  there = await copyProject(origin, join(root, 'there'), 'b')
})

/** The project as the window has it open. */
async function opened(copy: CopyFolder) {
  const told: string[] = []
  const annotations = await AnnotationSession.open(copy.folder, await ChosenObservers.load(root), {
    onClip: (clipId, { isByWindow }) => told.push(`${clipId} ${isByWindow}`),
    onBlindness: () => Promise.resolve(),
    onStudy: () => told.push('study'),
    onTrouble: (message) => told.push(message),
  })
  const project = await Project.open(copy.folder)
  onTestFinished(async () => {
    await annotations.close()
    await project.close()
  })
  return { annotations, told, service: new MergeService(() => ({ project, annotations })) }
}

describe('merging into the open project', () => {
  it('sees what is in the window but not in the snapshot, and tells the window what changed', async () => {
    const { annotations, service, told } = await opened(here)
    await annotations.chooseObserver('ann')
    await annotations.edit('one', { changes: puts(segmentItem('fear', 5, 6)), title: 'label' })
    await editClip(there, 'one', puts(segmentItem('disgust', 8, 9)))
    told.length = 0
    const plan = await service.plan(there.folder)
    expect(plan).toMatchObject({ conflicts: [], clips: [{ clip: 'one.mp4', added: 1 }] })
    expect(await service.apply(new Map())).toEqual({
      added: 1,
      changed: 0,
      removed: 0,
      clips: 1,
      isStudyChanged: false,
    })
    // Not by the window: it has to read the clip anew.
    expect(told).toEqual(['one false'])
    const { items } = await annotations.visible('one')
    expect(items.flatMap((item) => (item.kind === 'segment' ? [item.codeId] : []))).toEqual([
      'anger',
      'fear',
      'disgust',
    ])
    await expect(service.apply(new Map())).rejects.toThrow('there is no plan of a merge')
  })

  it('takes what the other copy alone changed in its study, also where it took something out', async () => {
    const before = await opened(here)
    await before.annotations.changeStudy({
      ...before.annotations.study,
      scheme: { ...before.annotations.study.scheme, name: 'Faces' },
    })
    await before.annotations.close()
    there = await copyProject(here, join(root, 'away'), 'b')
    const away = await opened(there)
    const [first, ...others] = away.annotations.study.scheme.codes
    const { scheme, subjects, observers } = away.annotations.study
    await away.annotations.changeStudy({
      scheme: { ...scheme, codes: [{ ...first!, description: 'brows' }, ...others.slice(0, -1)] },
      subjects: [],
      observers,
      variables: [],
    })
    await away.annotations.close()
    const { service, annotations, told } = await opened(here)
    await annotations.changeStudy({ ...annotations.study, observers: [...observers, EVE] })
    told.length = 0
    const plan = await service.plan(there.folder)
    expect(plan).toMatchObject({ added: [], changed: [`code ${first!.name}`] })
    expect(plan.removed).toEqual([`code ${others.at(-1)!.name}`, `subject ${subjects[0]!.name}`])
    expect(await service.apply(new Map())).toMatchObject({ clips: 0, isStudyChanged: true })
    expect(told).toEqual(['study'])
    expect(annotations.study).toEqual({ ...away.annotations.study, observers: [...observers, EVE] })
    expect((await service.plan(there.folder)).isNothingNew).toBe(true)
  })

  it('asks about a bout that was changed again after the folder was taken back to a backup', async () => {
    const edited = async (codeId: string) => {
      const { annotations } = await opened(here)
      await annotations.chooseObserver('ann')
      await annotations.edit('one', { changes: puts({ ...shared, codeId }), title: 'relabel' })
      await annotations.close()
    }
    const backup = await copyProject(here, join(root, 'backup'), 'a')
    await edited('fear')
    const lost = await copyProject(here, join(root, 'lost'), 'a')
    await rm(here.folder, { recursive: true })
    await copyProject(backup, here.folder, 'a')
    await edited('sadness')
    const { service } = await opened(here)
    expect((await service.plan(lost.folder)).conflicts).toHaveLength(1)
  })

  it('refuses a conflict that came up after the plan was shown', async () => {
    await editClip(there, 'one', puts({ ...shared, codeId: 'sadness' }))
    const { annotations, service } = await opened(here)
    expect((await service.plan(there.folder)).conflicts).toEqual([])
    await annotations.chooseObserver('ann')
    await annotations.edit('one', { changes: puts({ ...shared, codeId: 'fear' }), title: 'relabel' })
    await expect(service.apply(new Map())).rejects.toThrow(
      'something was changed here since the plan was made',
    )
    expect((await annotations.visible('one')).items).toMatchObject([{ codeId: 'fear' }])
  })

  it('writes nothing while a conflict is open', async () => {
    await editClip(here, 'one', puts({ ...shared, codeId: 'fear' }))
    await editClip(there, 'one', puts({ ...shared, codeId: 'sadness' }, segmentItem('disgust', 8, 9)))
    const { annotations, service, told } = await opened(here)
    const [conflict] = (await service.plan(there.folder)).conflicts
    await expect(service.apply(new Map())).rejects.toThrow('1 conflict(s) are not decided yet')
    expect(told).toEqual([])
    await service.apply(new Map([[conflict!.key, 'there']]))
    expect((await annotations.visible('one')).items).toMatchObject([
      { codeId: 'sadness' },
      { codeId: 'disgust' },
    ])
  })

  it('changes a locked scheme by no means, and says what to do', async () => {
    const { scheme } = sampleStudy()
    const locked = sampleStudy({ scheme: { ...scheme, isLocked: true } })
    const wider: Study = {
      ...locked,
      scheme: {
        ...locked.scheme,
        codes: [...scheme.codes, { ...scheme.codes[0]!, id: 'x', name: 'x', key: null }],
      },
    }
    const mine = await makeProjectFolder(join(root, 'locked'), { one: 10 }, locked)
    const theirs = await makeProjectFolder(join(root, 'wider'), { one: 10 }, wider)
    await editClip({ ...theirs, replicaId: 'c' }, 'one', puts(segmentItem('x', 3, 4)), wider)
    const { annotations, service } = await opened(mine)
    await service.plan(theirs.folder)
    await expect(service.apply(new Map())).rejects.toThrow('the coding scheme is locked')
    expect((await annotations.visible('one')).items).toEqual([])
    expect(annotations.study).toEqual(locked)
  })

  it('shows a blind coder nothing', async () => {
    const { annotations, service } = await opened(here)
    await annotations.chooseObserver('bob')
    await expect(service.plan(there.folder)).rejects.toThrow('Bob codes blind')
  })
})
