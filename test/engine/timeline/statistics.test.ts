import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { clipSummarySchema } from '../../../main/engine/timeline/clip-summary'
import { type AnalysisSettingsInput, analysisSettings } from '../../../main/engine/timeline/settings'
import { summariseClip } from '../../../main/engine/timeline/statistics'
import type { ClipTimeline } from '../../../main/engine/timeline/types'
import { buildTimeline, faceFrames, mediaInfo, observation, speechCard, spoken } from './fixtures'

function summarise(
  timeline: ClipTimeline,
  settings?: AnalysisSettingsInput,
  subjects?: Record<string, string>,
) {
  // What is written must be what can be read back.
  return clipSummarySchema.parse(
    JSON.parse(JSON.stringify(summariseClip(timeline, { settings: analysisSettings(settings), subjects }))),
  )
}

const happiness = EMOTIONS.indexOf('happiness')
const fear = EMOTIONS.indexOf('fear')

describe('clip summary', () => {
  // 0-2 s happiness, 2-3 s no face, 3-4 s fear; the voice says happiness from 1 to 4 s of 5 s of audio.
  const face = (timeSecs: number): number | null => (timeSecs < 2 ? happiness : timeSecs < 3 ? null : fear)
  const timeline = buildTimeline(faceFrames(100, 25, face), {
    speech: spoken(5, 1, 4, () => happiness),
    speechCard,
  })
  const summary = summarise(timeline)
  const [subject] = summary.subjects
  const [facial, vocal, fused] = subject?.whole ?? []

  it('counts frames, time, coverage and gaps', () => {
    expect(summary).toMatchObject({
      frameCount: 100,
      analysedFrameCount: 100,
      excludedSecs: 0,
      durationSecs: 5,
    })
    expect(summary.speechSecs).toBeCloseTo(3, 9)
    expect(subject?.faceCoverage).toBeCloseTo(0.75, 9)
    // From 2 to 3 s; the sound after the last frame, at 4 s, is no gap.
    expect(subject?.longestGapSecs).toBeCloseTo(1, 9)
    expect(subject?.subjectId).toBe('')
  })

  it('has shares of the observed time that sum to 1, means and bouts', () => {
    expect(facial?.observedSecs).toBeCloseTo(3, 9)
    expect(facial?.emotions[happiness]?.prop).toBeCloseTo(2 / 3, 9)
    expect(facial?.emotions[fear]?.prop).toBeCloseTo(1 / 3, 9)
    expect(facial?.emotions.reduce((sum, { prop }) => sum + (prop ?? 0), 0)).toBeCloseTo(1, 9)
    expect(facial?.emotions.reduce((sum, { meanP }) => sum + (meanP ?? 0), 0)).toBeCloseTo(1, 5)
    expect(facial?.emotions[happiness]?.meanP).toBeCloseTo((2 * 0.82 + 0.03) / 3, 6)
    expect(facial?.emotions[happiness]?.maxP).toBeCloseTo(0.82, 6)
    expect(facial?.emotions[fear]).toMatchObject({ bouts: 1, sdSecs: null })
    expect(facial?.emotions[fear]?.totalSecs).toBeCloseTo(1, 9)
    expect(facial?.emotions[fear]?.latencySecs).toBeCloseTo(3, 9)
    expect(facial?.emotions[fear]?.ratePerMin).toBeCloseTo(20, 9)
    expect(facial?.emotions[0]).toMatchObject({ bouts: 0, totalSecs: 0, latencySecs: null, meanSecs: null })
  })

  it('names the dominant emotions and the agreement', () => {
    expect([facial?.dominant, vocal?.dominant, subject?.finalDominant]).toEqual([
      'happiness',
      'happiness',
      'happiness',
    ])
    expect(fused?.dominant).toBe('happiness')
    // Both from 1 to 2 s (equal) and from 3 to 4 s (different).
    expect(subject?.faceSpeechAgreement).toBeCloseTo(0.5, 9)
    expect(vocal?.observedSecs).toBeCloseTo(3, 9)
    expect(vocal?.emotions[happiness]?.prop).toBeCloseTo(1, 9)
  })

  it('cut into bins adds up to the whole', () => {
    const binned = summarise(timeline, { summary: { binSecs: 0.7 } }).subjects[0]
    expect(binned?.bins).toHaveLength(8)
    expect(binned?.bins.at(-1)?.endSecs).toBe(5)
    for (const place of [0, 1, 2]) {
      const whole = binned?.whole[place]
      const parts = binned?.bins.map(({ modalities }) => modalities[place]) ?? []
      expect(parts.reduce((sum, part) => sum + (part?.observedSecs ?? 0), 0)).toBeCloseTo(
        whole?.observedSecs ?? -1,
        9,
      )
      for (const [e] of EMOTIONS.entries()) {
        const total = parts.reduce((sum, part) => sum + (part?.emotions[e]?.totalSecs ?? 0), 0)
        expect(total).toBeCloseTo(whole?.emotions[e]?.totalSecs ?? -1, 9)
        const mean = parts.reduce(
          (sum, part) => sum + (part?.emotions[e]?.meanP ?? 0) * (part?.observedSecs ?? 0),
          0,
        )
        expect(mean / (whole?.observedSecs ?? 0)).toBeCloseTo(whole?.emotions[e]?.meanP ?? -1, 9)
      }
    }
    // No face from 2.1 to 2.8 s: not 0, but not defined.
    expect(binned?.bins[3]?.modalities[0]).toMatchObject({ observedSecs: 0, dominant: null })
    expect(binned?.bins[3]?.modalities[0]?.emotions[1]).toMatchObject({
      meanP: null,
      prop: null,
      bouts: null,
    })
  })
})

