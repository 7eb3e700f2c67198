import { describe, expect, it } from 'vitest'
import { topEmotion } from '../../../main/engine/emotions'
import { findEpisodes } from '../../../main/engine/timeline/episodes'
import { segmentParametersSchema } from '../../../main/engine/timeline/settings'
import { buildTimeline, faceFrames, observation, peaked, seeded, speechCard, spoken } from './fixtures'

const parameters = segmentParametersSchema.parse({})

/** Labels at a fixed rate; null is a hole. */
function readings(labels: readonly (number | null)[], stepSecs: number, top = 0.82) {
  const kept = labels.flatMap((label, index) =>
    label === null ? [] : [{ label, startSecs: index * stepSecs }],
  )
  return {
    startsSecs: kept.map(({ startSecs }) => startSecs),
    endsSecs: kept.map(({ startSecs }) => startSecs + stepSecs),
    probs: kept.flatMap(({ label }) => [...peaked(label, top)]),
  }
}

/** As [emotion, start, end] with hundredths of a second. */
function found(
  labels: readonly (number | null)[],
  stepSecs: number,
  changed: Partial<typeof parameters> = {},
) {
  const input = readings(labels, stepSecs)
  return findEpisodes(input, { ...parameters, ...changed }).map(({ emotion, first, last }) => [
    emotion,
    Number((input.startsSecs[first] ?? 0).toFixed(2)),
    Number((input.endsSecs[last] ?? 0).toFixed(2)),
  ])
}

const repeat = (label: number | null, count: number): (number | null)[] =>
  Array.from({ length: count }, () => label)

describe('episodes', () => {
  it('have the edges of steady labels to the frame', () => {
    expect(found([...repeat(1, 25), ...repeat(4, 25)], 0.04)).toEqual([
      [1, 0, 1],
      [4, 1, 2],
    ])
  })

  it('pass over flickers of one and two frames', () => {
    const labels = [...repeat(1, 12), 3, ...repeat(1, 12), 3, 3, ...repeat(1, 12)]
    expect(found(labels, 0.04)).toEqual([[1, 0, 1.56]])
  })

  it('drop what is shorter than the minimum and keep what is just as long', () => {
    expect(found([...repeat(1, 20), ...repeat(2, 2), ...repeat(5, 20)], 0.1, { voteWindowSecs: 0 })).toEqual([
      [1, 0, 2],
      [5, 2.2, 4.2],
    ])
    expect(
      found([...repeat(1, 20), ...repeat(2, 3), ...repeat(5, 20)], 0.1, { voteWindowSecs: 0 }),
    ).toHaveLength(3)
  })

  it('join over absent rows up to the gap, not beyond', () => {
    expect(found([...repeat(1, 10), ...repeat(null, 2), ...repeat(1, 10)], 0.1)).toEqual([[1, 0, 2.2]])
    expect(found([...repeat(1, 10), ...repeat(null, 3), ...repeat(1, 10)], 0.1)).toEqual([
      [1, 0, 1],
      [1, 1.3, 2.3],
    ])
  })

  it('never join over an episode of another emotion', () => {
    const labels = [...repeat(1, 10), ...repeat(2, 4), ...repeat(1, 10)]
    expect(found(labels, 0.1, { mergeGapSecs: 1, minimumSecs: 0.3 })).toHaveLength(3)
  })

  it('leave out rows below the threshold', () => {
    const input = readings([...repeat(1, 20), ...repeat(1, 20)], 0.1)
    const weak = peaked(1, 0.3)
    for (let index = 20; index < 40; index++) weak.forEach((p, e) => (input.probs[index * 7 + e] = p))
    expect(findEpisodes(input, { ...parameters, minimumConfidence: 0.5 })).toEqual([
      { emotion: 1, first: 0, last: 19 },
    ])
  })

  it('never overlap, never run short and always name the majority, whatever the labels', () => {
    let episodes = 0
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed)
      const labels: (number | null)[] = []
      while (labels.length < 400) {
        const label = random() < 0.15 ? null : Math.floor(random() * 3)
        labels.push(...repeat(label, 1 + Math.floor(random() * 20)))
      }
      const changed = { minimumSecs: random(), mergeGapSecs: random() * 0.6, voteWindowSecs: random() * 0.5 }
      const input = readings(labels, 0.04)
      let covered = -1
      for (const { emotion, first, last } of findEpisodes(input, { ...parameters, ...changed })) {
        episodes++
        expect(first).toBeGreaterThan(covered)
        covered = last
        const secs = (input.endsSecs[last] ?? 0) - (input.startsSecs[first] ?? 0)
        expect(secs).toBeGreaterThanOrEqual(changed.minimumSecs - 1e-5)
        const inside = new Array<number>(7).fill(0)
        for (let index = first; index <= last; index++) {
          const label = topEmotion(input.probs, index * 7)
          inside[label] = (inside[label] ?? 0) + 1
        }
        if (changed.mergeGapSecs < 0.2) expect(inside[emotion]).toBe(Math.max(...inside))
      }
    }
    expect(episodes).toBeGreaterThan(1000)
  })
})

