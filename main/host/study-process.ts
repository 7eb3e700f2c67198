import { toFault, UnmaskError } from '../engine/errors'
import { firstIssue } from './port-server'
import { ZodError } from 'zod'
import { StudyDesk } from './study/study-desk'
import { type FromStudy, parseOrder, toStudySchema } from './study/study-orders'
import { openHostTransport } from './transport'

/**
 * The study process of the app: reads tiers of many clips and computes agreement and statistics, so that a thousand clips
 * never hold the main process up. One order at a time; what was read and computed last is kept for the questions that follow.
 */
function startStudy(): void {
  const transport = openHostTransport()
  const send = (message: FromStudy) => transport.send(message)
  const desk = new StudyDesk()
  const controllers = new Map<number, AbortController>()
  let queue: Promise<void> = Promise.resolve()

  transport.onMessage((raw) => {
    const message = toStudySchema.parse(raw)
    const { id } = message
    if (message.type === 'cancel') return controllers.get(id)?.abort()
    const controller = new AbortController()
    controllers.set(id, controller)
    queue = queue.then(async () => {
      try {
        const answer = await desk.run(message.name, parseOrder(message.name, message.order), {
          signal: controller.signal,
          onProgress: (done, total) => send({ type: 'progress', id, done, total }),
        })
        send({ type: 'done', id, answer })
      } catch (error) {
        send({ type: 'failed', id, fault: toFault(plain(error)) })
      } finally {
        controllers.delete(id)
      }
    })
  })
  transport.onDisconnect(() => process.exit(0))
}

function plain(error: unknown): unknown {
  return error instanceof ZodError ? new UnmaskError('usage.invalid', firstIssue(error)) : error
}

startStudy()
