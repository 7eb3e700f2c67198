import { dialog } from 'electron'
import { z } from 'zod'
import type { MergePlanView } from '../../../preload/contract/merging'
import { UnmaskError } from '../../engine/errors'
import type { AnnotationService } from '../annotation/annotation-service'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import type { OpenProjects } from '../projects/setup-projects'
import { MergeService } from './merge-service'

const sideSchema = z.enum(['here', 'there'])

/** Merging another copy of the open project. */
export function setupMerging(
  context: AppContext,
  { projects, annotation }: { readonly projects: OpenProjects; readonly annotation: AnnotationService },
): void {
  const service = new MergeService(() => {
    const annotations = annotation.open
    if (!projects.session) throw new UnmaskError('usage.invalid', 'no project is open; open one first')
    return { project: projects.session.project, annotations }
  })
  answer('planMerge', z.null(), async (): Promise<MergePlanView | null> => {
    void annotation.open
    const window = context.window()
    if (!window) throw new UnmaskError('internal', 'there is no window to ask in')
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Folder of the other copy of this project',
      buttonLabel: 'Compare',
      properties: ['openDirectory'],
    })
    const [folder] = filePaths
    return canceled || folder === undefined ? null : service.plan(folder)
  })
  answer(
    'applyMerge',
    z.strictObject({ choices: z.record(z.string().max(1000), sideSchema) }),
    ({ choices }) => service.apply(new Map(Object.entries(choices))),
  )
  answer('dropMerge', z.null(), () => {
    service.drop()
    return null
  })
}
