import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readClipResults } from '../../main/engine/results/clip-results'
import { exportClip } from '../../main/engine/results/export-clip'
import { LandmarkLookup, landmarkStepSecs, readLandmarks } from '../../main/engine/results/landmark-rows'
import { repositoryRoot, runUnmask } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'

const CLIP = 'ravdess-01-01-01-01-01-01-01'
const sample = join(repositoryRoot, 'assets', 'sample', `${CLIP}.mp4`)
const MADE = ['long.csv', 'eaf', 'TextGrid', 'boris', 'boris-face.csv', 'boris-fusion.csv']
let labelled: string

beforeAll(async () => {
  labelled = await mkdtemp(join(tmpdir(), 'unmask-test-labelled-'))
  const flags = ['--long', '--eaf', '--textgrid', '--boris', '--landmarks']
  const { code, stderr } = await runUnmask(['label', sample, '--out', labelled, ...flags])
  if (code !== 0) throw new Error(stderr)
})
afterAll(() => rm(labelled, { recursive: true, force: true }))

/** The same results as if those formats had not been asked for. */
async function withoutFormats(): Promise<string> {
  const folder = join(await tempFolder(), 'results')
  await mkdir(folder)
  const left = (await readdir(labelled)).filter((name) => !MADE.some((end) => name === `${CLIP}.${end}`))
  for (const name of left) await copyFile(join(labelled, name), join(folder, name))
  const path = join(folder, `${CLIP}.meta.json`)
  const meta = JSON.parse(await readFile(path, 'utf8')) as { files: string[] }
  await writeFile(path, JSON.stringify({ ...meta, files: meta.files.filter((name) => left.includes(name)) }))
  return folder
}

describe('results of the command, read back', () => {
  it('export to the very files that the command wrote', async () => {
    const targetFolder = await tempFolder()
    const { files, absent } = await exportClip({
      resultsFolder: await withoutFormats(),
      clipId: CLIP,
      mediaPath: sample,
      formats: [
        'frames',
        'speech',
        'segments',
        'long',
        'landmarks',
        'eaf',
        'textgrid',
        'boris',
        'dictionary',
        'methods',
      ],
      targetFolder,
      replace: false,
    })
    expect(absent).toEqual([])
    expect(files).toHaveLength(MADE.length + 6)
    for (const name of files)
      expect((await readFile(join(targetFolder, name))).equals(await readFile(join(labelled, name)))).toBe(
        true,
      )
  })

  it('have landmarks at every row with a face, inside or near its box', async () => {
    const { rows, meta } = await readClipResults(labelled, CLIP)
    const lookup = new LandmarkLookup(
      await readLandmarks(join(labelled, `${CLIP}.landmarks.csv`)),
      landmarkStepSecs(meta),
    )
    let faces = 0
    for (let row = 0; row < rows.count; row++) {
      if (rows.faceId[row]! < 0) continue
      faces++
      const points = lookup.at(rows.timeSecs[row]!, rows.faceId[row]!)
      if (!points) throw new Error(`row ${row} has a face and no landmarks`)
      const [x, y, width, height] = rows.faceBox.subarray(4 * row, 4 * row + 4)
      // Eyes and mouth are in the box of the detector, which cuts chins off.
      for (const point of [36, 39, 42, 45, 48, 54]) {
        expect((points[2 * point]! - x!) / width!).toBeGreaterThan(0)
        expect((points[2 * point]! - x!) / width!).toBeLessThan(1)
        expect((points[2 * point + 1]! - y!) / height!).toBeGreaterThan(0)
        expect((points[2 * point + 1]! - y!) / height!).toBeLessThan(1.1)
      }
      // Eyes above the mouth, the right eye left of the left one.
      expect(points[2 * 36 + 1]!).toBeLessThan(points[2 * 48 + 1]!)
      expect(points[2 * 39]!).toBeLessThan(points[2 * 42]!)
    }
    expect(faces).toBe(98)
  })
})
