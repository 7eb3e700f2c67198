import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMOTION_COUNT } from '../../../main/engine/emotions'
import type { ClipContext, ExportOptions } from '../../../main/engine/export/clip-context'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { EXPORT_FORMATS, exportClip, type ExportFormat } from '../../../main/engine/results/export-clip'
import type { AnalysisSettingsInput } from '../../../main/engine/timeline/settings'
import type { ClipTimeline } from '../../../main/engine/timeline/types'
import { tempFolder } from '../../support/temp-folder'
import { writeLongResults } from '../../support/long-results'
import { ALL_EXPORTS, clipContext, NO_EXPORTS, sampleTimeline } from '../export/fixtures'
import { buildTimeline, faceCard, faceFrames, mediaInfo, speechCard, spoken } from '../timeline/fixtures'

const MADE: readonly ExportFormat[] = ['long', 'eaf', 'textgrid', 'boris']

/** Writes a clip with all formats and without, exports the latter and compares every file that the former has. */
async function expectSameFiles(
  timeline: ClipTimeline,
  context: ClipContext,
  options: Partial<ExportOptions> = {},
): Promise<string[]> {
  const [asked, plain, target] = [await tempFolder(), await tempFolder(), await tempFolder()]
  const names = await writeClipResults(timeline, context, asked, { ...ALL_EXPORTS, ...options })
  await writeClipResults(timeline, context, plain, { ...NO_EXPORTS, ...options })
  const { files } = await exportClip({
    resultsFolder: plain,
    clipId: context.clipId,
    mediaPath: context.mediaPath,
    formats: [...MADE, 'frames', 'speech', 'segments'],
    targetFolder: target,
    replace: false,
  })
  const expected = names.filter((name) => !name.endsWith('meta.json'))
  expect([...files].sort()).toEqual([...expected].sort())
  expect((await readdir(target)).sort()).toEqual([...expected].sort())
  for (const name of expected) {
    const [one, two] = [await readFile(join(asked, name)), await readFile(join(target, name))]
    if (!one.equals(two)) expect(two.toString('utf8')).toBe(one.toString('utf8'))
    expect(one.length).toBeGreaterThan(0)
  }
  return expected
}

const audioOnly = () =>
  buildTimeline([], {
    media: mediaInfo({ hasVideo: false }),
    speech: spoken(10, 1, 8, (centre) => (centre < 4 ? 1 : 2)),
    speechCard,
  })

describe('formats that the clip was not labelled with', () => {
  it.each<[string, AnalysisSettingsInput]>([
    ['all modalities', {}],
    ['weighted sum', { fusion: { method: 'weighted-sum' } }],
    ['no fusion', { modalities: ['face', 'speech'] }],
    ['the face alone', { modalities: ['face'] }],
    ['a high minimum gate', { fusion: { minimumGate: 0.9 } }],
  ])('are what the command would have written: %s', async (_, settings) => {
    await expectSameFiles(sampleTimeline(settings), clipContext({}, settings))
  })

  it('are so with names of faces, text that needs care, and a byte order mark', async () => {
    const context = clipContext({
      clipId: '=1+1, "ñ"',
      subjects: { 1: 'Ana, "the first"', 2: '-Ben' },
      variables: { group: 'a' },
    })
    const names = await expectSameFiles(sampleTimeline(), context, { bom: true })
    expect(names).toContain('=1+1, "ñ".long.csv')
  })

  it('are so for sound alone', async () => {
    const names = await expectSameFiles(audioOnly(), clipContext({ media: mediaInfo({ hasVideo: false }) }))
    expect(names.some((name) => name.includes('boris-face'))).toBe(false)
  })

  it('are so for pictures without sound, and without anything found', async () => {
    const media = mediaInfo({ hasAudio: false })
    const silent = buildTimeline(
      faceFrames(100, 25, () => 3),
      { media, faceCard, speech: null, speechCard },
    )
    await expectSameFiles(silent, clipContext({ media }))
    const empty = buildTimeline(
      faceFrames(20, 25, () => null),
      { media, faceCard, speech: null, speechCard },
    )
    await expectSameFiles(empty, clipContext({ media }))
  })

  it('are so where a tenth of the frames was analysed', async () => {
    const frames = faceFrames(250, 25, (secs) => (secs < 5 ? 2 : 5)).map((frame) =>
      frame.frameIndex % 10 === 0 ? frame : { ...frame, isAnalysed: false, faces: [] },
    )
    await expectSameFiles(
      buildTimeline(frames, { speech: spoken(10, 1, 8, () => 4), speechCard }),
      clipContext(),
    )
  })

  it.each([30000 / 1001, 24000 / 1001, 60, 7])(
    'are so at %f frames a second, whose times fall on half milliseconds',
    async (fps) => {
      const [folder, asked] = [await tempFolder(), await tempFolder()]
      const options = { durationSecs: 120, fps, seed: 7, clipId: 'c' }
      const { context } = await writeLongResults(folder, options)
      const all = await writeLongResults(asked, { ...options, exports: ALL_EXPORTS })
      const target = await tempFolder()
      await exportClip({
        resultsFolder: folder,
        clipId: 'c',
        mediaPath: context.mediaPath,
        formats: MADE,
        targetFolder: target,
        replace: false,
      })
      const made = await readdir(target)
      expect(made).toHaveLength(6)
      for (const name of made) {
        expect(all.files).toContain(name)
        expect((await readFile(join(target, name))).equals(await readFile(join(asked, name)))).toBe(true)
      }
    },
  )

  it('keep the label where rounding makes two values alike', async () => {
    const timeline = sampleTimeline()
    // Alike with six decimals, not before: the second is the higher.
    for (const probs of [timeline.rows.faceProbs, timeline.rows.speechProbs, timeline.rows.fusionProbs])
      probs.set([0.1, 0.35000002, 0.1, 0.35000012, 0.05, 0.02, 0.02985986], 0)
    expect(timeline.rows.faceProbs[1]).toBeLessThan(timeline.rows.faceProbs[3]!)
    await expectSameFiles(timeline, clipContext())
    expect(timeline.rows.faceProbs.length % EMOTION_COUNT).toBe(0)
  })
})

