import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useRedraw } from '../../../../../renderer/views/analyse/timeline/useRedraw'

let frames: (() => void)[] = []
let nowMs = 0
const nextFrame = (): void => {
  const due = frames
  frames = []
  for (const run of due) run()
}

beforeEach(() => {
  frames = []
  nowMs = 0
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []))
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  vi.spyOn(performance, 'measure').mockImplementation(() => ({}) as PerformanceMeasure)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('draws each once a frame, however often it was asked for', () => {
  const redraw = effectScope().run(useRedraw)!
  const draw = vi.fn()
  redraw.request(draw)
  redraw.request(draw)
  expect(draw).not.toHaveBeenCalled()
  expect(frames.length).toBe(1)
  nextFrame()
  expect(draw).toHaveBeenCalledTimes(1)
  expect(frames.length).toBe(0)
})

it('leaves to the next frame what does not fit, and lets it go first there', () => {
  const redraw = effectScope().run(useRedraw)!
  const order: string[] = []
  const slow = Array.from({ length: 4 }, (_, at) => () => {
    order.push(`draw ${at}`)
    nowMs += 20
  })
  for (const draw of slow) redraw.request(draw)
  nextFrame()
  expect(order).toEqual(['draw 0', 'draw 1'])
  redraw.request(slow[0]!)
  nextFrame()
  expect(order).toEqual(['draw 0', 'draw 1', 'draw 2', 'draw 3'])
  nextFrame()
  expect(order.at(-1)).toBe('draw 0')
  expect(frames.length).toBe(0)
})

it('draws nothing more once its owner is gone', () => {
  const scope = effectScope()
  const redraw = scope.run(useRedraw)!
  redraw.request(() => undefined)
  scope.stop()
  expect(frames.length).toBe(0)
})
