import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { frameTimes } from '../../../main/host/viewer/frame-verbs'
import { Viewer } from '../../../main/host/viewer/viewer'
import type { FramePicture, OpenedFrames } from '../../../preload/contract/viewer-port-frames'
import { type ClipVideo, makeClip } from '../../support/media-fixtures'
import { readPattern } from '../../support/frame-pattern'
import { openCaller } from '../../support/port-caller'
import { tempFolder } from '../../support/temp-folder'

const token = 'clip'

async function openViewer(video: ClipVideo | null, name = 'clip.mp4') {
  const folder = await tempFolder()
  const mediaPath = join(folder, name)
  if (video !== null) await makeClip({ path: mediaPath, video, audio: { kind: 'tone', offsetSecs: -0.2 } })
  else await writeFile(mediaPath, 'no recording')
  const viewer = new Viewer()
  viewer.obey(
    {
      type: 'grant',
      token,
      mediaPath,
      resultsFolder: folder,
      clipId: 'clip',
      cacheFolder: null,
      isBlind: false,
    },
    [],
  )
  const caller = openCaller((port) => viewer.obey({ type: 'port' }, [port]))
  const ask = async <T>(verb: string, request: object): Promise<T> => {
    const reply = await caller.call(verb, { token, ...request })
    if (!reply.ok) throw Object.assign(new Error(reply.fault.message), { code: reply.fault.code })
    return reply.value as T
  }
  return { viewer, caller, ask }
}

/** The number drawn in a picture: its blocks are red, black and white, so that luma and one colour plane tell them. */
function numberIn({ i420, widthPx, heightPx }: FramePicture): number | null {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  const redPlane = widthPx * heightPx * 1.25
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) {
      const luma = i420[y * widthPx + x] ?? 0
      const isRed = (i420[redPlane + (y >> 1) * (widthPx >> 1) + (x >> 1)] ?? 0) > 180
      rgb.set(isRed ? [255, 0, 0] : [luma, luma, luma], (y * widthPx + x) * 3)
    }
  return readPattern(rgb, widthPx, heightPx)
}

describe('frames of a clip over the port', () => {
  it.each<[string, ClipVideo]>([
    ['a turned clip of varying rate', { ptsMs: [0, 40, 55, 150, 300, 420, 433, 500], rotationDegrees: 90 }],
    ['a wide clip', { frames: 30, widthPx: 320, heightPx: 128 }],
  ])('%s', async (_, video) => {
    const { ask } = await openViewer(video)
    const opened = await ask<OpenedFrames>('openFrames', {})
    const timesMs = video.ptsMs ?? Array.from({ length: 30 }, (__, index) => index * 40)
    expect(opened.frameCount).toBe(timesMs.length)
    opened.timesSecs.forEach((secs, index) => expect(secs).toBeCloseTo((timesMs[index] ?? NaN) / 1000, 4))
    // Sound begins 0.2 s and 1,024 samples of priming before the picture.
    expect(opened.mediaOffsetSecs).toBeCloseTo(-0.2 - 1024 / 48_000, 6)
    for (const index of [3, 0, timesMs.length - 1, 2, 1]) {
      const picture = await ask<FramePicture>('readFrame', { index })
      expect(picture.i420.length).toBe(picture.widthPx * picture.heightPx * 1.5)
      expect([picture.widthPx, picture.heightPx]).toEqual([opened.widthPx, opened.heightPx])
      expect([picture.index, numberIn(picture)]).toEqual([index, index])
      expect(picture.timeSecs).toBe(opened.timesSecs[index])
    }
    expect(opened.widthPx > opened.heightPx).toBe(true)
  })

  it.each([
    ['a frame after the last', 'readFrame', { index: 10 }, 'usage.invalid'],
    ['a negative frame', 'readFrame', { index: -1 }, 'usage.invalid'],
    ['half a frame', 'readFrame', { index: 0.5 }, 'usage.invalid'],
    ['a token that was not given', 'openFrames', { token: 'other' }, 'usage.invalid'],
  ])('refuses %s', async (_, verb, request, code) => {
    const { ask } = await openViewer({ frames: 10 })
    await expect(ask(verb, request)).rejects.toMatchObject({ code })
  })

  it('says what is wrong with a file that is no recording', async () => {
    const { ask } = await openViewer(null)
    await expect(ask('openFrames', {})).rejects.toMatchObject({ code: 'media.not-media' })
  })

  it('answers the newest of many requests, and each with a frame or its cancelling', async () => {
    const { ask } = await openViewer({ frames: 200, groupFrames: 100 })
    await ask('openFrames', {})
    const indices = [150, 20, 199, 77, 120]
    const replies = await Promise.allSettled(
      indices.map((index) => ask<FramePicture>('readFrame', { index })),
    )
    replies.forEach((reply, at) => {
      if (reply.status === 'rejected') expect(reply.reason).toMatchObject({ code: 'cancelled' })
      else expect(numberIn(reply.value)).toBe(indices[at])
    })
    expect(replies.at(-1)?.status).toBe('fulfilled')
  })

  it('lets go of a clip that may no longer be read', async () => {
    const { ask, viewer } = await openViewer({ frames: 10 })
    await ask('openFrames', {})
    viewer.obey({ type: 'revoke', token }, [])
    await expect(ask('readFrame', { index: 1 })).rejects.toMatchObject({ code: 'usage.invalid' })
  })

  it('may be closed and opened again', async () => {
    const { ask } = await openViewer({ frames: 10 })
    await ask('openFrames', {})
    await ask('closeFrames', {})
    expect(numberIn(await ask<FramePicture>('readFrame', { index: 4 }))).toBe(4)
  })
})

describe('frameTimes', () => {
  const rows = (frame: number[], timeSecs: number[]) => ({
    count: frame.length,
    frame: Int32Array.from(frame),
    timeSecs: Float64Array.from(timeSecs),
  })
  it('takes each frame once', () => {
    expect(frameTimes(rows([0, 0, 1, 2, 2], [0, 0, 0.04, 0.1, 0.1]))).toEqual(Float64Array.of(0, 0.04, 0.1))
  })
  it('gives none where frames are missing, or there are none', () => {
    expect(frameTimes(rows([0, 2], [0, 0.08]))).toBeUndefined()
    expect(frameTimes(rows([], []))).toBeUndefined()
  })
})