describe('subjects', () => {
  it('are one where a lost track comes back under another id', () => {
    const frames = faceFrames(100, 25, () => 1).map((frame) => ({
      ...frame,
      faces: [observation(1, { trackId: frame.frameIndex < 50 ? 1 : 2 })],
    }))
    const { subjects } = summarise(buildTimeline(frames, { media: mediaInfo({ durationSecs: 4 }) }))
    expect(subjects).toHaveLength(1)
    expect(subjects[0]).toMatchObject({ subjectId: '', faceId: null, faceCoverage: 1 })
  })

  it('count an episode once that runs through tracks and moments without a face', () => {
    // The face is lost from 3 to 5 s and comes back under another id; the voice says the same all along.
    const frames = faceFrames(200, 25, (timeSecs) => (timeSecs < 3 || timeSecs >= 5 ? happiness : null)).map(
      (frame) => ({
        ...frame,
        faces: frame.faces.map((face) => ({ ...face, trackId: frame.timeSecs < 4 ? 1 : 2 })),
      }),
    )
    const timeline = buildTimeline(frames, {
      media: mediaInfo({ durationSecs: 8 }),
      speech: spoken(8, 0, 8, () => happiness),
      speechCard,
    })
    expect(timeline.segments.filter(({ modality }) => modality === 'fusion')).toHaveLength(3)
    const [face, , fusion] = summarise(timeline).subjects[0]?.whole ?? []
    expect(fusion?.emotions[happiness]).toMatchObject({ bouts: 1 })
    expect(fusion?.emotions[happiness]?.totalSecs).toBeCloseTo(8, 9)
    expect(fusion?.emotions[happiness]?.meanSecs).toBeCloseTo(8, 9)
    // The face itself was away: two episodes.
    expect(face?.emotions[happiness]).toMatchObject({ bouts: 2 })
    expect(face?.emotions[happiness]?.totalSecs).toBeCloseTo(6, 9)
  })

  const crowd = faceFrames(100, 25, () => 1).map((frame) => ({
    ...frame,
    faces: [
      observation(1, { trackId: 1 }),
      observation(3, { trackId: 2 }),
      ...(frame.frameIndex < 3 ? [observation(5, { trackId: 3 })] : []),
    ],
  }))

  it('are one for each face that is seen long enough where several are seen at once', () => {
    const { subjects } = summarise(buildTimeline(crowd))
    expect(subjects.map(({ subjectId, faceId }) => [subjectId, faceId])).toEqual([
      ['face_1', 1],
      ['face_2', 2],
    ])
    expect(subjects.map(({ whole }) => whole[0]?.dominant)).toEqual(['happiness', 'anger'])
    expect(
      subjects.map(({ whole }) => whole[0]?.emotions.reduce((sum, e) => sum + (e.bouts ?? 0), 0)),
    ).toEqual([1, 1])
  })

  it('have the names that were given', () => {
    const { subjects } = summarise(buildTimeline(crowd), {}, { '2': 'mother', '3': 'child' })
    expect(subjects.map(({ subjectId }) => subjectId)).toEqual(['face_1', 'mother', 'child'])
  })
})

it('weights frames of a variable rate by their time', () => {
  // Ten frames of 10 ms with fear, then two of half a second with happiness.
  const times = [...Array.from({ length: 10 }, (_, index) => index * 0.01), 0.1, 0.6]
  const frames = times.map((timeSecs, frameIndex) => ({
    frameIndex,
    timeSecs,
    isAnalysed: true,
    faces: [observation(frameIndex < 10 ? fear : happiness)],
  }))
  const { subjects } = summarise(buildTimeline(frames))
  expect(subjects[0]?.whole[0]?.emotions[fear]?.prop).toBeCloseTo(0.1 / 1.1, 9)
  expect(subjects[0]?.finalDominant).toBe('happiness')
})

it('summarises a clip without any reading', () => {
  const summary = summarise(buildTimeline(faceFrames(50, 25, () => null)))
  expect(summary.subjects[0]).toMatchObject({
    faceCoverage: 0,
    finalDominant: null,
    faceSpeechAgreement: null,
  })
  expect(summary.subjects[0]?.longestGapSecs).toBeCloseTo(2, 9)
  expect(summary.speechSecs).toBeNull()
  expect(summarise(buildTimeline([])).subjects).toHaveLength(1)
})

it('spreads the sampled frames over the time between them', () => {
  const frames = faceFrames(100, 25, (timeSecs) => (timeSecs < 2 ? happiness : fear)).map((frame) =>
    frame.frameIndex % 5 === 0 ? frame : { ...frame, isAnalysed: false, faces: [] },
  )
  const summary = summarise(buildTimeline(frames))
  expect(summary).toMatchObject({ frameCount: 100, analysedFrameCount: 20 })
  expect(summary.subjects[0]?.faceCoverage).toBeCloseTo(1, 9)
  expect(summary.subjects[0]?.whole[0]?.emotions[fear]?.prop).toBeCloseTo(0.5, 9)
})
