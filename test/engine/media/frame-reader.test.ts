import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import {
  type FrameReader,
  type FrameReaderOptions,
  openFrameReader,
} from '../../../main/engine/media/frame-reader'
import { probe } from '../../../main/engine/media/probe'
import { makeClip, type ClipVideo } from '../../support/media-fixtures'
import { readPattern } from '../../support/frame-pattern'
import { loopClip } from '../../support/loop-clip'
import { sharedData } from '../../support/shared-data'
import { tempFolder } from '../../support/temp-folder'

const LONGEST_SIDE_PX = 160

const opened: FrameReader[] = []
afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close()
})

async function open(path: string, options: FrameReaderOptions = {}): Promise<FrameReader> {
  const reader = await openFrameReader(path, { longestSidePx: LONGEST_SIDE_PX, layout: 'rgb24', ...options })
  opened.push(reader)
  return reader
}

interface Truth {
  readonly timesSecs: number[]
  readonly hashes: string[]
  readonly numbers: (number | null)[]
}

/** What decoding from beginning to end gives. */
async function decodeInOrder(path: string): Promise<Truth> {
  const truth: Truth = { timesSecs: [], hashes: [], numbers: [] }
  for await (const frame of decodeVideo(await probe(path), { longestSidePx: LONGEST_SIDE_PX })) {
    truth.timesSecs.push(frame.timeSecs)
    truth.hashes.push(hash(frame.rgb))
    truth.numbers.push(readPattern(frame.rgb, frame.widthPx, frame.heightPx))
  }
  return truth
}

const hash = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')

/** Many jumps cost a group of pictures each: of long clips a part is enough. */
const MOST_JUMPS = 80

/** Indices, each at most once, always in the same disorder. */
function shuffled(count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  let state = 12345
  for (let place = count - 1; place > 0; place--) {
    state = (state * 1103515245 + 12345) % 2 ** 31
    const other = state % (place + 1)
    ;[order[place], order[other]] = [order[other] ?? 0, order[place] ?? 0]
  }
  return order.slice(0, MOST_JUMPS)
}

const ORDERS = {
  forwards: (count: number) => Array.from({ length: count }, (_, index) => index),
  backwards: (count: number) => Array.from({ length: count }, (_, index) => count - 1 - index),
  'at random': shuffled,
}

async function expectSameFrames(path: string, options: FrameReaderOptions = {}): Promise<void> {
  const truth = await decodeInOrder(path)
  expect(truth.timesSecs.length).toBeGreaterThan(0)
  for (const [name, order] of Object.entries(ORDERS)) {
    // A small cache, so that most frames are really decoded again.
    const reader = await open(path, { cacheBytes: 2 ** 20, ...options })
    expect(Array.from(reader.timesSecs)).toEqual(truth.timesSecs)
    for (const index of order(truth.timesSecs.length)) {
      const picture = await reader.read(index)
      expect([name, index, picture.index, picture.timeSecs]).toEqual([
        name,
        index,
        index,
        truth.timesSecs[index],
      ])
      if (hash(picture.bytes) !== truth.hashes[index]) throw new Error(`${name}: frame ${index} differs`)
    }
    expect(reader.revision).toBe(0)
  }
}

describe('frames of made clips, each by its number', () => {
  const uneven = Array.from(
    { length: 90 },
    (_, index) => index * 33 + (index % 7) * 4 + (index > 40 ? 900 : 0),
  )
  it.each<[string, ClipVideo]>([
    ['fixed.mp4', { frames: 90 }],
    ['variable.mp4', { ptsMs: uneven }],
    ['variable.mkv', { ptsMs: uneven }],
    ['turned.mp4', { frames: 40, rotationDegrees: 90 }],
    ['turned-back.mov', { frames: 40, rotationDegrees: 270 }],
    ['open-group.mp4', { frames: 90, isOpenGroup: true }],
    ['open-group.mkv', { frames: 90, isOpenGroup: true }],
    ['open-group.mts', { frames: 90, isOpenGroup: true }],
    ['long-group.mp4', { frames: 320, groupFrames: 250 }],
    ['key-only.mp4', { frames: 30, groupFrames: 1 }],
    ['late.mp4', { frames: 40, startSecs: 3.2 }],
    ['ten-bit.mkv', { frames: 40, bitDepth: 10 }],
    ['small.webm', { frames: 60 }],
    ['old.avi', { frames: 60 }],
    ['camera.mts', { frames: 90 }],
    ['windows.wmv', { frames: 60 }],
    ['wide.mp4', { frames: 30, pixelAspect: { num: 4, den: 3 } }],
    ['single.mp4', { frames: 1 }],
  ])('%s', async (name, video) => {
    const path = join(await tempFolder(), name)
    await makeClip({ path, video, audio: { kind: 'tone' } })
    const truth = await decodeInOrder(path)
    expect(truth.numbers).toEqual(truth.numbers.map((_, index) => index))
    await expectSameFrames(path)
  })

  it('a clip that is cut off', async () => {
    const folder = await tempFolder()
    const whole = join(folder, 'whole.mkv')
    await makeClip({ path: whole, video: { frames: 120, widthPx: 320, heightPx: 256 } })
    const bytes = await readFile(whole)
    const path = join(folder, 'cut.mkv')
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    await expectSameFrames(path)
  })
})

describe('real clips', () => {
  const joined = sharedData('clips', 'ravdess-01-01-01-01-01-01-01.mp4')
  it.skipIf(joined === null)(
    'one after the other in a file, with times exchanged at each joint',
    async () => {
      const path = join(await tempFolder(), 'joined.mp4')
      await loopClip(joined ?? '', path, 9)
      // Were the joints not known for what they are, the times would be found by decoding everything: another revision.
      await expectSameFrames(path, { cacheBytes: 2 ** 24 })
    },
  )

  for (const parts of [
    ['odd', 'vfr.mp4'],
    ['odd', 'rotated-90.mp4'],
    ['odd', 'hevc-10bit.mp4'],
    ['odd', 'truncated.mp4'],
    ['odd', 'vp9 ñandú (1).webm'],
    ['odd', 'no-audio.mp4'],
    ['odd', 'two-faces.mp4'],
    ['montage.mp4'],
  ]) {
    const path = sharedData('clips', ...parts)
    it.skipIf(path === null)(parts.join('/'), { timeout: 240_000 }, () =>
      expectSameFrames(path ?? '', { cacheBytes: 2 ** 22 }),
    )
  }
})
