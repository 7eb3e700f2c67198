import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnnotationItem } from '../../../../preload/contract/annotation'
import { parseCsv } from '../../../../main/engine/export/csv'
import { parseClipMeta } from '../../../../main/engine/export/meta-json'
import { writeClipResults } from '../../../../main/engine/export/write-clip'
import { exportClip, type ExportFormat } from '../../../../main/engine/results/export-clip'
import { readClipResults } from '../../../../main/engine/results/clip-results'
import { exclusionItem, sampleStudy, segmentItem, trackItem } from '../../../support/study'
import { tempFolder } from '../../../support/temp-folder'
import { asRecords, clipContext, NO_EXPORTS, sampleTimeline } from '../fixtures'

const FORMATS: readonly ExportFormat[] = [
  'frames',
  'segments',
  'meta',
  'long',
  'eaf',
  'textgrid',
  'boris',
  'methods',
]

/** The sample of ten seconds: face 1 all along, face 2 from 8 s, 25 frames a second. */
async function exported(items: readonly AnnotationItem[], study = sampleStudy()) {
  const [results, target] = [await tempFolder(), await tempFolder()]
  await writeClipResults(sampleTimeline(), clipContext({ clipId: 'c' }), results, NO_EXPORTS)
  const { files } = await exportClip({
    resultsFolder: results,
    clipId: 'c',
    mediaPath: null,
    formats: FORMATS,
    targetFolder: target,
    replace: false,
    annotation: { study, items },
  })
  const text = (name: string) => readFile(join(target, name), 'utf8')
  const table = async (name: string) => asRecords(parseCsv(await text(name)))
  return { results, target, files, text, table }
}

