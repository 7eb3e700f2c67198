import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildStale } from '../../main/tools/parts.mjs'
import { repositoryRoot } from '../support/run-unmask'

/** Packages that a built file loads when it is loaded, through all its chunks. */
async function packagesOf(entry: string): Promise<Set<string>> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const walk = async (file: string): Promise<void> => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(/\brequire\("([^"]+)"\)/g)) {
      if (name.startsWith('.')) await walk(resolve(dirname(file), name))
      else packages.add(name)
    }
  }
  await walk(join(repositoryRoot, 'dist', 'node', entry))
  return packages
}

const HEAVY = /tensorflow|face-api|node-av|meyda/

describe('processes of the app', () => {
  beforeAll(async () => void (await buildStale({ parts: ['node'] })))

  it.each(['app.cjs', 'viewer.cjs', 'probe.cjs', 'media.cjs', 'study.cjs'])(
    '%s loads no network when it starts',
    async (entry) => {
      expect([...(await packagesOf(entry))].filter((name) => /tensorflow|face-api/.test(name))).toEqual([])
    },
  )

  it('main decodes and infers nothing', async () => {
    const packages = await packagesOf('app.cjs')
    expect(packages).toContain('electron')
    expect([...packages].filter((name) => HEAVY.test(name))).toEqual([])
  })

  it('would see a network: the labelling host has one', async () => {
    expect([...(await packagesOf('host.cjs'))].some((name) => HEAVY.test(name))).toBe(true)
  })
})
