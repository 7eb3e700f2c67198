import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../../main/engine/emotions'
import { GreySquares, centreSquare } from '../../../../main/engine/learning/data/grey-picture'
import { openFaceData } from '../../../../main/engine/learning/data/open-data'
import type { DataProblem } from '../../../../main/engine/learning/data/problems'
import { greyPng } from '../../../../main/engine/learning/evaluation/grey-png'
import { Random } from '../../../../main/engine/learning/random'
import { tempFolder } from '../../../support/temp-folder'

function noise(widthPx: number, heightPx: number, seed: number): Uint8Array {
  const random = new Random(seed)
  return Uint8Array.from({ length: widthPx * heightPx }, () => random.below(256))
}

function asPicture(grey: Uint8Array, widthPx: number, heightPx: number) {
  return {
    widthPx,
    heightPx,
    rgb: Uint8Array.from({ length: grey.length * 3 }, (_, i) => grey[Math.floor(i / 3)]!),
  }
}

function squareOf(grey: Uint8Array, widthPx: number, heightPx: number, sidePx: number): Uint8Array {
  const out = new Uint8Array(sidePx * sidePx)
  new GreySquares(sidePx).make(asPicture(grey, widthPx, heightPx), out)
  return out
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length
const mirrored = (grey: Uint8Array, widthPx: number) =>
  grey.map((_, i) => grey[i - (i % widthPx) + widthPx - 1 - (i % widthPx)]!)

describe('GreySquares', () => {
  it('keeps every value of a picture of the right size', () => {
    const grey = noise(48, 48, 1)
    expect(squareOf(grey, 48, 48, 48)).toEqual(grey)
  })

  it.each([
    [100, 48],
    [48, 48],
    [31, 48],
    [640, 48],
  ])('a constant picture of %i px stays constant at %i px', (from, to) => {
    expect(new Set(squareOf(new Uint8Array(from * from).fill(137), from, from, to))).toEqual(new Set([137]))
  })

  it.each([96, 100, 61])('keeps the mean where it shrinks from %i px', (from) => {
    const grey = noise(from, from, 2)
    // Halves round up: at half size a quarter of all values by 0.5.
    expect(Math.abs(mean(squareOf(grey, from, from, 48)) - mean(grey))).toBeLessThan(0.15)
  })

  it('halves by averaging blocks of four', () => {
    const grey = noise(96, 96, 3)
    const out = squareOf(grey, 96, 96, 48)
    for (const [x, y] of [
      [0, 0],
      [47, 0],
      [13, 29],
      [47, 47],
    ] as const) {
      const at = 2 * y * 96 + 2 * x
      const block = grey[at]! + grey[at + 1]! + grey[at + 96]! + grey[at + 97]!
      expect(Math.abs(out[y * 48 + x]! - block / 4)).toBeLessThanOrEqual(0.5001)
    }
  })

  it.each([
    [100, 70],
    [30, 40],
  ])('mirror image in, mirror image out (%i x %i)', (widthPx, heightPx) => {
    const grey = noise(widthPx, heightPx, 4)
    const one = mirrored(squareOf(grey, widthPx, heightPx, 48), 48)
    const other = squareOf(mirrored(grey, widthPx), widthPx, heightPx, 48)
    // A sum taken from the other end may round the other way.
    expect(Math.max(...one.map((value, i) => Math.abs(value - other[i]!)))).toBeLessThanOrEqual(1)
  })

  it('cuts the square in the middle', () => {
    expect(centreSquare({ widthPx: 100, heightPx: 60, rgb: new Uint8Array() })).toEqual({
      left: 20,
      top: 0,
      width: 60,
      height: 60,
    })
    const wide = new Uint8Array(96 * 48).map((_, i) => (i % 96 >= 24 && i % 96 < 72 ? 200 : 0))
    expect(new Set(squareOf(wide, 96, 48, 48))).toEqual(new Set([200]))
  })
})

async function folderOf(files: Record<string, Buffer | string>): Promise<string> {
  const folder = await tempFolder()
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), contents)
  }
  return folder
}

