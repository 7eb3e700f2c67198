// @vitest-environment happy-dom
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RatingItem } from '../../../../../preload/contract/annotation'
import RateTab from '../../../../../renderer/views/analyse/code/rate/RateTab.vue'
import { sampleStudy } from '../../../../support/study'
import { type BenchOptions, codingBench, settled, type } from './coding-bench'

const VALENCE = {
  id: 'valence',
  name: 'valence',
  minimum: -1,
  maximum: 1,
  neutral: 0,
  lowLabel: 'unpleasant',
  highLabel: 'pleasant',
  description: '',
}
const study = sampleStudy({
  scheme: { ...sampleStudy().scheme, dimensions: [VALENCE, { ...VALENCE, id: 'arousal', name: 'arousal' }] },
})
const own = (
  timesSecs: number[],
  values: number[],
  endSecs: number,
  changes: Partial<RatingItem> = {},
): RatingItem => ({
  id: `rating ${timesSecs[0]}`,
  kind: 'rating',
  observerId: 'ann',
  editedAt: '2026-01-01T00:00:00.000Z',
  subjectId: '',
  dimensionId: 'valence',
  timesSecs,
  values,
  reactionTimeSecs: 0,
  endSecs,
  comment: '',
  ...changes,
})

async function rate(input: 'mouse' | 'keys' | 'gamepad', options: BenchOptions = {}) {
  const bench = await codingBench({ study, ...options })
  const view = bench.mount(RateTab, { wantedDimension: null })
  await view.get('select[aria-label="With"]').setValue(input)
  const press = async (label: string) => {
    await view
      .findAll('button')
      .find((button) => button.text() === label)!
      .trigger('click')
    await settled()
  }
  const pad = view.get('[role="slider"]')
  const ratings = () => bench.kept().filter((item): item is RatingItem => item.kind === 'rating')
  return { bench, view, press, pad, ratings, value: () => Number(view.get('output').text()) }
}

const keyDown = (key: string) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  document.body.dispatchEvent(event)
  return event.defaultPrevented
}

describe('rating with keys', () => {
  it('follows the arrows frame by frame, at normal speed, and gives the speed back', async () => {
    const { bench, press, ratings, value } = await rate('keys')
    bench.transport.setSpeed(2)
    expect(keyDown('ArrowUp')).toBe(false)
    await press('Rate from here')
    expect([bench.transport.speed, bench.transport.isPlaying]).toEqual([1, true])
    bench.shows(1)
    expect(keyDown('ArrowUp')).toBe(true)
    bench.shows(2)
    keyDown('ArrowUp')
    keyDown('ArrowUp')
    bench.shows(3)
    bench.shows(4)
    await settled()
    expect(value()).toBeCloseTo(0.3, 9)
    bench.transport.pause()
    await settled()
    expect(ratings()).toHaveLength(1)
    const [made] = ratings()
    expect(made!.timesSecs).toEqual([0, 0.08, 0.12])
    expect(made!.values.map((one) => Number(one.toFixed(6)))).toEqual([0, 0.1, 0.3])
    expect(made).toMatchObject({ endSecs: 0.2, reactionTimeSecs: 0, dimensionId: 'valence' })
    expect(bench.transport.speed).toBe(2)
  })

  it('stays within the range', async () => {
    const { bench, view, press, value } = await rate('keys')
    await view.get('.step select').setValue('0.25')
    await press('Rate from here')
    for (let time = 0; time < 9; time++) keyDown('ArrowDown')
    await settled()
    expect(value()).toBe(-1)
    bench.transport.pause()
  })

  it('keeps what was rated up to a jump, and invents nothing behind it', async () => {
    const { bench, press, ratings } = await rate('keys')
    await press('Rate from here')
    for (const frame of [1, 2, 3]) bench.shows(frame)
    bench.transport.goToStep(100)
    await settled()
    expect(bench.transport.isPlaying).toBe(false)
    expect(ratings()).toMatchObject([{ timesSecs: [0], endSecs: 0.16 }])
  })

  it('is kept while it is made, and is one step of undo all the same', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { bench, press, ratings } = await rate('keys')
    await press('Rate from here')
    for (const frame of [1, 2, 3]) bench.shows(frame)
    vi.advanceTimersByTime(1600)
    await settled()
    // A crash now costs no more than the frame that is shown.
    expect(ratings()).toMatchObject([{ timesSecs: [0], endSecs: 0.12 }])
    keyDown('ArrowUp')
    for (const frame of [4, 5]) bench.shows(frame)
    vi.advanceTimersByTime(1600)
    await settled()
    bench.annotations.undo()
    await settled()
    expect(bench.transport.isPlaying).toBe(false)
    expect(ratings()).toEqual([])
    bench.annotations.redo()
    await settled()
    expect(ratings()).toMatchObject([{ timesSecs: [0, 0.16], values: [0, 0.1], endSecs: 0.24 }])
  })

  it('rates a stretch again, in one step of undo', async () => {
    const { bench, press, ratings } = await rate('keys', { items: [own([0, 2], [-0.5, 0.5], 4)] })
    bench.transport.goToStep(25)
    await settled()
    await press('Rate from here')
    keyDown('ArrowUp')
    for (const frame of [26, 27, 28]) bench.shows(frame)
    await press('Stop')
    expect(ratings()).toHaveLength(1)
    expect(ratings()[0]!.timesSecs.map((secs) => Number(secs.toFixed(6)))).toEqual([0, 1.04, 1.16, 2])
    // It began with the value that stood there, which is no change.
    expect(ratings()[0]!.values.map((one) => Number(one.toFixed(6)))).toEqual([-0.5, -0.4, -0.5, 0.5])
    bench.annotations.undo()
    await settled()
    expect(ratings()).toEqual([own([0, 2], [-0.5, 0.5], 4)])
  })
})

