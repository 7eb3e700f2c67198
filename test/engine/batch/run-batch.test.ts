import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readJournal } from '../../../main/engine/batch/journal'
import { type BatchRequest, type BatchResult, runBatch } from '../../../main/engine/batch/run-batch'
import { tempFolder } from '../../support/temp-folder'
import { batchHarness } from './batch-support'

const noFinish = async () => undefined

async function sources(names: readonly string[]): Promise<string[]> {
  const folder = await tempFolder()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      await writeFile(path, name)
      return path
    }),
  )
}

describe('runBatch', () => {
  it('ends with done or failed for every file; a crash costs its clip alone', async () => {
    const out = await tempFolder()
    const names = ['a', 'bad1', 'b', 'crash1', 'c', 'crash2', 'd', 'e'].map((name) => `${name}.mp4`)
    const { request, workers, events } = batchHarness(out, await sources(names))
    const result = await runBatch(request, noFinish)
    expect(result.done.map(({ clipId }) => clipId)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(result.failed.map(({ clipId, stage, fault }) => [clipId, stage, fault.code])).toEqual([
      ['bad1', 'face', 'media.decode-failed'],
      ['crash1', 'start', 'host.crashed'],
      ['crash2', 'start', 'host.crashed'],
    ])
    expect(workers).toHaveLength(4)
    expect(workers.every(({ isClosed }) => isClosed)).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'end', done: 5, failed: 3, skipped: 0, isInterrupted: false })
    expect(await readdir(out)).not.toContain('.unmask.lock')
  })

  it('gives unreadable inputs a row without bothering a worker', async () => {
    const out = await tempFolder()
    const fault = { code: 'input.not-found', message: 'no such file' } as const
    const { request, workers } = batchHarness(out, [], { problems: [{ path: '/nowhere/x.mp4', fault }] })
    const result = await runBatch(request, noFinish)
    expect(result.failed).toEqual([{ clipId: 'x', path: '/nowhere/x.mp4', stage: 'input', fault }])
    expect(workers).toHaveLength(0)
  })

  it('leaves a folder with results alone unless told', async () => {
    const out = await tempFolder()
    await writeFile(join(out, 'x.frames.csv'), 'precious')
    const { request } = batchHarness(out, await sources(['x.mp4']))
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.exists' })
    const forced = await runBatch({ ...request, onExisting: 'force' }, noFinish)
    expect(forced.done).toHaveLength(1)
  })

  it.each([
    { remark: 'text for a paper', name: 'METHODS.txt', exports: {} },
    { remark: 'a data dictionary', name: 'data_dictionary.csv', exports: {} },
    { remark: 'a hand-made annotation', name: 'x.eaf', exports: { eaf: true } },
    { remark: 'another in capitals', name: 'X.TEXTGRID', exports: { textgrid: true } },
  ])('does not overwrite $remark of somebody else, nor with --resume', async ({ name, exports }) => {
    const out = await tempFolder()
    await writeFile(join(out, name), 'precious')
    const { request } = batchHarness(out, await sources(['x.mp4']))
    const options = { ...request.options, exports: { ...request.options.exports, ...exports } }
    for (const onExisting of ['refuse', 'resume'] as const)
      await expect(runBatch({ ...request, options, onExisting }, noFinish)).rejects.toMatchObject({
        code: 'output.exists',
        message: expect.stringContaining(name),
      })
    expect(await readdir(out)).toEqual([name])
  })

  it('shares a folder with files that it does not write', async () => {
    const out = await tempFolder()
    for (const name of ['x.eaf', 'x.mp4', 'notes.txt']) await writeFile(join(out, name), 'mine')
    const { request } = batchHarness(out, await sources(['x.mp4']))
    expect((await runBatch(request, noFinish)).done).toHaveLength(1)
  })

  it('resumes what never began', async () => {
    const out = await tempFolder()
    const { request } = batchHarness(out, await sources(['x.mp4']), { onExisting: 'resume' })
    expect((await runBatch(request, noFinish)).done).toHaveLength(1)
  })

  it('resumes: finished clips stay, failed, changed and deleted ones are done again', async () => {
    const out = await tempFolder()
    const files = await sources(['kept.mp4', 'changed.mp4', 'deleted.mp4', 'bad.mp4'])
    await runBatch(batchHarness(out, files).request, noFinish)
    await writeFile(files[1] ?? '', 'another take')
    await rm(join(out, 'deleted.meta.json'))
    const again = batchHarness(out, files, { onExisting: 'resume', jobs: 1 })
    const result = await runBatch(again.request, noFinish)
    expect(again.workers.flatMap(({ labelled }) => labelled).sort()).toEqual(['bad', 'changed', 'deleted'])
    expect(result.done.map(({ clipId }) => clipId)).toEqual(['changed', 'deleted', 'kept'])
    expect(again.events[0]).toMatchObject({ type: 'start', clips: 3, skipped: 1 })
  })

  it.each([
    { remark: 'another backend', change: { backend: 'tensorflow' } },
    { remark: 'another model', change: { models: { face: 'xyz' } } },
    { remark: 'another version', change: { appVersion: '2' } },
  ])('refuses to mix results of $remark', async ({ change }) => {
    const out = await tempFolder()
    const files = await sources(['a.mp4'])
    const { request } = batchHarness(out, files)
    await runBatch(request, noFinish)
    const other = { ...request, onExisting: 'resume' as const, identity: { ...request.identity, ...change } }
    await expect(runBatch(other, noFinish)).rejects.toMatchObject({ code: 'usage.invalid' })
  })

  it('stops when the disk is full, keeping what is complete for --resume', async () => {
    const out = await tempFolder()
    const files = await sources(['a.mp4', 'disk-full.mp4', 'z.mp4'])
    const { request } = batchHarness(out, files, { jobs: 1 })
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.disk-full' })
    const entries = await readJournal(out)
    expect(entries?.filter(({ type }) => type === 'done')).toHaveLength(1)
    expect(await readdir(out)).not.toContain('.unmask.lock')
  })

  it('stops, and says so, when the folder is deleted under it', async () => {
    const out = join(await tempFolder(), 'out')
    const harness = batchHarness(out, await sources(['a.mp4', 'b.mp4', 'c.mp4']), { jobs: 1 })
    const request: BatchRequest = {
      ...harness.request,
      onEvent: (event) => {
        if (event.type === 'clip-done') rmSync(out, { recursive: true })
      },
    }
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({
      code: 'output.unwritable',
      message: expect.stringContaining(out),
    })
    expect(harness.workers.flatMap(({ labelled }) => labelled)).toEqual(['a'])
    expect(harness.workers.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('stops every lane and closes every worker when a failure cannot be journalled', async () => {
    const out = join(await tempFolder(), 'out')
    const harness = batchHarness(out, await sources(['bad.mp4', 'hang.mp4', 'z.mp4']))
    const request: BatchRequest = {
      ...harness.request,
      onEvent: (event) => {
        if (event.type === 'clip-failed') rmSync(out, { recursive: true })
      },
    }
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.unwritable' })
    expect(harness.workers).toHaveLength(2)
    expect(harness.workers.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('counts a worker that dies at the signal as stopped, not as a failed clip', async () => {
    const out = await tempFolder()
    const controller = new AbortController()
    const harness = batchHarness(out, await sources(['crash.mp4', 'z.mp4']), {
      jobs: 1,
      signal: controller.signal,
    })
    const request: BatchRequest = {
      ...harness.request,
      onEvent: (event) => {
        if (event.type === 'clip-start') controller.abort()
      },
    }
    expect(await runBatch(request, noFinish)).toMatchObject({ isInterrupted: true, failed: [], done: [] })
  })

  it('reads a file that takes no permission on its own row, not as a lost folder', async () => {
    const out = await tempFolder()
    const harness = batchHarness(out, await sources(['locked.mp4', 'z.mp4']), { jobs: 1 })
    const result = await runBatch(harness.request, noFinish)
    expect(result.failed).toMatchObject([{ clipId: 'locked', fault: { code: 'output.unwritable' } }])
    expect(result.done).toHaveLength(1)
  })

  it('stops at the signal, and does not count the interrupted clip as failed', async () => {
    const out = await tempFolder()
    const files = await sources(['a.mp4', 'hang.mp4', 'z.mp4'])
    const controller = new AbortController()
    const harness = batchHarness(out, files, { jobs: 1, signal: controller.signal })
    const request = {
      ...harness.request,
      onEvent: (event: Parameters<typeof harness.request.onEvent>[0]) => {
        if (event.type === 'clip-start' && event.clipId === 'hang') controller.abort()
      },
    }
    let finished: BatchResult | null = null
    const result = await runBatch(request, async (given) => void (finished = given))
    expect(result).toMatchObject({ isInterrupted: true, failed: [] })
    expect(result.done.map(({ clipId }) => clipId)).toEqual(['a'])
    expect(finished).toBe(result)
  })

  it('respects a folder that a living run writes to, and takes over that of a dead one', async () => {
    const out = await tempFolder()
    const { request } = batchHarness(out, await sources(['a.mp4']))
    const lock = join(out, '.unmask.lock')
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname() }))
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.exists' })
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({
      message: expect.stringContaining(lock),
    })
    // Linux gives out process numbers below 2^22.
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    expect((await runBatch(request, noFinish)).done).toHaveLength(1)
  })

  it('takes over the lock of a run from before the machine started', async () => {
    const out = await tempFolder()
    const { request } = batchHarness(out, await sources(['a.mp4']))
    const lock = join(out, '.unmask.lock')
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname() }))
    await utimes(lock, 1e9, 1e9)
    expect((await runBatch(request, noFinish)).done).toHaveLength(1)
  })

  it('takes no lock for dead that is only just being made', async () => {
    const out = await tempFolder()
    const { request } = batchHarness(out, await sources(['a.mp4']))
    const lock = join(out, '.unmask.lock')
    await writeFile(lock, '')
    const refused = expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.exists' })
    setTimeout(() => writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname() })), 100)
    await refused
    // One that stays empty belongs to a run that was killed at that very moment.
    await writeFile(lock, '')
    expect((await runBatch(request, noFinish)).done).toHaveLength(1)
  })

  it('clears what a killed run, or a killed worker of its own, was writing', async () => {
    const out = await tempFolder()
    await writeFile(join(out, 'a.frames.csv.unmask-tmp'), 'half')
    const { request } = batchHarness(out, await sources(['a.mp4']))
    await runBatch(request, () => writeFile(join(out, 'b.frames.csv.unmask-tmp'), 'half'))
    expect((await readdir(out)).filter((name) => name.includes('unmask-tmp'))).toEqual([])
  })

  it.runIf(existsSync('/proc/self'))('does not hang on a folder that takes no new names', async () => {
    const { request } = batchHarness('/proc/unmask/out', await sources(['a.mp4']))
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({ code: 'output.unwritable' })
  })

  it('names the folder that cannot be made', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    const { request } = batchHarness(join(folder, 'file', 'out'), await sources(['a.mp4']))
    await expect(runBatch(request, noFinish)).rejects.toMatchObject({
      code: 'output.unwritable',
      message: expect.stringContaining(join(folder, 'file', 'out')),
    })
  })
})
