import { beforeEach, describe, expect, it } from 'vitest'
import type { Code } from '../../../preload/contract/annotation'
import { CodingMachine, type Running } from '../../../renderer/annotate/coding-machine'
import type { FrameGrid } from '../../../renderer/annotate/frame-grid'
import { deleteItems } from '../../../renderer/annotate/segment-edits'
import { frameAt } from '../../../renderer/views/analyse/time/frame-times'
import { seededRandom } from '../../support/mutate'
import { segmentItem } from '../../support/study'
import { EditBench, evenGrid, unevenGrid } from './edit-bench'

/** A coder at a clip that plays: time goes on by itself, keys come when they come. */
class Coder {
  readonly bench: EditBench
  readonly machine: CodingMachine
  running: readonly Running[] = []
  subjectId = ''
  step = 0
  isPlaying = false
  nowMs = 0

  constructor(grid: FrameGrid, items: ConstructorParameters<typeof EditBench>[1] = []) {
    this.bench = new EditBench(grid, items)
    this.machine = new CodingMachine({
      context: () => this.bench.context,
      subjectId: () => this.subjectId,
      step: () => this.step,
      holdMs: () => 250,
      stepFrames: () => 10,
      apply: (edit, key) => {
        if (key === null) this.machine.settle(edit.changes)
        this.bench.apply(edit, key)
      },
      forget: (key) => this.bench.history.forget(key),
      changed: (running) => (this.running = running),
    })
  }

  code(id: string): Code {
    return this.bench.codes.get(id)!
  }

  down(id: string): void {
    this.machine.keyDown(this.code(id), this.nowMs)
  }

  up(id: string): void {
    this.machine.keyUp(this.code(id), this.nowMs)
  }

  tap(id: string): void {
    this.down(id)
    this.nowMs += 80
    this.up(id)
  }

  /** Goes to a frame, as a seek or a step does. */
  goTo(step: number): void {
    this.step = step
    this.machine.moved(step, this.isPlaying)
  }

  /** Plays for some wall time: a picture every 16.7 ms shows the frame that is due; some pictures come late. */
  play(wallMs: number, speed: number, random: () => number = () => 0): void {
    this.isPlaying = true
    const { timesSecs, durationSecs } = this.bench.grid
    const fromMs = this.nowMs
    const fromSecs = timesSecs[this.step]!
    while (this.nowMs - fromMs < wallMs) {
      this.nowMs += 16.7 + 40 * random()
      const dueSecs = Math.min(durationSecs, fromSecs + ((this.nowMs - fromMs) / 1000) * speed)
      this.step = frameAt(timesSecs, dueSecs)
      this.machine.moved(this.step, true)
      if (random() < 0.1) this.machine.write()
    }
    this.isPlaying = false
  }
}

let coder: Coder
beforeEach(() => {
  coder = new Coder(evenGrid(100, 10))
})

