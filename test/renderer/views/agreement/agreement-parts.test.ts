// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { computed, effectScope, nextTick, shallowRef } from 'vue'
import { FaultError, setBridge } from '../../../../renderer/bridge/bridge'
import { kooLi, krippendorff, landisKoch } from '../../../../renderer/views/agreement/bands'
import { SvgContext } from '../../../../renderer/views/agreement/charts/svg-context'
import { clipChoiceOf, DEFAULT_CHOICES, readChoices } from '../../../../renderer/views/agreement/choices'
import {
  coefficientText,
  decimalText,
  intervalText,
  shareText,
} from '../../../../renderer/views/agreement/figure-text'
import { csvText, sortedPlaces, tabbedText } from '../../../../renderer/views/agreement/tables/table-model'
import { useStudyReport } from '../../../../renderer/views/agreement/use-study-report'
import { scriptedBridge } from '../../../support/scripted-bridge'

describe('tables', () => {
  const rows = [
    ['clip 10', 0.5],
    ['clip 9', null],
    ['Clip 1', -2],
    ['clip 2', 0.5],
  ] as const

  it.each([
    [null, [0, 1, 2, 3]],
    [{ column: 0, isDescending: false }, [2, 3, 1, 0]],
    [{ column: 0, isDescending: true }, [0, 1, 3, 2]],
    // Rows without a value stand last either way; equal ones keep their order.
    [{ column: 1, isDescending: false }, [2, 0, 3, 1]],
    [{ column: 1, isDescending: true }, [0, 3, 2, 1]],
  ])('are sorted by %j', (order, expected) => expect(sortedPlaces(rows, order)).toEqual(expected))

  it('leave as CSV that reads back, and as cells for a spreadsheet', () => {
    const columns = [{ title: 'Clip, "name"' }, { title: 'κ' }]
    const cells = [
      ['a "b"\nc', 0.123456789],
      ['x', null],
    ]
    expect(csvText(columns, cells)).toBe('"Clip, ""name""",κ\r\n"a ""b""\nc",0.123456789\r\nx,\r\n')
    expect(tabbedText(columns, [['a\tb', 1]])).toBe('Clip, "name"\tκ\na b\t1')
  })
})

describe('figures', () => {
  it('have a minus of their own width, and none before a rounded zero', () => {
    expect(coefficientText({ value: -0.1234, reason: null })).toBe('−0.123')
    expect(coefficientText({ value: -0.0001, reason: null })).toBe('0.000')
    expect(coefficientText({ value: null, reason: 'why' })).toBe('–')
    expect(shareText(0.90625)).toBe('90.6%')
    expect(decimalText(Number.NaN)).toBe('–')
    expect(intervalText({ low: -0.1, high: 0.5 })).toBe('95% CI −0.100 to 0.500')
    expect(intervalText(null)).toBe('')
  })

  it.each([
    [-0.01, 'poor'],
    [0, 'slight'],
    [0.2, 'slight'],
    [0.21, 'fair'],
    [0.4, 'fair'],
    [0.6, 'moderate'],
    [0.605, 'substantial'],
    [0.8, 'substantial'],
    [0.81, 'almost perfect'],
    [1, 'almost perfect'],
  ])('kappa of %d is %s by Landis and Koch', (value, word) => expect(landisKoch(value)).toBe(word))

  it('have the words of Krippendorff and of Koo and Li', () => {
    expect([0.66, 0.667, 0.799, 0.8].map(krippendorff)).toEqual([
      'below 0.667',
      'tentative conclusions only',
      'tentative conclusions only',
      'reliable',
    ])
    expect([0.49, 0.5, 0.75, 0.9].map(kooLi)).toEqual(['poor', 'moderate', 'good', 'excellent'])
  })
})

describe('choices', () => {
  it('fall back field by field where they cannot be used', () => {
    expect(readChoices(null)).toEqual(DEFAULT_CHOICES)
    expect(readChoices('{')).toEqual(DEFAULT_CHOICES)
    expect(readChoices('[1]')).toEqual(DEFAULT_CHOICES)
    const kept = { stepSecs: -1, method: 'events', raters: ['Anna'], clips: { kind: 'folder' }, other: 1 }
    expect(readChoices(JSON.stringify(kept))).toEqual({
      ...DEFAULT_CHOICES,
      method: 'events',
      raters: ['Anna'],
    })
  })

  it('name clips by token, without those that are gone', () => {
    const tokens = new Map([['a', 'token-a']])
    const of = (clipIds: string[]) => clipChoiceOf({ clips: { kind: 'clips', clipIds } }, tokens)
    expect(of(['a', 'gone'])).toEqual({ kind: 'clips', tokens: ['token-a'] })
    expect(of(['gone'])).toEqual({ kind: 'all' })
  })
})

