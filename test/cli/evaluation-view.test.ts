import { describe, expect, it } from 'vitest'
import { evaluationText } from '../../main/cli/views/evaluation-view'
import { progressLine } from '../../main/cli/views/progress-line'
import { sampleReport } from '../engine/learning/evaluation/sample-reports'

describe('evaluationText', () => {
  it('gives figures with intervals, the protocol and each emotion', () => {
    const report = sampleReport({}, true)
    const text = evaluationText([report], 'reports/x')
    const [low, high] = report.accuracy.interval!
    expect(text).toContain(
      `${(100 * report.accuracy.value).toFixed(1)}% [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`,
    )
    expect(text).toContain(report.protocol)
    expect(text).toContain('as seven')
    for (const { label } of report.classes) expect(text).toContain(`\n  ${label}`)
    expect(text.endsWith('Written to reports/x\n')).toBe(true)
  })

  it('says of figures that flatter what they are, and lets no escape sequence through', () => {
    const text = evaluationText([sampleReport({ isProductFigure: false, name: 'a\u001b[2Jb' })], null)
    expect(text).toContain("Not the product's figure")
    expect(text).not.toContain('\u001b')
  })
})

describe('progressLine', () => {
  function watch(isTTY: boolean) {
    const written: string[] = []
    let nowMs = 0
    const stream = { isTTY, write: (text: string) => written.push(text) > 0 }
    const show = progressLine('faces', {
      stream: stream as unknown as NodeJS.WriteStream,
      nowMs: () => nowMs,
    })
    return { written, show, wait: (secs: number) => (nowMs += 1000 * secs) }
  }

  it('in a log writes a line now and then, with the time left', () => {
    const { written, show, wait } = watch(false)
    show(1, 100)
    wait(20)
    show(25, 100)
    wait(1)
    show(26, 100)
    expect(written).toEqual(['25 of 100 faces, about 60 s left\n'])
  })

  it('in a terminal draws over its line and ends it', () => {
    const { written, show, wait } = watch(true)
    wait(1)
    show(50, 100)
    show(51, 100)
    show(100, 100)
    expect(written).toEqual(['\r\u001b[K50 of 100 faces, about 1 s left', '\r\u001b[K100 of 100 faces\n'])
  })
})
