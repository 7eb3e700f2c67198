import { describe, expect, it } from 'vitest'
import { selectFrames } from '../../../main/engine/face/select-frames'
import type { VideoFrame } from '../../../main/engine/media/types'

async function* framesAt(times: readonly number[]): AsyncGenerator<VideoFrame> {
  for (const [index, timeSecs] of times.entries())
    yield { index, ptsTicks: index, timeSecs, widthPx: 1, heightPx: 1, rgb: new Uint8Array(3) }
}

async function analysed(times: readonly number[], fps: number | 'all'): Promise<number[]> {
  const chosen: number[] = []
  let next = 0
  for await (const { index, picture } of selectFrames(framesAt(times), fps)) {
    expect(index).toBe(next++)
    if (picture) chosen.push(index)
  }
  expect(next).toBe(times.length)
  return chosen
}

const steady = (count: number, fps: number): number[] => Array.from({ length: count }, (_, i) => i / fps)

describe('selectFrames', () => {
  it('passes all frames, or as many as asked for', async () => {
    expect(await analysed(steady(4, 25), 'all')).toEqual([0, 1, 2, 3])
    expect(await analysed(steady(50, 25), 5)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45])
    expect(await analysed(steady(31, 30), 10)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30])
  })

  it('takes the frames nearest to the instants when times are uneven', async () => {
    const times = [0, 0.3, 0.9, 1.05, 1.7, 2.4, 3.01]
    const nearest = [0, 1, 2, 3].map((instant) =>
      times.reduce(
        (best, time, i) => (Math.abs(time - instant) < Math.abs((times[best] ?? 0) - instant) ? i : best),
        0,
      ),
    )
    expect(await analysed(times, 1)).toEqual(nearest)
  })

  it('takes every frame once where there are fewer than asked for', async () => {
    expect(await analysed([0, 1, 2], 10)).toEqual([0, 1, 2])
    expect(await analysed([0], 5)).toEqual([0])
    expect(await analysed([], 5)).toEqual([])
  })
})
