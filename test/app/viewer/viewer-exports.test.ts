import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ViewerExports } from '../../../main/app/viewer/viewer-exports'
import { Viewer } from '../../../main/host/viewer/viewer'
import { EXPORT_FORMATS as CONTRACT_FORMATS } from '../../../preload/contract/exports'
import { EXPORT_FORMATS } from '../../../main/engine/results/export-clip'
import { writeLongResults } from '../../support/long-results'
import { tempFolder } from '../../support/temp-folder'

const never = new AbortController().signal

/** Main and the viewer process with messages that are cloned, as between processes. */
async function openExports() {
  const [resultsFolder, targetFolder] = [await tempFolder(), await tempFolder()]
  await writeLongResults(resultsFolder, { clipId: 'clip', durationSecs: 30, exports: { eaf: true } })
  const viewer: Viewer = new Viewer((reply) => exports.receive(structuredClone(reply)))
  const exports = new ViewerExports((message) => viewer.obey(structuredClone(message), []))
  const grant = {
    token: 't',
    mediaPath: '/data/clips/clip.mp4',
    resultsFolder,
    clipId: 'clip',
    cacheFolder: null,
    isBlind: false,
  }
  viewer.obey({ type: 'grant', ...grant }, [])
  return { exports, resultsFolder, targetFolder }
}

describe('exports of the window', () => {
  it('are offered in the formats of the engine', () => {
    expect(CONTRACT_FORMATS).toEqual(EXPORT_FORMATS)
  })

  it('are written by the viewer process', async () => {
    const { exports, resultsFolder, targetFolder } = await openExports()
    const request = {
      token: 't',
      formats: ['eaf', 'textgrid', 'landmarks'] as const,
      targetFolder,
      replace: false,
      annotation: null,
    }
    const { files, absent } = await exports.run(request, never)
    expect([...files].sort()).toEqual(['clip.TextGrid', 'clip.eaf'])
    expect(absent.map(({ format }) => format)).toEqual(['landmarks'])
    expect((await readdir(targetFolder)).sort()).toEqual(['clip.TextGrid', 'clip.eaf'])
    expect(await readFile(join(targetFolder, 'clip.eaf'))).toEqual(
      await readFile(join(resultsFolder, 'clip.eaf')),
    )
  })

  it('say what is in the way, and what token is not known', async () => {
    const { exports, targetFolder } = await openExports()
    await writeFile(join(targetFolder, 'clip.eaf'), '')
    const request = { token: 't', formats: ['eaf'] as const, targetFolder, replace: false, annotation: null }
    await expect(exports.run(request, never)).rejects.toMatchObject({ code: 'output.exists' })
    await expect(exports.run({ ...request, token: 'u' }, never)).rejects.toMatchObject({
      code: 'usage.invalid',
    })
  })

  it('stop when they are cancelled', async () => {
    const { exports, targetFolder } = await openExports()
    const controller = new AbortController()
    const request = {
      token: 't',
      formats: ['long', 'boris'] as const,
      targetFolder,
      replace: false,
      annotation: null,
    }
    const running = exports.run(request, controller.signal)
    controller.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(targetFolder)).toEqual([])
  })

  it('fail when the process ends over them, and foreign messages change nothing', async () => {
    const exports = new ViewerExports(() => undefined)
    const running = exports.run(
      { token: 't', formats: ['long'], targetFolder: '/x', replace: false, annotation: null },
      never,
    )
    exports.receive({ type: 'exported', id: 99, result: { ok: true, value: { files: [], absent: [] } } })
    exports.receive({ type: 'exported', id: 1, result: { ok: true, value: null } })
    exports.receive(null)
    exports.end('the viewer process ended (exit code 9)')
    await expect(running).rejects.toMatchObject({ code: 'host.crashed' })
  })
})
