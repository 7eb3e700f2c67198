import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { icnsOf, icoOf } from '../../main/tools/icons/containers.mjs'
import { repositoryRoot } from '../support/run-unmask'

const assets = join(repositoryRoot, 'assets')

/** @returns width and height of a PNG picture */
function pngSize(bytes: Buffer): number[] {
  expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

describe("the app's icons", () => {
  it.each(readdirSync(join(assets, 'icons')))('%s is as large as it says', (name) => {
    expect(pngSize(readFileSync(join(assets, 'icons', name)))).toEqual(name.match(/\d+/g)?.map(Number))
  })

  it('hold for Windows every size from 16 to 256', () => {
    const ico = readFileSync(join(assets, 'icon.ico'))
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index
      const [lengthBytes, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)]
      const size = pngSize(ico.subarray(offset, offset + lengthBytes))
      expect([ico.readUInt8(at) || 256, ico.readUInt8(at + 1) || 256]).toEqual(size)
      return size[0]
    })
    expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
  })

  it('hold for macOS every size up to 1024, for displays of both densities', () => {
    const icns = readFileSync(join(assets, 'icon.icns'))
    expect(icns.toString('latin1', 0, 4)).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    const found: Record<string, number | undefined> = {}
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      found[icns.toString('latin1', at, at + 4)] = pngSize(icns.subarray(at + 8))[0]
    expect(found).toMatchObject({ icp4: 16, ic07: 128, ic09: 512, ic10: 1024, ic12: 64, ic14: 512 })
  })
})

it('refuses an icon for macOS with a size missing', () => {
  expect(() => icnsOf([{ sizePx: 16, png: Buffer.alloc(4) }])).toThrow(/32 px/)
  expect(icoOf([]).length).toBe(6)
})
