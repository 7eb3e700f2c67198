import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../support/media-fixtures'
import { mutate } from '../support/mutate'
import { hasLeftovers, readTable } from '../support/result-folder'
import { repositoryRoot, runUnmask } from '../support/run-unmask'

const MUTATIONS = 510
const VIDEO = ['mp4', 'mov', 'mkv', 'webm', 'avi', 'mts', 'wmv']
const SOUND = ['wav', 'flac', 'mp3', 'm4a', 'ogg', 'aac']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-fuzz-'))
  const clips = join(folder, 'clips')
  const sources = join(folder, 'sources')
  await mkdir(clips)
  await mkdir(sources)
  const paths: string[] = []
  for (const extension of [...VIDEO, ...SOUND]) {
    const path = join(sources, `source.${extension}`)
    const video = VIDEO.includes(extension) ? { widthPx: 64, heightPx: 48, frames: 8 } : null
    await makeClip({ path, video, audio: { kind: 'tone', durationSecs: 0.4 } })
    paths.push(path)
  }
  // A real face with a real voice, so that damaged pictures also reach detector, tracker and networks.
  paths.push(join(repositoryRoot, 'assets', 'sample', 'ravdess-01-01-01-01-01-01-01.mp4'))
  for (let seed = 0; seed < MUTATIONS; seed++) {
    // The real clip costs a hundred times the others: a few of it will do.
    const isReal = seed % 40 === 0
    const path = isReal ? paths.at(-1) : paths[seed % (paths.length - 1)]
    const { bytes } = mutate(await readFile(path ?? ''), seed)
    const extension = path?.split('.').at(-1) ?? ''
    await writeFile(join(clips, `${String(seed).padStart(4, '0')}.${extension}`), bytes)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('hostile media', () => {
  it(`ends with a row for each of ${MUTATIONS} damaged files`, { timeout: 480_000 }, async () => {
    const out = join(folder, 'results')
    const args = [
      'label',
      join(folder, 'clips'),
      '--out',
      out,
      '--json',
      '--jobs',
      '2',
      '--stall-timeout',
      '30',
    ]
    const { code, stdout } = await runUnmask([...args, '--backend', 'wasm'])
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; done?: number; failed?: number })
    const end = events.at(-1)
    expect(end).toMatchObject({ type: 'end', isInterrupted: false })
    expect((end?.done ?? 0) + (end?.failed ?? 0)).toBe(MUTATIONS)
    expect(code).toBe(1)
    // Damage that nothing notices and damage that nothing survives would both make this test say little.
    expect(end?.done).toBeGreaterThan(MUTATIONS * 0.2)
    expect(end?.failed).toBeGreaterThan(MUTATIONS * 0.1)
    const summary = await readTable(out, 'summary.csv')
    expect(summary).toHaveLength(MUTATIONS)
    const errors = await readTable(out, 'errors.csv')
    expect(errors).toHaveLength(end?.failed ?? -1)
    // A fault of the file has a code of its own: 'internal' would be a fault of the program.
    expect(errors.filter(({ code: fault }) => fault === 'internal')).toEqual([])
    expect(await hasLeftovers(out)).toEqual([])
  })
})
