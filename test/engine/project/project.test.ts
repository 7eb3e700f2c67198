import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Journal, readJournal } from '../../../main/engine/batch/journal'
import { migrate, NewerVersionError } from '../../../main/engine/project/migrations'
import { Project } from '../../../main/engine/project/project'
import { PROJECT_FILE, type ProjectFile } from '../../../main/engine/project/project-file'
import { tempFolder } from '../../support/temp-folder'
import { labelOptions } from '../batch/batch-support'

async function makeRecordings(folder: string, names: readonly string[]): Promise<string[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      await mkdir(join(path, '..'), { recursive: true })
      await writeFile(path, name)
      return path
    }),
  )
}

async function sourceOf(path: string) {
  const { size, mtimeMs } = await stat(path)
  return { path, sizeBytes: size, modifiedMs: Math.round(mtimeMs) }
}

async function writeJournal(folder: string, done: readonly (readonly [clipId: string, path: string])[]) {
  await mkdir(folder, { recursive: true })
  const journal = await Journal.open(folder)
  await journal.append({
    type: 'batch',
    appVersion: '1',
    backend: 'wasm',
    models: {},
    options: labelOptions(),
  })
  for (const [clipId, path] of done)
    await journal.append({ type: 'done', clipId, source: await sourceOf(path), files: [], warnings: [] })
  await journal.close()
}

const readFileOf = async (folder: string): Promise<ProjectFile> =>
  JSON.parse(await readFile(join(folder, PROJECT_FILE), 'utf8')) as ProjectFile

async function reopened<T>(folder: string, look: (project: Project) => T): Promise<T> {
  const project = await Project.open(folder)
  try {
    return look(project)
  } finally {
    await project.close()
  }
}

describe('a project', () => {
  it('keeps clips, names and queue; paths inside it are relative, with slashes', async () => {
    const root = await tempFolder()
    const folder = join(root, 'Étude 研究')
    const project = await Project.create(folder)
    const inside = await makeRecordings(folder, ['clips/naïve “1”.mp4', 'clips/sub/x.mp4'])
    const [outside] = await makeRecordings(root, ['elsewhere/x.mp4'])
    expect(await project.add([...inside, outside!])).toHaveLength(3)
    expect(await project.add(inside)).toEqual([])
    project.setQueue([project.clips[1]!.clipId])
    await project.close()

    const file = await readFileOf(folder)
    expect(file.clips.map(({ path }) => path)).toEqual(['clips/naïve “1”.mp4', 'clips/sub/x.mp4', outside])
    await reopened(folder, (again) => {
      expect(again.clips.map(({ realPath }) => realPath)).toEqual([...inside, outside])
      expect(new Set(again.clips.map(({ clipId }) => clipId)).size).toBe(3)
      expect(again.file.queue).toEqual([file.clips[1]!.clipId])
      expect(again.file.name).toBe('Étude 研究')
      expect(again.notices).toEqual([])
    })
  })

  it('is not made where one is, nor opened where none is', async () => {
    const folder = await tempFolder()
    await expect(Project.open(folder)).rejects.toMatchObject({ code: 'input.not-found' })
    await (await Project.create(join(folder, 'p'))).close()
    await expect(Project.create(join(folder, 'p'))).rejects.toMatchObject({ code: 'output.exists' })
    await expect(Project.open(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'input.not-found' })
    expect(await readdir(folder)).toEqual(['p'])
    expect(await readdir(join(folder, 'p'))).toEqual([PROJECT_FILE])
  })

  it('is refused while another process has it, and not when that process is gone', async () => {
    const folder = await tempFolder()
    await (await Project.create(folder)).close()
    const lock = join(folder, '.unmask-project.lock')
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname() }))
    await expect(Project.open(folder)).rejects.toMatchObject({ code: 'output.exists' })
    await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 5, host: hostname() }))
    await reopened(folder, ({ clips }) => expect(clips).toEqual([]))
    expect(await readdir(folder)).toEqual([PROJECT_FILE])
  })

  it('is made of a results folder of the command, and follows what the command adds', async () => {
    const root = await tempFolder()
    const recordings = await makeRecordings(root, ['a.mp4', 'b.mp4', 'c.mp4'])
    const out = join(root, 'out')
    await writeJournal(out, [
      ['a', recordings[0]!],
      ['other name', recordings[1]!],
    ])
    const project = await Project.open(out)
    expect(project.resultsFolder).toBe(out)
    expect(project.clips.map(({ clipId, realPath }) => [clipId, realPath])).toEqual([
      ['a', recordings[0]],
      ['other name', recordings[1]],
    ])
    project.remove(new Set(['a']))
    await project.add([recordings[2]!])
    await project.close()
    await writeJournal(out, [['c renamed', recordings[2]!]])
    // What was taken out stays out; what the command named otherwise has the name of its files.
    await reopened(out, ({ clips }) =>
      expect(clips.map(({ clipId }) => clipId)).toEqual(['other name', 'c renamed']),
    )
  })

  it('gives way to the command over a name, never two clips one name', async () => {
    const root = await tempFolder()
    const [here, there] = await makeRecordings(root, ['here/x.mp4', 'there/x.mp4'])
    const folder = join(root, 'p')
    const project = await Project.create(folder)
    await project.add([here!])
    expect(project.clips[0]!.clipId).toBe('x')
    await writeJournal(project.resultsFolder, [['x', there!]])
    project.takeIn((await readJournal(project.resultsFolder))!)
    const names = new Map(project.clips.map(({ realPath, clipId }) => [realPath, clipId]))
    expect(names.get(there!)).toBe('x')
    expect(names.get(here!)).not.toBe('x')
    await project.close()
  })

  it('finds its recordings, and the journal its own, after the folder was moved', async () => {
    const root = await tempFolder()
    const folder = join(root, 'before')
    const project = await Project.create(folder)
    const [clip] = await makeRecordings(folder, ['a.mp4'])
    const [outside] = await makeRecordings(root, ['far.mp4'])
    await project.add([clip!, outside!])
    await writeJournal(project.resultsFolder, [
      ['a', clip!],
      ['far', outside!],
    ])
    await project.close()
    const moved = join(root, 'after')
    await rename(folder, moved)
    await reopened(moved, ({ clips, notices }) => {
      expect(clips.map(({ realPath }) => realPath)).toEqual([join(moved, 'a.mp4'), outside])
      expect(notices).toMatchObject([{ kind: 'info' }])
    })
    const entries = (await readJournal(join(moved, 'results')))!
    expect(entries.flatMap((entry) => (entry.type === 'done' ? [entry.source.path] : []))).toEqual([
      join(moved, 'a.mp4'),
      outside,
    ])
    await reopened(moved, ({ notices }) => expect(notices).toEqual([]))
  })
})

