import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AnnotationSession } from '../../../main/app/annotation/annotation-session'
import { ChosenObservers } from '../../../main/app/annotation/chosen-observers'
import { readProjectAnnotations } from '../../../main/engine/annotation/project-annotations'
import { makeProjectFolder } from '../../support/project-copies'
import { sampleStudy } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'

it('studies that come quicker than they are written are written one after the other, the last one stays', async () => {
  const root = await tempFolder()
  const { folder } = await makeProjectFolder(join(root, 'project'), {})
  const trouble: string[] = []
  const session = await AnnotationSession.open(folder, await ChosenObservers.load(root), {
    onClip: () => undefined,
    onBlindness: () => Promise.resolve(),
    onStudy: () => undefined,
    onTrouble: (message) => trouble.push(message),
  })
  const named = (name: string) => sampleStudy({ scheme: { ...sampleStudy().scheme, name } })
  const names = Array.from({ length: 30 }, (_, index) => `scheme ${index}`)
  await Promise.all(names.map((name) => session.changeStudy(named(name))))
  // A change that is refused holds nobody up.
  const refused = session.changeStudy({ ...named('refused'), observers: [] })
  const last = session.changeStudy(named('last'))
  await Promise.allSettled([refused, last])
  await session.close()
  expect(trouble).toEqual([])
  expect((await readProjectAnnotations(folder)).study).toEqual(named('last'))
})
