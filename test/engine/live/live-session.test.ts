import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ClipModels, openClipModels } from '../../../main/engine/clip-models'
import { EMOTIONS, topEmotion } from '../../../main/engine/emotions'
import { parseCsv } from '../../../main/engine/export/csv'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'
import { LIVE_COLUMNS, liveHeader, liveRows } from '../../../main/engine/live/live-csv'
import { type LiveMoment, LiveSession } from '../../../main/engine/live/live-session'
import { decodeAudio } from '../../../main/engine/media/decode-audio'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import type { AudioBlock, VideoFrame } from '../../../main/engine/media/types'
import { analysisSettings } from '../../../main/engine/timeline/settings'
import { repositoryRoot } from '../../support/run-unmask'

const RATE_HZ = 16_000
let models: ClipModels
let frames: VideoFrame[]
let blocks: AudioBlock[]

beforeAll(async () => {
  await openBackend('auto')
  models = await openClipModels({
    faceModelFolder: join(repositoryRoot, 'models', 'face'),
    speechModelFolder: join(repositoryRoot, 'models', 'speech'),
    detector: 'tiny',
  })
  const folder = join(repositoryRoot, 'assets', 'sample')
  const media = await probe(
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.mp4'))!,
    ),
  )
  frames = []
  blocks = []
  for await (const frame of decodeVideo(media, { longestSidePx: 640 })) frames.push(frame)
  for await (const block of decodeAudio(media, { sampleRateHz: RATE_HZ })) blocks.push(block)
})

/** The sample clip as a camera and a microphone would bring it. */
async function play(options: { withVideo?: boolean; withAudio?: boolean } = {}) {
  const { withVideo = true, withAudio = true } = options
  const heard: string[] = []
  const session = new LiveSession({
    models: { face: withVideo ? models.face : null, speech: withAudio ? models.speech : null },
    settings: analysisSettings(),
    onVoice: ({ state }) => heard.push(state),
  })
  const moments: LiveMoment[] = []
  const waiting = withAudio ? [...blocks] : []
  for (const frame of frames) {
    while (waiting[0] && waiting[0].startSample / RATE_HZ <= frame.timeSecs) {
      const { samples, startSample } = waiting.shift()!
      await session.addSound(samples, startSample / RATE_HZ)
    }
    if (withVideo) moments.push(await session.addFrame(frame, frame.timeSecs))
  }
  return { moments, heard }
}

describe('LiveSession', () => {
  it('shows one face with one number, from its second sighting on', async () => {
    const { moments } = await play()
    expect(moments[0]!.faces).toEqual([])
    const shown = moments.slice(4)
    expect(shown.length).toBeGreaterThan(80)
    for (const { faces } of shown) expect(faces.map(({ face }) => face.trackId)).toEqual([1])
  })

  it('gives probabilities, and of the neutral sample mostly neutral', async () => {
    const { moments } = await play()
    const faces = moments.flatMap(({ faces }) => faces)
    for (const { probs, fusionProbs, shownProbs, gate } of faces) {
      for (const vector of [probs, fusionProbs ?? probs, shownProbs])
        expect(vector.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4)
      expect(gate).toBeGreaterThanOrEqual(0)
      expect(gate).toBeLessThanOrEqual(1)
    }
    const neutral = faces.filter(({ probs }) => EMOTIONS[topEmotion(probs)] === 'neutral')
    expect(neutral.length / faces.length).toBeGreaterThan(0.7)
  })

  it('fuses the voice in as soon as it is read', async () => {
    const { moments } = await play()
    const spoken = moments.filter(({ voice }) => voice?.state === 'speech')
    expect(spoken.length).toBeGreaterThan(10)
    const differing = spoken.filter(({ faces }) =>
      faces.some(
        ({ probs, fusionProbs }) => fusionProbs && fusionProbs.some((p, e) => Math.abs(p - probs[e]!) > 0.01),
      ),
    )
    expect(differing.length).toBeGreaterThan(spoken.length / 2)
  })

  it('works with the face alone and with the voice alone', async () => {
    const silent = await play({ withAudio: false })
    expect(silent.heard).toEqual([])
    for (const { voice } of silent.moments) expect(voice).toBeNull()
    const blind = await play({ withVideo: false })
    expect(blind.heard).toContain('speech')
  })

  it('refuses frames out of order and frames without a face model', async () => {
    const session = new LiveSession({ models, settings: analysisSettings() })
    await session.addFrame(frames[1]!, 1)
    await expect(session.addFrame(frames[0]!, 0.5)).rejects.toMatchObject({ code: 'usage.invalid' })
    const blind = new LiveSession({ models: { ...models, face: null }, settings: analysisSettings() })
    await expect(blind.addFrame(frames[0]!, 0)).rejects.toMatchObject({ code: 'usage.invalid' })
  })

  it('leaves no tensors behind', async () => {
    await play()
    const before = tf.memory().numTensors
    await play()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('NAME.live.csv', () => {
  it('has a row a frame and face, with what was shown', async () => {
    const { moments } = await play()
    const facts = { droppedSoFar: 3, analysisMs: 21.26, recordingStartSecs: 0.5 }
    const text =
      liveHeader() + moments.map((moment, at) => liveRows(moment, { ...facts, frameNumber: at })).join('')
    const [header, ...rows] = parseCsv(text)
    expect(header).toEqual(LIVE_COLUMNS.map(({ name }) => name))
    expect(rows).toHaveLength(moments.length)
    for (const row of rows) expect(row).toHaveLength(LIVE_COLUMNS.length)
    const cell = (row: number, name: string) => rows[row]![header!.indexOf(name)]
    expect(cell(0, 'quality')).toBe('no_face')
    expect(cell(0, 'face_p_neutral')).toBe('')
    expect(cell(0, 'n_faces')).toBe('0')
    const last = moments.length - 1
    const { face, probs, shownLabel } = moments[last]!.faces[0]!
    expect(cell(last, 'face_id')).toBe('1')
    expect(Number(cell(last, 'face_p_neutral'))).toBeCloseTo(probs[0]!, 6)
    expect(Number(cell(last, 'face_x'))).toBeCloseTo(face.box.x, 2)
    expect(cell(last, 'shown_label')).toBe(EMOTIONS[shownLabel])
    expect(Number(cell(last, 'time_s'))).toBeCloseTo(moments[last]!.timeSecs - 0.5, 6)
    expect(cell(last, 'analysis_ms')).toBe('21.3')
    expect(cell(last, 'dropped_frames')).toBe('3')
  })
})
