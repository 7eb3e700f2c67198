import { describe, expect, it } from 'vitest'
import { probe } from '../../../main/engine/media/probe'
import { decodePictures, decodeSound } from '../../support/decoded'
import { sharedData } from '../../support/shared-data'

interface ExpectedVideo {
  readonly codec: string
  readonly sizePx: readonly [number, number]
  readonly frames: number
  readonly firstTicks: number
  readonly lastTicks: number
  readonly sumTicks: number
  readonly isVariableRate?: boolean
}

interface Expected {
  readonly video?: ExpectedVideo
  /** Codec, and length in samples at 16 kHz as FFmpeg's command resamples it (overlaps at joints dropped). */
  readonly audio?: { readonly codec: string; readonly startSecs: number; readonly endSecs: number }
  readonly isDamaged?: boolean
}

/**
 * Counts and timestamps by an independent FFmpeg 5.1: `ffprobe -show_entries frame=best_effort_timestamp,nb_samples`;
 * starts and ends of sound from its first and last frame less the first picture's timestamp.
 */
const CLIPS: Readonly<Record<string, Expected>> = {
  'montage.mp4': {
    video: {
      codec: 'h264',
      sizePx: [640, 480],
      frames: 525,
      firstTicks: 269,
      lastTicks: 268557,
      sumTicks: 70566825,
    },
    audio: { codec: 'aac', startSecs: -0.021, endSecs: 21.008 },
  },
  'ravdess-01-01-01-01-01-01-01.mp4': {
    video: {
      codec: 'h264',
      sizePx: [1280, 720],
      frames: 98,
      firstTicks: 0,
      lastTicks: 97097,
      sumTicks: 4757753,
    },
    audio: { codec: 'aac', startSecs: 0, endSecs: 3.303 },
  },
  'talking-face.mp4': {
    video: {
      codec: 'h264',
      sizePx: [360, 288],
      frames: 1442,
      firstTicks: 0,
      lastTicks: 737792,
      sumTicks: 531948032,
    },
  },
  'webcam-expressions.mp4': {
    video: {
      codec: 'h264',
      sizePx: [400, 300],
      frames: 1337,
      firstTicks: 0,
      lastTicks: 1336,
      sumTicks: 893116,
    },
  },
  'odd/audio-only.m4a': { audio: { codec: 'aac', startSecs: 0, endSecs: 21.029 } },
  'odd/hevc-10bit.mp4': {
    video: {
      codec: 'hevc',
      sizePx: [640, 480],
      frames: 76,
      firstTicks: 0,
      lastTicks: 38400,
      sumTicks: 1459200,
    },
    audio: { codec: 'aac', startSecs: 0, endSecs: 3.008 },
  },
  'odd/no-audio.mp4': {
    video: {
      codec: 'h264',
      sizePx: [640, 480],
      frames: 525,
      firstTicks: 269,
      lastTicks: 268557,
      sumTicks: 70566825,
    },
  },
  'odd/no-face.mp4': {
    video: {
      codec: 'h264',
      sizePx: [320, 240],
      frames: 75,
      firstTicks: 0,
      lastTicks: 37888,
      sumTicks: 1420800,
    },
    audio: { codec: 'aac', startSecs: 0, endSecs: 3 },
  },
  'odd/rotated-90.mp4': {
    video: {
      codec: 'h264',
      sizePx: [720, 1280],
      frames: 99,
      firstTicks: 0,
      lastTicks: 98098,
      sumTicks: 4855851,
    },
    audio: { codec: 'aac', startSecs: 0, endSecs: 3.303 },
  },
  'odd/silence.wav': { audio: { codec: 'pcm_s16le', startSecs: 0, endSecs: 2 } },
  'odd/truncated.mp4': {
    video: {
      codec: 'h264',
      sizePx: [400, 300],
      frames: 1189,
      firstTicks: 0,
      lastTicks: 1191,
      sumTicks: 706269,
    },
    isDamaged: true,
  },
  'odd/two-faces.mp4': {
    video: {
      codec: 'h264',
      sizePx: [960, 360],
      frames: 150,
      firstTicks: 0,
      lastTicks: 76288,
      sumTicks: 5721600,
    },
    audio: { codec: 'aac', startSecs: 0, endSecs: 6.008 },
  },
  'odd/vfr.mp4': {
    video: {
      ...{
        codec: 'h264',
        sizePx: [640, 480],
        frames: 98,
        firstTicks: 512,
        lastTicks: 76800,
        sumTicks: 4082176,
      },
      isVariableRate: true,
    },
    audio: { codec: 'aac', startSecs: -0.04, endSecs: 5.976 },
  },
  'odd/vp9 ñandú (1).webm': {
    video: {
      codec: 'vp9',
      sizePx: [640, 480],
      frames: 150,
      firstTicks: 47,
      lastTicks: 6007,
      sumTicks: 454050,
    },
    audio: { codec: 'opus', startSecs: -0.047, endSecs: 5.953 },
  },
}

/** All recordings lie in one folder beside the repository; where it is absent these tests skip and say so. */
const hasData = sharedData('clips', 'montage.mp4') !== null

describe.runIf(hasData)('the shared clips (../shared/data/clips; skipped where absent)', () => {
  it.each(Object.entries(CLIPS))('decodes %s exactly', async (name, expected) => {
    const path = sharedData('clips', ...name.split('/'))
    if (path === null) throw new Error(`Part of the shared data is missing: ${name}`)
    const info = await probe(path)
    const damage: string[] = []
    expect(info.video === null).toBe(expected.video === undefined)
    expect(info.audio === null).toBe(expected.audio === undefined)
    if (expected.video !== undefined) {
      const { codec, sizePx, isVariableRate = false } = expected.video
      expect(info.video).toMatchObject({ codec, widthPx: sizePx[0], heightPx: sizePx[1], isVariableRate })
      const decoded = await decodePictures(info, 160)
      damage.push(...decoded.damage)
      const ticks = decoded.frames.map((frame) => frame.ptsTicks)
      expect({
        ...{ frames: ticks.length, firstTicks: ticks[0], lastTicks: ticks.at(-1) },
        sumTicks: ticks.reduce((sum, value) => sum + value, 0),
      }).toEqual({
        ...{ frames: expected.video.frames, firstTicks: expected.video.firstTicks },
        ...{ lastTicks: expected.video.lastTicks, sumTicks: expected.video.sumTicks },
      })
      expect(decoded.frames[0]?.timeSecs).toBe(0)
    }
    if (expected.audio !== undefined) {
      expect(info.audio?.codec).toBe(expected.audio.codec)
      const sound = await decodeSound(info, 16000)
      damage.push(...sound.damage)
      expect(sound.startSample / 16000).toBeCloseTo(expected.audio.startSecs, 3)
      expect(Math.abs(sound.endSample / 16000 - expected.audio.endSecs)).toBeLessThan(0.03)
      expect(sound.jumps).toEqual([])
    }
    expect(damage.length > 0).toBe(expected.isDamaged ?? false)
  })

  it.each([
    ['odd/empty.mp4', 'input.empty'],
    ['odd/text-renamed.mp4', 'media.not-media'],
    ['montage.truth.csv', 'media.not-media'],
    ['odd', 'input.unreadable'],
  ])('refuses %s as %s', async (name, code) => {
    const path = sharedData('clips', ...name.split('/')) ?? ''
    await expect(probe(path)).rejects.toMatchObject({ code })
  })
})
