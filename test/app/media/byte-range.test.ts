import { describe, expect, it } from 'vitest'
import { type ByteRange, parseRange } from '../../../main/app/media/byte-range'
import { parseMediaUrl } from '../../../main/app/media/media-url'

/** RFC 9110, section 14.1.2, on a file of 10,000 bytes as in its examples. */
describe('parseRange', () => {
  it.each<[string | null, ByteRange | 'unsatisfiable' | null, string]>([
    ['bytes=0-499', { first: 0, last: 499 }, 'the first 500'],
    ['bytes=500-999', { first: 500, last: 999 }, 'the second 500'],
    ['bytes=-500', { first: 9500, last: 9999 }, 'the last 500'],
    ['bytes=9500-', { first: 9500, last: 9999 }, 'open'],
    ['bytes=0-', { first: 0, last: 9999 }, 'what players ask first'],
    ['bytes=9999-20000', { first: 9999, last: 9999 }, 'beyond the end'],
    ['bytes=-20000', { first: 0, last: 9999 }, 'a suffix longer than the file'],
    ['bytes=10000-', 'unsatisfiable', 'from the end on'],
    ['bytes=-0', 'unsatisfiable', 'the last 0'],
    ['bytes=5-2', null, 'backwards: invalid, so ignored'],
    ['bytes=-', null, 'empty'],
    ['bytes=0-1,5-6', null, 'several: may be ignored'],
    ['items=0-5', null, 'another unit'],
    ['bytes=a-b', null, 'no numbers'],
    [' bytes=1-2 ', { first: 1, last: 2 }, 'with room around'],
    [null, null, 'none'],
  ])('%s: %j (%s)', (header, expected, _) => {
    expect(parseRange(header, 10_000)).toEqual(expected)
  })

  it('has nothing to give of an empty file', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable')
    expect(parseRange(null, 0)).toBeNull()
  })
})

describe('parseMediaUrl', () => {
  it('reads tokens', () => {
    expect(parseMediaUrl('unmask-media://clip/a1-B2')).toEqual({ kind: 'clip', token: 'a1-B2' })
    expect(parseMediaUrl('unmask-media://thumbnail/x')).toEqual({ kind: 'thumbnail', token: 'x' })
  })

  it.each([
    'unmask-media://clip/',
    'unmask-media://clip/a/b',
    'unmask-media://clip/../etc/passwd',
    'unmask-media://clip/..%2f..%2fetc',
    'unmask-media://clip/a?b=c',
    'unmask-media://other/a',
    'file:///etc/passwd',
    `unmask-media://clip/${'a'.repeat(300)}`,
  ])('names nothing by %s', (url) => {
    expect(parseMediaUrl(url)).toBeNull()
  })
})
