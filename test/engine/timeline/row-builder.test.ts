import { describe, expect, it } from 'vitest'
import { EMOTION_COUNT, topEmotion } from '../../../main/engine/emotions'
import { UNKNOWN_FLAG } from '../../../main/engine/timeline/row-store'
import { QUALITIES, type TimelineRows } from '../../../main/engine/timeline/types'
import {
  buildTimeline,
  faceCard,
  faceFrames,
  mediaInfo,
  observation,
  peaked,
  probsAt,
  speechCard,
  speechWindow,
  spoken,
} from './fixtures'

const qualities = (rows: TimelineRows): (string | undefined)[] =>
  [...rows.quality].map((code) => QUALITIES[code])
const isAbsent = (probs: Float32Array, row: number): boolean => probsAt(probs, row).every(Number.isNaN)

describe('rows of a video', () => {
  it('has one row a frame, its time, and its duration to the next frame of a variable rate', () => {
    const times = [0, 0.033, 0.1, 0.15]
    const frames = times.map((timeSecs, frameIndex) => ({
      frameIndex,
      timeSecs,
      isAnalysed: true,
      faces: [observation(1)],
    }))
    const timeline = buildTimeline(frames)
    expect(timeline.rows.count).toBe(4)
    expect(timeline.frameCount).toBe(4)
    expect([...timeline.rows.timeSecs]).toEqual(times)
    const wanted = [0.033, 0.067, 0.05, 0.05]
    for (const [row, secs] of wanted.entries()) expect(timeline.rows.durSecs[row]).toBeCloseTo(secs, 12)
    expect(timeline.durationSecs).toBeCloseTo(0.2, 12)
  })

  it('takes the nominal spacing for a single frame', () => {
    expect(buildTimeline(faceFrames(1, 25, () => 1)).rows.durSecs[0]).toBeCloseTo(0.04, 12)
  })

  it('has one row a face, sorted, and counts frames not rows', () => {
    const frames = faceFrames(3, 25, () => 1).map((frame) => ({
      ...frame,
      faces: [observation(1, { trackId: 1 }), observation(4, { trackId: 2, quality: 'small_face' as const })],
    }))
    const { rows, frameCount, analysedFrameCount } = buildTimeline(frames)
    expect(rows.count).toBe(6)
    expect([frameCount, analysedFrameCount]).toEqual([3, 3])
    expect([...rows.frame]).toEqual([0, 0, 1, 1, 2, 2])
    expect([...rows.faceId]).toEqual([1, 2, 1, 2, 1, 2])
    expect([...rows.faceCount]).toEqual([2, 2, 2, 2, 2, 2])
    expect(qualities(rows)).toEqual(['ok', 'small_face', 'ok', 'small_face', 'ok', 'small_face'])
    expect(rows.durSecs[4]).toBe(rows.durSecs[5])
    expect(topEmotion(rows.fusionProbs, 7)).toBe(4)
  })

  it('leaves frames without a face, and frames not analysed, absent with the reason', () => {
    const frames = faceFrames(4, 25, (_, index) => (index === 1 ? null : 2)).map((frame) => ({
      ...frame,
      isAnalysed: frame.frameIndex !== 2,
      faces: frame.frameIndex === 2 ? [] : frame.faces,
    }))
    const { rows, analysedFrameCount } = buildTimeline(frames)
    expect(qualities(rows)).toEqual(['ok', 'no_face', 'not_analysed', 'ok'])
    expect([...rows.faceCount]).toEqual([1, 0, -1, 1])
    expect(analysedFrameCount).toBe(3)
    for (const row of [1, 2]) {
      expect(isAbsent(rows.faceProbs, row)).toBe(true)
      expect(isAbsent(rows.fusionProbs, row)).toBe(true)
      expect(rows.faceGate[row]).toBeNaN()
      expect(rows.displayedLabel[row]).toBe(-1)
    }
  })

  it('gives each frame the window of its moment, its gate and the fused values', () => {
    const speech = spoken(10, 2, 8, (centre) => (centre < 5 ? 3 : 4))
    const { rows, speechWindowProbs } = buildTimeline(
      faceFrames(250, 25, () => 1),
      { speech, speechCard },
    )
    let spokenRows = 0
    for (let row = 0; row < rows.count; row++) {
      const timeSecs = rows.timeSecs[row] ?? 0
      const isSpoken = timeSecs >= 2 && timeSecs < 8
      expect(rows.speechActive[row]).toBe(isSpoken ? 1 : 0)
      expect((rows.speechWindow[row] ?? -1) >= 0).toBe(isSpoken)
      expect(isAbsent(rows.speechProbs, row)).toBe(!isSpoken)
      expect(Number.isNaN(rows.speechGate[row])).toBe(!isSpoken)
      expect(isAbsent(rows.fusionProbs, row)).toBe(false)
      if (!isSpoken) continue
      spokenRows++
      expect(probsAt(rows.speechProbs, row)).toEqual(probsAt(speechWindowProbs, rows.speechWindow[row] ?? -1))
      const voice = timeSecs < 4.87 ? 3 : timeSecs > 4.88 ? 4 : null
      // Centres lie at 4.75 and 5: the change comes halfway.
      if (voice !== null) expect(topEmotion(rows.speechProbs, row * EMOTION_COUNT)).toBe(voice)
      expect(rows.disagree[row]).toBe(1)
    }
    expect(spokenRows).toBe(150)
  })

  it('does not fill in audio that is not there', () => {
    const { rows, warnings } = buildTimeline(
      faceFrames(5, 25, () => 1),
      { media: mediaInfo({ hasAudio: false }) },
    )
    expect([...rows.speechActive]).toEqual([
      UNKNOWN_FLAG,
      UNKNOWN_FLAG,
      UNKNOWN_FLAG,
      UNKNOWN_FLAG,
      UNKNOWN_FLAG,
    ])
    expect(warnings).toContainEqual(expect.stringContaining('no audio stream'))
  })

  it('leaves out what was not asked for', () => {
    const speech = spoken(10, 0, 10, () => 1)
    const { rows } = buildTimeline(
      faceFrames(5, 25, () => 1),
      {
        speech,
        speechCard,
        settings: { modalities: ['face', 'speech'] },
      },
    )
    expect(isAbsent(rows.fusionProbs, 0)).toBe(true)
    expect(isAbsent(rows.speechProbs, 0)).toBe(false)
  })

  it('refuses frames out of order and grows past what the duration promised', () => {
    const frames = faceFrames(900, 25, () => 1)
    const timeline = buildTimeline(frames, { media: mediaInfo({ durationSecs: 1 }) })
    expect(timeline.rows.count).toBe(900)
    expect(timeline.rows.faceProbs.length).toBe(900 * 7)
    expect(timeline.rows.frame[899]).toBe(899)
    expect(() => buildTimeline([...frames.slice(0, 3), ...frames.slice(1, 2)])).toThrowError(
      expect.objectContaining({ code: 'data.invalid' }),
    )
  })

  it('is the same for the reserved size too small, too large and unknown', () => {
    const frames = faceFrames(200, 25, (timeSecs) => (timeSecs < 4 ? 1 : 5))
    const [first, ...others] = [8, 0.1, 1000, null].map((durationSecs) =>
      buildTimeline(frames, { media: { ...mediaInfo(), durationSecs } }),
    )
    for (const other of others) expect(other.rows).toEqual(first?.rows)
  })

  it('holds half an hour at 30 frames a second in less than 14 MB', () => {
    const frames = (function* () {
      for (let index = 0; index < 54_000; index++)
        yield { frameIndex: index, timeSecs: index / 30, isAnalysed: true, faces: [observation(index % 7)] }
    })()
    const { rows } = buildTimeline(frames, { media: mediaInfo({ durationSecs: 1800, fps: 30 }) })
    const buffers = new Set(
      Object.values(rows).flatMap((column) => (typeof column === 'number' ? [] : [column.buffer])),
    )
    const bytes = [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0)
    expect(bytes).toBeGreaterThan(54_000 * 28)
    expect(bytes).toBeLessThan(14e6)
  })

  it('warns of a clip that ends before the stated duration', () => {
    const { warnings } = buildTimeline(
      faceFrames(50, 25, () => 1),
      { media: mediaInfo({ durationSecs: 20 }) },
    )
    expect(warnings).toContainEqual(
      expect.stringContaining('20.000 s of video but only 2.000 s could be decoded'),
    )
  })

  it('does not take sound before the first picture, or sound not asked for, for a loss', () => {
    // 6 s of sound from -2 s on and 4 s of pictures in a file of 6 s.
    const media = mediaInfo({ durationSecs: 6 })
    const clip = { ...media, video: media.video && { ...media.video, durationSecs: 4 } }
    const frames = faceFrames(100, 25, () => 1)
    const speech = { ...spoken(4, 0, 4, () => 1), span: { startSecs: -2, endSecs: 4 } }
    expect(buildTimeline(frames, { media: clip, speech, speechCard }).warnings).toEqual([])
    expect(buildTimeline(frames, { media: clip, settings: { modalities: ['face'] } }).warnings).toEqual([])
    const cut = { ...speech, span: { startSecs: -2, endSecs: 1 } }
    expect(buildTimeline(frames, { media: clip, speech: cut, speechCard }).warnings).toEqual([
      'the file states 6.000 s of audio but only 3.000 s could be decoded',
    ])
  })
})

