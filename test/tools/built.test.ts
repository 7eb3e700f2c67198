import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PARTS } from '../../main/tools/parts.mjs'
import { repositoryRoot } from '../support/run-unmask'

const dist = join(repositoryRoot, 'dist')
const isBuilt = Object.values(PARTS).every(({ output }) => existsSync(join(repositoryRoot, output)))

/** npm test builds first; run alone on a fresh clone there is nothing to look at. */
describe.runIf(isBuilt)('what is built', () => {
  it('is a preload in one file that requires Electron alone, for a sandbox without Node', () => {
    expect(readdirSync(join(dist, 'preload'))).toEqual(['preload.cjs'])
    const text = readFileSync(join(dist, 'preload', 'preload.cjs'), 'utf8')
    expect([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1])).toEqual(['electron'])
    expect(text).not.toMatch(/\bimport\b.*\bfrom\b|\bexport\b/)
  })

  it('is a page without scripts of its own and with addresses beside it, for a strict policy', () => {
    const page = readFileSync(join(dist, 'renderer', 'index.html'), 'utf8')
    const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    expect(scripts.length).toBeGreaterThan(0)
    for (const [, attributes, content] of scripts) {
      expect(attributes).toMatch(/src="\.\/assets\/[^"]+\.js"/)
      expect(content).toBe('')
    }
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g))
      expect(address).toMatch(/^\.\/assets\//)
    expect(page).not.toMatch(/\son\w+="/)
  })

  it('needs no eval, and has its audio worklets as files', () => {
    const assets = join(dist, 'renderer', 'assets')
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
    for (const name of scripts) {
      const text = readFileSync(join(assets, name), 'utf8')
      expect(text, name).not.toMatch(
        /\bnew Function\(|\beval\(|data:text\/javascript|data:application\/javascript/,
      )
    }
    expect(scripts.filter((name) => name.includes('worklet')).length).toBeGreaterThan(0)
  })

  it('keeps Electron out of what the command line loads', () => {
    const node = join(dist, 'node')
    const load = /\brequire\("\.\/(chunks\/[^"]+)"\)/g
    const seen = new Set<string>()
    const visit = (name: string) => {
      if (seen.has(name)) return
      seen.add(name)
      const text = readFileSync(join(node, name), 'utf8')
      expect(text, name).not.toContain('require("electron")')
      for (const [, chunk] of text.matchAll(load)) visit(chunk!)
      for (const [, chunk] of text.matchAll(/\brequire\("\.\/([^"/]+\.cjs)"\)/g))
        visit(join('chunks', chunk!))
    }
    visit('unmask.cjs')
    visit('host.cjs')
    expect(seen.size).toBeGreaterThan(2)
  })
})
