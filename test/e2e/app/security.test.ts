import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REQUESTS, requestChannel } from '../../../preload/contract'
import { type AppWindow, openAppWindow } from '../../support/app-window'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

/** Electron's security checklist: each test tries to break the guard it is named after. */
describe.skipIf(place === null)('guards of the window', () => {
  let window: AppWindow
  beforeAll(async () => {
    window = await openAppWindow(place!)
  })
  afterAll(() => window?.close())

  it('keeps Node and Electron out of the page', async () => {
    const found = await window.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    )
    expect(found).toEqual([])
    const preferences = await window.app.evaluate(({ webContents }) => {
      const contents = webContents.getAllWebContents()[0]
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } = (
        contents as unknown as { getLastWebPreferences(): Record<string, boolean> }
      ).getLastWebPreferences()
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag: webviewTag === true }
    })
    expect(preferences).toEqual({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
  })

  it('offers the verbs of the contract and nothing else', async () => {
    const offered = await window.page.evaluate(() => Object.keys(self.unmask).sort())
    expect(offered).toEqual([...REQUESTS, 'on', 'takeDropped'].sort())
    await expect(
      window.page.evaluate(() => self.unmask.on('unmask:request:appInfo' as never, () => undefined)),
    ).rejects.toThrow(/no such event/)
  })

  it('does not let the page replace a verb', async () => {
    const survived = await window.page.evaluate(async () => {
      try {
        Object.assign(self.unmask, { appInfo: () => 'forged' })
      } catch {
        // Frozen objects throw in strict code; what counts is what the verb does now.
      }
      return (await self.unmask.appInfo(null)).ok
    })
    expect(survived).toBe(true)
  })

  it.each([
    'https://example.com/',
    'file:///etc/passwd',
    'unmask://other/index.html',
    'data:text/html,hello',
  ])('refuses to navigate to %s', async (url) => {
    const before = window.page.url()
    await window.page.evaluate((target) => void (location.href = target), url)
    await window.page.waitForTimeout(300)
    expect(window.page.url()).toBe(before)
    expect(await window.page.evaluate(() => location.href)).toBe(before)
  })

  it.each(['https://example.com/', 'unmask://app/index.html', 'about:blank'])(
    'opens no window for %s',
    async (url) => {
      const opened = await window.page.evaluate((target) => globalThis.open(target) !== null, url)
      expect(opened).toBe(false)
      const count = await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
      expect(count).toBe(1)
    },
  )

  it('loads nothing remote and runs no foreign code', async () => {
    const outcome = await window.page.evaluate(async () => {
      const tryOut = async (run: () => unknown) => {
        try {
          await run()
          return 'ran'
        } catch {
          return 'refused'
        }
      }
      const script = document.createElement('script')
      script.textContent = 'globalThis.hasRunInline = true'
      document.body.append(script)
      const frame = document.createElement('iframe')
      frame.src = 'unmask://app/index.html'
      document.body.append(frame)
      await new Promise((resolve) => setTimeout(resolve, 300))
      const frameHasPage = frame.contentDocument?.querySelector('nav') != null
      frame.remove()
      return {
        inline: 'hasRunInline' in globalThis,
        frameHasPage,
        eval: await tryOut(() => new Function('return 1')()),
        remote: await tryOut(() => fetch('https://example.com/')),
        local: await tryOut(() => fetch('http://127.0.0.1:9/')),
        file: await tryOut(() => fetch('file:///etc/passwd')),
      }
    })
    expect(outcome).toEqual({
      inline: false,
      frameHasPage: false,
      eval: 'refused',
      remote: 'refused',
      local: 'refused',
      file: 'refused',
    })
  })

  it.each([
    '../package.json',
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    'assets/../../package.json',
    'assets%5c..%5c..%5cpackage.json',
  ])('serves nothing outside the page folder: %s', async (path) => {
    const status = await window.page.evaluate(
      (target) => fetch(`unmask://app/${target}`).then((response) => response.status),
      path,
    )
    expect(status).toBe(404)
  })

  it('serves no media that was not opened, whatever the address', async () => {
    const statuses = await window.page.evaluate(() =>
      Promise.all(
        ['clip/unknown', 'clip/..%2f..%2fetc%2fpasswd', 'clip//etc/passwd', 'thumbnail/x', ''].map((path) =>
          fetch(`unmask-media://${path}`).then(
            (response) => response.status,
            () => 0,
          ),
        ),
      ),
    )
    expect(statuses.every((status) => status === 0 || status >= 400)).toBe(true)
  })

  it.each(['geolocation', 'notifications', 'midi', 'clipboard-read', 'persistent-storage'])(
    'refuses the permission %s',
    async (name) => {
      const state = await window.page.evaluate(
        (permission) =>
          navigator.permissions.query({ name: permission as PermissionName }).then(
            ({ state }) => state,
            () => 'denied',
          ),
        name,
      )
      expect(state).not.toBe('granted')
    },
  )

  it('answers no foreign sender', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'foreign.html'), '<h1>foreign</h1>')
    const replies = await window.app.evaluate(
      async ({ BrowserWindow }, { file, preload, channels }) => {
        const own = BrowserWindow.getAllWindows()[0]
        const foreign = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, partition: 'foreign' },
        })
        await foreign.loadFile(file)
        const answers = await foreign.webContents.executeJavaScript(
          `Promise.all(${JSON.stringify(channels)}.map((verb) => self.unmask[verb](null)))`,
        )
        foreign.destroy()
        own?.focus()
        return answers as { ok: boolean; fault?: { message: string } }[]
      },
      {
        file: join(folder, 'foreign.html'),
        preload: join(process.cwd(), 'dist', 'preload', 'preload.cjs'),
        channels: [...REQUESTS],
      },
    )
    expect(replies).toHaveLength(REQUESTS.length)
    for (const reply of replies) {
      expect(reply.ok).toBe(false)
      expect(reply.fault?.message).toMatch(/not answered/)
    }
  })

  it('answers a malformed message of every channel with a fault that names the request', async () => {
    const hostile = [
      'text',
      7,
      [],
      { a: 1 },
      { token: { toString: 1 } },
      { path: '/etc/passwd' },
      'x'.repeat(100_000),
    ]
    const replies = await window.page.evaluate(
      async ({ verbs, asks }) => {
        const all: { verb: string; ok: boolean; message: string }[] = []
        for (const verb of verbs)
          for (const ask of asks) {
            const reply = await (
              self.unmask as unknown as Record<string, (ask: unknown) => Promise<unknown>>
            )[verb]!(ask)
            const { ok, fault } = reply as { ok: boolean; fault?: { message: string } }
            all.push({ verb, ok, message: fault?.message ?? '' })
          }
        return all
      },
      { verbs: [...REQUESTS], asks: hostile },
    )
    expect(replies.filter(({ ok }) => ok)).toEqual([])
    for (const { verb, message } of replies)
      expect(message.startsWith(`${verb}: `), `${verb}: ${message}`).toBe(true)
    expect(requestChannel('appInfo')).toBe('unmask:request:appInfo')
  })

  it('survived all of it', async () => {
    expect((await window.page.evaluate(() => self.unmask.appInfo(null))).ok).toBe(true)
  })
})
