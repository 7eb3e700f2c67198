import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron as electron } from 'playwright-core'
import { afterAll, describe, it } from 'vitest'
import { buildStale } from '../../../main/tools/parts.mjs'
import { findWindowPlace } from '../../support/window-place'
import { quantile, record } from './record'

const RUNS = 7
const place = await findWindowPlace()
afterAll(() => place?.display.stop())

async function secsUntil(args: readonly string[], selector: string): Promise<number> {
  const profile = await mkdtemp(join(tmpdir(), 'unmask-bench-'))
  const startMs = performance.now()
  const app = await electron.launch({
    executablePath: place!.path,
    args: [...args, `--user-data-dir=${profile}`],
    env: place!.env,
  })
  const page = await app.firstWindow()
  await page.locator(selector).first().waitFor()
  // Usable: it answers a click, rather than only showing itself.
  await page.locator(selector).first().click()
  const secs = (performance.now() - startMs) / 1000
  await app.close()
  await rm(profile, { recursive: true, force: true })
  return secs
}

describe.skipIf(place === null)('start', () => {
  it('opens a usable window', async () => {
    await buildStale()
    const empty = await mkdtemp(join(tmpdir(), 'unmask-bench-empty-'))
    await writeFile(
      join(empty, 'package.json'),
      '{ "name": "empty", "version": "1.0.0", "main": "main.cjs" }',
    )
    await writeFile(
      join(empty, 'main.cjs'),
      `const { app, BrowserWindow } = require('electron')
       app.whenReady().then(() => new BrowserWindow().loadURL('data:text/html,<button>usable</button>'))`,
    )
    const emptyArgs = place!.args.map((argument) => (argument.startsWith('-') ? argument : empty))
    const ours: number[] = []
    const reference: number[] = []
    for (let run = 0; run < RUNS; run++) {
      ours.push(await secsUntil(place!.args, 'nav button'))
      reference.push(await secsUntil(emptyArgs, 'button'))
    }
    const median = quantile(ours, 0.5)
    record('start', {
      'until usable, s, median': median,
      'until usable, s, slowest': Math.max(...ours),
      'empty Electron window, s, median': quantile(reference, 0.5),
      ratio: median / quantile(reference, 0.5),
      Electron: place!.electronVersion,
    })
    await rm(empty, { recursive: true, force: true })
  })
})
