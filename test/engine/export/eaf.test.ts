import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { eaf, type EafOptions } from '../../../main/engine/export/eaf'
import { type SegmentRecord, segmentRecords } from '../../../main/engine/export/segment-record'
import { seeded } from '../timeline/fixtures'
import { clipContext, sampleTimeline } from './fixtures'

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly Node[]
}

type RawNode = Record<string, unknown>

function toNode(raw: RawNode): Node {
  const name = Object.keys(raw).find((key) => key !== ':@') ?? ''
  const content = raw[name]
  const children = Array.isArray(content) ? (content as RawNode[]) : []
  return {
    name,
    attributes: (raw[':@'] ?? {}) as Record<string, string>,
    text: children.flatMap((child) => ('#text' in child ? [String(child['#text'])] : [])).join(''),
    children: children.filter((child) => !('#text' in child)).map(toNode),
  }
}

function parse(text: string): Node {
  expect(XMLValidator.validate(text)).toBe(true)
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    htmlEntities: true,
  })
  return toNode((parser.parse(text) as RawNode[])[0] ?? {})
}

const all = (node: Node, name: string): Node[] => [
  ...(node.name === name ? [node] : []),
  ...node.children.flatMap((child) => all(child, name)),
]
const attribute = (node: Node | undefined, name: string): string => node?.attributes[name] ?? ''

const ROOT_ORDER = [
  'LICENSE',
  'HEADER',
  'TIME_ORDER',
  'TIER',
  'LINGUISTIC_TYPE',
  'LOCALE',
  'LANGUAGE',
  'CONSTRAINT',
  'CONTROLLED_VOCABULARY',
  'LEXICON_REF',
  'REF_LINK_SET',
  'EXTERNAL_REF',
]

/** The rules of the schema and of the tool, for any document. */
function expectValid(document: Node): void {
  expect(document.name).toBe('ANNOTATION_DOCUMENT')
  expect(document.attributes).toMatchObject({
    VERSION: '3.0',
    FORMAT: '3.0',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  })
  expect(attribute(document, 'DATE')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  expect(document.attributes).toHaveProperty('AUTHOR')
  const places = document.children.map(({ name }) => ROOT_ORDER.indexOf(name))
  expect(places.every((place) => place >= 0)).toBe(true)
  expect(places).toEqual([...places].sort((a, b) => a - b))

  const slots = all(document, 'TIME_SLOT')
  const times = new Map(
    slots.map((slot) => [attribute(slot, 'TIME_SLOT_ID'), Number(attribute(slot, 'TIME_VALUE'))]),
  )
  for (const slot of slots) expect(attribute(slot, 'TIME_VALUE')).toMatch(/^\d+$/)
  const values = slots.map((slot) => Number(attribute(slot, 'TIME_VALUE')))
  expect(values).toEqual([...values].sort((a, b) => a - b))
  expect(slots).toHaveLength(2 * all(document, 'ALIGNABLE_ANNOTATION').length)

  const annotations = [...all(document, 'ALIGNABLE_ANNOTATION'), ...all(document, 'REF_ANNOTATION')]
  const ids = [
    ...slots.map((slot) => attribute(slot, 'TIME_SLOT_ID')),
    ...annotations.map((annotation) => attribute(annotation, 'ANNOTATION_ID')),
    ...all(document, 'LANGUAGE').map((language) => attribute(language, 'LANG_ID')),
    ...all(document, 'CONSTRAINT').map((constraint) => attribute(constraint, 'STEREOTYPE')),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z_][\w.-]*$/)

  const tierIds = all(document, 'TIER').map((tier) => attribute(tier, 'TIER_ID'))
  expect(new Set(tierIds).size).toBe(tierIds.length)
  const types = new Map(
    all(document, 'LINGUISTIC_TYPE').map((type) => [attribute(type, 'LINGUISTIC_TYPE_ID'), type]),
  )
  const entries = new Set(all(document, 'CV_ENTRY_ML').map((entry) => attribute(entry, 'CVE_ID')))
  const vocabularies = all(document, 'CONTROLLED_VOCABULARY').map((vocabulary) =>
    attribute(vocabulary, 'CV_ID'),
  )
  for (const type of types.values()) {
    const reference = type.attributes.CONTROLLED_VOCABULARY_REF
    if (reference !== undefined) expect(vocabularies).toContain(reference)
  }
  const languages = all(document, 'LANGUAGE').map((language) => attribute(language, 'LANG_ID'))
  for (const node of [...all(document, 'CVE_VALUE'), ...all(document, 'DESCRIPTION')])
    expect(languages).toContain(attribute(node, 'LANG_REF'))

  for (const tier of all(document, 'TIER')) {
    const type = types.get(attribute(tier, 'LINGUISTIC_TYPE_REF'))
    expect(type).toBeDefined()
    const isChild = tier.attributes.PARENT_REF !== undefined
    expect(attribute(type, 'TIME_ALIGNABLE')).toBe(isChild ? 'false' : 'true')
    if (!isChild) {
      let covered = 0
      for (const annotation of all(tier, 'ALIGNABLE_ANNOTATION')) {
        const start = times.get(attribute(annotation, 'TIME_SLOT_REF1')) ?? Number.NaN
        const end = times.get(attribute(annotation, 'TIME_SLOT_REF2')) ?? Number.NaN
        expect(start).toBeGreaterThanOrEqual(covered)
        expect(end).toBeGreaterThan(start)
        covered = end
        const entry = annotation.attributes.CVE_REF
        if (entry !== undefined) expect(entries).toContain(entry)
      }
      continue
    }
    expect(tierIds).toContain(attribute(tier, 'PARENT_REF'))
    const stereotypes = all(document, 'CONSTRAINT').map((constraint) => attribute(constraint, 'STEREOTYPE'))
    expect(stereotypes).toContain(attribute(type, 'CONSTRAINTS'))
    const parent = all(document, 'TIER').find(
      (other) => attribute(other, 'TIER_ID') === attribute(tier, 'PARENT_REF'),
    )
    const parentIds = parent
      ? all(parent, 'ALIGNABLE_ANNOTATION').map((node) => attribute(node, 'ANNOTATION_ID'))
      : []
    for (const annotation of all(tier, 'REF_ANNOTATION'))
      expect(parentIds).toContain(attribute(annotation, 'ANNOTATION_REF'))
  }
}

