import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudio } from '../../../main/engine/media/decode-audio'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import type { MediaInfo } from '../../../main/engine/media/types'
import { makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'

const MIB = 1024 * 1024
const PICTURE = { widthPx: 640, heightPx: 480 }
/** What one decoder holds at once is a few pictures of 0.9 MB each; a leaked one a round would be far more. */
const ROUNDS = 60
const ALLOWED_GROWTH_MIB = 60

async function clip(frames: number): Promise<MediaInfo> {
  const path = join(await tempFolder(), 'clip.mp4')
  await makeClip({ path, video: { frames, ...PICTURE }, audio: { kind: 'tone', durationSecs: frames / 25 } })
  return probe(path)
}

async function decodeSome(info: MediaInfo, round: number): Promise<void> {
  const controller = new AbortController()
  const stopAt = (round * 7) % 20
  const way = round % 4
  const frames = decodeVideo(info, { longestSidePx: 640, signal: controller.signal })
  try {
    for await (const frame of frames) {
      if (way === 0 && frame.index === stopAt) break
      if (way === 1 && frame.index === stopAt) controller.abort()
      if (way === 2 && frame.index === stopAt) throw new Error('the caller fails')
    }
  } catch (error) {
    if (way !== 1 && way !== 2) throw error
  }
  for await (const block of decodeAudio(info, { sampleRateHz: 16000 }))
    if (way === 3 && block.startSample > 0) break
}

function residentMib(): number {
  return process.memoryUsage().rss / MIB
}

describe('native memory', () => {
  it('is freed however decoding ends: finished, left, aborted, failed', async () => {
    const info = await clip(25)
    for (let round = 0; round < ROUNDS / 2; round++) await decodeSome(info, round)
    const before = residentMib()
    for (let round = 0; round < ROUNDS; round++) await decodeSome(info, round)
    expect(residentMib() - before).toBeLessThan(ALLOWED_GROWTH_MIB)
  })

  it('does not grow with probing', async () => {
    const info = await clip(10)
    for (let round = 0; round < 50; round++) await probe(info.path)
    const before = residentMib()
    for (let round = 0; round < 150; round++) await probe(info.path)
    expect(residentMib() - before).toBeLessThan(ALLOWED_GROWTH_MIB)
  })

  it('does not grow with the length of a clip', async () => {
    const peakMib = async (info: MediaInfo): Promise<number> => {
      let peak = 0
      for await (const _frame of decodeVideo(info, { longestSidePx: 640 }))
        peak = Math.max(peak, residentMib())
      for await (const _block of decodeAudio(info, { sampleRateHz: 16000 }))
        peak = Math.max(peak, residentMib())
      return peak
    }
    const short = await clip(100)
    const long = await clip(1000)
    await peakMib(short)
    const shortPeak = await peakMib(short)
    // 900 more pictures are 830 MB of RGB.
    expect((await peakMib(long)) - shortPeak).toBeLessThan(2 * ALLOWED_GROWTH_MIB)
  })
})
