import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import type { RotationDegrees } from '../../../main/engine/media/types'
import { decodePictures } from '../../support/decoded'
import { CONTAINERS, makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'

const VIDEO_CONTAINERS = Object.keys(CONTAINERS).filter((name) => CONTAINERS[name]?.video !== null)

function counting(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => index + from)
}

describe('decodeVideo', () => {
  it.each(VIDEO_CONTAINERS)(
    'gives every picture of a %s file once, in order, at its time',
    async (extension) => {
      const path = join(await tempFolder(), `clip.${extension}`)
      await makeClip({ path, video: { frames: 60 } })
      const info = await probe(path)
      const { numbers, frames, damage } = await decodePictures(info)
      expect(numbers).toEqual(counting(60))
      expect(frames.map((frame) => frame.index)).toEqual(counting(60))
      for (const { index, timeSecs } of frames) expect(timeSecs).toBeCloseTo(index / 25, 3)
      expect(damage).toEqual([])
      expect(info.video).toMatchObject({ isVariableRate: false })
      expect(info.video?.measuredFps).toBeCloseTo(25, 6)
    },
  )

  it.each(['mp4', 'mkv', 'mov', 'webm', 'mts'])(
    'keeps the exact times of a variable rate in %s',
    async (extension) => {
      const ptsMs = [0, 40, 80, 200, 240, 320, 1000, 1011, 1050, 1090, 1500, 1540]
      const path = join(await tempFolder(), `clip.${extension}`)
      await makeClip({ path, video: { ptsMs } })
      const info = await probe(path)
      const { numbers, frames } = await decodePictures(info)
      expect(numbers).toEqual(counting(ptsMs.length))
      frames.forEach((frame, index) => expect(frame.timeSecs * 1000).toBeCloseTo(ptsMs[index] ?? NaN, 6))
      expect(info.video?.isVariableRate).toBe(true)
      expect(info.video?.measuredFps).toBeCloseTo(11 / 1.54, 6)
    },
  )

  it.each<[RotationDegrees, boolean]>([
    [0, false],
    [90, false],
    [180, false],
    [270, false],
  ])('turns pictures upright that are stored %s degrees askew', async (rotationDegrees) => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 5, widthPx: 160, heightPx: 96, rotationDegrees } })
    const info = await probe(path)
    const { numbers, frames } = await decodePictures(info)
    expect(numbers).toEqual(counting(5))
    expect(info.video).toMatchObject({ rotationDegrees, widthPx: 160, heightPx: 96 })
    expect(info.video?.codedWidthPx).toBe(rotationDegrees % 180 === 0 ? 160 : 96)
    expect(frames[0]).toMatchObject({ widthPx: 80, heightPx: 48 })
  })

  it('mirrors what the file says is mirrored', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 1, isMirrored: true } })
    const info = await probe(path)
    for await (const { rgb, widthPx } of decodeVideo(info, { longestSidePx: 160 })) {
      const at = (10 * widthPx + widthPx - 10) * 3
      expect([...rgb.subarray(at, at + 3)].map((value) => value > 128)).toEqual([true, false, false])
    }
  })

  it('shows square pixels: the size of probe, the shape of every picture', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({
      path,
      video: { frames: 3, widthPx: 144, heightPx: 128, pixelAspect: { num: 16, den: 9 } },
    })
    const info = await probe(path)
    expect(info.video).toMatchObject({ codedWidthPx: 144, codedHeightPx: 128, widthPx: 256, heightPx: 128 })
    const { numbers, frames } = await decodePictures(info, 128)
    expect(numbers).toEqual(counting(3))
    expect(frames[0]).toMatchObject({ widthPx: 128, heightPx: 64 })
  })

  it('never enlarges, and packs odd sizes tightly', async () => {
    const path = join(await tempFolder(), 'clip.mkv')
    await makeClip({ path, video: { frames: 2, widthPx: 150, heightPx: 86 } })
    const info = await probe(path)
    for await (const frame of decodeVideo(info, { longestSidePx: 1000 })) {
      expect(frame).toMatchObject({ widthPx: 150, heightPx: 86 })
      expect(frame.rgb.byteLength).toBe(150 * 86 * 3)
    }
    for await (const frame of decodeVideo(info, { longestSidePx: 77 })) {
      expect(frame).toMatchObject({ widthPx: 77, heightPx: 44 })
      expect(frame.rgb.byteLength).toBe(77 * 44 * 3)
    }
  })

  it('reads 10-bit pictures', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 12, bitDepth: 10 } })
    const info = await probe(path)
    expect(info.video).toMatchObject({ bitDepth: 10, pixelFormat: 'yuv420p10le' })
    expect((await decodePictures(info)).numbers).toEqual(counting(12))
  })

  it.each([
    { remark: 'upper lines first', letter: 't', grey: 230 },
    { remark: 'lower lines first', letter: 'b', grey: 20 },
  ])('takes the earlier moment of interlaced pictures: $remark', async ({ letter, grey }) => {
    const path = join(await tempFolder(), 'striped.y4m')
    await writeFile(path, stripedClip(letter, 6))
    const info = await probe(path)
    const seen: number[] = []
    const times: number[] = []
    for await (const { rgb, heightPx, timeSecs } of decodeVideo(info, { longestSidePx: 64 })) {
      expect(heightPx).toBe(48)
      seen.push(Math.min(...rgb), Math.max(...rgb))
      times.push(timeSecs)
    }
    expect(times).toEqual([0, 0.04, 0.08, 0.12, 0.16, 0.2])
    for (const value of seen) expect(Math.abs(value - grey)).toBeLessThanOrEqual(2)
  })

  it('leaves progressive pictures their lines', async () => {
    const path = join(await tempFolder(), 'striped.y4m')
    await writeFile(path, stripedClip('p', 1))
    for await (const { rgb } of decodeVideo(await probe(path), { longestSidePx: 64 })) {
      expect(Math.min(...rgb)).toBeLessThan(25)
      expect(Math.max(...rgb)).toBeGreaterThan(225)
    }
  })

  it('keeps one size when the stream changes its own on the way', async () => {
    const folder = await tempFolder()
    const [first, second, path] = ['a.mts', 'b.mts', 'joined.mts'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await makeClip({ path: first, video: { frames: 20, widthPx: 160, heightPx: 128 } })
    // The first file's timestamps were moved by two pictures, so that its first packet, a B-frame's reference, is at 0.
    const taller = { frames: 20, widthPx: 96, heightPx: 192, firstNumber: 20, startSecs: 0.88 }
    await makeClip({ path: second, video: taller })
    await writeFile(path, Buffer.concat([await readFile(first), await readFile(second)]))
    const info = await probe(path)
    const frames: { widthPx: number; heightPx: number; corner: readonly number[]; timeSecs: number }[] = []
    for await (const { rgb, ...frame } of decodeVideo(info, { longestSidePx: 160 })) {
      frames.push({ ...frame, corner: [...rgb.subarray(0, 3)] })
    }
    expect(frames).toHaveLength(40)
    for (const frame of frames) expect(frame).toMatchObject({ widthPx: 160, heightPx: 128 })
    // The first shape fills the picture with its red corner; the taller one stands between black bars.
    expect(frames[5]?.corner[0]).toBeGreaterThan(150)
    expect(Math.max(...(frames[35]?.corner ?? [255]))).toBeLessThan(40)
    frames.forEach((frame, index) => expect(frame.timeSecs).toBeCloseTo(index / 25, 3))
  })

  it('decodes a cut-off file as far as it goes and says so', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'clip.mkv')
    await makeClip({ path, video: { frames: 250 } })
    const { length } = await readFile(path)
    const cut = join(folder, 'cut.mkv')
    await copyFile(path, cut)
    await truncate(cut, Math.round(length / 2))
    const { numbers, damage } = await decodePictures(await probe(cut))
    expect(numbers.length).toBeGreaterThan(80)
    expect(numbers.length).toBeLessThan(170)
    expect(numbers).toEqual(counting(numbers.length))
    expect(damage.length).toBeGreaterThan(0)
  })

  it('goes on after damage in the middle, keeping later pictures at their times', async () => {
    const path = join(await tempFolder(), 'clip.mkv')
    await makeClip({ path, video: { frames: 200 } })
    const info = await probe(path)
    const bytes = await readFile(path)
    // Long enough to spoil many pictures: with frame threads FFmpeg can miss to mark a single one as damaged.
    bytes.fill(0x5a, Math.round(bytes.length * 0.35), Math.round(bytes.length * 0.5))
    await writeFile(path, bytes)
    const { numbers, frames, damage } = await decodePictures(info)
    expect(damage.length).toBeGreaterThan(0)
    expect(numbers.slice(0, 60)).toEqual(counting(60))
    expect(numbers.slice(-60)).toEqual(counting(60, 140))
    for (const [place, frame] of frames.slice(-60).entries())
      expect(frame.timeSecs).toBeCloseTo((140 + place) / 25, 3)
    for (const [place, frame] of frames.slice(1).entries()) {
      expect(frame.timeSecs).toBeGreaterThan(frames[place]?.timeSecs ?? Infinity)
    }
  })

  it('refuses a stream of which no picture can be decoded', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 30 } })
    const info = await probe(path)
    const bytes = await readFile(path)
    const media = bytes.indexOf('mdat', 'latin1') + 4
    bytes.fill(0xff, media, bytes.indexOf('moov', 'latin1') - 4)
    await writeFile(path, bytes)
    await expect(decodePictures(info)).rejects.toMatchObject({ code: 'media.decode-failed' })
  })

  it('stops when told to, before the start and on the way', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 100 } })
    const info = await probe(path)
    const early = decodeVideo(info, { longestSidePx: 80, signal: AbortSignal.abort() })
    await expect(early.next()).rejects.toMatchObject({ code: 'cancelled' })
    const controller = new AbortController()
    let count = 0
    const run = async (): Promise<void> => {
      for await (const frame of decodeVideo(info, { longestSidePx: 80, signal: controller.signal })) {
        count = frame.index + 1
        if (count === 10) controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
    expect(count).toBe(10)
  })

  it('hears an abort from a timer while the caller only decodes', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 400 } })
    const info = await probe(path)
    const controller = new AbortController()
    const run = async (): Promise<void> => {
      for (;;) {
        for await (const _frame of decodeVideo(info, { longestSidePx: 80, signal: controller.signal })) {
          // Only decoding.
        }
      }
    }
    setTimeout(() => controller.abort(), 30)
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('is refused where there is no video', async () => {
    const path = join(await tempFolder(), 'sound.wav')
    await makeClip({ path, audio: { kind: 'tone' } })
    const info = await probe(path)
    await expect(decodeVideo(info, { longestSidePx: 80 }).next()).rejects.toMatchObject({
      code: 'usage.invalid',
    })
  })
})

/** Pictures of 64 x 48 whose even lines are bright (230) and odd lines dark (20), full-range grey, at 25 a second. */
function stripedClip(interlacing: string, frames: number): Buffer {
  const luma = Buffer.alloc(64 * 48)
  for (let line = 0; line < 48; line++) luma.fill(line % 2 === 0 ? 230 : 20, line * 64, (line + 1) * 64)
  const picture = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((64 * 48) / 2, 128)])
  const header = `YUV4MPEG2 W64 H48 F25:1 I${interlacing} A1:1 C420jpeg XCOLORRANGE=FULL\n`
  return Buffer.concat([Buffer.from(header), ...Array.from({ length: frames }, () => picture)])
}
