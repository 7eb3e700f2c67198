import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../main/engine/interchange/xml-reader'
import { readInterchange } from '../../../main/engine/interchange/read-file'
import { writeEaf } from '../../../main/engine/interchange/eaf-write'
import { writeTextGrid } from '../../../main/engine/interchange/textgrid-write'
import { Dice, documentOf } from './generate'

const read = (content: string | Uint8Array, name = 'x') =>
  readInterchange(typeof content === 'string' ? Buffer.from(content) : content, name, {
    closesUnpaired: false,
  })

const refused = (content: string | Uint8Array, message: RegExp): void => {
  expect(() => read(content)).toThrowError(
    expect.objectContaining({ code: 'data.invalid', message: expect.stringMatching(message) as unknown }),
  )
}

describe('XML', () => {
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type or entity/],
    [
      'an entity bomb',
      `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "${'&lol;'.repeat(10)}">]><lolz>&lol2;</lolz>`,
      /document type or entity/,
    ],
    ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', /document type/],
    ['an unknown entity', '<a>&nbsp;</a>', /"&nbsp;", which is none of the five/],
    ['an entity named as an object method', '<a>&constructor;</a>', /none of the five/],
    ['a bare ampersand', '<a>x & y</a>', /none of the five/],
    ['a reference to no character', '<a>&#0;</a>', /none of the five/],
    ['a surrogate', '<a>&#xD800;</a>', /none of the five/],
    ['a cut file', '<a><b>', /cut off/],
    ['a wrong end', '<a><b></a></b>', /<\/a> where <\/b> belongs/],
    ['two roots', '<a/><b/>', /second root/],
    ['an attribute twice', '<a x="1" x="2"/>', /twice/],
    ['an unquoted attribute', '<a x=1/>', /belongs/],
    ['text outside', '<a/>hello', /text outside/],
    ['nothing', '<?xml version="1.0"?>', /no element/],
    ['a tower', '<a>'.repeat(10_000) + '</a>'.repeat(10_000), /more than 64 deep/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseXml(text)).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(message) as unknown }),
    )
  })

  it('reads what XML allows', () => {
    const root = parseXml(
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?><!-- x --><a b=\'1\tc\' __proto__="2"><![CDATA[<&>]]>&lt;&#x1F600;&#10;\r\n</a>\n<!-- end -->',
    )
    expect(root.text).toBe('<&><😀\n\n')
    expect(root.attributes.b).toBe('1 c')
    expect(root.attributes.__proto__).toBe('2')
    expect(({} as { 2?: unknown })[2]).toBeUndefined()
  })

  it('reads a hundred thousand annotations in seconds', () => {
    const line =
      '<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n'
    const before = performance.now()
    parseXml(`<TIER>${line.repeat(100_000)}</TIER>`)
    expect(performance.now() - before).toBeLessThan(8000)
  })
})

