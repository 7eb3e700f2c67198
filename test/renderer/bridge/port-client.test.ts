import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { PortClient } from '../../../renderer/bridge/port-client'

interface Requests {
  double: { ask: number; answer: number }
}
interface Events {
  progress: number
}
type Sent = { id: number; verb: string; ask: unknown }

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

/** A client and the answering end, answered by hand. */
function connect() {
  const { port1, port2 } = new MessageChannel()
  closers.push(() => port2.close())
  const client = new PortClient<Requests, Events>(port1 as unknown as MessagePort)
  const sent: Sent[] = []
  let wake = () => undefined as void
  port2.on('message', (message: Sent) => {
    sent.push(message)
    wake()
  })
  const arrived = async (count: number) => {
    while (sent.length < count) await new Promise<void>((resolve) => (wake = resolve))
    return sent[count - 1]!
  }
  return { client, arrived, post: (message: unknown) => port2.postMessage(message) }
}

describe('PortClient', () => {
  it('matches answers to requests by number', async () => {
    const { client, arrived, post } = connect()
    const first = client.request('double', 1)
    const second = client.request('double', 2)
    const [one, two] = [await arrived(1), await arrived(2)]
    post({ id: two.id, ok: true, value: 4 })
    post({ id: one.id, ok: true, value: 2 })
    expect(await Promise.all([first, second])).toEqual([2, 4])
  })

  it('throws faults with their code', async () => {
    const { client, arrived, post } = connect()
    const request = client.request('double', 1)
    post({ id: (await arrived(1)).id, ok: false, fault: { code: 'input.not-found', message: 'gone' } })
    await expect(request).rejects.toMatchObject({
      name: 'FaultError',
      code: 'input.not-found',
      message: 'gone',
    })
  })

  it('asks the other end to cancel, and fails as it says', async () => {
    const { client, arrived, post } = connect()
    const controller = new AbortController()
    const request = client.request('double', 1, { signal: controller.signal })
    const { id } = await arrived(1)
    controller.abort()
    expect(await arrived(2)).toEqual({ id, verb: 'cancel', ask: null })
    post({ id, ok: false, fault: { code: 'cancelled', message: 'Cancelled' } })
    await expect(request).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('sends nothing for a signal that has already gone off', async () => {
    const { client } = connect()
    await expect(client.request('double', 1, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('hands events to their listeners until they stop', async () => {
    const { client, arrived, post } = connect()
    const heard: number[] = []
    const stop = client.on('progress', (value) => heard.push(value))
    post({ event: 'progress', payload: 0.5 })
    const request = client.request('double', 1)
    const { id } = await arrived(1)
    post({ id, ok: true, value: 2 })
    await request
    stop()
    post({ event: 'progress', payload: 0.9 })
    const last = client.request('double', 1)
    post({ id: (await arrived(2)).id, ok: true, value: 2 })
    await last
    expect(heard).toEqual([0.5])
  })

  it('fails whatever waits when it is closed, and whatever comes later', async () => {
    const { client } = connect()
    const request = client.request('double', 1)
    client.close('the viewer ended')
    await expect(request).rejects.toThrow(/the viewer ended/)
    await expect(client.request('double', 1)).rejects.toMatchObject({ code: 'host.crashed' })
  })
})
