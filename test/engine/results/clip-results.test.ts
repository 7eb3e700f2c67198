import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMOTION_COUNT, topEmotion } from '../../../main/engine/emotions'
import { parseCsv } from '../../../main/engine/export/csv'
import { segmentRecords } from '../../../main/engine/export/segment-record'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { FINAL_SOURCES, FUSION_ABSENCES } from '../../../main/engine/results/clip-rows'
import { readClipFacts, readClipResults } from '../../../main/engine/results/clip-results'
import { finalReading } from '../../../main/engine/timeline/final-reading'
import type { AnalysisSettingsInput } from '../../../main/engine/timeline/settings'
import type { ClipTimeline, TimelineRows } from '../../../main/engine/timeline/types'
import { sampleTimeline, clipContext, NO_EXPORTS } from '../export/fixtures'
import { buildTimeline, mediaInfo, speechCard, spoken } from '../timeline/fixtures'
import { tempFolder } from '../../support/temp-folder'
import { writeLongResults } from '../../support/long-results'

async function written(
  timeline: ClipTimeline,
  clipId = 'clip',
  changes = {},
  settings?: AnalysisSettingsInput,
) {
  const folder = await tempFolder()
  const context = clipContext({ clipId, ...changes }, settings)
  await writeClipResults(timeline, context, folder, NO_EXPORTS)
  return { folder, context }
}

/** Values of the file have six decimals; floats add half a step of theirs. */
const HALF_DECIMAL = 5e-7 + 3e-8

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!]
    if (!(Number.isNaN(a) && Number.isNaN(b)) && !(Math.abs(a - b) <= tolerance))
      expect([i, a]).toEqual([i, b])
  }
}

const SAME = [
  'frame',
  'faceCount',
  'faceId',
  'quality',
  'speechActive',
  'displayedLabel',
  'disagree',
] as const
const CLOSE = [
  'timeSecs',
  'durSecs',
  'faceScore',
  'faceProbs',
  'speechProbs',
  'fusionProbs',
  'faceGate',
  'speechGate',
  'faceProbsSmoothed',
  'fusionProbsSmoothed',
] as const satisfies readonly (keyof TimelineRows)[]

async function expectRoundTrip(
  timeline: ClipTimeline,
  clipId: string,
  settings?: AnalysisSettingsInput,
  changes = {},
) {
  const { folder, context } = await written(timeline, clipId, changes, settings)
  const results = await readClipResults(folder, clipId)
  const { rows } = results
  expect(rows.count).toBe(timeline.rows.count)
  expect(rows.missing).toEqual([])
  for (const name of SAME) expect(rows[name]).toEqual(timeline.rows[name])
  for (const name of CLOSE) expectClose(rows[name], timeline.rows[name], HALF_DECIMAL)
  // Boxes have two decimals.
  expectClose(rows.faceBox, timeline.rows.faceBox, 0.00501)
  expect(results.speechWindow).toEqual(timeline.rows.speechWindow)
  for (let row = 0; row < rows.count; row++) {
    const at = row * EMOTION_COUNT
    const final = finalReading(timeline.rows, row, context.settings)
    expect([
      rows.faceLabel[row],
      rows.speechLabel[row],
      rows.fusionLabel[row],
      rows.finalLabel[row],
      FINAL_SOURCES[rows.finalSource[row]!],
    ]).toEqual([
      topEmotion(timeline.rows.faceProbs, at),
      topEmotion(timeline.rows.speechProbs, at),
      topEmotion(timeline.rows.fusionProbs, at),
      final.emotion,
      final.source,
    ])
    const isFused = !Number.isNaN(timeline.rows.fusionProbs[at]!)
    expect(FUSION_ABSENCES[rows.fusionAbsent[row]!] === '').toBe(isFused)
  }
  const windows = timeline.speech?.windows ?? []
  expect(results.speech.count).toBe(windows.length)
  expectClose(
    results.speech.startSecs,
    windows.map(({ startSecs }) => startSecs),
    HALF_DECIMAL,
  )
  expectClose(
    results.speech.endSecs,
    windows.map(({ endSecs }) => endSecs),
    HALF_DECIMAL,
  )
  expectClose(results.speech.probs, timeline.speechWindowProbs, HALF_DECIMAL)
  const records = segmentRecords(timeline, context)
  expect(results.segments.map(({ tier, label, faceId }) => [tier, label, faceId])).toEqual(
    records.map(({ tier, label, faceId }) => [tier, label, faceId]),
  )
  expectClose(
    results.segments.map(({ startSecs }) => startSecs),
    records.map(({ startSecs }) => startSecs),
    HALF_DECIMAL,
  )
  expect(results.meta.clipId).toBe(clipId)
}

