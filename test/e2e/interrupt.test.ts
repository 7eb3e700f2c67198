import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { childProcesses, outliving } from '../support/child-processes'
import { loopClip } from '../support/loop-clip'
import { clipTables, hasLeftovers, readTable } from '../support/result-folder'
import { repositoryRoot, runUnmask, startUnmask } from '../support/run-unmask'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll } from 'vitest'

const sample = join(repositoryRoot, 'assets', 'sample', 'ravdess-01-01-01-01-01-01-01.mp4')

let folder: string
let clips: string
let uninterrupted: Record<string, string>

const options = ['--jobs', '1', '--fps', '8']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-interrupt-'))
  clips = join(folder, 'clips')
  await mkdir(clips)
  // The first is quick; the second is long enough to be caught in the middle.
  await loopClip(sample, join(clips, 'a-short.mp4'), 1)
  await loopClip(sample, join(clips, 'b-long.mp4'), 24)
  const out = join(folder, 'whole')
  expect((await runUnmask(['label', clips, '--out', out, ...options])).code).toBe(0)
  uninterrupted = await clipTables(out)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Waits until the long clip is well inside its face stage. */
const inTheMiddle = /"clipId":"b-long","progress":\{"stage":"face","fraction":0\.[2-9]/

async function isComplete(out: string): Promise<void> {
  expect(await clipTables(out)).toEqual(uninterrupted)
  expect((await readTable(out, 'summary.csv')).map(({ clip_id, status }) => [clip_id, status])).toEqual([
    ['a-short', 'ok'],
    ['b-long', 'ok'],
  ])
  expect(await hasLeftovers(out)).toEqual([])
}

describe('an interrupted batch', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops cleanly at %s with 130, and resumes to the same result',
    async (signal) => {
      const out = join(folder, signal)
      const run = startUnmask(['label', clips, '--out', out, '--json', ...options])
      await run.sees(inTheMiddle)
      const hosts = childProcesses(run.process.pid)
      // A terminal, or whatever ends a session, signals the hosts as well.
      for (const pid of hosts) process.kill(pid, signal)
      run.process.kill(signal)
      const { code } = await run.result
      expect(code).toBe(130)
      const names = await readdir(out)
      expect(names).toContain('a-short.meta.json')
      expect(names).toContain('summary.csv')
      expect(names.filter((name) => name.startsWith('b-long'))).toEqual([])
      expect(await hasLeftovers(out)).toEqual([])
      expect(await readTable(out, 'errors.csv')).toEqual([])
      const resumed = await runUnmask(['label', clips, '--out', out, '--resume', ...options])
      expect(resumed.stderr).toContain('1 done before')
      expect(resumed.code).toBe(0)
      await isComplete(out)
    },
  )

  it('survives SIGKILL in the middle of a clip: no half file, and it resumes to the same result', async () => {
    const out = join(folder, 'killed')
    const run = startUnmask(['label', clips, '--out', out, '--json', ...options])
    await run.sees(inTheMiddle)
    const hosts = childProcesses(run.process.pid)
    run.process.kill('SIGKILL')
    expect((await run.result).signal).toBe('SIGKILL')
    expect(await outliving(hosts, 20_000)).toEqual([])
    const names = await readdir(out)
    expect(names).toContain('a-short.meta.json')
    expect(names.filter((name) => name.startsWith('b-long') && !name.endsWith('.unmask-tmp'))).toEqual([])
    const resumed = await runUnmask(['label', clips, '--out', out, '--resume', ...options])
    expect(resumed.stderr).toContain('1 done before')
    expect(resumed.code).toBe(0)
    await isComplete(out)
  })

  it.runIf(process.platform === 'linux')(
    'goes on after a host was killed in the middle of a clip, which it reports',
    async () => {
      const out = join(folder, 'host-killed')
      const next = join(folder, 'next.mp4')
      await copyFile(sample, next)
      const run = startUnmask(['label', join(clips, 'b-long.mp4'), next, '--out', out, '--json', ...options])
      await run.sees(inTheMiddle)
      for (const pid of childProcesses(run.process.pid)) process.kill(pid, 'SIGKILL')
      expect((await run.result).code).toBe(1)
      const summary = await readTable(out, 'summary.csv')
      expect(summary.map(({ clip_id, status }) => [clip_id, status])).toEqual([
        ['b-long', 'error'],
        ['next', 'ok'],
      ])
      const [error] = await readTable(out, 'errors.csv')
      expect(error).toMatchObject({ clip_id: 'b-long', code: 'host.crashed', stage: 'face' })
      expect(await hasLeftovers(out)).toEqual([])
    },
  )

  it('will not resume with other settings', async () => {
    const out = join(folder, 'whole')
    const other = await runUnmask(['label', clips, '--out', out, '--resume', '--jobs', '1', '--fps', '4'])
    expect(other.stderr).toContain('framesPerSec')
    expect(other.code).toBe(2)
  })
})