it('marks disagreement only where fusion has both readings', () => {
  const speech = spoken(8, 2, 6, () => 3)
  const frames = faceFrames(200, 25, (timeSecs) => (timeSecs < 4 ? 1 : null))
  const { rows } = buildTimeline(frames, { speech, speechCard })
  expect([25, 75, 125, 175].map((row) => rows.disagree[row])).toEqual([
    UNKNOWN_FLAG,
    1,
    UNKNOWN_FLAG,
    UNKNOWN_FLAG,
  ])
  const agreeing = buildTimeline(frames, { speech: spoken(8, 2, 6, () => 1), speechCard })
  expect(agreeing.rows.disagree[75]).toBe(0)
  const settings = { modalities: ['face' as const, 'speech' as const] }
  expect(buildTimeline(frames, { speech, speechCard, settings }).rows.disagree[75]).toBe(UNKNOWN_FLAG)
})

it('shows no label on frames that were left out, nor one that fusion refused', () => {
  const speech = spoken(4, 0, 4, () => 3)
  const sampled = faceFrames(100, 25, () => 1).map((frame) =>
    frame.frameIndex % 5 === 0 ? frame : { ...frame, isAnalysed: false, faces: [] },
  )
  for (const modalities of [['face', 'speech'] as const, ['face', 'speech', 'fusion'] as const]) {
    const { rows } = buildTimeline(sampled, { speech, speechCard, settings: { modalities: [...modalities] } })
    for (let row = 0; row < rows.count; row++)
      expect((rows.displayedLabel[row] ?? -1) >= 0).toBe(row % 5 === 0)
  }
  const gates = { face: { sizePx: { zeroAt: 1000, oneAt: 2000 } } }
  const refused = buildTimeline(
    faceFrames(5, 25, () => 1),
    { settings: { fusion: { gates } } },
  )
  expect(refused.rows.displayedLabel[0]).toBe(-1)
})

