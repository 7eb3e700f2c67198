import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { reasonAgainstPlaying } from '../../../main/engine/media/playability'
import { probe } from '../../../main/engine/media/probe'
import { writeProxy } from '../../../main/engine/media/proxy'
import { makeThumbnail } from '../../../main/engine/media/thumbnail'
import { readPattern } from '../../support/frame-pattern'
import { type ClipVideo, makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'

async function numbersAndTimes(path: string): Promise<{ number: number | null; timeSecs: number }[]> {
  const found = []
  for await (const frame of decodeVideo(await probe(path), { longestSidePx: 640 }))
    found.push({ number: readPattern(frame.rgb, frame.widthPx, frame.heightPx), timeSecs: frame.timeSecs })
  return found
}

describe('writeProxy', () => {
  it.each<[string, ClipVideo, string]>([
    ['avi', { frames: 30 }, 'a constant rate'],
    ['mkv', { frames: 30, ptsMs: [0, 40, 55, 150, 151, 300, 420, 433, 500, 900] }, 'a varying rate'],
    ['mov', { frames: 20, rotationDegrees: 90 }, 'turned'],
    ['mts', { frames: 30 }, 'a camera'],
    ['mp4', { frames: 30, startSecs: 2 }, 'pictures that begin late'],
  ])('keeps every picture of %s at its time (%s)', async (ending, video, _) => {
    const folder = await tempFolder()
    const source = join(folder, `source.${ending}`)
    await makeClip({ path: source, video, audio: { kind: 'tone', durationSecs: 1 } })
    const target = join(folder, 'cache', 'proxy.mp4')
    await mkdir(join(folder, 'cache'))
    const media = await probe(source)
    await writeProxy(media, target)
    const [before, after] = [await numbersAndTimes(source), await numbersAndTimes(target)]
    expect(before.every(({ number }) => number !== null)).toBe(true)
    expect(after.map(({ number }) => number)).toEqual(before.map(({ number }) => number))
    // A tick of the copy is 1/90000 s.
    after.forEach(({ timeSecs }, at) => expect(Math.abs(timeSecs - before[at]!.timeSecs)).toBeLessThan(1e-4))
    expect(reasonAgainstPlaying(await probe(target))).toBeNull()
    expect(await readdir(join(folder, 'cache'))).toEqual(['proxy.mp4'])
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const folder = await tempFolder()
    const source = join(folder, 'source.avi')
    await makeClip({ path: source, video: { frames: 60 } })
    const stop = new AbortController()
    const making = writeProxy(await probe(source), join(folder, 'proxy.mp4'), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(making).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(folder)).toEqual(['source.avi'])
  })

  it('tells progress that rises', async () => {
    const folder = await tempFolder()
    const source = join(folder, 'source.avi')
    await makeClip({ path: source, video: { frames: 60 } })
    const told: (number | null)[] = []
    await writeProxy(await probe(source), join(folder, 'proxy.mp4'), {
      onProgress: (share) => told.push(share),
    })
    expect(told.length).toBeGreaterThan(2)
    expect([...told].sort((a, b) => a! - b!)).toEqual(told)
  })
})

describe('reasonAgainstPlaying', () => {
  it.each([
    ['mp4', null],
    ['webm', null],
    ['avi', /container/],
    ['mts', /container/],
    ['wmv', /container/],
  ])('judges %s', async (ending, expected) => {
    const path = join(await tempFolder(), `clip.${ending}`)
    await makeClip({ path, video: { frames: 10 }, audio: { kind: 'tone' } })
    const reason = reasonAgainstPlaying(await probe(path))
    if (expected === null) expect(reason).toBeNull()
    else expect(reason).toMatch(expected)
  })

  it('refuses ten bits', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 10, bitDepth: 10 } })
    expect(reasonAgainstPlaying(await probe(path))).toMatch(/pictures/)
  })
})

describe('makeThumbnail', () => {
  it('gives an upright JPEG of a small size', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'clip.mov')
    await makeClip({ path, video: { frames: 10, rotationDegrees: 90, widthPx: 400, heightPx: 640 } })
    const jpeg = await makeThumbnail(await probe(path))
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8])
    // Start of frame: height and width as 16-bit numbers behind the marker, length and precision.
    const at = jpeg.findIndex((byte, place) => byte === 0xff && jpeg[place + 1] === 0xc0)
    const [height, width] = [jpeg[at + 5]! * 256 + jpeg[at + 6]!, jpeg[at + 7]! * 256 + jpeg[at + 8]!]
    expect([width, height]).toEqual([200, 320])
  })
})
