import { describe, expect, it } from 'vitest'
import { pictureFileName, requirePng, requireSvg } from '../../../main/app/viewer/saved-picture'

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/><text>on = off</text></svg>'

describe('a picture of the window', () => {
  it('is taken as PNG or SVG', () => {
    expect(() => requirePng(PNG)).not.toThrow()
    expect(() => requireSvg(SVG)).not.toThrow()
    expect(() => requireSvg(`<?xml version="1.0" encoding="UTF-8"?>\n${SVG}\n`)).not.toThrow()
  })

  it.each([
    ['nothing', ''],
    ['a page', '<html><svg></svg></html>'],
    ['one without an end', '<svg><path/>'],
    ['a script', '<svg><script>alert(1)</script></svg>'],
    ['a script in capitals', '<svg>< SCRIPT src="x"/></svg>'],
    ['a handler', '<svg><rect onload="alert(1)"/></svg>'],
    ['a handler on a line of its own', '<svg><rect\nonclick = "x"/></svg>'],
    ['a page inside', '<svg><foreignObject><body/></foreignObject></svg>'],
    ['a link that runs', '<svg><a href="javascript:alert(1)"/></svg>'],
    ['an entity', '<svg><!ENTITY a "b"></svg>'],
  ])('is refused as SVG: %s', (_, text) => {
    expect(() => requireSvg(text)).toThrow(expect.objectContaining({ code: 'usage.invalid' }))
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a JPEG', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])],
    ['text', new TextEncoder().encode(SVG)],
    ['more than 64 MB', (() => new Uint8Array(64 * 1024 * 1024 + 1))()],
  ])('is refused as PNG: %s', (_, bytes) => {
    if (bytes.length > 1e6) bytes.set(PNG)
    expect(() => requirePng(bytes)).toThrow(expect.objectContaining({ code: 'usage.invalid' }))
  })

  it.each([
    ['Face of clip 01', '.png', 'Face of clip 01.png'],
    ['plot.PNG', '.png', 'plot.png'],
    ['../../etc/passwd', '.svg', 'etc-passwd.svg'],
    ['C:\\Windows\\x', '.svg', 'C-Windows-x.svg'],
    ['a\u0000b\nc', '.png', 'a-b-c.png'],
    ['', '.png', 'plot.png'],
    ['...', '.svg', 'plot.svg'],
    ['ñ 感情', '.svg', 'ñ 感情.svg'],
    ['x'.repeat(500), '.png', `${'x'.repeat(120)}.png`],
  ] as const)('is called %j%s: %j', (name, ending, expected) => {
    expect(pictureFileName(name, ending)).toBe(expected)
  })
})
