// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { ClipPlotData } from '../../../../../renderer/plots/clip-series'
import { spanOf, type TimeRange } from '../../../../../renderer/plots/time-scale'
import TimelinePanel from '../../../../../renderer/views/analyse/timeline/TimelinePanel.vue'
import { plotRows, sure } from '../../../../support/plot-rows'

const ROWS = plotRows(
  Array.from({ length: 100 }, (_, frame) => ({
    frame,
    timeSecs: frame * 0.1,
    durSecs: 0.1,
    ...(frame < 50 ? { faceId: 1, face: sure(1), fusion: sure(1) } : {}),
    speech: sure(3),
    speechActive: 1,
  })),
)

const DATA: ClipPlotData = {
  rows: ROWS,
  windows: {
    count: 1,
    startSecs: Float64Array.of(0),
    endSecs: Float64Array.of(10),
    state: Uint8Array.of(0),
  },
  segments: [],
  moments: [],
  framesPerSec: 'all',
  modalities: ['face', 'speech', 'fusion'],
  hasVideo: true,
  hasAudio: true,
  faceNames: new Map(),
  faceIds: [1],
}

/** The panel is laid out 1,000 px wide: 148 px of names, 46 px of axis, 8 px to the right edge. */
const PANEL_PX = 1000
const PLOT_LEFT_PX = 194
const PLOT_PX = PANEL_PX - PLOT_LEFT_PX - 8

describe('TimelinePanel', () => {
  let panel: VueWrapper
  const plots = () => panel.get('[data-timeline-plots]')
  const lastRange = () => (panel.emitted('update:range') as [TimeRange][] | undefined)?.at(-1)?.[0]

  beforeEach(async () => {
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(PANEL_PX)
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
    panel = mount(TimelinePanel, {
      attachTo: document.body,
      props: {
        data: DATA,
        durationSecs: 10,
        playheadSecs: 2,
        signals: null,
        clipName: 'interview.mp4',
        settingsText: '',
        'onUpdate:range': (range: TimeRange | null) => panel.setProps({ range }),
      },
    })
    const hit = plots().element as HTMLElement
    vi.spyOn(hit, 'getBoundingClientRect').mockReturnValue(new DOMRect(PLOT_LEFT_PX, 0, PLOT_PX, 500))
    hit.setPointerCapture = () => undefined
    await nextTick()
    await nextTick()
  })

  afterEach(() => {
    panel.unmount()
    vi.restoreAllMocks()
  })

  const pointer = (type: string, x: number, more: PointerEventInit = {}) =>
    plots().element.dispatchEvent(
      new PointerEvent(type, { clientX: x, clientY: 50, pointerId: 1, bubbles: true, ...more }),
    )

  it('seeks where it is clicked', () => {
    pointer('pointerdown', PLOT_LEFT_PX + PLOT_PX * 0.25)
    pointer('pointerup', PLOT_LEFT_PX + PLOT_PX * 0.25)
    expect((panel.emitted('seek') as [number][])[0]![0]).toBeCloseTo(2.5, 6)
  })

  it('zooms at the pointer with the wheel', async () => {
    const x = PLOT_LEFT_PX + PLOT_PX * 0.7
    const event = new WheelEvent('wheel', { deltaY: -400, bubbles: true, cancelable: true })
    // Wheel events of this document have no place of their own.
    Object.defineProperty(event, 'clientX', { value: x })
    plots().element.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
    await nextTick()
    const range = lastRange()!
    expect(spanOf(range)).toBeLessThan(5)
    expect(range.fromSecs + spanOf(range) * 0.7).toBeCloseTo(7, 6)
  })

  it('drags the time along, and does not seek then', async () => {
    await panel.setProps({ range: { fromSecs: 4, toSecs: 6 } })
    pointer('pointerdown', 600)
    pointer('pointermove', 600 + PLOT_PX / 4)
    pointer('pointerup', 600 + PLOT_PX / 4)
    expect(lastRange()!.fromSecs).toBeCloseTo(3.5, 6)
    expect(panel.emitted('seek')).toBeUndefined()
  })

  it('shows what was selected with Shift', () => {
    pointer('pointerdown', PLOT_LEFT_PX + PLOT_PX * 0.2, { shiftKey: true })
    pointer('pointermove', PLOT_LEFT_PX + PLOT_PX * 0.5)
    pointer('pointerup', PLOT_LEFT_PX + PLOT_PX * 0.5)
    expect(lastRange()!.fromSecs).toBeCloseTo(2, 6)
    expect(lastRange()!.toSecs).toBeCloseTo(5, 6)
  })

  it('fits the clip at a double click', async () => {
    await panel.setProps({ range: { fromSecs: 4, toSecs: 6 } })
    await plots().trigger('dblclick')
    expect(lastRange()).toMatchObject({ fromSecs: 0, toSecs: 10 })
  })

  it('moves a cursor of its own with the keys, and jumps there with Enter', async () => {
    await plots().trigger('keydown', { key: 'ArrowRight' })
    await plots().trigger('keydown', { key: 'ArrowRight', shiftKey: true })
    await plots().trigger('keydown', { key: 'Enter' })
    expect((panel.emitted('seek') as [number][])[0]![0]).toBeCloseTo(3.1, 6)
  })

  it('keeps its keys from the window, and leaves the others to it', async () => {
    const heard: string[] = []
    const listen = (event: KeyboardEvent): void => void heard.push(event.key)
    window.addEventListener('keydown', listen)
    await plots().trigger('keydown', { key: 'ArrowRight' })
    await plots().trigger('keydown', { key: ' ' })
    window.removeEventListener('keydown', listen)
    expect(heard).toEqual([' '])
  })

  it('shows the values at the playhead, and the reason where there are none', async () => {
    const readout = () => panel.get('section.readout').text()
    expect(readout()).toContain('20')
    expect(readout()).toContain('1.000')
    await panel.setProps({ playheadSecs: 7.05 })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(readout()).toContain('No face found')
    expect(readout()).toContain('70')
  })

  it('turns emotions on and off by buttons that say which', async () => {
    const buttons = panel.findAll('button.emotion')
    expect(buttons.map((button) => button.attributes('aria-pressed'))).toEqual(Array(7).fill('true'))
    await buttons[1]!.trigger('click')
    expect(panel.findAll('button.emotion')[1]!.attributes('aria-pressed')).toBe('false')
    // Alt shows one alone.
    await panel.findAll('button.emotion')[3]!.trigger('click', { altKey: true })
    const pressed = panel.findAll('button.emotion').map((button) => button.attributes('aria-pressed'))
    expect(pressed.filter((state) => state === 'true').length).toBe(1)
    expect(pressed[3]).toBe('true')
  })

  it('hides tracks that are unticked', async () => {
    const shown = () => panel.findAll('[data-track]').map((row) => row.attributes('data-track'))
    expect(shown()).toContain('weights')
    const menu = panel.findAll('button').find((button) => button.text() === 'Tracks')!
    await menu.trigger('click')
    const box = panel
      .findAll('label')
      .find((label) => label.text() === 'Weights')!
      .get('input')
    await box.setValue(false)
    expect(shown()).not.toContain('weights')
    expect(shown()).toContain('face')
  })

  it('names what the keys act on, and how', () => {
    const attributes = plots().attributes()
    expect(attributes['aria-label']).toBe('Timeline')
    expect(panel.get(`[id="${attributes['aria-describedby']}"]`).text()).toContain('Arrow keys')
    expect(panel.get('[role="scrollbar"]').attributes('aria-controls')).toBe(
      panel.get('.tracks').attributes('id'),
    )
  })
})