describe('a project file that cannot be read', () => {
  const damages: readonly [remark: string, damage: (text: string) => string, kept: number][] = [
    ['torn in a clip', (text) => text.slice(0, text.indexOf('"b"') + 2), 1],
    ['torn at the end', (text) => text.slice(0, -3), 2],
    ['a field of another type', (text) => text.replace('"queue": []', '"queue": 7'), 2],
    ['a path out of the project', (text) => text.replace('"results"', '"../../etc"'), 2],
    ['two clips of one name', (text) => text.replace('"clipId": "b"', '"clipId": "a"'), 1],
    ['not JSON', () => 'PK\u0003\u0004', 0],
    ['empty', () => '', 0],
    ['null', () => 'null', 0],
    ['without version', (text) => text.replace('"formatVersion": 1,', ''), 2],
  ]
  it.each(damages)('is set aside whole: %s', async (_, damage, kept) => {
    const folder = await tempFolder()
    const project = await Project.create(folder, 'Named')
    const [a, b, journalled] = await makeRecordings(folder, ['a.mp4', 'b.mp4', 'j.mp4'])
    await project.add([a!, b!])
    await writeJournal(project.resultsFolder, [['j', journalled!]])
    await project.close()
    const path = join(folder, PROJECT_FILE)
    const damaged = damage(await readFile(path, 'utf8'))
    await writeFile(path, damaged)

    const { clips, notices } = await reopened(folder, ({ clips, notices }) => ({ clips, notices }))
    expect(clips).toHaveLength(kept + 1)
    expect(clips.map(({ clipId }) => clipId)).toContain('j')
    expect(notices).toMatchObject([{ kind: 'warning' }])
    const aside = (await readdir(folder)).filter((name) => name.startsWith('unmask-project.corrupt-'))
    expect(aside).toHaveLength(1)
    expect(notices[0]!.text).toContain(aside[0])
    expect(await readFile(join(folder, aside[0]!), 'utf8')).toBe(damaged)
    await reopened(folder, (again) => expect(again.notices).toEqual([]))
  })

  it('survives a save that a crash cut off', async () => {
    const folder = await tempFolder()
    const project = await Project.create(folder)
    await project.add(await makeRecordings(folder, ['a.mp4']))
    await project.close()
    await writeFile(join(folder, `${PROJECT_FILE}.unmask-tmp`), '{"format": "unm')
    await reopened(folder, ({ clips, notices }) => {
      expect(clips).toHaveLength(1)
      expect(notices).toEqual([])
    })
    expect((await readdir(folder)).sort()).toEqual(['a.mp4', PROJECT_FILE])
  })

  it('is left alone when a newer program wrote it', async () => {
    const folder = await tempFolder()
    await (await Project.create(folder)).close()
    const path = join(folder, PROJECT_FILE)
    const newer = (await readFile(path, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 2')
    await writeFile(path, newer)
    await expect(Project.open(folder)).rejects.toBeInstanceOf(NewerVersionError)
    expect(await readdir(folder)).toEqual([PROJECT_FILE])
    expect(await readFile(path, 'utf8')).toBe(newer)
  })

  it('tells of a journal that cannot be read, and opens all the same', async () => {
    const folder = await tempFolder()
    const project = await Project.create(folder)
    await project.add(await makeRecordings(folder, ['a.mp4']))
    await project.close()
    await mkdir(join(folder, 'results'))
    await writeFile(join(folder, 'results', 'unmask-journal.jsonl'), 'nonsense\nmore\n')
    await reopened(folder, ({ clips, notices }) => {
      expect(clips).toHaveLength(1)
      expect(notices).toMatchObject([{ kind: 'warning', text: expect.stringContaining('journal') }])
    })
  })
})

describe('changes', () => {
  it('are saved by themselves', async () => {
    const folder = await tempFolder()
    const project = await Project.create(folder)
    project.rename('Another')
    await expect.poll(async () => (await readFileOf(folder)).name, { timeout: 5000 }).toBe('Another')
    await project.close()
  })

  it('that cannot be saved are told, and saved with the next one that can', async () => {
    const root = await tempFolder()
    const folder = join(root, 'p')
    const project = await Project.create(folder)
    const failed = new Promise((resolve) => project.onSaveFailed(resolve))
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
    project.rename('Another')
    expect(await failed).toMatchObject({ code: expect.stringMatching(/^(output|internal)/) })
    await rm(folder)
    await project.close()
    expect((await readFileOf(folder)).name).toBe('Another')
  })

  it('relinking keeps what is known where the recording is the same size', async () => {
    const root = await tempFolder()
    const [a, same, other] = await makeRecordings(root, ['a.mp4', 'b.mp4', 'longer name.mp4'])
    const project = await Project.create(join(root, 'p'))
    await project.add([a!])
    const facts = { kind: 'video', durationSecs: 3, hasSound: true } as const
    project.setFacts('a', facts)
    await project.relink('a', same!)
    expect(project.clips).toMatchObject([{ clipId: 'a', realPath: same, facts }])
    await project.relink('a', other!)
    expect(project.clips).toMatchObject([{ clipId: 'a', realPath: other, facts: null }])
    await project.close()
  })
})

describe('migrate', () => {
  const versions = {
    what: 'thing',
    current: 3,
    steps: {
      1: (content: Record<string, unknown>) => ({ ...content, two: true }),
      2: (content: Record<string, unknown>) => ({ ...content, three: content['two'] }),
    },
  }

  it('goes through every step in turn', () => {
    expect(migrate({ formatVersion: 1 }, versions, '/x')).toEqual({
      formatVersion: 3,
      two: true,
      three: true,
    })
    expect(migrate({ formatVersion: 2 }, versions, '/x')).toEqual({ formatVersion: 3, three: undefined })
    expect(migrate({ formatVersion: 3 }, versions, '/x')).toEqual({ formatVersion: 3 })
  })

  it.each([[{}], [{ formatVersion: 0 }], [{ formatVersion: 1.5 }], [{ formatVersion: '1' }], [[]], [null]])(
    'refuses %j',
    (raw) => {
      expect(() => migrate(raw, versions, '/x')).toThrow(expect.objectContaining({ code: 'data.invalid' }))
    },
  )
})
