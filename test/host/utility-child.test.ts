import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { HostClient } from '../../main/host/host-client'
import { ProbeClient } from '../../main/host/probe-client'
import { startUtility, type UtilityChild } from '../../main/host/utility-child'
import { labelOptions } from '../engine/batch/batch-support'

const backend = { name: 'wasm', description: 'scripted', tfjsVersion: '4.22.0', refused: [] }

/** Electron's UtilityProcess, played by a script: what it answers to each message. */
class FakeUtility extends EventEmitter implements UtilityChild {
  pid: number | undefined = undefined
  readonly stderr = new PassThrough()
  readonly sent: { type?: string; jobId?: number }[] = []
  killed = 0

  constructor(
    private readonly play: (child: FakeUtility, message: { type?: string; jobId?: number }) => void,
  ) {
    super()
    setImmediate(() => {
      this.pid = 4711
      this.emit('spawn')
    })
  }

  postMessage(message: unknown): void {
    this.sent.push(message as { type?: string })
    setImmediate(() => this.play(this, message as { type?: string; jobId?: number }))
  }

  kill(): boolean {
    this.killed++
    return true
  }

  say(message: unknown): void {
    this.emit('message', message)
  }

  end(code: number, lastWords = ''): void {
    if (lastWords) this.stderr.write(lastWords)
    this.stderr.end()
    this.emit('exit', code)
  }
}

type Play = ConstructorParameters<typeof FakeUtility>[0]

function startHost(play: Play, stallSecs = 20) {
  const killed: number[] = []
  let child!: FakeUtility
  const host = new HostClient({
    script: 'host.cjs',
    stallSecs,
    config: {
      backend: 'wasm',
      faceModelFolder: null,
      speechModelFolder: null,
      detector: 'tiny',
      appVersion: '1',
    },
    start: startUtility(
      () => (child = new FakeUtility(play)),
      (pid) => {
        killed.push(pid)
        child.end(9)
      },
    ),
  })
  return { host, killed, child: () => child }
}

/** Gets ready, then does as it is told with clips. */
const ready =
  (label: Play): Play =>
  (child, message) => {
    if (message.type === 'configure') child.say({ type: 'ready', backend, loadSecs: 0.1 })
    else if (message.type === 'shutdown') child.end(0)
    else label(child, message)
  }

const job = { clipId: 'x', path: '/clips/x.mp4', outFolder: '/out', options: labelOptions() }
const noProgress = { onProgress: () => undefined }

describe('HostClient over a utility process', () => {
  it('labels, and ends the process when it is closed', async () => {
    const outcome = { files: ['x.meta.json'], frames: 3, warnings: [], wallSecs: 0.2 }
    const { host, killed, child } = startHost(
      ready((utility, { jobId }) => utility.say({ type: 'done', jobId, outcome })),
    )
    expect((await host.whenReady()).backend.description).toBe('scripted')
    expect(await host.label(job, noProgress)).toEqual(outcome)
    await host.close()
    expect(host.isUsable).toBe(false)
    expect(killed).toEqual([])
    expect(child().sent.map(({ type }) => type)).toEqual(['configure', 'label', 'shutdown'])
  })

  it.each([
    [139, '', 'SIGSEGV'],
    [11, '', 'SIGSEGV'],
    [9, '', 'SIGKILL'],
    [3, 'assertion failed in codec\n', 'assertion failed in codec'],
    [1, '', 'exit code 1'],
    [0, '', 'exit code unknown'],
  ])('tells how a process ended with %d %j', async (code, lastWords, says) => {
    const { host } = startHost(ready((utility) => utility.end(code, lastWords)))
    await expect(host.label(job, noProgress)).rejects.toMatchObject({
      code: 'host.crashed',
      message: expect.stringContaining(says),
    })
    expect(host.isUsable).toBe(false)
  })

  it('kills a process that does not move, by the system and not politely', async () => {
    const { host, killed, child } = startHost(
      ready(() => undefined),
      0.3,
    )
    await host.whenReady()
    await expect(host.label(job, noProgress)).rejects.toMatchObject({ code: 'host.stalled' })
    expect(killed).toEqual([4711])
    expect(child().killed).toBe(0)
  })

  it('kills a process that is only just being started, once it has a number', async () => {
    const killed: number[] = []
    const start = startUtility(
      () => new FakeUtility(() => undefined),
      (pid) => killed.push(pid),
    )
    const child = start(
      'x',
      {},
      {
        onMessage: () => undefined,
        onStderr: () => undefined,
        onError: () => undefined,
        onEnd: () => undefined,
      },
    )
    child.kill()
    expect(killed).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(killed).toEqual([4711])
  })

  it('sends nothing to a process that has ended', async () => {
    const { host, child } = startHost(ready((utility) => utility.end(1)))
    await expect(host.label(job, noProgress)).rejects.toMatchObject({ code: 'host.crashed' })
    const before = child().sent.length
    await host.close()
    expect(child().sent).toHaveLength(before)
  })
})

describe('ProbeClient', () => {
  const facts = { kind: 'video', durationSecs: 2, hasSound: true }
  type Ask = { id?: number; path?: string }

  function startProbe(play: (child: FakeUtility, ask: Ask) => void, limitMs = 5000) {
    let starts = 0
    const client = new ProbeClient({
      script: 'probe.cjs',
      limitMs,
      start: startUtility(
        () => {
          starts++
          return new FakeUtility((child, message) => play(child, message as Ask))
        },
        () => undefined,
      ),
    })
    return { client, starts: () => starts }
  }

  it('asks one after the other, in one process', async () => {
    const asked: string[] = []
    const { client, starts } = startProbe((child, { id, path }) => {
      asked.push(path!)
      child.say({ id, ok: true, facts })
    })
    expect(await Promise.all([client.facts('/a'), client.facts('/b')])).toEqual([facts, facts])
    expect(asked).toEqual(['/a', '/b'])
    expect(starts()).toBe(1)
    client.close()
  })

  it('goes on in a new process after a file that ended the first', async () => {
    const { client, starts } = startProbe((child, { id, path }) => {
      if (path === '/bad') child.end(11)
      else child.say({ id, ok: true, facts })
    })
    const bad = client.facts('/bad')
    const good = client.facts('/good')
    await expect(bad).rejects.toMatchObject({ code: 'host.crashed' })
    expect(await good).toEqual(facts)
    expect(starts()).toBe(2)
    client.close()
  })

  it('gives up a file that takes for ever, and passes on what the probe says', async () => {
    const fault = { code: 'media.not-media', message: 'no media' }
    const { client } = startProbe((child, { id, path }) => {
      if (path !== '/slow') child.say({ id, ok: false, fault })
    }, 80)
    await expect(client.facts('/slow')).rejects.toMatchObject({ code: 'host.stalled' })
    await expect(client.facts('/text')).rejects.toMatchObject({ code: 'media.not-media', stage: 'probe' })
    client.close()
  })
})
