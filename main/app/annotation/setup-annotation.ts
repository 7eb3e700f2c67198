import { z } from 'zod'
import type { OpenAnnotations } from '../../../preload/contract/annotation'
import { annotationEditSchema, studySchema } from '../../engine/annotation/schema'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import type { ViewerService } from '../viewer/setup-viewer'
import { AnnotationService } from './annotation-service'
import { askForScheme, saveScheme } from './scheme-files'

const token = z.string().min(1).max(200)

/** What people code. @returns what projects, exports and whoever else reads annotations work with */
export function setupAnnotation(
  context: AppContext,
  viewer: Pick<ViewerService, 'settle'>,
): AnnotationService {
  const service = new AnnotationService(context, () => viewer.settle())
  answer('openStudy', z.null(), () => service.session?.state ?? null)
  answer('changeStudy', z.strictObject({ study: studySchema }), async ({ study }) => {
    await service.open.changeStudy(study)
    return null
  })
  answer(
    'chooseObserver',
    z.strictObject({ observerId: z.string().min(1).max(200).nullable() }),
    async ({ observerId }) => {
      await service.open.chooseObserver(observerId)
      return null
    },
  )
  answer('openAnnotations', z.strictObject({ token }), async (ask): Promise<OpenAnnotations> => {
    const clipId = service.clipIdOf(ask.token)
    const visible = await service.open.visible(clipId)
    service.open.hold(clipId)
    return { ...visible, isBlind: service.isBlindClip(clipId) }
  })
  answer('editAnnotations', z.strictObject({ token, edit: annotationEditSchema }), async (ask) => {
    await service.open.edit(service.clipIdOf(ask.token), ask.edit)
    return null
  })
  answer('closeAnnotations', z.strictObject({ token }), async (ask) => {
    await service.open.closeClip(service.clipIdOf(ask.token))
    return null
  })
  answer('listCoding', z.null(), () => (service.session ? service.list() : []))
  answer('importScheme', z.null(), () => askForScheme(context))
  answer('exportScheme', z.null(), () => saveScheme(context, service.open.study.scheme))
  return service
}