describe('rating with a gamepad', () => {
  const pads: (Partial<Gamepad> | null)[] = []
  afterEach(() => {
    pads.length = 0
    Reflect.deleteProperty(navigator, 'getGamepads')
  })
  function plug(axes: number[]): { axes: number[] } {
    const pad = { index: 0, id: 'Xbox Wireless Controller', connected: true, axes }
    pads.push(pad)
    return pad
  }
  const frames = (): { run(): void } => {
    let next: FrameRequestCallback | null = null
    const request = vi.spyOn(globalThis, 'requestAnimationFrame').mockImplementation((callback) => {
      next = callback
      return 1
    })
    onTestFinished(() => request.mockRestore())
    return { run: () => next?.(0) }
  }

  it('tells that none is there, and hears the stick of one that comes, by axis and dead zone', async () => {
    Object.defineProperty(navigator, 'getGamepads', { configurable: true, value: () => pads })
    const clock = frames()
    const { bench, view, press, ratings } = await rate('gamepad')
    expect(view.text()).toContain('No gamepad yet')
    const stick = plug([0, 0.05, -1, 0])
    window.dispatchEvent(new Event('gamepadconnected'))
    await settled()
    expect(view.text()).toContain('Connected: Xbox Wireless Controller')
    await press('Rate from here')
    clock.run()
    bench.shows(1)
    // Up is -1 on every standard stick; a rating grows upwards.
    stick.axes[1] = -1
    clock.run()
    bench.shows(2)
    await view.get('select[aria-label="Stick"]').setValue('2')
    clock.run()
    bench.shows(3)
    await press('Stop')
    expect(ratings()).toMatchObject([{ timesSecs: [0, 0.08, 0.12], values: [0, 1, -1] }])
  })

  it('stops when it is unplugged, and keeps what was rated', async () => {
    Object.defineProperty(navigator, 'getGamepads', { configurable: true, value: () => pads })
    plug([0, -0.5])
    const { bench, view, press, ratings } = await rate('gamepad')
    await press('Rate from here')
    bench.shows(1)
    pads.length = 0
    window.dispatchEvent(new Event('gamepaddisconnected'))
    await settled()
    expect(view.get('[role="alert"]').text()).toContain('disconnected')
    expect(ratings()).toHaveLength(1)
    expect(bench.transport.isPlaying).toBe(false)
  })
})

describe('reaction time', () => {
  it('is stated, refused where it cannot be, and does not move what the hand did', async () => {
    const { bench, view, press, ratings } = await rate('keys')
    expect(view.text()).toContain('Hands follow the eyes')
    await type(view.get('.reaction input'), 'fast')
    expect(view.get('[role="alert"]').text()).toContain('“fast” is no reaction time')
    await type(view.get('.reaction input'), '0,4')
    await press('Rate from here')
    bench.shows(1)
    bench.shows(2)
    await press('Stop')
    expect(ratings()).toMatchObject([{ timesSecs: [0], reactionTimeSecs: 0.4 }])
  })

  it('is changed in ratings that were made before only when that is asked for', async () => {
    const { view, ratings, press } = await rate('keys', {
      items: [own([0], [1], 2), own([4], [1], 6, { dimensionId: 'arousal' })],
    })
    await type(view.get('.reaction input'), '0.5')
    expect(ratings().map(({ reactionTimeSecs }) => reactionTimeSecs)).toEqual([0, 0])
    await press('Take off 0.5 s in my other ratings of valence, too')
    expect(ratings().map(({ reactionTimeSecs }) => reactionTimeSecs)).toEqual([0.5, 0])
  })
})

describe('the list of ratings', () => {
  it('has one’s own with their mean, goes to them and deletes them', async () => {
    const { bench, view, ratings } = await rate('keys', {
      items: [own([1, 2], [0, 1], 4), own([0], [1], 1, { id: 'of bob', observerId: 'bob' })],
    })
    expect(view.findAll('li')).toHaveLength(1)
    expect(view.get('li').text()).toContain('0:01.000 to 0:04.000, mean 0.67')
    await view.get('li .go').trigger('click')
    expect(bench.transport.timeSecs).toBe(1)
    expect(view.get('output').text()).toBe('0.00')
    await view.get('button[aria-label="Delete"]').trigger('click')
    await settled()
    expect(ratings().map(({ id }) => id)).toEqual(['of bob'])
  })

  it('is not for nobody', async () => {
    const { view } = await rate('keys', { observerId: null })
    expect(view.text()).toContain('Choose who codes first')
    expect(view.get('.start').attributes('disabled')).toBeDefined()
  })
})
