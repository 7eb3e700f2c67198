import { describe, expect, it } from 'vitest'
import { edgeText, frameOfEdge, readEdge } from '../../../../../renderer/views/analyse/code/time-entry'
import { stretchAtHand } from '../../../../../renderer/views/analyse/code/stretch-source'

/** Frames of a telephone: unevenly spaced, the clip ends after the last. */
const clip = { timesSecs: Float64Array.of(0, 0.04, 0.1, 0.14, 0.3), durationSecs: 0.5, areFrames: true }
const secsOf = (text: string) => {
  const entry = readEdge(text, clip)
  return entry.isValid ? entry.secs : entry.problem
}

describe('a typed edge', () => {
  it.each([
    ['0.1', 0.1],
    ['0,11', 0.1],
    ['0:00.139', 0.14],
    ['#3', 0.14],
    ['# 0', 0],
    // Beyond the middle between the last frame and the end.
    ['0.41', 0.5],
    ['0.39', 0.3],
    ['#5', 0.5],
    ['0.5', 0.5],
  ])('%s lands on %d', (text, secs) => expect(secsOf(text)).toBe(secs))

  it.each([
    ['soon', /no time/],
    ['', /no time/],
    ['0.6', /beyond.*#5/],
    ['#6', /beyond.*0:00.500/],
  ])('%s is refused: %s', (text, why) => expect(secsOf(text)).toMatch(why))

  it('is no frame where there are no pictures', () => {
    const entry = readEdge('#2', { ...clip, areFrames: false })
    expect(entry).toMatchObject({ isValid: false, problem: expect.stringContaining('no pictures') })
    expect(edgeText(0.1, 'frame', { ...clip, areFrames: false })).toBe('0:00.100')
  })

  it('reads back what its field shows, in both units, for every edge there is', () => {
    for (const secs of [...clip.timesSecs, clip.durationSecs])
      for (const unit of ['time', 'frame'] as const) expect(secsOf(edgeText(secs, unit, clip))).toBe(secs)
    expect(frameOfEdge(0.5, clip.timesSecs, 0.5)).toBe(5)
  })
})

describe('the stretch at hand', () => {
  const options = { ...clip, loop: null, selection: null, timeSecs: 0.04 }
  it('is the loop before what is chosen before the time from the playhead on', () => {
    const loop = { fromSecs: 0.1, toSecs: 0.14 }
    const selection = { fromSecs: 0, toSecs: 0.3 }
    expect(stretchAtHand({ ...options, loop, selection })).toEqual({ ...loop, from: 'loop' })
    expect(stretchAtHand({ ...options, selection })).toEqual({ ...selection, from: 'selection' })
    expect(stretchAtHand(options)).toEqual({ fromSecs: 0.04, toSecs: 0.5, from: 'playhead' })
  })
  it('ends on a frame within a longer clip', () => {
    const timesSecs = Float64Array.from({ length: 100 }, (_, at) => at * 0.3)
    const found = stretchAtHand({ ...options, timesSecs, durationSecs: 30, timeSecs: 0.3 })
    expect(found?.toSecs).toBeCloseTo(2.1, 9)
  })
  it('is none of a point, nor at the very end', () => {
    const point = { fromSecs: 0.1, toSecs: 0.1 }
    expect(stretchAtHand({ ...options, selection: point })?.from).toBe('playhead')
    expect(stretchAtHand({ ...options, timeSecs: 0.5 })).toBeNull()
  })
})
