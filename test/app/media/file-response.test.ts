import { mkdtemp, open, readdir, readlink, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileBody } from '../../../main/app/media/file-body'
import { fileResponse } from '../../../main/app/media/file-response'

const SIZE = 1_000_003
const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff)

let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-response-'))
  path = join(folder, 'clip.mp4')
  await writeFile(path, bytes)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ask = (headers: Record<string, string> = {}, method = 'GET') =>
  fileResponse(new Request('unmask-media://token/media', { method, headers }), path)
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

/** How often this process has the file open; null where the system does not tell. */
async function openCount(): Promise<number | null> {
  const entries = await readdir('/proc/self/fd').catch(() => null)
  if (!entries) return null
  const targets = await Promise.all(entries.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return targets.filter((target) => target === path).length
}

describe('a file as an answer', () => {
  it('is whole without a range, and the part that was asked for with one', async () => {
    const whole = await ask()
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-length')).toBe(String(SIZE))
    expect(whole.headers.get('content-type')).toBe('video/mp4')
    expect(Buffer.compare(await bodyOf(whole), bytes)).toBe(0)
    const part = await ask({ range: 'bytes=262143-700000' })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes 262143-700000/${SIZE}`)
    expect(Buffer.compare(await bodyOf(part), bytes.subarray(262_143, 700_001))).toBe(0)
    const one = await ask({ range: `bytes=${SIZE - 1}-` })
    expect([...(await bodyOf(one))]).toEqual([bytes[SIZE - 1]])
  })

  it('answers HEAD without a body, and 416 and 404 where there is nothing', async () => {
    const head = await ask({}, 'HEAD')
    expect(head.headers.get('content-length')).toBe(String(SIZE))
    expect(head.body).toBeNull()
    const behind = await ask({ range: `bytes=${SIZE}-` })
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`])
    for (const missing of [join(folder, 'none.mp4'), folder])
      expect((await fileResponse(new Request('unmask-media://token/media'), missing)).status).toBe(404)
    const empty = join(folder, 'empty.mp4')
    await writeFile(empty, '')
    const nothing = await fileResponse(new Request('unmask-media://token/media'), empty)
    expect([nothing.status, (await bodyOf(nothing)).length]).toEqual([200, 0])
  })

  it('is given up at any moment, without an error and with the file closed', async () => {
    const before = await openCount()
    for (let round = 0; round < 60; round++) {
      const response = await ask({ range: `bytes=${round * 1000}-` })
      const reader = response.body!.getReader()
      const pending = Array.from({ length: round % 4 }, () => reader.read())
      if (round % 3 === 0) await pending[0]
      if (round % 5 === 0) await new Promise((resolve) => setTimeout(resolve, round % 2))
      await reader.cancel('the player went elsewhere')
      await Promise.allSettled(pending)
    }
    // Given up with all of it read ahead and not taken.
    const last = await ask({ range: `bytes=${SIZE - 10}-` })
    await new Promise((resolve) => setTimeout(resolve, 30))
    await last.body!.cancel()
    await expect.poll(openCount).toBe(before)
  })

  it('fails where the file is cut short under it, and closes it', async () => {
    const cut = join(folder, 'cut.mp4')
    await writeFile(cut, bytes)
    const handle = await open(cut, 'r')
    await truncate(cut, 300_000)
    const read = new Response(fileBody(handle, { first: 0, last: SIZE - 1 })).arrayBuffer()
    await expect(read).rejects.toThrow('became shorter')
    expect(handle.fd).toBe(-1)
  })
})