describe('exporting', () => {
  const request = async (formats: readonly ExportFormat[], changes = {}) => {
    const resultsFolder = await tempFolder()
    await writeClipResults(sampleTimeline(), clipContext({ clipId: 'clip' }), resultsFolder, NO_EXPORTS)
    const targetFolder = join(await tempFolder(), 'new', 'folder')
    return {
      resultsFolder,
      clipId: 'clip',
      mediaPath: null,
      formats,
      targetFolder,
      replace: false,
      ...changes,
    }
  }

  it('copies what the clip has byte for byte and makes the rest', async () => {
    const ask = await request(EXPORT_FORMATS)
    const { files, absent } = await exportClip(ask)
    expect(absent).toEqual([{ format: 'landmarks', reason: expect.stringContaining('label it again') }])
    expect((await readdir(ask.targetFolder)).sort()).toEqual([...files].sort())
    for (const end of ['frames.csv', 'speech.csv', 'segments.csv', 'meta.json']) {
      const [from, to] = [ask.resultsFolder, ask.targetFolder].map((folder) => join(folder, `clip.${end}`))
      expect((await readFile(to!)).equals(await readFile(from!))).toBe(true)
    }
    for (const name of ['data_dictionary.csv', 'METHODS.txt', 'clip.TextGrid']) expect(files).toContain(name)
  })

  it('takes the dictionary and the methods of the folder where they are', async () => {
    const ask = await request(['dictionary', 'methods'])
    await writeFile(join(ask.resultsFolder, 'METHODS.txt'), 'of the whole folder')
    await exportClip(ask)
    expect(await readFile(join(ask.targetFolder, 'METHODS.txt'), 'utf8')).toBe('of the whole folder')
  })

  it('edits of the segments table are in what is made of it', async () => {
    const ask = await request(['textgrid'])
    const path = join(ask.resultsFolder, 'clip.segments.csv')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(/,happiness,/, ',disgust,'))
    await exportClip(ask)
    expect(await readFile(join(ask.targetFolder, 'clip.TextGrid'), 'utf8')).toContain('text = "disgust"')
  })

  it('replaces nothing unless told to', async () => {
    const ask = await request(['frames', 'eaf'])
    await mkdir(ask.targetFolder, { recursive: true })
    await writeFile(join(ask.targetFolder, 'clip.eaf'), 'my own work')
    const refused = exportClip(ask)
    await expect(refused).rejects.toMatchObject({ code: 'output.exists' })
    await expect(refused).rejects.toThrow(/clip\.eaf/)
    expect(await readdir(ask.targetFolder)).toEqual(['clip.eaf'])
    expect(await readFile(join(ask.targetFolder, 'clip.eaf'), 'utf8')).toBe('my own work')
    await exportClip({ ...ask, replace: true })
    expect((await readdir(ask.targetFolder)).sort()).toEqual(['clip.eaf', 'clip.frames.csv'])
  })

  it('leaves nothing behind when it is cancelled or a source is gone', async () => {
    const ask = await request(['frames', 'long'])
    await mkdir(ask.targetFolder, { recursive: true })
    const controller = new AbortController()
    controller.abort()
    await expect(exportClip({ ...ask, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    await rm(join(ask.resultsFolder, 'clip.speech.csv'))
    await expect(exportClip({ ...ask, formats: ['frames', 'speech'] })).rejects.toMatchObject({
      code: 'input.not-found',
    })
    expect(await readdir(ask.targetFolder)).toEqual([])
  })

  it('into the results folder itself adds what is not there', async () => {
    const ask = await request(['frames', 'eaf'])
    const before = await readFile(join(ask.resultsFolder, 'clip.frames.csv'))
    await exportClip({ ...ask, targetFolder: ask.resultsFolder })
    expect(await readFile(join(ask.resultsFolder, 'clip.frames.csv'))).toEqual(before)
    expect(await readdir(ask.resultsFolder)).toContain('clip.eaf')
  })
})