describe('tapping', () => {
  it('begins at the frame that is shown, and the same key or 0 ends there', () => {
    coder.goTo(10)
    coder.tap('anger')
    expect(coder.running).toMatchObject([{ codeId: 'anger', set: 'emotion', startSecs: 1 }])
    coder.goTo(25)
    coder.tap('anger')
    coder.goTo(30)
    coder.tap('fear')
    coder.goTo(40)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-25', 'fear 30-40'])
    expect(coder.running).toEqual([])
    expect(coder.bench.history.undoCount).toBe(2)
  })

  it('switches without a gap: one ends where the other begins', () => {
    coder.goTo(10)
    coder.tap('anger')
    coder.goTo(20)
    coder.tap('fear')
    coder.goTo(35)
    coder.tap('neutral')
    coder.goTo(50)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-20', 'fear 20-35', 'neutral 35-50'])
    coder.bench.undo()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-20', 'fear 20-35'])
    coder.bench.undo()
    coder.bench.undo()
    expect(coder.bench.items.size).toBe(0)
    for (let at = 0; at < 3; at++) coder.bench.redo()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-20', 'fear 20-35', 'neutral 35-50'])
  })

  it('twice on one frame leaves nothing, not even a step of undo', () => {
    coder.goTo(10)
    coder.tap('anger')
    coder.tap('anger')
    expect(coder.bench.items.size).toBe(0)
    expect(coder.bench.history.canUndo).toBe(false)
    coder.tap('anger')
    coder.tap('fear')
    coder.goTo(12)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['fear 10-12'])
    expect(coder.bench.history.undoCount).toBe(1)
  })

  it('on the last frame ends with the clip', () => {
    coder.goTo(90)
    coder.tap('anger')
    coder.goTo(99)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 90-100'])
  })

  it('makes points, which end nothing', () => {
    coder.goTo(10)
    coder.tap('anger')
    coder.goTo(12)
    coder.tap('blink')
    coder.goTo(20)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-20'])
    expect(coder.bench.segments.find(({ codeId }) => codeId === 'blink')).toMatchObject({
      startSecs: 1.2,
      endSecs: 1.2,
    })
  })

  it('keeps sets and subjects apart', () => {
    coder.tap('anger')
    coder.goTo(5)
    coder.tap('near')
    coder.goTo(10)
    coder.subjectId = 's1'
    coder.tap('fear')
    expect(coder.running).toHaveLength(3)
    coder.goTo(20)
    // 0 is for the subject who is coded.
    coder.machine.endHere()
    coder.goTo(30)
    coder.machine.settle(null)
    expect(coder.bench.lane('emotion', 's1')).toEqual(['fear 10-20'])
    expect(coder.bench.lane('emotion')).toEqual(['anger 0-31'])
    expect(coder.bench.lane('gaze')).toEqual(['near 5-31'])
  })
})

describe('holding', () => {
  it('codes while the key is held and the clip goes on', () => {
    coder.down('anger')
    coder.play(1000, 1)
    const end = coder.step
    coder.up('anger')
    expect(coder.bench.lane('emotion')).toEqual([`anger 0-${end}`])
    expect(end).toBe(10)
    expect(coder.running).toEqual([])
  })

  it('shorter than the setting, or while nothing moves, is a tap', () => {
    coder.down('anger')
    coder.play(200, 1)
    coder.up('anger')
    expect(coder.running).toHaveLength(1)
    coder.machine.endHere()
    coder.down('fear')
    coder.nowMs += 5000
    coder.up('fear')
    expect(coder.running).toMatchObject([{ codeId: 'fear' }])
  })
})

describe('what runs', () => {
  it('goes on through pauses and jumps ahead', () => {
    coder.tap('anger')
    coder.play(500, 1)
    coder.nowMs += 60_000
    coder.goTo(40)
    coder.goTo(60)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 0-60'])
  })

  it('follows steps back while paused, and uncovers what it had covered', () => {
    const covered = segmentItem('fear', 2, 3)
    const around = segmentItem('sadness', 3, 6)
    coder = new Coder(evenGrid(100, 10), [covered, around])
    coder.goTo(10)
    coder.tap('anger')
    for (let step = 11; step <= 35; step++) {
      coder.goTo(step)
      coder.machine.write()
    }
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-36', 'sadness 36-60'])
    coder.goTo(27)
    coder.machine.write()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-28', 'fear 28-30', 'sadness 30-60'])
    coder.goTo(25)
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-25', 'fear 25-30', 'sadness 30-60'])
    expect(coder.bench.history.undoCount).toBe(1)
    coder.bench.undo()
    expect(new Map(coder.bench.items)).toEqual(new Map([covered, around].map((item) => [item.id, item])))
  })

  it('is ended by a seek back with the last frame that it had, also while playing', () => {
    coder.goTo(10)
    coder.tap('anger')
    coder.goTo(40)
    coder.goTo(20)
    expect(coder.running).toEqual([])
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-41'])
    coder.goTo(60)
    coder.tap('fear')
    coder.goTo(70)
    coder.isPlaying = true
    coder.goTo(68)
    expect(coder.bench.lane('emotion')).toEqual(['anger 10-41', 'fear 60-71'])
  })

  it('ends before something else touches it, and other edits leave it running', () => {
    coder.tap('anger')
    coder.goTo(10)
    coder.tap('near')
    coder.goTo(20)
    const id = coder.running.find(({ codeId }) => codeId === 'anger')!.itemId
    const made = deleteItems(coder.bench.context, [id])!
    coder.machine.settle(made.changes)
    expect(coder.running).toMatchObject([{ codeId: 'near' }])
    expect(coder.bench.lane('emotion')).toEqual(['anger 0-21'])
    coder.bench.apply(made)
    coder.goTo(30)
    coder.machine.endHere()
    expect(coder.bench.lane('gaze')).toEqual(['near 10-30'])
  })

  it('splits a bout that it begins inside of, with one and the same second half as it grows', () => {
    coder = new Coder(evenGrid(100, 10), [segmentItem('fear', 0, 9)])
    coder.goTo(20)
    coder.tap('anger')
    for (let step = 21; step < 60; step++) {
      coder.goTo(step)
      coder.machine.write()
      expect(coder.bench.segments).toHaveLength(3)
      expect(coder.bench.faults()).toEqual([])
    }
    coder.machine.endHere()
    expect(coder.bench.lane('emotion')).toEqual(['fear 0-20', 'anger 20-59', 'fear 59-90'])
  })
})

