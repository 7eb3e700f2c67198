import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PickedPaths } from '../../../main/app/projects/picked-paths'
import { ProjectSession } from '../../../main/app/projects/project-session'
import { isProject, ProjectService } from '../../../main/app/projects/project-service'
import { RecentProjects } from '../../../main/app/projects/recent-projects'
import { UnmaskError } from '../../../main/engine/errors'
import { Project } from '../../../main/engine/project/project'
import { tempFolder } from '../../support/temp-folder'

async function openSession(names: readonly string[]) {
  const root = await tempFolder()
  const recordings = join(root, 'recordings')
  await mkdir(recordings)
  const paths = names.map((name) => join(recordings, name))
  for (const path of paths) await writeFile(path, path)
  const grants = new Map<string, string>()
  const gone: string[] = []
  const session = new ProjectSession(await Project.create(join(root, 'project')), {
    probe: async (path) => {
      if (path.includes('bad')) throw new UnmaskError('media.not-media', `no recording: ${path}`)
      return { kind: path.endsWith('.wav') ? 'audio' : 'video', durationSecs: 4, hasSound: true }
    },
    onClips: (_, left) => gone.push(...left),
    onTrouble: (message) => expect.unreachable(message),
    onGrant: (token, clip) => grants.set(token, clip.realPath),
    onRevoke: (token) => grants.delete(token),
    isBlind: () => false,
  })
  await session.load()
  await session.add(paths)
  onTestFinished(() => session.close())
  const find = (clipId: string) => session.list().find((clip) => clip.clipId === clipId)
  return { session, root, recordings, paths, grants, gone, find }
}

describe('ProjectSession', () => {
  it('tells what recordings hold, and beside the clip why it cannot', async () => {
    const { find } = await openSession(['a.mp4', 'b.wav', 'bad.mp4'])
    await expect.poll(() => find('bad')?.problem).toMatchObject({ code: 'media.not-media', stage: 'probe' })
    expect(find('a')).toMatchObject({ kind: 'video', durationSecs: 4, status: 'new' })
    expect(find('a')?.thumbnailUrl).toBe(`unmask-media://thumbnail/${find('a')?.token}`)
    expect(find('b')).toMatchObject({ kind: 'audio', thumbnailUrl: null })
  })

  it('grants clips by tokens alone, and takes the grant with the clip', async () => {
    const { session, grants, gone, find, paths } = await openSession(['a.mp4', 'b.mp4'])
    const { token } = find('a')!
    expect(token).toMatch(/^[0-9a-f-]{36}$/)
    expect([...grants.values()]).toEqual(paths)
    expect(session.clipOf(token).realPath).toBe(paths[0])
    session.remove(new Set(['a']))
    expect(gone).toEqual([token])
    expect(grants.has(token)).toBe(false)
    for (const stranger of [token, '', '../a.mp4', paths[1]!, '__proto__'])
      expect(() => session.clipOf(stranger)).toThrow(expect.objectContaining({ code: 'usage.invalid' }))
  })

  it('shows recordings that went away, finds them when they are back, and follows one that moved', async () => {
    const { session, recordings, grants, find, paths } = await openSession(['a.mp4', 'b.mp4'])
    const elsewhere = join(recordings, 'renamed.mp4')
    await rename(paths[0]!, elsewhere)
    await session.refresh()
    expect(find('a')?.status).toBe('missing')
    await expect(session.relink('a', paths[1]!)).rejects.toMatchObject({ code: 'usage.invalid' })
    await session.relink('a', elsewhere)
    expect(find('a')).toMatchObject({ status: 'new', name: 'renamed.mp4' })
    expect(grants.get(find('a')!.token)).toBe(elsewhere)
    await rm(paths[1]!)
    await session.refresh()
    expect(find('b')?.status).toBe('missing')
    await writeFile(paths[1]!, 'back')
    await session.refresh()
    expect(find('b')?.status).toBe('new')
  })
})

describe('ProjectService', () => {
  it('keeps the open project when another cannot be opened, and lets go of it for one that can', async () => {
    const root = await tempFolder()
    const recent = new RecentProjects(root)
    await recent.load()
    const opened: (string | null)[] = []
    const service = new ProjectService({
      recent,
      hooks: {
        probe: () => Promise.reject(new UnmaskError('media.not-media', 'no')),
        onClips: () => undefined,
        onTrouble: (message) => expect.unreachable(message),
        onGrant: () => undefined,
        onRevoke: () => undefined,
        isBlind: () => false,
      },
      onTaking: async () => undefined,
      onOpened: async (session) => void opened.push(session?.project.file.name ?? null),
      onClosing: async () => undefined,
    })
    await expect(service.addPaths([root], true)).rejects.toMatchObject({ code: 'usage.invalid' })
    await service.createAt(join(root, 'one'))
    await expect(service.openAt(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'input.not-found' })
    expect(service.open.project.file.name).toBe('one')
    await service.createAt(join(root, 'two'))
    await service.openAt(join(root, 'one', 'unmask-project.json'))
    await service.openAt(join(root, 'one'))
    await service.close()
    expect(opened).toEqual(['one', 'two', 'one', null])

    const again = new RecentProjects(root)
    await again.load()
    expect(again.list().map(({ name, isMissing }) => [name, isMissing])).toEqual([
      ['one', false],
      ['two', false],
    ])
    await rm(join(root, 'two'), { recursive: true })
    const [, gone] = again.list()
    expect(gone?.isMissing).toBe(true)
    await again.forget(gone!.token)
    expect(again.list()).toHaveLength(1)
    expect(() => again.folderOf(gone!.token)).toThrow(expect.objectContaining({ code: 'usage.invalid' }))
    expect(isProject(join(root, 'one'))).toBe(true)
    expect(isProject(root)).toBe(false)
  })
})

describe('PickedPaths', () => {
  it('gives what was handed over for its tokens and nothing for others', () => {
    const picked = new PickedPaths()
    const tokens = picked.give(['/a', '/b'])
    expect(picked.of(tokens)).toEqual(['/a', '/b'])
    expect(() => picked.of([...tokens, '/a'])).toThrow(expect.objectContaining({ code: 'usage.invalid' }))
  })
})
