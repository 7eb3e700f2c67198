import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import lock from '../../package-lock.json'
import { loadFfmpeg } from '../../main/engine/media/node-av'
import { noticesFile, noticesText } from '../../main/tools/notices.mjs'
import { ffmpegLibraries, ffmpegLicence, readFfmpegBuild } from '../../main/tools/notices/ffmpeg.mjs'
import { BUNDLED, shippedPackages } from '../../main/tools/notices/packages.mjs'
import { repositoryRoot } from '../support/run-unmask'

describe('third-party notices', () => {
  const written = readFileSync(noticesFile, 'utf8')

  it('name every shipped package in the version of package-lock.json, with a licence text', () => {
    const locked: Record<string, { version?: string }> = lock.packages
    const shipped = shippedPackages()
    for (const name of [
      'node-av',
      '@seydx/node-av-win32-x64-msvc',
      '@tensorflow/tfjs',
      'face-api.js',
      'zod',
      'vue',
    ])
      expect(shipped.map((one) => one.name)).toContain(name)
    for (const { name, version, licence, text } of shipped) {
      expect(version).toBe(locked[`node_modules/${name}`]?.version)
      expect(written).toContain(`\n${name} ${version} (${licence})\n`)
      expect(written, name).toContain(text)
    }
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('are current', async () => {
    expect(noticesText(await readFfmpegBuild()), 'node main/tools/notices.mjs').toBe(written)
  })

  it.runIf(existsSync(join(repositoryRoot, 'dist/renderer')))(
    'know every package inside the built page',
    () => {
      const assets = join(repositoryRoot, 'dist/renderer/assets')
      const maps = readdirSync(assets).filter((name) => name.endsWith('.map'))
      expect(maps.length).toBeGreaterThan(0)
      const sources = maps.flatMap(
        (name) => (JSON.parse(readFileSync(join(assets, name), 'utf8')) as { sources: string[] }).sources,
      )
      const packages = sources.flatMap(
        (source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [],
      )
      expect(packages).toContain('@vue/runtime-core')
      for (const name of packages) expect(BUNDLED).toContain(name)
    },
  )
})

describe("FFmpeg's licence", () => {
  it.each([
    ['--enable-gpl --enable-version3 --enable-libx264', 'GNU General Public License, version 3 or later'],
    ['--enable-gpl', 'GNU General Public License, version 2 or later'],
    ['--enable-version3', 'GNU Lesser General Public License, version 3 or later'],
    ['', 'GNU Lesser General Public License, version 2.1 or later'],
    ['--enable-gpl --enable-nonfree', 'not redistributable (--enable-nonfree)'],
  ])('of a build with "%s"', (configuration, licence) => {
    expect(ffmpegLicence(configuration)).toBe(licence)
  })

  it('lists the libraries built in, not the switches', () => {
    expect(
      ffmpegLibraries('--enable-gpl --enable-version3 --enable-lto=auto --enable-libx264 --enable-zlib'),
    ).toEqual(['libx264', 'zlib'])
  })

  it('does not hang on fdk-aac: AAC is read and written by FFmpeg itself, as the notices say', async () => {
    const { lib, constants } = await loadFfmpeg()
    expect(lib.Codec.findDecoder(constants.AV_CODEC_ID_AAC)?.name).toBe('aac')
    expect(lib.Codec.findEncoder(constants.AV_CODEC_ID_AAC)?.name).toBe('aac')
  })
})