describe('useStudyReport', () => {
  afterEach(() => {
    setBridge(null)
    vi.useRealTimers()
  })

  function reporting(run: (ask: number) => Promise<string>) {
    vi.useFakeTimers()
    const scripted = scriptedBridge({})
    setBridge(scripted.bridge)
    const ask = shallowRef<number | null>(1)
    const scope = effectScope()
    const report = scope.run(() =>
      useStudyReport(
        computed(() => ask.value),
        run,
      ),
    )!
    return { ask, report, scope, tell: scripted.tell }
  }

  it('keeps what it shows while the next is computed, and takes only the latest', async () => {
    const waiting: ((text: string) => void)[] = []
    const { ask, report } = reporting(() => new Promise((resolve) => waiting.push(resolve)))
    waiting[0]?.('one')
    await vi.runAllTimersAsync()
    expect(report.report.value).toBe('one')
    ask.value = 2
    await nextTick()
    await vi.advanceTimersByTimeAsync(200)
    ask.value = 3
    await nextTick()
    await vi.advanceTimersByTimeAsync(200)
    expect(report.report.value).toBe('one')
    expect(report.isBusy.value).toBe(true)
    waiting[2]?.('three')
    waiting[1]?.('two')
    await vi.runAllTimersAsync()
    expect(report.report.value).toBe('three')
    expect(report.isBusy.value).toBe(false)
  })

  it('asks anew after an edit, several edits once', async () => {
    let count = 0
    const { tell, report, scope } = reporting(async () => String(++count))
    await vi.runAllTimersAsync()
    tell('codingChanged', { clips: [] })
    tell('codingChanged', { clips: [] })
    tell('studyChanged', { open: null })
    await vi.runAllTimersAsync()
    expect(report.report.value).toBe('2')
    scope.stop()
    tell('codingChanged', { clips: [] })
    await vi.runAllTimersAsync()
    expect(count).toBe(2)
  })

  it('asks a process that died once more, and then says so', async () => {
    let count = 0
    const { report, ask } = reporting(async () => {
      count++
      throw new FaultError({ code: count < 4 ? 'host.crashed' : 'data.invalid', message: `fault ${count}` })
    })
    await vi.runAllTimersAsync()
    expect(count).toBe(2)
    expect(report.fault.value).toEqual({ code: 'host.crashed', message: 'fault 2' })
    // Whatever else is wrong is not asked twice.
    count = 10
    ask.value = 2
    await nextTick()
    await vi.runAllTimersAsync()
    expect(count).toBe(11)
    expect(report.fault.value?.code).toBe('data.invalid')
  })
})

describe('SvgContext', () => {
  const page = { widthPx: 100, heightPx: 50, ground: '#fff', title: 'A & B', description: '<desc>' }
  const context = () => new SvgContext(page, (text) => text.length * 5)

  it('writes what is drawn, with the state it was drawn in', () => {
    const drawing = context()
    drawing.save()
    drawing.fillStyle = '#11223380'
    drawing.translate(10, 5)
    drawing.fillRect(0, 0, 20, 10)
    drawing.restore()
    drawing.strokeStyle = 'rgba(1, 2, 3, 0.5)'
    drawing.setLineDash([4, 2])
    drawing.beginPath()
    drawing.moveTo(0, 0)
    drawing.lineTo(5, 5)
    drawing.stroke()
    drawing.font = '600 12px Arial'
    drawing.textAlign = 'center'
    drawing.fillText('a < b', 7, 8)
    const text = drawing.finish()
    expect(text).toContain('<title>A &amp; B</title>')
    expect(text).toContain('d="M10 5L30 5L30 15L10 15z" fill="#112233" fill-opacity="0.5"')
    expect(text).toContain('d="M0 0L5 5" fill="none" stroke="rgb(1,2,3)" stroke-opacity="0.5"')
    expect(text).toContain('stroke-dasharray="4 2"')
    expect(text).toContain('font-size="12" font-weight="600" text-anchor="middle"')
    expect(text).toContain('>a &lt; b</text>')
    const parsed = new DOMParser().parseFromString(text, 'text/xml')
    expect(parsed.querySelectorAll('path')).toHaveLength(2)
  })

  it('draws a whole circle, and turns text', () => {
    const drawing = context()
    drawing.beginPath()
    drawing.arc(10, 10, 5, 0, Math.PI * 2)
    drawing.fill()
    drawing.translate(20, 20)
    drawing.rotate(-Math.PI / 2)
    drawing.fillText('up', 0, 0)
    const text = drawing.finish()
    expect(text).toContain('d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10"')
    expect(text).toContain('transform="matrix(0 -1 1 0 20 20)"')
  })

  it('keeps what is outside of a clip out of sight', () => {
    const drawing = context()
    drawing.save()
    drawing.beginPath()
    drawing.rect(0, 0, 10, 10)
    drawing.clip()
    drawing.fillRect(5, 5, 50, 50)
    drawing.restore()
    drawing.fillRect(1, 1, 2, 2)
    const text = drawing.finish()
    expect(text).toContain('<clipPath id="clip1"><path d="M0 0L10 0L10 10L0 10z"/></clipPath>')
    expect(text.match(/clip-path=/g)).toHaveLength(1)
  })
})