describe('exports of an annotated clip', () => {
  it('have manual and final labels, names and exclusions on the frames, and nothing else changed', async () => {
    const { results, target, table } = await exported([
      trackItem(1, 's1'),
      segmentItem('anger', 1, 2, { subjectId: 's1' }),
      segmentItem('fear', 2, 3, { subjectId: 's1', status: 'rejected' }),
      segmentItem('sadness', 0.5, 2.5, { subjectId: 's1', observerId: 'bob' }),
      exclusionItem(6, 7),
    ])
    const before = asRecords(parseCsv(await readFile(join(results, 'c.frames.csv'), 'utf8')))
    const after = await table('c.frames.csv')
    expect(after).toHaveLength(before.length)
    const changed = new Set<string>()
    for (const [at, row] of after.entries())
      for (const [name, cell] of Object.entries(row)) if (cell !== before[at]?.[name]) changed.add(name)
    expect([...changed].sort()).toEqual([
      ...['excluded', 'final_label', 'final_source', 'manual_label', 'manual_observer'],
      ...['quality', 'subject_id'],
    ])
    const at = (frame: number, face = '1') =>
      after.find((row) => row['frame'] === String(frame) && row['face_id'] === face)
    const said = (frame: number) =>
      ['manual_label', 'manual_observer', 'final_label', 'final_source'].map((name) => at(frame)?.[name])
    // 25 frames a second: 12 is 0.48 s, 13 is 0.52 s, 25 is 1 s, 49 is 1.96 s, 50 is 2 s, 75 is 3 s.
    expect(said(12)).toEqual(['', '', 'happiness', 'fusion'])
    expect(said(13)).toEqual(['sadness', 'Bob', 'sadness', 'manual'])
    expect(said(24)).toEqual(['sadness', 'Bob', 'sadness', 'manual'])
    expect(said(25)).toEqual(['anger', 'Ann', 'anger', 'manual'])
    expect(said(49)).toEqual(['anger', 'Ann', 'anger', 'manual'])
    expect(said(50)).toEqual(['', 'Ann', '', 'none'])
    expect(said(75)).toEqual(['', '', 'happiness', 'fusion'])
    expect(at(12)?.['subject_id']).toBe('Child 1')
    expect(at(210, '2')?.['subject_id']).toBe('')
    const excluded = after.filter((row) => row['excluded'] === '1')
    expect(excluded.map((row) => row['time_s'])).toEqual(
      Array.from({ length: 25 }, (_, frame) => (6 + frame / 25).toFixed(6)),
    )
    expect(new Set(excluded.map((row) => row['quality']))).toEqual(new Set(['excluded']))
    // What is read back has what was written.
    expect(parseClipMeta(await readFile(join(target, 'c.meta.json'), 'utf8'), 'meta').annotation).toEqual({
      observers: [
        { name: 'Ann', isBlind: false, isDone: false },
        { name: 'Bob', isBlind: true, isDone: false },
      ],
      scheme: 'Seven emotions',
      excluded: [{ startSecs: 6, endSecs: 7, reason: 'door', observer: 'Ann' }],
    })
  })

  it('keep the model rows and add those of people, with what they were before', async () => {
    const orig = { segmentId: '1', tier: 'face_1/face', label: 'happiness', startSecs: 0, endSecs: 4 }
    const { results, table, text } = await exported([
      segmentItem('anger', 1, 2, { status: 'edited', orig, confidence: 0.75, comment: 'frown, "tense"' }),
    ])
    const model = asRecords(parseCsv(await readFile(join(results, 'c.segments.csv'), 'utf8')))
    const rows = await table('c.segments.csv')
    expect(rows.slice(0, model.length)).toEqual(model)
    expect(rows.slice(model.length)).toEqual([
      expect.objectContaining({
        ...{ tier: 'clip/manual/Ann', modality: 'manual', source: 'human', observer: 'Ann', label: 'anger' },
        ...{ start_s: '1.000000', end_s: '2.000000', start_frame: '25', end_frame: '49', n_frames: '25' },
        ...{ status: 'edited', orig_label: 'happiness', orig_start_s: '0.000000', orig_end_s: '4.000000' },
        ...{ confidence: '0.750000', comment: 'frown, "tense"', edited_at: '2026-03-02T10:00:00.000Z' },
      }),
    ])
    const textGrid = await text('c.TextGrid')
    expect(textGrid).toContain('name = "clip/manual/Ann"')
    expect(textGrid).toContain('name = "clip/final"')
    expect(await text('METHODS.txt')).toMatch(/0 were confirmed, 1 changed and 0 rejected/)
  })

  it('have a row of each manual label in the long table', async () => {
    const { table } = await exported([segmentItem('anger', 1, 1.12), exclusionItem(1.08, 1.2)])
    const rows = (await table('c.long.csv')).filter((row) => row['modality'] === 'manual')
    expect(
      rows.map((row) => [row['frame'], row['emotion'], row['model_id'], row['value'], row['valid']]),
    ).toEqual([
      ['25', 'anger', 'Ann', '1.000000', '1'],
      ['26', 'anger', 'Ann', '1.000000', '1'],
      ['27', 'anger', 'Ann', '1.000000', '0'],
    ])
  })

  it('have figures without excluded time, of people instead of tracks', async () => {
    const { text } = await exported(
      [
        trackItem(1, 's1', [null, 8]),
        trackItem(2, 's1', [8, null]),
        trackItem(1, 's2', [8, null]),
        exclusionItem(0, 2),
        segmentItem('fear', 5, 10, { subjectId: 's1' }),
      ],
      sampleStudy({ subjects: ['s1', 's2'].map((id) => ({ id, name: id, description: '', variables: {} })) }),
    )
    const { summary } = parseClipMeta(await text('c.meta.json'), 'meta')
    expect(summary.excludedSecs).toBe(2)
    expect(summary.editedSegmentCount).toBe(1)
    expect(summary.subjects.map(({ subjectId }) => subjectId)).toEqual(['s1', 's2'])
    const [first, second] = summary.subjects
    // Face 1 from 2 to 4 and 5 to 8 s, face 2 from 8 to 10 s; of eight seconds that count.
    expect(first?.faceCoverage).toBeCloseTo(7 / 8, 6)
    expect(first?.longestGapSecs).toBeCloseTo(1, 6)
    expect(first?.finalDominant).toBe('fear')
    const happiness = first?.whole[0]?.emotions[1]
    expect(happiness?.bouts).toBe(1)
    expect(happiness?.totalSecs).toBeCloseTo(2, 6)
    expect(happiness?.latencySecs).toBeCloseTo(2, 6)
    expect(happiness?.prop).toBeCloseTo(2 / 7, 6)
    expect(second?.whole[0]?.observedSecs).toBeCloseTo(2, 6)
  })

  it('are plain copies where people said nothing that a table holds', async () => {
    const done: AnnotationItem = { id: 'd', kind: 'done', observerId: 'ann', editedAt: '' }
    const { results, target } = await exported([done])
    for (const name of ['c.frames.csv', 'c.segments.csv', 'c.meta.json'])
      expect(await readFile(join(target, name), 'utf8')).toBe(await readFile(join(results, name), 'utf8'))
  })

  it('never take the place of what the models found', async () => {
    const results = await tempFolder()
    await writeClipResults(sampleTimeline(), clipContext({ clipId: 'c' }), results, NO_EXPORTS)
    const ask = {
      ...{ resultsFolder: results, clipId: 'c', mediaPath: null, targetFolder: results, replace: true },
      ...{ formats: FORMATS, annotation: { study: sampleStudy(), items: [segmentItem('fear', 0, 1)] } },
    }
    await expect(exportClip(ask)).rejects.toThrow(/choose another folder/)
    expect((await readClipResults(results, 'c')).segments.every(({ source }) => source === 'model')).toBe(
      true,
    )
  })
})
