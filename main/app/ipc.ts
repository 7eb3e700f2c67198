import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { z } from 'zod'
import { type Answer, type Ask, requestChannel, type Verb } from '../../preload/contract'
import type { Reply } from '../../preload/contract/reply'
import { toFault, UnmaskError } from '../engine/errors'
import { firstIssue } from '../host/port-server'
import { isOwnUrl } from './security'

/**
 * Answers one request of the window. The sender must be our own page in our own window, what it asks must fit the schema,
 * and a failure goes back as a value.
 */
export function answer<K extends Verb>(
  verb: K,
  schema: z.ZodType<Ask<K>>,
  run: (ask: Ask<K>) => Promise<Answer<K>> | Answer<K>,
): void {
  answerChannel(requestChannel(verb), verb, schema, run)
}

/** The same for the few channels that are no verbs of the contract. */
export function answerChannel<A, R>(
  channel: string,
  name: string,
  schema: z.ZodType<A>,
  run: (ask: A) => Promise<R> | R,
): void {
  ipcMain.handle(channel, async (event, raw: unknown): Promise<Reply<R>> => {
    try {
      assertOwnPage(event)
      const parsed = schema.safeParse(raw)
      if (!parsed.success) throw new UnmaskError('usage.invalid', `${name}: ${firstIssue(parsed.error)}`)
      return { ok: true, value: await run(parsed.data) }
    } catch (error) {
      return { ok: false, fault: toFault(error) }
    }
  })
}

/** A frame inside the page, another page in the window, or another window is a stranger. */
function assertOwnPage(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame
  if (frame && frame === event.sender.mainFrame && isOwnUrl(frame.url)) return
  throw new UnmaskError(
    'usage.invalid',
    `not answered: the request comes from ${frame?.url ?? 'a closed page'}`,
  )
}
