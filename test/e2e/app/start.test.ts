import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'
import { findWindowPlace } from '../../support/window-place'

const place = await findWindowPlace()
afterAll(() => place?.display.stop())

interface Started {
  readonly code: number | null
  readonly said: string
}

/** Runs what `npm start` runs; `onOutput` sees everything said so far. */
function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onOutput: (said: string) => void = () => undefined,
): Promise<Started> {
  const child = spawn(process.execPath, [join(repositoryRoot, 'main/tools/start.mjs'), ...args], {
    cwd: repositoryRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (text: string) => onOutput((said += text))
  child.stdout.setEncoding('utf8').on('data', listen)
  child.stderr.setEncoding('utf8').on('data', listen)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

const targetsSchema = z.array(z.object({ id: z.string(), title: z.string(), url: z.string() }))

/** Waits for the app's page among those that the debugging port lists, then closes it. */
async function closePage(port: string): Promise<string> {
  for (;;) {
    const listed = await fetch(`http://127.0.0.1:${port}/json/list`)
    const page = targetsSchema
      .parse(await listed.json())
      .find(({ title, url }) => url.startsWith('unmask://app') && title !== '' && title !== url)
    if (page) {
      await fetch(`http://127.0.0.1:${port}/json/close/${page.id}`)
      return page.title
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe.skipIf(place === null)('npm start', () => {
  it('opens the window, and ends with it', async () => {
    const profile = await tempFolder()
    let title: Promise<string> | undefined
    const args = [`--user-data-dir=${profile}`, '--remote-debugging-port=0']
    const { code, said } = await start(args, place!.env, (output) => {
      const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output)?.[1]
      if (port) title ??= closePage(port)
    })
    expect(await title, said).toBe('Unmask')
    expect(code, said).toBe(0)
  })

  it.skipIf(process.platform !== 'linux')('says what to do where there is no screen', async () => {
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = place!.env
    const { code, said } = await start([], env)
    expect(said).toContain('xvfb-run -a npm start')
    expect(code).toBe(1)
  })

  it('says what to do about a wrong ELECTRON_OVERRIDE_DIST_PATH, without a stack trace', async () => {
    const { code, said } = await start([], { ...place!.env, ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })
    expect(said).toMatch(/^ELECTRON_OVERRIDE_DIST_PATH is \/nowhere, but there is no electron/)
    expect(said).not.toContain('    at ')
    expect(code).toBe(1)
  })
})
