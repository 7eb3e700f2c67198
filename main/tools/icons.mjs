#!/usr/bin/env node
// @ts-check
// Makes the app's icons out of assets/icon.svg and, for small sizes, assets/icon-small.svg: node main/tools/icons.mjs
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { appCommand, cacheFolderOf, findElectron, problemsOf } from './electron.mjs'
import { icnsOf, icoOf } from './icons/containers.mjs'
import { root } from './parts.mjs'

const SIZES_PX = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
/** Four bars and a mouth are one blur at this size and below. */
const SMALL_PX = 32
const LINUX_PX = [16, 32, 48, 64, 128, 256, 512]
const WINDOWS_PX = [16, 24, 32, 48, 64, 128, 256]

const assets = join(root, 'assets')
const scratch = mkdtempSync(join(tmpdir(), 'unmask-icons-'))
try {
  const electron = await findElectron()
  const problems = problemsOf(electron)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  writeFileSync(
    join(scratch, 'package.json'),
    '{ "name": "icons", "version": "1.0.0", "main": "render.cjs" }',
  )
  copyFileSync(
    join(dirname(fileURLToPath(import.meta.url)), 'icons', 'render.cjs'),
    join(scratch, 'render.cjs'),
  )
  const jobs = SIZES_PX.map((sizePx) => ({
    svg: join(assets, sizePx <= SMALL_PX ? 'icon-small.svg' : 'icon.svg'),
    png: join(scratch, `${sizePx}.png`),
    sizePx,
  }))
  const { path, args } = appCommand(electron, { appFolder: scratch, cacheFolder: cacheFolderOf(process.env) })
  const drawn = spawnSync(path, [...args, `--user-data-dir=${join(scratch, 'profile')}`], {
    env: { ...process.env, UNMASK_ICON_JOBS: JSON.stringify(jobs) },
    encoding: 'utf8',
  })
  if (drawn.status !== 0) throw new Error(`Electron did not draw the icons: ${drawn.stderr}`)

  const pictures = jobs.map(({ png, sizePx }) => ({ sizePx, png: readFileSync(png) }))
  mkdirSync(join(assets, 'icons'), { recursive: true })
  for (const { sizePx, png } of pictures)
    if (LINUX_PX.includes(sizePx)) writeFileSync(join(assets, 'icons', `${sizePx}x${sizePx}.png`), png)
  writeFileSync(join(assets, 'icon.ico'), icoOf(pictures.filter(({ sizePx }) => WINDOWS_PX.includes(sizePx))))
  writeFileSync(join(assets, 'icon.icns'), icnsOf(pictures))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
