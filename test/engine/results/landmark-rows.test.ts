import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../main/engine/export/csv'
import { LANDMARKS_COLUMNS } from '../../../main/engine/export/landmarks-csv'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { writeFolderResults } from '../../../main/engine/export/write-folder'
import { labelOptionsSchema } from '../../../main/engine/batch/clip-job'
import type { FaceFrame } from '../../../main/engine/face/types'
import { Random } from '../../../main/engine/learning/random'
import { readClipFacts } from '../../../main/engine/results/clip-results'
import { LandmarkLookup, landmarkStepSecs, readLandmarks } from '../../../main/engine/results/landmark-rows'
import type { LandmarkTable } from '../../../main/engine/timeline/types'
import { clipContext, NO_EXPORTS } from '../export/fixtures'
import { buildTimeline, observation } from '../timeline/fixtures'
import { tempFolder } from '../../support/temp-folder'

/** 50 frames at 25 a second, looked at on every fifth; a second face from the middle on. */
function frames(): FaceFrame[] {
  const random = new Random(2)
  const points = () => Float32Array.from({ length: 136 }, () => 640 * random.next() - 20)
  return Array.from({ length: 50 }, (_, frameIndex) => {
    const isDetected = frameIndex % 5 === 0
    const face = (trackId: number) =>
      observation(1, { trackId, isDetected, ...(isDetected && { landmarks: points() }) })
    return {
      frameIndex,
      timeSecs: frameIndex / 25,
      isAnalysed: true,
      faces: frameIndex < 25 ? [face(1)] : [face(1), face(2)],
    }
  })
}

async function written() {
  const folder = await tempFolder()
  const all = frames()
  const timeline = buildTimeline(all, { speech: null })
  const files = await writeClipResults(timeline, clipContext({ clipId: 'a, b' }), folder, {
    ...NO_EXPORTS,
    landmarks: true,
  })
  return { folder, files, all, timeline, path: join(folder, 'a, b.landmarks.csv') }
}

describe('the landmarks table', () => {
  it('has a row for every face that was looked at, to a tenth of a pixel', async () => {
    const { all, path, files } = await written()
    expect(files).toContain('a, b.landmarks.csv')
    const table = await readLandmarks(path)
    const looked = all.flatMap(({ frameIndex, faces }) =>
      faces.flatMap((face) => (face.landmarks ? [{ frameIndex, face }] : [])),
    )
    expect(table.count).toBe(looked.length)
    expect([...table.frame]).toEqual(looked.map(({ frameIndex }) => frameIndex))
    expect([...table.faceId]).toEqual(looked.map(({ face }) => face.trackId))
    looked.forEach(({ face }, row) => {
      for (let i = 0; i < 136; i++)
        expect(Math.abs(table.points[row * 136 + i]! - face.landmarks![i]!)).toBeLessThan(0.0501)
    })
    const [header, first] = parseCsv(await readFile(path, 'utf8'))
    expect(header).toEqual(LANDMARKS_COLUMNS.map(({ name }) => name))
    expect(first?.slice(0, 4)).toEqual(['a, b', '0', '0.000000', '1'])
    // x and y of the first point stand in columns of their own.
    expect(Number(first?.[4 + 68])).toBe(Number(looked[0]?.face.landmarks?.[1]?.toFixed(1)))
  })

  it('is written on request alone, and the dictionary describes it only then', async () => {
    const { folder, timeline, path } = await written()
    const plain = await tempFolder()
    const names = await writeClipResults(timeline, clipContext({ clipId: 'a, b' }), plain, NO_EXPORTS)
    expect(names.some((name) => name.includes('landmarks'))).toBe(false)
    const entry = { kind: 'done' as const, clipId: 'a, b', path: '/data/a.mp4', fileName: 'a.mp4' }
    for (const target of [folder, plain])
      await writeFolderResults([entry], target, { bom: false, appVersion: '1' })
    const described = async (target: string) =>
      parseCsv(await readFile(join(target, 'data_dictionary.csv'), 'utf8'))
        .filter(([file]) => file === '*.landmarks.csv')
        .map(([, column]) => column)
    expect(await described(plain)).toEqual([])
    expect(await described(folder)).toEqual(parseCsv(await readFile(path, 'utf8'))[0])
  })

  it('is a header alone where no face was found', async () => {
    const folder = await tempFolder()
    await writeClipResults(buildTimeline([], {}), clipContext({ clipId: 'c' }), folder, {
      ...NO_EXPORTS,
      landmarks: true,
    })
    expect((await readLandmarks(join(folder, 'c.landmarks.csv'))).count).toBe(0)
  })

  it('is refused without one of its points', async () => {
    const { path } = await written()
    await writeFile(path, (await readFile(path, 'utf8')).replace(',y67', ',y68'))
    await expect(readLandmarks(path)).rejects.toThrow(/no column y67/)
  })

  it('was not asked for in journals that do not name it', () => {
    const old = {
      settings: {},
      exports: { long: true, eaf: false, textgrid: false, boris: false, bom: false },
    }
    expect(labelOptionsSchema.parse(old).exports.landmarks).toBe(false)
  })
})

/** A face looked at at 0, 0.2, 0.4 and again from 2 s on; all its points have the value of the time in tenths. */
function lookup(stepSecs = 0.24): LandmarkLookup {
  const times = [0, 0.2, 0.4, 2, 2.2]
  const table: LandmarkTable = {
    count: times.length,
    frame: Int32Array.from(times, (secs) => Math.round(25 * secs)),
    timeSecs: Float64Array.from(times),
    faceId: new Int32Array(times.length).fill(3),
    points: Float32Array.from(
      { length: 136 * times.length },
      (_, i) => 10 * times[Math.floor(i / 136)]! + (i % 136),
    ),
  }
  return new LandmarkLookup(table, stepSecs)
}

describe('landmarks at a moment', () => {
  it.each([
    [0, 0],
    [0.05, 0.5],
    [0.1, 1],
    [0.2, 2],
    [0.33, 3.3],
    [0.4, 4],
    [2, 20],
    [2.15, 21.5],
    // A time that was rounded to six decimals on the way.
    [0.2000004, 2],
    [0.1999996, 2],
  ])('at %f s are those of the look, or between two', (secs, expected) => {
    const points = lookup().at(secs, 3)
    expect(points?.[0]).toBeCloseTo(expected, 4)
    expect(points?.[135]).toBeCloseTo(expected + 135, 3)
  })

  it.each([-0.1, 0.41, 1, 1.99, 2.21, 50])('at %f s are absent: no look is near on both sides', (secs) => {
    expect(lookup().at(secs, 3)).toBeNull()
  })

  it('are absent for another face, and leave what they would be written to alone', () => {
    const out = new Float32Array(140).fill(7)
    expect(lookup().write(0.1, 4, out, 2)).toBe(false)
    expect(out.every((value) => value === 7)).toBe(true)
    expect(lookup().write(0.1, 3, out, 2)).toBe(true)
    expect([out[1], out[2], out[138]]).toEqual([7, 1, 7])
  })

  it('reach as far as the detector looks, which the clip states', async () => {
    const { folder } = await written()
    const meta = await readClipFacts(folder, 'a, b')
    expect(landmarkStepSecs(meta)).toBeCloseTo(0.24, 9)
    const sparse = { ...meta, settings: { ...meta.settings, framesPerSec: 2 } }
    expect(landmarkStepSecs(sparse)).toBeCloseTo(0.7, 9)
    const slow = { ...meta, parameters: { faceAnalysis: { detectionIntervalSecs: 1 } } }
    expect(landmarkStepSecs(slow)).toBeCloseTo(1.04, 9)
  })
})
