import { describe, expect, it } from 'vitest'
import { BatchMeter, formatDuration } from '../../main/cli/views/batch-view'
import { createJsonView } from '../../main/cli/views/json-view'
import { createLinesView } from '../../main/cli/views/lines-view'
import { visible } from '../../main/cli/views/visible'
import type { BatchEvent } from '../../main/engine/batch/run-batch'

const start: BatchEvent = { type: 'start', clips: 2, skipped: 1, jobs: 2, totalBytes: 400 }
const begin = (clipId: string, sizeBytes: number): BatchEvent => ({
  type: 'clip-start',
  clipId,
  path: `/a/${clipId}.mp4`,
  sizeBytes,
  lane: 0,
})
const half = (clipId: string, frames: number): BatchEvent => ({
  type: 'clip-progress',
  clipId,
  progress: { stage: 'face', fraction: 0.5, frames },
})
const done = (clipId: string, frames: number): BatchEvent => ({
  type: 'clip-done',
  clipId,
  path: `/a/${clipId}.mp4`,
  outcome: { files: [], frames, warnings: ['the file is cut off'], wallSecs: 2 },
})
const failed: Extract<BatchEvent, { type: 'clip-failed' }> = {
  type: 'clip-failed',
  failed: {
    clipId: 'b',
    path: '/a/b.mp4',
    stage: 'face',
    fault: { code: 'host.crashed', message: 'it ended' },
  },
}

describe('BatchMeter', () => {
  it('measures progress by bytes and derives the remaining time from it', () => {
    let nowMs = 1000
    const meter = new BatchMeter(() => nowMs)
    meter.onEvent(start)
    expect(meter.remainingSecs).toBeNull()
    meter.onEvent(begin('a', 100))
    nowMs += 5000
    meter.onEvent(half('a', 60))
    // 50 of 400 bytes in 5 s: 35 s to go
    expect(meter.fraction).toBeCloseTo(0.125, 12)
    expect(meter.remainingSecs).toBeCloseTo(35, 9)
    expect(meter.framesPerSec).toBeCloseTo(12, 9)
    expect(meter.clipFramesPerSec('a')).toBeCloseTo(12, 9)
    nowMs += 5000
    meter.onEvent(done('a', 100))
    meter.onEvent(begin('b', 300))
    expect(meter.fraction).toBeCloseTo(0.25, 12)
    expect(meter.framesPerSec).toBeCloseTo(10, 9)
    meter.onEvent(failed)
    expect(meter.fraction).toBe(1)
    expect(meter.settled).toBe(2)
  })

  it('does not divide by nothing: empty files, empty batch', () => {
    const meter = new BatchMeter(() => 0)
    meter.onEvent({ ...start, clips: 2, totalBytes: 0 })
    meter.onEvent(begin('a', 0))
    meter.onEvent(done('a', 0))
    expect(meter.fraction).toBe(0.5)
    const empty = new BatchMeter(() => 0)
    empty.onEvent({ ...start, clips: 0, totalBytes: 0 })
    expect(empty.fraction).toBe(1)
  })

  it('ignores a failure of an input that never started', () => {
    const meter = new BatchMeter(() => 0)
    meter.onEvent(start)
    meter.onEvent(failed)
    expect(meter.settled).toBe(0)
  })
})

describe('formatDuration', () => {
  it.each([
    [null, '--:--'],
    [0, '00:00'],
    [59.6, '01:00'],
    [3599, '59:59'],
    [3661, '1:01:01'],
  ])('%s s is %s', (secs, text) => expect(formatDuration(secs)).toBe(text))
})

describe('the plain view', () => {
  it('says what happened, a line each, with warnings and faults beside their clip', () => {
    const lines: string[] = []
    let nowMs = 0
    const view = createLinesView(
      (line) => lines.push(line),
      () => nowMs,
    )
    const end: BatchEvent = { type: 'end', done: 1, failed: 1, skipped: 1, isInterrupted: false }
    for (const event of [start, begin('a', 100), half('a', 5), done('a', 50), failed]) view.onEvent(event)
    nowMs = 61_000
    view.onEvent(end)
    expect(lines).toEqual([
      '2 clips to label, 1 done before, 2 at a time\n',
      '[1/2] a: 50 frames in 2.0 s, 25 frames/s\n',
      '[1/2] a: the file is cut off\n',
      '[1/2] b: FAILED (host.crashed): it ended\n',
      'finished after 01:01: 1 done, 1 done before, 1 failed (see errors.csv)\n',
    ])
  })

  it('gives a sign of life in a long clip, but not more often than a log can bear', () => {
    const lines: string[] = []
    let nowMs = 0
    const view = createLinesView(
      (line) => lines.push(line),
      () => nowMs,
    )
    view.onEvent(start)
    view.onEvent(begin('a', 400))
    for (let second = 0; second < 60; second++) {
      nowMs += 1000
      view.onEvent(half('a', second))
    }
    expect(lines.slice(1)).toHaveLength(3)
    expect(lines[1]).toMatch(/^\[0\/2\] a: face 50%, \d+ frames\/s, 00:16 left\n$/)
  })
})

describe('the JSON view', () => {
  it('writes each event as one line that parses back', () => {
    const lines: string[] = []
    const view = createJsonView((line) => lines.push(line))
    view.onEvent(failed)
    view.note('wasm')
    const events = lines.map((line) => JSON.parse(line) as { at: string })
    expect(events[0]).toMatchObject(failed)
    expect(events[1]).toMatchObject({ type: 'note', message: 'wasm' })
    expect(events.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true)
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  })
})

describe('visible', () => {
  it('keeps a line one line, and a terminal from obeying a file name', () => {
    expect(visible('a\nb\u001b]0;evil\u0007\u202egnp.mp4')).toBe('a\\x0ab\\x1b]0;evil\\x07\\u202egnp.mp4')
    expect(visible('Müller 微笑 😀 "x" \\.mp4')).toBe('Müller 微笑 😀 "x" \\.mp4')
  })

  it('is what the lines view writes', () => {
    const lines: string[] = []
    const view = createLinesView((line) => lines.push(line))
    view.onEvent({
      type: 'clip-failed',
      failed: { ...failed.failed, path: 'x', fault: { code: 'input.empty', message: 'a\nb' } },
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/a\\x0ab\n$/)
  })
})