describe('segments of a clip', () => {
  it('of seven expressions of 3 s have edges within 0.2 s under flicker of one and two frames', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed)
      let flickerLeft = 0
      let flicker = 0
      let flickers = 0
      const frames = faceFrames(525, 25, () => 0).map((frame) => {
        if (flickerLeft === 0 && random() < 0.06) {
          flickerLeft = 1 + Math.floor(random() * 2)
          flicker = Math.floor(random() * 7)
          flickers++
        }
        const emotion = flickerLeft > 0 ? flicker : Math.floor(frame.timeSecs / 3)
        flickerLeft = Math.max(0, flickerLeft - 1)
        return { ...frame, faces: [observation(emotion, { top: 0.4 + 0.5 * random() })] }
      })
      expect(flickers).toBeGreaterThan(10)
      const { segments } = buildTimeline(frames)
      for (const modality of ['face', 'fusion']) {
        const own = segments.filter((segment) => segment.modality === modality)
        expect(own.map(({ emotion }) => emotion)).toEqual([0, 1, 2, 3, 4, 5, 6])
        own.forEach(({ startSecs, endSecs }, index) => {
          expect(Math.abs(startSecs - 3 * index)).toBeLessThanOrEqual(0.2)
          expect(Math.abs(endSecs - 3 * (index + 1))).toBeLessThanOrEqual(0.2)
        })
      }
    }
  })

  it('carry frames, peak and mean', () => {
    const frames = faceFrames(50, 25, (timeSecs) => (timeSecs < 1 ? 1 : null)).map((frame) => ({
      ...frame,
      faces: frame.faces.map((face) => ({
        ...face,
        modelProbs: peaked(1, frame.frameIndex === 7 ? 0.9 : 0.6),
      })),
    }))
    const [face] = buildTimeline(frames).segments
    expect(face).toMatchObject({
      modality: 'face',
      faceId: 1,
      emotion: 1,
      startFrame: 0,
      endFrame: 24,
      startSecs: 0,
    })
    expect(face).toMatchObject({ frameCount: 25, validFrameCount: 25, peakTimeSecs: 0.28 })
    expect(face?.endSecs).toBeCloseTo(1, 9)
    expect(face?.peakValue).toBeCloseTo(0.9, 6)
    expect(face?.meanValue).toBeCloseTo((24 * 0.6 + 0.9) / 25, 6)
  })

  it('count lost frames inside as frames but not as valid', () => {
    const [face] = buildTimeline(
      faceFrames(50, 25, (_, index) => (index >= 20 && index < 24 ? null : 2)),
    ).segments
    expect(face).toMatchObject({ startFrame: 0, endFrame: 49, frameCount: 50, validFrameCount: 46 })
  })

  it('do not break at frames left out by the rate setting', () => {
    const frames = faceFrames(100, 25, (timeSecs) => (timeSecs < 2 ? 1 : 5)).map((frame) =>
      frame.frameIndex % 12 === 0 ? frame : { ...frame, isAnalysed: false, faces: [] },
    )
    const own = buildTimeline(frames).segments.filter(({ modality }) => modality === 'face')
    expect(own.map(({ emotion }) => emotion)).toEqual([1, 5])
    // Frames 0, 12, ... are analysed; 2 s is frame 50, so 60 is the first to show the change.
    expect(own[0]?.endSecs).toBeCloseTo(2.4, 9)
    expect(own[1]).toMatchObject({ startFrame: 60, endFrame: 99, frameCount: 40, validFrameCount: 4 })
  })

  it('of the voice follow the windows, with the frames that lie inside', () => {
    const speech = spoken(12, 1, 11, (centre) => (centre < 6 ? 3 : 4))
    const frames = faceFrames(300, 25, () => null)
    const own = buildTimeline(frames, { speech, speechCard }).segments
    const voice = own.filter(({ modality }) => modality === 'speech')
    expect(voice.map(({ emotion, faceId }) => [emotion, faceId])).toEqual([
      [3, -1],
      [4, -1],
    ])
    expect(voice[0]).toMatchObject({ startSecs: 1, startFrame: 25 })
    expect(Math.abs((voice[0]?.endSecs ?? 0) - 6)).toBeLessThanOrEqual(0.25)
    expect(voice[1]).toMatchObject({ endSecs: 11, endFrame: 274 })
    expect(voice[0]?.validFrameCount).toBe(voice[0]?.frameCount)
    // Without a face the fused episodes rest on the voice.
    expect(own.filter(({ modality }) => modality === 'fusion').map(({ emotion }) => emotion)).toEqual([3, 4])
  })

  it('of two faces are kept apart', () => {
    const frames = faceFrames(100, 25, () => 1).map((frame) => ({
      ...frame,
      faces: [observation(1, { trackId: 1 }), observation(frame.timeSecs < 2 ? 2 : 6, { trackId: 2 })],
    }))
    const own = buildTimeline(frames).segments.filter(({ modality }) => modality === 'face')
    expect(own.map(({ faceId, emotion }) => [faceId, emotion])).toEqual([
      [1, 1],
      [2, 2],
      [2, 6],
    ])
  })
})
