import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ClipQueue, type QueuedClip } from '../../../main/engine/batch/clip-queue'
import { readJournal } from '../../../main/engine/batch/journal'
import { runBatch } from '../../../main/engine/batch/run-batch'
import { tempFolder } from '../../support/temp-folder'
import { batchHarness } from './batch-support'

const never = new AbortController().signal
const noFinish = async () => undefined
const clip = (clipId: string): QueuedClip => ({ clipId, path: `/clips/${clipId}.mp4` })
const ids = (queue: ClipQueue) => queue.waiting.map(({ clipId }) => clipId).join('')
const path = (clipId: string) => clip(clipId).path
const queueOf = (text: string) => new ClipQueue([...text].map(clip))

async function filesOf(folder: string, names: readonly string[]): Promise<QueuedClip[]> {
  return Promise.all(
    names.map(async (clipId) => {
      const file = join(folder, `${clipId}.mp4`)
      await writeFile(file, clipId)
      return { clipId, path: file }
    }),
  )
}

describe('ClipQueue', () => {
  it('gives clips in order, each once, and ends when all are settled', async () => {
    const queue = queueOf('ab')
    const a = (await queue.take(never))!
    const b = (await queue.take(never))!
    expect([a.clip.clipId, b.clip.clipId]).toEqual(['a', 'b'])
    const last = queue.take(never)
    queue.add([clip('a'), clip('c')])
    expect((await last)!.clip.clipId).toBe('c')
    expect(queue.runningCount).toBe(3)
    const end = queue.take(never)
    for (const name of 'abc') queue.settle(clip(name))
    expect(await end).toBeNull()
  })

  it('wakes a taker that waits for a clip under way when that one is put back', async () => {
    const queue = queueOf('a')
    await queue.take(never)
    const next = queue.take(never)
    queue.putBack(clip('a'))
    queue.settle(clip('a'))
    expect((await next)!.clip.clipId).toBe('a')
  })

  it('gives nothing while paused, and goes on', async () => {
    const queue = queueOf('a')
    queue.pause()
    let given: string | null = null
    const taken = queue.take(never).then((next) => (given = next?.clip.clipId ?? 'none'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(given).toBeNull()
    queue.resume()
    await taken
    expect(given).toBe('a')
  })

  it('ends a taker at its signal', async () => {
    const queue = queueOf('a')
    queue.pause()
    const abort = new AbortController()
    const taken = queue.take(abort.signal)
    abort.abort()
    expect(await taken).toBeNull()
    expect(ids(queue)).toBe('a')
  })

  it.each([
    ['abcde', 'd', 0, 'dabce'],
    ['abcde', 'b', 3, 'acdbe'],
    ['abcde', 'bd', 0, 'bdace'],
    ['abcde', 'bd', 99, 'acebd'],
    ['abcde', 'ae', -5, 'aebcd'],
    ['abcde', 'x', 1, 'abcde'],
    ['abcde', 'abcde', 2, 'abcde'],
  ])('moves in %s clips %s to %d: %s', (before, moved, index, after) => {
    const queue = queueOf(before)
    queue.move(new Set([...moved].map(path)), index)
    expect(ids(queue)).toBe(after)
  })

  it('loses and doubles no clip, whatever is done to it', () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    const queue = queueOf('abcdefgh')
    const wanted = new Set('abcdefgh')
    for (let step = 0; step < 500; step++) {
      const name = 'abcdefghij'[random(10)]!
      const kind = random(3)
      if (kind === 0) queue.move(new Set([path(name)]), random(12) - 1)
      else if (kind === 1) {
        queue.add([clip(name)])
        wanted.add(name)
      } else {
        queue.remove(new Set([path(name)]))
        wanted.delete(name)
      }
      expect([...ids(queue)].sort().join('')).toBe([...wanted].sort().join(''))
    }
  })
})

describe('runBatch with a queue', () => {
  it('labels what is added meanwhile, with the ids it brings', async () => {
    const out = await tempFolder()
    const [a, b, late] = await filesOf(await tempFolder(), ['a', 'b', 'late'])
    const queue = new ClipQueue([a!, b!])
    const { request } = batchHarness(out, [], {
      queue,
      onEvent: (event) => {
        if (event.type === 'clip-done' && event.clipId === 'b') queue.add([{ ...late!, clipId: 'named' }])
      },
    })
    const result = await runBatch(request, noFinish)
    expect(result.done.map(({ clipId }) => clipId)).toEqual(['a', 'b', 'named'])
  })

  it('labels what is done once more when it is in the queue', async () => {
    const out = await tempFolder()
    const clips = await filesOf(await tempFolder(), ['a'])
    for (const onExisting of ['refuse', 'resume'] as const) {
      const { request, workers } = batchHarness(out, [], { queue: new ClipQueue(clips), onExisting })
      await runBatch(request, noFinish)
      expect(workers.flatMap(({ labelled }) => labelled)).toEqual(['a'])
    }
  })

  it('stops one clip alone, and begins the next', async () => {
    const out = await tempFolder()
    const clips = await filesOf(await tempFolder(), ['hang', 'a'])
    const queue = new ClipQueue(clips)
    const { request, events } = batchHarness(out, [], { queue, jobs: 1 })
    const batch = runBatch(
      {
        ...request,
        onEvent: (event) => {
          events.push(event)
          if (event.type === 'clip-start' && event.clipId === 'hang')
            setImmediate(() => queue.remove(new Set([event.path])))
        },
      },
      noFinish,
    )
    const result = await batch
    expect(result).toMatchObject({ done: [{ clipId: 'a' }], failed: [], isInterrupted: false })
    expect(events.filter(({ type }) => type === 'clip-stopped')).toMatchObject([{ clipId: 'hang' }])
    expect(queue.waiting).toEqual([])
  })

  it('puts what was under way back to the front when everything stops', async () => {
    const out = await tempFolder()
    const clips = await filesOf(await tempFolder(), ['a', 'hang', 'z'])
    const queue = new ClipQueue(clips)
    const abort = new AbortController()
    const { request } = batchHarness(out, [], {
      queue,
      jobs: 1,
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type === 'clip-progress' && event.clipId === 'hang') setImmediate(() => abort.abort())
      },
    })
    const result = await runBatch(request, noFinish)
    expect(result.isInterrupted).toBe(true)
    expect(queue.waiting.map(({ clipId }) => clipId)).toEqual(['hang', 'z'])
    expect((await readJournal(out))!.at(-1)).toMatchObject({ type: 'start', clipId: 'hang' })
  })

  it('keeps a clip whose disk was full for later', async () => {
    const out = await tempFolder()
    const clips = await filesOf(await tempFolder(), ['disk-full', 'z'])
    const queue = new ClipQueue(clips)
    const { request } = batchHarness(out, [], { queue, jobs: 1 })
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.disk-full' })
    expect(queue.waiting.map(({ clipId }) => clipId)).toEqual(['disk-full', 'z'])
  })
})
