import { describe, expect, it } from 'vitest'
import { type SegmentRecord, segmentRecords } from '../../../main/engine/export/segment-record'
import { textGrid } from '../../../main/engine/export/textgrid'
import { seeded } from '../timeline/fixtures'
import { clipContext, sampleTimeline } from './fixtures'

interface ParsedTier {
  readonly name: string
  readonly intervals: { readonly xmin: number; readonly xmax: number; readonly text: string }[]
}

/**
 * Reads a long-form TextGrid as Praat does: everything but numbers, quoted texts and flags is decoration; then checks
 * what Praat does not check.
 */
function parse(text: string): { xmax: number; tiers: ParsedTier[] } {
  expect(text.startsWith('File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\n')).toBe(true)
  const body = text.slice(text.indexOf('xmin'))
  const tokens = [...body.matchAll(/"((?:[^"]|"")*)"|<exists>|(?<![\w[])-?\d+(?:\.\d+)?(?![\w\]])/g)].map(
    (match) => (match[1] === undefined ? match[0] : { text: match[1].replaceAll('""', '"') }),
  )
  let at = 0
  const number = (): number => {
    const token = tokens[at++]
    expect(typeof token).toBe('string')
    return Number(token)
  }
  const quoted = (): string => {
    const token = tokens[at++]
    if (typeof token !== 'object') throw new Error(`token ${at} is not a text`)
    return token.text
  }
  expect(number()).toBe(0)
  const xmax = number()
  expect(tokens[at++]).toBe('<exists>')
  const tiers = Array.from({ length: number() }, () => {
    expect(quoted()).toBe('IntervalTier')
    const name = quoted()
    expect([number(), number()]).toEqual([0, xmax])
    return {
      name,
      intervals: Array.from({ length: number() }, () => ({ xmin: number(), xmax: number(), text: quoted() })),
    }
  })
  expect(at).toBe(tokens.length)
  return { xmax, tiers }
}

function expectGapless({ xmax, tiers }: ReturnType<typeof parse>): void {
  for (const { intervals } of tiers) {
    expect(intervals.length).toBeGreaterThan(0)
    expect(intervals[0]?.xmin).toBe(0)
    expect(intervals.at(-1)?.xmax).toBe(xmax)
    intervals.forEach((interval, index) => {
      expect(interval.xmax).toBeGreaterThan(interval.xmin)
      if (index > 0) expect(interval.xmin).toBe(intervals[index - 1]?.xmax)
    })
  }
}

const write = (
  records: readonly SegmentRecord[],
  durationSecs = 10,
  tierNames: string[] = ['clip/speech'],
): string => [...textGrid({ records, durationSecs, tierNames })].join('')

describe('Praat TextGrid', () => {
  const records = segmentRecords(sampleTimeline(), clipContext({ subjects: { '2': 'the "second"' } }))

  it('holds the episodes of every tier without gap or overlap', () => {
    const grid = parse(write(records))
    expectGapless(grid)
    expect(grid.xmax).toBe(10)
    expect(new Set(grid.tiers.map(({ name }) => name))).toEqual(new Set(records.map(({ tier }) => tier)))
    for (const { name, intervals } of grid.tiers) {
      const own = records.filter(({ tier }) => tier === name)
      const spoken = intervals.filter(({ text }) => text !== '')
      expect(spoken.map(({ text }) => text)).toEqual(own.map(({ label }) => label))
      for (const [index, { xmin, xmax }] of spoken.entries()) {
        expect(xmin).toBeCloseTo(own[index]?.startSecs ?? -1, 5)
        expect(xmax).toBeCloseTo(own[index]?.endSecs ?? -1, 5)
      }
    }
  })

  it('stays whole for any segments and any texts', () => {
    const random = seeded(5)
    const [model] = records
    if (!model) throw new Error('the sample has no segments')
    for (let round = 0; round < 30; round++) {
      const wild = Array.from({ length: 50 }, (): SegmentRecord => {
        const startSecs = random() * 12 - 0.5
        const label = ['anger', 'says "no"', '2,4', 'a\nb', '<exists>'][Math.floor(random() * 5)] ?? ''
        return {
          ...model,
          tier: `t${Math.floor(random() * 3)}`,
          label,
          startSecs,
          endSecs: startSecs + random() * 0.5,
        }
      })
      expectGapless(parse(write(wild, 10.0404, [])))
    }
  })

  it('has one blank interval where nothing was found', () => {
    const grid = parse(write([], 3.5))
    expect(grid.tiers).toEqual([{ name: 'clip/speech', intervals: [{ xmin: 0, xmax: 3.5, text: '' }] }])
  })
})