describe('pictures in a folder for each class', () => {
  const png = (seed: number, side = 48) => greyPng(noise(side, side, seed), side, side)

  it('takes splits and labels from the folders and the pixels as they are', async () => {
    const folder = await folderOf({
      'train/angry/1.png': png(1),
      'train/Happiness/2.PNG': png(2),
      'test/05_sad/3.png': png(3, 96),
      'test/contempt/4.png': png(4),
      'test/sad/notes.txt': 'not a picture',
      'test/sad/.hidden.png': 'hidden',
    })
    const set = await openFaceData(folder)
    expect(set.ids).toEqual([
      'test/05_sad/3.png',
      'test/contempt/4.png',
      'train/Happiness/2.PNG',
      'train/angry/1.png',
    ])
    expect(set.splits).toEqual(['test', 'test', 'train', 'train'])
    expect(Array.from(set.labels, (label) => EMOTIONS[label] ?? null)).toEqual([
      'sadness',
      null,
      'happiness',
      'anger',
    ])
    expect(set.pixels.subarray(3 * 2304)).toEqual(noise(48, 48, 1))
    expect(set.pixels.subarray(0, 2304)).toEqual(squareOf(noise(96, 96, 3), 96, 96, 48))
    expect((await openFaceData(folder, { splits: ['train'] })).count).toBe(2)
    await expect(openFaceData(folder, { splits: ['training'] })).rejects.toThrow(/no picture of training/)
  })

  it('knows classes without splits, and other sizes', async () => {
    const set = await openFaceData(await folderOf({ 'fear/1.png': png(1, 64) }), { sidePx: 64 })
    expect(set).toMatchObject({ count: 1, sidePx: 64, splits: [''], ids: ['fear/1.png'] })
    expect(set.pixels).toEqual(noise(64, 64, 1))
  })

  it('lets the caller cut the face, or find none', async () => {
    const folder = await folderOf({ 'fear/1.png': png(1), 'fear/2.png': png(2) })
    const problems: DataProblem[] = []
    let calls = 0
    const set = await openFaceData(folder, {
      makeFace: (picture, out) => {
        out.fill(picture.widthPx)
        return ++calls > 1
      },
      onProblem: (problem) => problems.push(problem),
    })
    expect(set.ids).toEqual(['fear/2.png'])
    expect(new Set(set.pixels)).toEqual(new Set([48]))
    expect(problems[0]!.message).toContain('no face')
  })

  it.each([
    ['an empty picture', Buffer.alloc(0), /empty/],
    ['a picture cut off', png(5).subarray(0, 900), /damaged or cut off/],
    ['text that is called a picture', 'hello', /no JPEG, PNG/],
  ])('refuses %s by name and goes on where problems are collected', async (_, contents, message) => {
    const folder = await folderOf({ 'fear/1.png': png(1), 'fear/2.png': contents, 'fear/3.png': png(3) })
    await expect(openFaceData(folder)).rejects.toThrow(message)
    await expect(openFaceData(folder)).rejects.toThrow('2.png')
    const problems: DataProblem[] = []
    const set = await openFaceData(folder, { onProblem: (problem) => problems.push(problem) })
    expect(problems).toHaveLength(1)
    expect(set.ids).toEqual(['fear/1.png', 'fear/3.png'])
    // What a broken picture left in the decoder does not reach the next.
    expect(set.pixels.subarray(2304)).toEqual(noise(48, 48, 3))
  })

  it('refuses a folder that is no emotion, and folders without pictures', async () => {
    const folder = await folderOf({ 'train/angry/1.png': png(1), 'train/bored/2.png': png(2) })
    await expect(openFaceData(folder)).rejects.toThrow(/1 pictures in a folder named "bored"/)
    await expect(openFaceData(await folderOf({ 'a/readme.txt': 'x' }))).rejects.toThrow(
      /no data set is recognised/,
    )
  })
})
