import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ClipProgress } from '../../main/engine/batch/clip-job'
import { HostClient, type HostClientOptions } from '../../main/host/host-client'
import { labelOptions } from '../engine/batch/batch-support'

const script = fileURLToPath(new URL('../support/scripted-host.mjs', import.meta.url))

function startHost(options: Partial<HostClientOptions> & { faceModelFolder?: string } = {}): HostClient {
  const host = new HostClient({
    script,
    stallSecs: 20,
    ...options,
    config: {
      backend: 'wasm',
      faceModelFolder: options.faceModelFolder ?? null,
      speechModelFolder: null,
      detector: 'tiny',
      appVersion: '1',
    },
  })
  onTestFinished(() => host.close())
  return host
}

function job(clipId: string) {
  return { clipId, path: `/clips/${clipId}.mp4`, outFolder: '/out', options: labelOptions() }
}

const noProgress = { onProgress: () => undefined }

describe('HostClient', () => {
  it('labels clips one after the other in the same process and reports progress', async () => {
    const host = startHost()
    expect((await host.whenReady()).backend.description).toBe('scripted')
    const seen: ClipProgress[] = []
    for (let round = 0; round < 2; round++) {
      const outcome = await host.label(job('ok'), { onProgress: (progress) => seen.push(progress) })
      expect(outcome).toEqual({ files: ['ok.meta.json'], frames: 3, warnings: ['said'], wallSecs: 0.2 })
    }
    expect(seen).toHaveLength(2)
    expect(host.isUsable).toBe(true)
  })

  it('passes a fault of the clip on with its stage and stays usable', async () => {
    const host = startHost()
    await expect(host.label(job('fault'), noProgress)).rejects.toMatchObject({
      code: 'media.decode-failed',
      stage: 'speech',
    })
    expect(host.isUsable).toBe(true)
    await expect(host.label(job('ok'), noProgress)).resolves.toBeDefined()
  })

  it.each([
    { clip: 'exit', code: 'host.crashed', says: 'assertion failed in codec' },
    { clip: 'memory', code: 'host.crashed', says: 'heap out of memory' },
    { clip: 'segv', code: 'host.crashed', says: 'SIGSEGV' },
    { clip: 'garbage', code: 'internal', says: 'unknown message' },
  ])('gives up a host that ends badly: $clip', async ({ clip, code, says }) => {
    const host = startHost()
    await expect(host.label(job(clip), noProgress)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
    })
    expect(host.isUsable).toBe(false)
    await expect(host.label(job('ok'), noProgress)).rejects.toMatchObject({ code })
  })

  it('says at which stage of the clip a host ended', async () => {
    const host = startHost()
    await expect(host.label(job('memory'), noProgress)).rejects.toMatchObject({ stage: 'face' })
  })

  it.each(['silent', 'repeat'])('kills a host without progress: %s', async (clip) => {
    const host = startHost({ stallSecs: 0.5 })
    await host.whenReady()
    await expect(host.label(job(clip), noProgress)).rejects.toMatchObject({ code: 'host.stalled' })
    expect(host.isUsable).toBe(false)
  })

  it('does not kill a slow clip that moves', async () => {
    const host = startHost({ stallSecs: 2 })
    await host.whenReady()
    expect((await host.label(job('slow'), noProgress)).frames).toBe(12)
  })

  it('kills a host that never gets ready', async () => {
    const host = startHost({ stallSecs: 0.5, faceModelFolder: 'silent' })
    await expect(host.whenReady()).rejects.toMatchObject({ code: 'host.stalled' })
  })

  it('says why a host refused its models', async () => {
    const host = startHost({ faceModelFolder: 'bad' })
    await expect(host.whenReady()).rejects.toMatchObject({
      code: 'model.bad-hash',
      message: 'sha256 differs',
    })
  })

  it('cancels a clip at the signal, before it starts or while it runs', async () => {
    const host = startHost()
    await host.whenReady()
    const running = new AbortController()
    const pending = host.label(job('silent'), { ...noProgress, signal: running.signal })
    setTimeout(() => running.abort(), 50)
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' })
    const early = new AbortController()
    early.abort()
    await expect(host.label(job('silent'), { ...noProgress, signal: early.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(host.isUsable).toBe(true)
  })
})