describe('what was written of a clip is what is read', () => {
  it.each<[string, AnalysisSettingsInput]>([
    ['all modalities', {}],
    ['no fusion', { modalities: ['face', 'speech'] }],
    ['the face alone', { modalities: ['face'] }],
    ['without smoothing', { smoothing: { method: 'none' } }],
    ['a high minimum gate', { fusion: { minimumGate: 0.9 } }],
  ])('with %s', async (_, settings) => {
    await expectRoundTrip(sampleTimeline(settings), 'clip', settings)
  })

  it.each(['ñ 感情', '=1+1', 'a, "b"', "'quoted'", ' spaced '])('by the name %j', async (clipId) => {
    await expectRoundTrip(sampleTimeline(), clipId, {}, { subjects: { 1: 'a\n"b", c', 2: '-x' } })
  })

  it('of sound alone, and of sound that begins before the picture', async () => {
    const speech = spoken(10, 1, 8, () => 3)
    const audioOnly = buildTimeline([], { media: mediaInfo({ hasVideo: false }), speech, speechCard })
    await expectRoundTrip(audioOnly, 'sound', {}, { media: mediaInfo({ hasVideo: false }) })
    const early = {
      span: { startSecs: -0.75, endSecs: 8 },
      activity: [{ startSecs: -0.5, endSecs: 6 }],
      windows: speech.windows.map((window) => ({
        ...window,
        startSecs: window.startSecs - 1.5,
        endSecs: window.endSecs - 1.5,
      })),
    }
    await expectRoundTrip(
      buildTimeline([], { media: mediaInfo({ hasVideo: false }), speech: early, speechCard }),
      'early',
    )
  })

  it('of thousands of rows with gaps and several faces', async () => {
    const folder = await tempFolder()
    const { timeline } = await writeLongResults(folder, { durationSecs: 180 })
    const { rows, speechWindow } = await readClipResults(folder, 'long')
    expect(new Set(rows.faceId)).toEqual(new Set([-1, 1, 2]))
    for (const name of SAME) expect(rows[name]).toEqual(timeline.rows[name])
    for (const name of CLOSE) expectClose(rows[name], timeline.rows[name], HALF_DECIMAL)
    expect(speechWindow).toEqual(timeline.rows.speechWindow)
  })
})

describe('files that do not belong together', () => {
  it('are found where rows are missing at the end', async () => {
    const { folder } = await written(sampleTimeline())
    const path = join(folder, 'clip.frames.csv')
    const lines = (await readFile(path, 'utf8')).split('\n')
    await writeFile(path, `${lines.slice(0, -40).join('\n')}\n`)
    await expect(readClipResults(folder, 'clip')).rejects.toThrow(
      /meta.json counts 250 frames: rows are missing/,
    )
  })

  it('are found where the table was sorted by something else', async () => {
    const { folder } = await written(sampleTimeline())
    const path = join(folder, 'clip.frames.csv')
    const [header, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n')
    await writeFile(path, `${[header, ...lines.reverse()].join('\n')}\n`)
    await expect(readClipResults(folder, 'clip')).rejects.toThrow(/line 4 .*not in order of frame and time/)
  })

  it('are found where files were renamed', async () => {
    const { folder } = await written(sampleTimeline())
    for (const end of ['frames.csv', 'speech.csv', 'segments.csv', 'meta.json'])
      await rename(join(folder, `clip.${end}`), join(folder, `other.${end}`))
    await expect(readClipFacts(folder, 'other')).rejects.toThrow(/clipId is "clip", not "other"/)
  })

  it('name the file in which a segment is broken', async () => {
    const { folder } = await written(sampleTimeline())
    const path = join(folder, 'clip.segments.csv')
    await writeFile(path, `${await readFile(path, 'utf8')}clip,x,t,face,model,o,,1,anger,5,4\n`)
    const reading = readClipResults(folder, 'clip')
    await expect(reading).rejects.toMatchObject({ code: 'data.invalid' })
    await expect(reading).rejects.toThrow(/end_s 4 must not be before start_s 5.*segments\.csv$/)
  })
})

describe('a table of an older version', () => {
  it('is read, and says what it does not have', async () => {
    const timeline = sampleTimeline()
    const { folder } = await written(timeline)
    const path = join(folder, 'clip.frames.csv')
    const table = parseCsv(await readFile(path, 'utf8'))
    const left = table[0]!
      .map((name, place) =>
        /_s$|^disagree$|^fusion_absent$/.test(name) && !/^(time|dur|speech_win)/.test(name) ? -1 : place,
      )
      .filter((place) => place >= 0)
    await writeFile(path, table.map((cells) => left.map((place) => cells[place]).join(',')).join('\n'))
    const { rows } = await readClipResults(folder, 'clip')
    expect(rows.missing).toHaveLength(16)
    expect(rows.missing).toContain('face_p_anger_s')
    expect(rows.faceProbsSmoothed.every(Number.isNaN)).toBe(true)
    expect(rows.disagree.every((flag) => flag === 255)).toBe(true)
    expectClose(rows.faceProbs, timeline.rows.faceProbs, HALF_DECIMAL)
  })
})