describe.each([0.25, 0.5, 1, 1.5, 2, 3, 4])('at %f times the speed', (speed) => {
  it('edges lie on the frames that were shown when the keys went down', () => {
    const grid = unevenGrid(1200, 3)
    coder = new Coder(grid)
    const random = seededRandom(speed * 100)
    const expected: string[] = []
    let last: { code: string; step: number } | null = null
    const codes = ['anger', 'fear', 'neutral', 'happiness']
    for (let at = 0; coder.step < 1100; at++) {
      const code = codes[at % codes.length]!
      coder.tap(code)
      if (last && coder.step > last.step) expected.push(`${last.code} ${last.step}-${coder.step}`)
      last = { code, step: coder.step }
      coder.play(200 + 900 * random(), speed, random)
    }
    coder.machine.endHere()
    const end = coder.step === 1199 ? 1200 : coder.step
    if (last && end > last.step) expected.push(`${last.code} ${last.step}-${end}`)
    expect(expected.length).toBeGreaterThan(5)
    expect(coder.bench.lane('emotion')).toEqual(expected)
    expect(coder.bench.faults()).toEqual([])
    expect(coder.bench.history.undoCount).toBe(expected.length)
  })
})

describe('any keys and moves', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed + 1))(
    'keep bouts apart and on frames, and are undone to nothing (seed %i)',
    (seed) => {
      const random = seededRandom(seed)
      const below = (count: number) => Math.floor(random() * count)
      coder = new Coder(unevenGrid(400, seed))
      const codes = [...coder.bench.codes.keys()]
      for (let at = 0; at < 300; at++) {
        const pick = below(8)
        const code = codes[below(codes.length)]!
        if (pick <= 2) coder.tap(code)
        else if (pick === 3) coder.down(code)
        else if (pick === 4) coder.up(code)
        else if (pick === 5) coder.play(below(700), 0.25 + random() * 4, random)
        else if (pick === 6) coder.goTo(Math.max(0, Math.min(399, coder.step + below(40) - 20)))
        else coder.subjectId = ['', 's1', 's2'][below(3)]!
        if (below(10) === 0) coder.machine.write()
        if (below(12) === 0) coder.machine.endHere()
        expect(coder.bench.faults()).toEqual([])
      }
      coder.machine.settle(null)
      expect(coder.running).toEqual([])
      const made = coder.bench.items
      let steps = 0
      while (coder.bench.undo()) {
        steps++
        expect(coder.bench.faults()).toEqual([])
      }
      expect(coder.bench.items.size).toBe(0)
      for (let at = 0; at < steps; at++) coder.bench.redo()
      expect(new Map(coder.bench.items)).toEqual(new Map(made))
    },
  )
})