describe('files', () => {
  it.each([
    ['an empty one', '', /empty/],
    ['a note', 'hello there', /neither a segments table/],
    ['another XML', '<kml/>', /<kml>, not that of an ELAN document/],
    ['another JSON', '{"a": 1}', /no BORIS project/],
    ['torn JSON', '{"behaviors_conf": {', /no whole JSON/],
    ['a deep JSON', '{"a":'.repeat(100_000), /no whole JSON/],
    [
      'a TextGrid of something else',
      'File type = "ooTextFile"\nObject class = "Sound 2"\n',
      /Sound 2 instead of a TextGrid/,
    ],
    ['a binary TextGrid', 'ooBinaryFile\bTextGrid', /binary form/],
    [
      'a cut TextGrid',
      '"ooTextFile" "TextGrid" 0 1 <exists> 1000000000 "IntervalTier" "x" 0 1 5 0 1 "',
      /never closed/,
    ],
    ['a TextGrid that promises too much', '"ooTextFile" "TextGrid" 0 1 <exists> 1e9', /cut off/],
    ['a decimal comma', '"ooTextFile" "TextGrid" 0 2,4 <exists> 0', /"2,4", which is no number/],
    [
      'an unknown tier',
      '"ooTextFile" "TextGrid" 0 1 <exists> 1 "MatrixTier" "x"',
      /unknown class "MatrixTier"/,
    ],
    ['a count that is none', '"ooTextFile" "TextGrid" 0 1 <exists> -1', /-1 tiers/],
    ['a damaged archive', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), /damaged or too large/],
    ['an archive bomb', gzipSync(Buffer.alloc(300 * 1024 * 1024)), /damaged or too large/],
    [
      'a table with a word for a time',
      'clip_id,segment_id,tier,label,start_s,end_s\na,1,t,x,NaN,2\n',
      /"NaN" is not a number/,
    ],
    [
      'a table with an end before its start',
      'clip_id,segment_id,tier,label,start_s,end_s\na,1,t,x,3,2\n',
      /line 2/,
    ],
  ])('that are %s are refused in words', (_, content, message) => refused(content, message))

  it('of BORIS with times that are none lose these rows, saying so', () => {
    const project = {
      behaviors_conf: { 0: { type: 'Point event', code: 'x' } },
      observations: {
        o: { events: [[null, '', 'x'], ['inf', '', 'x'], 'row', [1, '', 'x', null, null], [2]] },
      },
    }
    const { documents } = read(JSON.stringify(project))
    expect(documents[0]?.tiers[0]?.annotations).toHaveLength(1)
    expect(documents[0]?.notices).toEqual(['observation "o": 4 events without time or code left out'])
  })

  it('of ELAN with circles, strange times and repeated ids end, and keep what is sound', () => {
    const { documents } = read(`<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="PAL-frames"/><TIME_ORDER>
      <TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="25"/><TIME_SLOT TIME_SLOT_ID="t2" TIME_VALUE="-5"/>
      <TIME_SLOT TIME_SLOT_ID="t3" TIME_VALUE="75"/><TIME_SLOT TIME_SLOT_ID="t4" TIME_VALUE="NaN"/></TIME_ORDER>
      <TIER TIER_ID="a" LINGUISTIC_TYPE_REF="s"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="t2" TIME_SLOT_REF2="t3"><ANNOTATION_VALUE>y</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="t3" TIME_SLOT_REF2="t1"><ANNOTATION_VALUE>z</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
      <TIER TIER_ID="b" LINGUISTIC_TYPE_REF="s"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="b1" ANNOTATION_REF="b2"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
      <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="b2" ANNOTATION_REF="b1"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>
      <TIER TIER_ID="a" LINGUISTIC_TYPE_REF="s"/></ANNOTATION_DOCUMENT>`)
    const [a, b, again] = documents[0]?.tiers ?? []
    expect(a?.annotations.map(({ startSecs, endSecs }) => [startSecs, endSecs])).toEqual([
      [1, 2],
      [2, 3],
    ])
    expect(b?.annotations).toEqual([])
    expect(again?.name).toBe('a (2)')
    expect(documents[0]?.notices.join('\n')).toMatch(/1 annotation was left out: the end is before the start/)
  })

  it('that were torn or changed anywhere are read or refused, never anything else', () => {
    const dice = new Dice(5)
    const document = documentOf(3)
    const sources = [
      [...writeEaf(document, { author: 'a', date: '2026-01-01T00:00:00Z' })].join(''),
      [...writeTextGrid(document, { isForReimport: true })].join(''),
    ]
    for (const source of sources)
      for (let round = 0; round < 150; round++) {
        const at = dice.whole(source.length)
        const damaged = dice.chance(0.4)
          ? source.slice(0, at)
          : source.slice(0, at) + dice.of(['"', '<', '&', '>', '\0', 'e', '-', ' ']) + source.slice(at + 1)
        try {
          read(damaged)
        } catch (error) {
          expect(error).toMatchObject({ code: 'data.invalid' })
        }
      }
  })
})

describe('what other programs changed since', () => {
  const source = [...writeEaf(documentOf(12), { author: 'a', date: '2026-01-01T00:00:00Z' })].join('')

  it('an edge that was moved in ELAN wins over the exact time we kept', () => {
    const document = {
      ...documentOf(1),
      tiers: [
        {
          name: 'clip/manual/A',
          subject: '',
          observer: 'A',
          set: 'emotion',
          kind: 'states' as const,
          source: 'human' as const,
          annotations: [
            {
              ...documentOf(1).tiers[0]!.annotations[0]!,
              startSecs: 1.0004,
              endSecs: 2.0004,
              status: 'added' as const,
            },
          ],
        },
      ],
    }
    const eaf = [...writeEaf(document, { author: 'a', date: '2026-01-01T00:00:00Z' })].join('')
    expect(read(eaf).documents[0]?.tiers[0]?.annotations[0]).toMatchObject({
      startSecs: 1.0004,
      endSecs: 2.0004,
    })
    const moved = eaf.replace('TIME_VALUE="2000"', 'TIME_VALUE="2345"')
    expect(read(moved).documents[0]?.tiers[0]?.annotations[0]).toMatchObject({
      startSecs: 1.0004,
      endSecs: 2.345,
    })
  })

  it('a manifest that was damaged leaves tiers as ELAN names them', () => {
    const broken = source.replace(/(<PROPERTY NAME="unmask">).*?(<\/PROPERTY>)/s, '$1{"unmask":1$2')
    const { documents } = read(broken, 'study.eaf')
    expect(documents[0]?.title).toBe('study')
    expect(documents[0]?.tiers.length).toBeGreaterThan(0)
  })
})
