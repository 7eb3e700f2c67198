import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isPart, isStale } from '../../main/tools/parts.mjs'
import { tempFolder } from '../support/temp-folder'

const EARLIER = new Date('2020-01-01')
const BUILT = new Date('2021-01-01')
const LATER = new Date('2022-01-01')

describe('a part that is built when it is stale', () => {
  let root: string
  const write = (name: string, content: string, time: Date) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
    utimesSync(join(root, name), time, time)
  }

  beforeEach(async () => {
    root = await tempFolder()
    for (const name of [
      'vite.preload.config.ts',
      'package.json',
      'preload/preload.ts',
      'preload/contract/x.ts',
    ])
      write(name, '', EARLIER)
    write('dist/preload/preload.cjs', '', BUILT)
    write('dist/.built-preload', 'preload/contract/x.ts\npreload/preload.ts', BUILT)
  })

  it('is left alone while nothing has changed', () => {
    expect(isStale('preload', root)).toBe(false)
  })

  it.each<[string, () => void]>([
    ['a source was changed', () => write('preload/contract/x.ts', '', LATER)],
    ['its configuration was changed', () => write('vite.preload.config.ts', '', LATER)],
    ['the packages were changed', () => write('package.json', '', LATER)],
    ['a source was added with an old time, as git and cp -p do', () => write('preload/y.ts', '', EARLIER)],
    ['a source was removed', () => rmSync(join(root, 'preload/contract/x.ts'))],
    ['what was built was removed', () => rmSync(join(root, 'dist/preload'), { recursive: true })],
    ['a build was broken off', () => rmSync(join(root, 'dist/.built-preload'))],
  ])('is stale when %s', (_, change) => {
    change()
    expect(isStale('preload', root)).toBe(true)
  })

  it('is never stale in an installed app, which has no sources', () => {
    rmSync(join(root, 'vite.preload.config.ts'))
    rmSync(join(root, 'dist/.built-preload'))
    expect(isStale('preload', root)).toBe(false)
  })
})

it.each([
  ['node', true],
  ['renderer', true],
  ['toString', false],
  ['', false],
])('%j is a part: %s', (name, expected) => {
  expect(isPart(name)).toBe(expected)
})
