import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { UnmaskError } from '../../main/engine/errors'
import { handler, type PortHandlers, servePort } from '../../main/host/port-server'
import { fromWorkerPort } from '../../main/host/server-ports'

type Message = {
  id?: number
  ok?: boolean
  value?: unknown
  fault?: { code: string; message: string }
  event?: string
  payload?: unknown
}

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

/** The calling end, raw: whatever a hostile page could post. */
function serve(handlers: PortHandlers) {
  const { port1, port2 } = new MessageChannel()
  const server = servePort(fromWorkerPort(port1), handlers)
  const received: Message[] = []
  let wake: (() => void) | null = null
  port2.on('message', (message: Message) => {
    received.push(message)
    wake?.()
  })
  closers.push(() => {
    port1.close()
    port2.close()
  })
  const nextWhere = async (isWanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const at = received.findIndex(isWanted)
      if (at >= 0) return received.splice(at, 1)[0]!
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    server,
    post: (message: unknown) => port2.postMessage(message),
    reply: (id: number) => nextWhere((m) => m.id === id),
    nextWhere,
    received,
    port2,
  }
}

const double = { double: handler(z.object({ number: z.number() }), ({ number }) => number * 2) }

describe('servePort', () => {
  it('answers by number, whatever order the answers come in', async () => {
    const releases: (() => void)[] = []
    const { post, reply } = serve({
      ...double,
      wait: handler(z.null(), () => new Promise<string>((resolve) => releases.push(() => resolve('late')))),
    })
    post({ id: 1, verb: 'wait', ask: null })
    post({ id: 2, verb: 'double', ask: { number: 21 } })
    expect(await reply(2)).toEqual({ id: 2, ok: true, value: 42 })
    releases[0]!()
    expect(await reply(1)).toEqual({ id: 1, ok: true, value: 'late' })
  })

  it('carries typed arrays', async () => {
    const { post, reply } = serve({ array: handler(z.null(), () => Float32Array.of(1, NaN, 3)) })
    post({ id: 1, verb: 'array', ask: null })
    const { value } = await reply(1)
    expect(value).toBeInstanceOf(Float32Array)
    expect(Array.from(value as Float32Array)).toEqual([1, NaN, 3])
  })

  it.each([
    ['an unknown verb', { verb: 'drop tables', ask: null }, /no request "drop tables"/],
    ['a name of Object', { verb: 'constructor', ask: null }, /no request "constructor"/],
    ['a wrong type', { verb: 'double', ask: { number: 'four' } }, /^double: number: /],
    ['nothing at all', { verb: 'double', ask: undefined }, /^double: /],
  ])('refuses %s with a fault', async (_, request, message) => {
    const { post, reply } = serve(double)
    post({ id: 9, ...request })
    const { ok, fault } = await reply(9)
    expect(ok).toBe(false)
    expect(fault?.code).toBe('usage.invalid')
    expect(fault?.message).toMatch(message)
  })

  it.each([
    [null],
    [7],
    ['double'],
    [{}],
    [{ id: 'a', verb: 'double' }],
    [{ id: 1.5, verb: 'double' }],
    [{ id: 3 }],
  ])('ignores %j and goes on', async (rubbish) => {
    const { post, reply, received } = serve(double)
    post(rubbish)
    post({ id: 4, verb: 'double', ask: { number: 1 } })
    expect(await reply(4)).toMatchObject({ ok: true, value: 2 })
    expect(received).toEqual([])
  })

  it('keeps the code of a failure', async () => {
    const { post, reply } = serve({
      fail: handler(z.null(), () => {
        throw new UnmaskError('input.not-found', 'it is gone')
      }),
    })
    post({ id: 1, verb: 'fail', ask: null })
    expect((await reply(1)).fault).toEqual({ code: 'input.not-found', message: 'it is gone' })
  })

  it('cancels a request by its number', async () => {
    const { post, reply } = serve({
      wait: handler(
        z.null(),
        (_, { signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      ),
    })
    post({ id: 5, verb: 'wait', ask: null })
    post({ id: 5, verb: 'cancel', ask: null })
    expect((await reply(5)).fault?.code).toBe('cancelled')
  })

  it('aborts what runs when the other end goes', async () => {
    let isAborted: () => void = () => undefined
    const aborted = new Promise<void>((resolve) => (isAborted = resolve))
    const { post, port2, nextWhere } = serve({
      wait: handler(z.null(), (_, { signal, emit }) => {
        signal.addEventListener('abort', isAborted)
        emit('begun', null)
        return new Promise(() => undefined)
      }),
    })
    post({ id: 1, verb: 'wait', ask: null })
    await nextWhere(({ event }) => event === 'begun')
    port2.close()
    await aborted
  })

  it('refuses a flood instead of keeping it', async () => {
    const { post, reply } = serve({ wait: handler(z.null(), () => new Promise(() => undefined)) })
    for (let id = 1; id <= 300; id++) post({ id, verb: 'wait', ask: null })
    expect((await reply(300)).fault?.message).toMatch(/more than \d+ are open/)
  })

  it('refuses a number that is still open', async () => {
    const { post, reply } = serve({ wait: handler(z.null(), () => new Promise(() => undefined)) })
    post({ id: 1, verb: 'wait', ask: null })
    post({ id: 1, verb: 'wait', ask: null })
    expect((await reply(1)).fault?.message).toMatch(/number 1 is taken/)
  })

  it('sends events', async () => {
    const { server, nextWhere } = serve({})
    server.emit('progress', { fraction: 0.5 })
    expect(await nextWhere(({ event }) => event === 'progress')).toEqual({
      event: 'progress',
      payload: { fraction: 0.5 },
    })
  })
})