const context = clipContext({ subjects: { '2': 'mother & <child> "x"' } })
const timeline = sampleTimeline()

function options(records: readonly SegmentRecord[]): EafOptions {
  return {
    records,
    mediaPath: context.mediaPath,
    hasVideo: true,
    durationSecs: 10,
    framesFile: 'clip 01.frames.csv',
    date: context.analysedAt,
    author: 'Unmask 0.1.0',
  }
}

describe('ELAN document', () => {
  const records = segmentRecords(timeline, context)
  const document = parse([...eaf(options(records))].join(''))

  it('follows the structure of EAF 3.0', () => {
    expectValid(document)
  })

  it('holds every episode with its label, bounds and probability', () => {
    expect(all(document, 'ALIGNABLE_ANNOTATION')).toHaveLength(records.length)
    expect(all(document, 'REF_ANNOTATION')).toHaveLength(records.length)
    const face = all(document, 'TIER').find((tier) => attribute(tier, 'TIER_ID') === 'face_1/face')
    expect(attribute(face, 'ANNOTATOR')).toBe('face-test')
    expect(face ? all(face, 'ANNOTATION_VALUE').map(({ text }) => text) : []).toEqual(['happiness', 'anger'])
    const mother = all(document, 'TIER').find(
      (tier) => attribute(tier, 'TIER_ID') === 'mother & <child> "x"/face',
    )
    expect(attribute(mother, 'PARTICIPANT')).toBe('mother & <child> "x"')
    expect(attribute(all(document, 'PROPERTY')[0], 'NAME')).toBe('lastUsedAnnotationId')
    expect(Number(all(document, 'PROPERTY')[0]?.text)).toBe(2 * records.length)
    expect(all(document, 'CV_ENTRY_ML').map((entry) => attribute(entry, 'CVE_ID'))).toEqual(
      EMOTIONS.map((emotion) => `cve_${emotion}`),
    )
  })

  it('links the media and the frames table', () => {
    const [header] = all(document, 'HEADER')
    expect(header?.children.map(({ name }) => name)).toEqual([
      'MEDIA_DESCRIPTOR',
      'LINKED_FILE_DESCRIPTOR',
      'PROPERTY',
    ])
    const media = header?.children[0]
    expect(attribute(header, 'TIME_UNITS')).toBe('milliseconds')
    expect(attribute(media, 'MEDIA_URL')).toBe(pathToFileURL(context.mediaPath).href)
    expect(attribute(media, 'MEDIA_URL')).toMatch(/^[\x21-\x7e]+$/)
    expect(decodeURIComponent(attribute(media, 'RELATIVE_MEDIA_URL'))).toBe('./clip 01 (ñ) & "more".mp4')
    expect(attribute(header?.children[1], 'LINK_URL')).toBe('./clip%2001.frames.csv')
  })

  it('stays valid for any segments, overlapping and tiny ones included', () => {
    const random = seeded(3)
    const [model] = records
    if (!model) throw new Error('the sample has no segments')
    for (let round = 0; round < 20; round++) {
      const wild = Array.from({ length: 60 }, (): SegmentRecord => {
        const startSecs = random() * 10
        return {
          ...model,
          tier: `t${Math.floor(random() * 3)}/face`,
          label: random() < 0.5 ? 'anger' : 'own & <label> \u0001',
          startSecs,
          endSecs: startSecs + (random() < 0.3 ? 0.0003 : random()),
          meanValue: random() < 0.5 ? null : random(),
          status: random() < 0.1 ? 'rejected' : 'auto',
        }
      })
      const wildDocument = parse([...eaf(options(wild))].join(''))
      expectValid(wildDocument)
      expect(all(wildDocument, 'ALIGNABLE_ANNOTATION').length).toBeGreaterThan(10)
    }
  })

  it('is valid without any episode', () => {
    const empty = parse([...eaf(options([]))].join(''))
    expectValid(empty)
    expect(all(empty, 'TIER')).toHaveLength(0)
  })
})
