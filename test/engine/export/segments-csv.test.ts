import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../main/engine/export/csv'
import { type SegmentRecord, segmentRecords } from '../../../main/engine/export/segment-record'
import { parseSegmentsCsv, SEGMENTS_COLUMNS, segmentsCsv } from '../../../main/engine/export/segments-csv'
import { EMOTIONS } from '../../../main/engine/emotions'
import { seeded } from '../timeline/fixtures'
import { clipContext, sampleTimeline } from './fixtures'

const text = (records: readonly SegmentRecord[]): string => [...segmentsCsv(records)].join('')

function randomRecord(random: () => number, index: number): SegmentRecord {
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value
  const words = ['', 'a, b', 'says "no"', '=SUM(A1)', 'line\nbreak', "'", '-', 'Ñandú', '@x']
  const micro = (value: number): number => Math.round(value * 1e6) / 1e6
  const maybe = (value: number): number | null => (random() < 0.3 ? null : value)
  const startSecs = micro(random() * 100)
  return {
    clipId: pick(words),
    segmentId: String(index),
    tier: pick(words),
    modality: pick(['face', 'speech', 'fusion', 'manual']),
    source: pick(['model', 'human']),
    observer: pick(words),
    subjectId: pick(words),
    faceId: maybe(1 + Math.floor(random() * 9)),
    label: pick(EMOTIONS),
    startSecs,
    endSecs: micro(startSecs + 0.01 + random() * 5),
    startFrame: maybe(Math.floor(random() * 1000)),
    endFrame: maybe(Math.floor(random() * 1000)),
    peakValue: maybe(micro(random())),
    peakTimeSecs: maybe(micro(random() * 100)),
    meanValue: maybe(micro(random())),
    frameCount: maybe(Math.floor(random() * 100)),
    validFrameCount: maybe(Math.floor(random() * 100)),
    status: pick(['auto', 'confirmed', 'edited', 'added', 'rejected']),
    origLabel: pick(['', ...EMOTIONS]),
    origStartSecs: maybe(micro(random() * 100)),
    origEndSecs: maybe(micro(random() * 100)),
    confidence: maybe(micro(random())),
    comment: pick(words),
    editedAt: pick(['', '2026-02-03T04:05:06Z']),
  }
}

describe('segments table', () => {
  it('reads back as it was written', () => {
    const random = seeded(11)
    for (let round = 0; round < 50; round++) {
      const records = Array.from({ length: 20 }, (_, index) => randomRecord(random, index))
      const written = text(records)
      expect(parseSegmentsCsv(written)).toEqual(records)
      expect(
        parseSegmentsCsv(`\uFEFF${written.replaceAll(/\n(?=[^"]*(?:"[^"]*"[^"]*)*$)/g, '\r\n')}`),
      ).toEqual(records)
    }
  })

  it('holds the episodes of a clip, microsecond by microsecond', () => {
    const records = segmentRecords(sampleTimeline(), clipContext({ subjects: { '2': 'mother' } }))
    expect(records.length).toBeGreaterThan(6)
    const written = text(records)
    expect(text(parseSegmentsCsv(written))).toBe(written)
    expect(new Set(records.map(({ segmentId }) => segmentId)).size).toBe(records.length)
    expect(new Set(records.map(({ tier }) => tier))).toEqual(
      new Set(['face_1/face', 'mother/face', 'clip/speech', 'clip/fusion', 'face_1/fusion', 'mother/fusion']),
    )
    const [header] = parseCsv(written)
    expect(header).toEqual(SEGMENTS_COLUMNS.map(({ name }) => name))
    for (const cells of parseCsv(written)) expect(cells).toHaveLength(SEGMENTS_COLUMNS.length)
  })

  it('has bounds that are frame times', () => {
    for (const { startSecs, endSecs, startFrame, endFrame, modality } of segmentRecords(
      sampleTimeline(),
      clipContext(),
    )) {
      if (modality === 'speech') continue
      expect(startSecs).toBeCloseTo((startFrame ?? 0) / 25, 9)
      expect(endSecs).toBeCloseTo(((endFrame ?? 0) + 1) / 25, 9)
    }
  })

  it.each([
    ['no header', 'face,1\n', 'no column clip_id'],
    [
      'a decimal comma',
      'clip_id,segment_id,tier,label,start_s,end_s\nc,1,t,anger,"1,5",2\n',
      'start_s "1,5"',
    ],
    [
      'an empty bound',
      'clip_id,segment_id,tier,label,start_s,end_s\nc,1,t,anger,1,\n',
      'line 2: end_s is empty',
    ],
    ['an end before its start', 'clip_id,segment_id,tier,label,start_s,end_s\nc,1,t,anger,3,2\n', 'line 2'],
    [
      'an unknown status',
      'clip_id,segment_id,tier,label,start_s,end_s,status\nc,1,t,anger,1,2,maybe\n',
      '"maybe"',
    ],
    ['too many cells', 'clip_id,segment_id,tier,label,start_s,end_s\nc,1,t,anger,1,2,9\n', 'line 2 has 7'],
  ])('refuses %s with its place', (_, input, message) => {
    expect(() => parseSegmentsCsv(input)).toThrowError(
      expect.objectContaining({ code: 'data.invalid', message: expect.stringContaining(message) }),
    )
  })
})
