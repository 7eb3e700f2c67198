import { describe, expect, it } from 'vitest'
import { gzipBoris, writeBoris } from '../../../main/engine/interchange/boris-write'
import { exchangeable, type InterchangeDocument } from '../../../main/engine/interchange/document'
import { writeEaf } from '../../../main/engine/interchange/eaf-write'
import { readInterchange } from '../../../main/engine/interchange/read-file'
import { writeSegmentsTable } from '../../../main/engine/interchange/segments-table'
import { writeTextGrid } from '../../../main/engine/interchange/textgrid-write'
import { asTable, documentOf } from './generate'

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed + 1)
const DATE = '2026-11-23T03:00:00Z'

const formats: Record<string, (document: InterchangeDocument) => Uint8Array> = {
  'segments.csv': (document) => Buffer.from([...writeSegmentsTable([document])].join('')),
  EAF: (document) => Buffer.from([...writeEaf(document, { author: 'a "b" <c>', date: DATE })].join('')),
  TextGrid: (document) => Buffer.from([...writeTextGrid(document, { isForReimport: true })].join('')),
  'TextGrid, UTF-16 LE': (document) =>
    Buffer.from(`\uFEFF${[...writeTextGrid(document, { isForReimport: true })].join('')}`, 'utf16le'),
  BORIS: (document) => Buffer.from(writeBoris([document], { projectName: 'p', date: DATE })),
  'BORIS, compressed': (document) => gzipBoris(writeBoris([document], { projectName: 'p', date: DATE })),
}

function readBack(bytes: Uint8Array): readonly InterchangeDocument[] {
  return readInterchange(bytes, 'clip', { closesUnpaired: false }).documents
}

describe.each(Object.entries(formats))('%s', (name, write) => {
  it.each(SEEDS)('gives document %i back as it was', (seed) => {
    const document = documentOf(seed)
    const expected = exchangeable(name === 'segments.csv' ? asTable(document) : document)
    expect(readBack(write(document))).toEqual([expected])
  })

  it('gives tiers back that overlap themselves', () => {
    for (const seed of SEEDS.slice(0, 60)) {
      const document = documentOf(seed + 10_000, true)
      const expected = exchangeable(name === 'segments.csv' ? asTable(document) : document)
      expect(readBack(write(document))).toEqual([expected])
    }
  })

  it('refuses empty labels', () => {
    const document = documentOf(7)
    const [tier] = document.tiers
    if (!tier) throw new Error('the document has no tier')
    const blank = { ...tier, annotations: tier.annotations.map((one) => ({ ...one, label: ' \n' })) }
    expect(() => write({ ...document, tiers: [blank] })).toThrowError(/the label is empty/)
  })
})

it('a table and a project hold several recordings', () => {
  const documents = SEEDS.slice(0, 5).map((seed) => ({ ...documentOf(seed), title: `clip ${seed}` }))
  const table = Buffer.from([...writeSegmentsTable(documents)].join(''))
  expect(readBack(table)).toEqual(documents.map((one) => exchangeable(asTable(one))))
  const project = Buffer.from(writeBoris(documents, { projectName: 'p', date: DATE }))
  expect(readBack(project)).toEqual(documents.map(exchangeable))
})