describe('rows without video frames', () => {
  const speech = {
    span: { startSecs: 0, endSecs: 6.1 },
    activity: [
      { startSecs: 1, endSecs: 4.5 },
      { startSecs: 5, endSecs: 5.4 },
    ],
    windows: [
      speechWindow(0, 1, null),
      ...[1, 1.25, 1.5, 1.75, 2].map((start) => speechWindow(start, start + 2.5, 2)),
      speechWindow(4.5, 5, null),
      speechWindow(5, 5.4, null, { state: 'too_short' as const }),
      speechWindow(5.4, 6.1, null),
    ],
  }

  it('has a row a hop with the state of the voice', () => {
    const timeline = buildTimeline([], {
      media: mediaInfo({ hasVideo: false, durationSecs: 6.1 }),
      speech,
      speechCard,
    })
    const { rows } = timeline
    expect(timeline.rowSource).toBe('speech-hop')
    expect(timeline.frameCount).toBe(0)
    expect(rows.count).toBe(25)
    expect(timeline.durationSecs).toBeCloseTo(6.1, 12)
    expect([...rows.durSecs].reduce((a, b) => a + b, 0)).toBeCloseTo(6.1, 9)
    const states = qualities(rows)
    expect(states.slice(0, 4)).toEqual(['silence', 'silence', 'silence', 'silence'])
    expect(states.slice(4, 18).every((state) => state === 'ok')).toBe(true)
    expect(states.slice(20, 22)).toEqual(['not_analysed', 'not_analysed'])
    expect(topEmotion(rows.fusionProbs, 4 * EMOTION_COUNT)).toBe(2)
    expect([...rows.faceId].every((id) => id === -1)).toBe(true)
    expect(timeline.warnings).toContainEqual(expect.stringContaining('no video stream'))
  })

  it('is the same for a video of which only the voice was asked for, and says so', () => {
    const timeline = buildTimeline([], {
      faceCard: null,
      speech,
      speechCard,
      settings: { modalities: ['speech'] },
    })
    expect(timeline.rowSource).toBe('speech-hop')
    expect(timeline.rows.count).toBe(25)
    expect(isAbsent(timeline.rows.fusionProbs, 6)).toBe(true)
    expect(timeline.warnings).toContainEqual(expect.stringContaining('frames were not decoded'))
    expect(() =>
      buildTimeline(
        faceFrames(1, 25, () => 1),
        { faceCard: null, speech, speechCard },
      ),
    ).toThrowError(expect.objectContaining({ code: 'data.invalid' }))
  })
})

