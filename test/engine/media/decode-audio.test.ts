import { readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeAudio } from '../../../main/engine/media/decode-audio'
import { probe } from '../../../main/engine/media/probe'
import { decodeSound } from '../../support/decoded'
import { CONTAINERS, makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'
import { clickTimes, findClicks } from '../../support/test-sounds'

const RATE_HZ = 16000
const WITH_VIDEO = Object.keys(CONTAINERS).filter((name) => CONTAINERS[name]?.video !== null)
// A bare AAC stream holds nothing about its encoder's delay; see below.
const SOUND_ONLY = Object.keys(CONTAINERS).filter(
  (name) => CONTAINERS[name]?.video === null && name !== 'aac',
)
/** AVI has no timestamps, so nothing in it can start late. */
const WITH_OFFSET = WITH_VIDEO.filter((name) => name !== 'avi')

async function clickErrorsMs(path: string, offsetSecs: number): Promise<number[]> {
  const { samples, startSample } = await decodeSound(await probe(path), RATE_HZ)
  const found = findClicks(samples, RATE_HZ, startSample)
  const wanted = clickTimes(3).map((secs) => secs + offsetSecs)
  expect(found).toHaveLength(wanted.length)
  return found.map((secs, place) => Math.abs(secs - (wanted[place] ?? NaN)) * 1000)
}

describe('decodeAudio', () => {
  it.each(SOUND_ONLY)('puts clicks where they are in %s', async (extension) => {
    const path = join(await tempFolder(), `sound.${extension}`)
    await makeClip({ path, audio: { kind: 'clicks', durationSecs: 3 } })
    for (const error of await clickErrorsMs(path, 0)) expect(error).toBeLessThan(5)
  })

  it.each(WITH_VIDEO)('puts clicks where they are beside the pictures of %s', async (extension) => {
    const path = join(await tempFolder(), `clip.${extension}`)
    await makeClip({ path, video: { frames: 75 }, audio: { kind: 'clicks', durationSecs: 3 } })
    for (const error of await clickErrorsMs(path, 0)) expect(error).toBeLessThan(5)
  })

  it.each(WITH_OFFSET.flatMap((name) => [0.5, -0.3].map((offset) => [name, offset] as const)))(
    'keeps the sound of %s %s s away from the first picture',
    async (extension, offsetSecs) => {
      const path = join(await tempFolder(), `clip.${extension}`)
      await makeClip({ path, video: { frames: 75 }, audio: { kind: 'clicks', durationSecs: 3, offsetSecs } })
      for (const error of await clickErrorsMs(path, offsetSecs)) expect(error).toBeLessThan(5)
    },
  )

  it('has a bare AAC stream late by its encoder delay, which the file does not tell', async () => {
    const path = join(await tempFolder(), 'sound.aac')
    await makeClip({ path, audio: { kind: 'clicks', durationSecs: 3 } })
    const delayMs = (1024 / 48000) * 1000
    for (const error of await clickErrorsMs(path, 0)) expect(error).toBeCloseTo(delayMs, 0)
  })

  it('resamples a tone to the asked rate: its frequency, level and length stay', async () => {
    const path = join(await tempFolder(), 'sound.wav')
    await makeClip({ path, audio: { kind: 'tone', durationSecs: 2, sampleRateHz: 44100, channels: 2 } })
    const { samples, startSample } = await decodeSound(await probe(path), RATE_HZ)
    expect(startSample).toBe(0)
    expect(Math.abs(samples.length - 2 * RATE_HZ)).toBeLessThanOrEqual(1)
    let worst = 0
    for (let place = 200; place < samples.length - 200; place++) {
      const wanted = 0.5 * Math.sin((2 * Math.PI * 440 * place) / RATE_HZ)
      worst = Math.max(worst, Math.abs((samples[place] ?? 9) - wanted))
    }
    expect(worst).toBeLessThan(0.002)
  })

  it('leaves a gap in the timestamps a gap, and does not take jitter for one', async () => {
    const path = join(await tempFolder(), 'clip.mkv')
    const gapsSecs = [[1, 1.6]] as const
    await makeClip({ path, video: { frames: 75 }, audio: { kind: 'clicks', durationSecs: 3, gapsSecs } })
    const { jumps, samples, startSample, damage } = await decodeSound(await probe(path), RATE_HZ)
    expect(jumps).toHaveLength(1)
    const [end, next] = jumps[0] ?? [0, 0]
    expect(Math.abs(end / RATE_HZ - 1)).toBeLessThan(0.1)
    expect(Math.abs(next / RATE_HZ - 1.6)).toBeLessThan(0.1)
    const wanted = clickTimes(3).filter((secs) => secs < 1 || secs > 1.6)
    const found = findClicks(samples, RATE_HZ, startSample)
    expect(found).toHaveLength(wanted.length)
    found.forEach((secs, place) => expect(Math.abs(secs - (wanted[place] ?? NaN))).toBeLessThan(0.005))
    expect(damage).toEqual([])
  })

  it('decodes a cut-off file as far as it goes and says so', async () => {
    const path = join(await tempFolder(), 'sound.wav')
    await makeClip({ path, audio: { kind: 'clicks', durationSecs: 3 } })
    await truncate(path, Math.round((await readFile(path)).length / 2))
    const { samples, damage } = await decodeSound(await probe(path), RATE_HZ)
    expect(samples.length / RATE_HZ).toBeCloseTo(1.5, 1)
    expect(damage.length).toBeGreaterThan(0)
  })

  it('stops when told to', async () => {
    const path = join(await tempFolder(), 'sound.flac')
    await makeClip({ path, audio: { kind: 'tone', durationSecs: 5 } })
    const info = await probe(path)
    const controller = new AbortController()
    const run = async (): Promise<void> => {
      for await (const _block of decodeAudio(info, { sampleRateHz: RATE_HZ, signal: controller.signal })) {
        controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' })
  })
})
