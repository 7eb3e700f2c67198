import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { repositoryRoot, runUnmask } from '../../support/run-unmask'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

const CLIP = 'ravdess-01-01-01-01-01-01-01'
const FLAGS = ['--landmarks', '--long', '--eaf', '--textgrid', '--boris']

/** A clip that the command labelled, opened in the window; requests go as the page sends them. */
describe.skipIf(place === null)('the viewer of the window', () => {
  let window: AppWindow
  let folder: string
  let token: string
  let secondToken: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-test-viewer-'))
    const media = join(folder, `${CLIP}.mp4`)
    await copyFile(join(repositoryRoot, 'assets', 'sample', `${CLIP}.mp4`), media)
    const second = join(folder, 'second.mp4')
    await copyFile(media, second)
    const out = ['--out', join(folder, 'results')]
    const { code, stderr } = await runUnmask(['label', media, second, ...out, ...FLAGS])
    if (code !== 0) throw new Error(stderr)
    await mkdir(join(folder, 'exported'))
    window = await openAppWindow(place!)
    await window.answerOpenDialogs([join(folder, 'results')], [join(folder, 'exported')])
    const clips = await window.page.evaluate(async () => {
      const opened = await self.unmask.chooseProject(null)
      if (!opened.ok) throw new Error(opened.fault.message)
      const reply = await self.unmask.listClips(null)
      if (!reply.ok) throw new Error(reply.fault.message)
      return reply.value.map(({ token: own, clipId, hasResults }) => ({ token: own, clipId, hasResults }))
    })
    expect(clips.every(({ hasResults }) => hasResults)).toBe(true)
    const tokenOf = (name: string) => clips.find(({ clipId }) => clipId === name)!.token
    token = tokenOf(CLIP)
    secondToken = tokenOf('second')
  })
  afterAll(async () => {
    await window?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Sends requests over a fresh port, one after the other; typed arrays come back as their lengths. */
  function ask(requests: readonly (readonly [verb: string, ask: object])[]) {
    return window.page.evaluate(async (list) => {
      const port = await new Promise<MessagePort>((resolve) => {
        addEventListener('message', (event: MessageEvent<{ unmaskPort?: string }>) => {
          const received = event.ports[0]
          if (event.data.unmaskPort === 'viewer' && received) resolve(received)
        })
        void self.unmask.openPort({ name: 'viewer' })
      })
      const replies: unknown[] = []
      for (const [id, [verb, message]] of list.entries()) {
        const reply = new Promise((resolve) => {
          port.onmessage = ({ data }: MessageEvent<{ id?: number }>) => {
            if (data.id === id) resolve(data)
          }
        })
        port.postMessage({ id, verb, ask: message })
        const text = JSON.stringify(await reply, (_, value: unknown) =>
          ArrayBuffer.isView(value) ? `${value.constructor.name} ${value.byteLength}` : value,
        )
        replies.push(JSON.parse(text))
      }
      port.close()
      return replies
    }, requests)
  }

  it('answers with columns, sound and landmarks of a granted clip', async () => {
    const range = { token, fromSecs: 0, toSecs: 10, maxColumns: 500 }
    const [opened, prepared, waveform, logMel, mfcc, landmarks] = await ask([
      ['openClip', { token }],
      ['prepareSignals', { token }],
      ['signals', { ...range, kind: 'waveform' }],
      ['signals', { ...range, kind: 'log-mel' }],
      ['signals', { ...range, kind: 'mfcc' }],
      ['landmarks', { token, firstRow: 0, endRow: 98 }],
    ])
    expect(opened).toMatchObject({
      ok: true,
      value: {
        clip: { clipId: CLIP, frameCount: 98, hasLandmarks: true },
        rows: { count: 98, timeSecs: 'Float64Array 784', faceProbs: 'Float32Array 2744' },
      },
    })
    expect(prepared).toMatchObject({ ok: true, value: { soundStartSecs: 0 } })
    expect(waveform).toMatchObject({ ok: true, value: { kind: 'waveform', isComplete: true } })
    expect(logMel).toMatchObject({ ok: true, value: { kind: 'log-mel', bands: 40 } })
    expect(mfcc).toMatchObject({ ok: true, value: { kind: 'mfcc', rows: 13 } })
    expect(landmarks).toMatchObject({ ok: true, value: { points: `Float32Array ${98 * 136 * 4}` } })
  })

  it('refuses what was not granted', async () => {
    const [path, other] = await ask([
      ['openClip', { token: join(folder, 'results') }],
      ['export', { token, targetFolder: folder }],
    ])
    for (const reply of [path, other])
      expect(reply).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })

  it('exports every format as the command wrote it', async () => {
    const outcome = await window.page.evaluate(
      (own) =>
        self.unmask.exportClips({
          tokens: [own],
          formats: [
            'frames',
            'speech',
            'segments',
            'meta',
            'long',
            'landmarks',
            'eaf',
            'textgrid',
            'boris',
            'dictionary',
            'methods',
          ],
        }),
      token,
    )
    expect(outcome).toMatchObject({
      ok: true,
      value: { folderName: 'exported', failed: [], clips: [{ absent: [] }] },
    })
    const names = await readdir(join(folder, 'exported'))
    expect(names).toHaveLength(13)
    for (const name of names)
      expect(
        (await readFile(join(folder, 'exported', name))).equals(
          await readFile(join(folder, 'results', name)),
        ),
      ).toBe(true)
  })

  it('replaces exported files only when the user says so', async () => {
    const exportAgain = async (button: number) => {
      await window.answerOpenDialogs([join(folder, 'exported')])
      await window.app.evaluate(({ dialog }, response) => {
        dialog.showMessageBox = () => Promise.resolve({ response, checkboxChecked: false })
      }, button)
      return window.page.evaluate(
        (own) => self.unmask.exportClips({ tokens: [own], formats: ['eaf'] }),
        token,
      )
    }
    const path = join(folder, 'exported', `${CLIP}.eaf`)
    await writeFile(path, 'my own work')
    expect(await exportAgain(0)).toEqual({ ok: true, value: null })
    expect(await readFile(path, 'utf8')).toBe('my own work')
    expect(await exportAgain(1)).toMatchObject({ ok: true, value: { clips: [{ files: [`${CLIP}.eaf`] }] } })
    expect(await readFile(path)).toEqual(await readFile(join(folder, 'results', `${CLIP}.eaf`)))
    await window.answerOpenDialogs()
    const dismissed = await window.page.evaluate(
      (own) => self.unmask.exportClips({ tokens: [own], formats: ['eaf'] }),
      token,
    )
    expect(dismissed).toEqual({ ok: true, value: null })
  })

  it('exports several clips at once without asking about its own files', async () => {
    await mkdir(join(folder, 'both'))
    await window.answerOpenDialogs([join(folder, 'both')])
    await window.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.reject(new Error('nothing is to be asked'))
    })
    const outcome = await window.page.evaluate(
      (tokens) => self.unmask.exportClips({ tokens, formats: ['textgrid', 'dictionary', 'methods'] }),
      [token, secondToken],
    )
    expect(outcome).toMatchObject({ ok: true, value: { failed: [], clips: [{}, {}] } })
    expect((await readdir(join(folder, 'both'))).sort()).toEqual(
      ['METHODS.txt', 'data_dictionary.csv', `${CLIP}.TextGrid`, 'second.TextGrid'].sort(),
    )
  })

  it('saves a plot where the user says, and nothing that is none', async () => {
    await window.answerSaveDialogs(join(folder, 'plot'))
    const saved = await window.page.evaluate(async () => {
      const text = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L1 1"/></svg>'
      const bad = await self.unmask.savePicture({
        kind: 'svg',
        name: 'x',
        text: text.replace('<path', '<script'),
      })
      const good = await self.unmask.savePicture({ kind: 'svg', name: 'x', text })
      return [bad, good]
    })
    expect(saved).toMatchObject([
      { ok: false, fault: { code: 'usage.invalid' } },
      { ok: true, value: { fileName: 'plot.svg' } },
    ])
    expect(await readFile(join(folder, 'plot.svg'), 'utf8')).toContain('M0 0L1 1')

    // The dialog asked about "plot", not about the file that would be written.
    const saveAgain = async (button: number) => {
      await window.answerSaveDialogs(join(folder, 'plot'))
      await window.app.evaluate(({ dialog }, response) => {
        dialog.showMessageBox = () => Promise.resolve({ response, checkboxChecked: false })
      }, button)
      return window.page.evaluate(() =>
        self.unmask.savePicture({ kind: 'svg', name: 'x', text: '<svg><path d="M9 9"/></svg>' }),
      )
    }
    expect(await saveAgain(0)).toEqual({ ok: true, value: null })
    expect(await readFile(join(folder, 'plot.svg'), 'utf8')).toContain('M0 0L1 1')
    expect(await saveAgain(1)).toEqual({ ok: true, value: { fileName: 'plot.svg' } })
    expect(await readFile(join(folder, 'plot.svg'), 'utf8')).toContain('M9 9')
  })

  it('comes back with its grants after its process was killed', async () => {
    await ask([['openClip', { token }]])
    const restarted = window.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const end = self.unmask.on('processRestarted', ({ name }) => {
            end()
            resolve(name)
          })
        }),
    )
    const killed = await window.app.evaluate(({ app }) => {
      const found = app.getAppMetrics().filter(({ name }) => name === 'Unmask viewer')
      for (const { pid } of found) process.kill(pid, 'SIGKILL')
      return found.length
    })
    expect(killed).toBe(1)
    expect(await restarted).toBe('viewer')
    const [opened] = await ask([['openClip', { token }]])
    expect(opened).toMatchObject({ ok: true, value: { rows: { count: 98 } } })
  })
})