describe('smoothed columns', () => {
  const frames = faceFrames(100, 25, (timeSecs) => (timeSecs < 2 ? 1 : 5))

  it('lag behind a step by about tau and leave the raw columns alone', () => {
    const { rows } = buildTimeline(frames)
    expect(topEmotion(rows.faceProbs, 50 * 7)).toBe(5)
    expect(topEmotion(rows.faceProbsSmoothed, 50 * 7)).toBe(1)
    expect(topEmotion(rows.faceProbsSmoothed, 65 * 7)).toBe(5)
    expect(topEmotion(rows.fusionProbsSmoothed, 65 * 7)).toBe(5)
    for (const row of [0, 50, 99])
      expect(probsAt(rows.faceProbsSmoothed, row).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
  })

  it('are empty without a method, and do not lag with the two-way filter', () => {
    const none = buildTimeline(frames, { settings: { smoothing: { method: 'none' } } })
    expect(isAbsent(none.rows.faceProbsSmoothed, 10)).toBe(true)
    expect(none.rows.displayedLabel[10]).toBe(1)
    const markov = buildTimeline(frames, { settings: { smoothing: { method: 'markov' } } }).rows
    const tops = Array.from({ length: 100 }, (_, row) => topEmotion(markov.fusionProbsSmoothed, row * 7))
    expect(tops.indexOf(5)).toBe(50)
  })

  it.each(['exponential', 'markov-forward', 'markov'] as const)(
    'keep the prior of their raw columns where a face says nothing (%s)',
    (method) => {
      const prior = [0.4, 0.2, 0.15, 0.1, 0.08, 0.05, 0.02]
      const ownPrior = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4]
      const mute = faceFrames(60, 25, () => 0).map((frame) => ({
        ...frame,
        faces: [observation(0, { modelProbs: Float32Array.from(prior) })],
      }))
      const settings = { smoothing: { method }, fusion: { floor: 1e-9, prior: ownPrior } }
      const { rows } = buildTimeline(mute, { faceCard: { ...faceCard, prior }, settings })
      for (const row of [0, 30, 59])
        for (let e = 0; e < 7; e++) {
          expect(probsAt(rows.faceProbsSmoothed, row)[e]).toBeCloseTo(prior[e] ?? 0, 5)
          expect(probsAt(rows.fusionProbsSmoothed, row)[e]).toBeCloseTo(ownPrior[e] ?? 0, 5)
        }
    },
  )

  it('keep faces apart', () => {
    const two = faceFrames(100, 25, () => 1).map((frame) => ({
      ...frame,
      faces: [observation(1, { trackId: 1 }), observation(6, { trackId: 2 })],
    }))
    for (const method of ['exponential', 'markov'] as const) {
      const { rows } = buildTimeline(two, { settings: { smoothing: { method } } })
      for (let row = 0; row < rows.count; row++) {
        const wanted = rows.faceId[row] === 1 ? 1 : 6
        expect(topEmotion(rows.faceProbsSmoothed, row * 7)).toBe(wanted)
        expect(rows.displayedLabel[row]).toBe(wanted)
      }
    }
  })
})

it('maps contempt away and refuses a card without all seven', () => {
  const labels = [...faceCard.labels, 'contempt']
  const prior = labels.map(() => 1 / 8)
  const frames = faceFrames(1, 25, () => 1).map((frame) => ({
    ...frame,
    faces: [observation(1, { modelProbs: peaked(2, 0.3, 8) })],
  }))
  const { rows } = buildTimeline(frames, { faceCard: { ...faceCard, labels, prior } })
  expect(rows.faceProbs[2]).toBeCloseTo(0.3 / 0.9, 6)
  expect(() =>
    buildTimeline([], { faceCard: { ...faceCard, labels: labels.slice(1), prior: prior.slice(1) } }),
  ).toThrowError(expect.objectContaining({ code: 'model.bad-card' }))
})
