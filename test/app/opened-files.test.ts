import { EventEmitter } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import { describe, expect, it } from 'vitest'
import { OpenedFiles, pathsIn } from '../../main/app/opened-files'
import { tempFolder } from '../support/temp-folder'

async function makePlace() {
  const folder = await tempFolder()
  const appFolder = join(folder, 'app')
  const clip = join(folder, 'a clip.mp4')
  const project = join(folder, 'project')
  mkdirSync(appFolder)
  mkdirSync(project)
  writeFileSync(clip, '')
  return { folder, appFolder, clip, project }
}

describe('files among the arguments', () => {
  it('are told from switches, the app itself and what does not exist', async () => {
    const { folder, appFolder, clip, project } = await makePlace()
    const argv = [
      '/usr/bin/electron',
      '--no-sandbox',
      appFolder,
      clip,
      `--user-data-dir=${folder}`,
      project,
      '',
      '/nowhere.mp4',
    ]
    expect(pathsIn(argv, { appFolder, workingFolder: '/' })).toEqual([clip, project])
  })

  it('may be relative to where the second start stood, and named twice', async () => {
    const { folder, appFolder, clip } = await makePlace()
    const argv = ['unmask', 'a clip.mp4', clip, 'project/../a clip.mp4']
    expect(pathsIn(argv, { appFolder, workingFolder: folder })).toEqual([clip])
    expect(pathsIn(['unmask', 'a clip.mp4'], { appFolder, workingFolder: appFolder })).toEqual([])
  })
})

it('keeps files until somebody listens, then hands over each start', async () => {
  const { folder, appFolder, clip, project } = await makePlace()
  const app = Object.assign(new EventEmitter(), { getAppPath: () => appFolder })
  const opened = new OpenedFiles(app as unknown as App, ['unmask', clip])
  let isPrevented = false
  app.emit('open-file', { preventDefault: () => (isPrevented = true) }, project)
  expect(isPrevented).toBe(true)
  const heard: (readonly string[])[] = []
  opened.listen((paths) => heard.push(paths))
  expect(heard).toEqual([[clip, project]])
  app.emit('second-instance', {}, ['unmask', 'project'], folder)
  app.emit('second-instance', {}, ['unmask', '--allow-file-access-from-files'], folder)
  expect(heard).toEqual([[clip, project], [project]])
})
