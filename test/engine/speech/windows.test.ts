import { describe, expect, it } from 'vitest'
import { planWindows } from '../../../main/engine/speech/windows'

const PLAN = { windowFrames: 250, hopFrames: 25, minimumFrames: 60 }

describe('planWindows', () => {
  it.each([
    ['no frames', [], 0, []],
    ['silence only', [], 500, [['silence', 0, 500]]],
    [
      'speech below the minimum',
      [[100, 159]],
      300,
      [
        ['silence', 0, 100],
        ['too_short', 100, 159],
        ['silence', 159, 300],
      ],
    ],
    [
      'speech of the minimum',
      [[100, 160]],
      300,
      [
        ['silence', 0, 100],
        ['speech', 100, 160],
        ['silence', 160, 300],
      ],
    ],
    ['speech of one window', [[0, 250]], 250, [['speech', 0, 250]]],
    [
      'one frame more',
      [[0, 251]],
      251,
      [
        ['speech', 0, 250],
        ['speech', 1, 251],
      ],
    ],
    [
      'a whole number of hops',
      [[0, 300]],
      300,
      [
        ['speech', 0, 250],
        ['speech', 25, 275],
        ['speech', 50, 300],
      ],
    ],
    [
      'a rest',
      [[10, 300]],
      300,
      [
        ['silence', 0, 10],
        ['speech', 10, 260],
        ['speech', 35, 285],
        ['speech', 50, 300],
      ],
    ],
  ] as const)('%s', (_remark, speech, frames, expected) => {
    const ranges = speech.map(([start, end]) => ({ start, end }))
    expect(planWindows(ranges, frames, PLAN).map(({ state, start, end }) => [state, start, end])).toEqual(
      expected,
    )
  })

  it('covers every frame, in order, whatever the speech', () => {
    const speech = [
      { start: 5, end: 20 },
      { start: 60, end: 460 },
      { start: 500, end: 1403 },
      { start: 1500, end: 1561 },
    ]
    const windows = planWindows(speech, 1600, PLAN)
    let covered = 0
    for (const { start, end } of windows) {
      expect(start).toBeLessThanOrEqual(covered)
      expect(end).toBeGreaterThanOrEqual(covered)
      covered = end
    }
    expect(covered).toBe(1600)
    for (const window of windows.filter(({ state }) => state === 'speech'))
      expect(window.end - window.start).toBeLessThanOrEqual(250)
  })
})
