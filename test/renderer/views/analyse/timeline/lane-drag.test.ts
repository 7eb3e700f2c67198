import { describe, expect, it } from 'vitest'
import type { AnnotationItem, SegmentItem } from '../../../../../preload/contract/annotation'
import { segmentBars } from '../../../../../renderer/plots/lanes/item-bars'
import { LIGHT_THEME } from '../../../../../renderer/plots/theme'
import { laneTrack } from '../../../../../renderer/plots/tracks/annotation-lanes'
import type { Track } from '../../../../../renderer/plots/tracks/track'
import {
  keptById,
  withAnnotations,
} from '../../../../../renderer/views/analyse/timeline/lanes/annotation-lanes-model'
import { dragTo, type LaneDrag } from '../../../../../renderer/views/analyse/timeline/lanes/lane-drag'
import { previewOf, tipText } from '../../../../../renderer/views/analyse/timeline/lanes/lane-overlay'
import { snapOnLanes } from '../../../../../renderer/views/analyse/timeline/lanes/lane-snap'
import { placedRows, rowUnder } from '../../../../../renderer/views/analyse/timeline/lanes/lanes-view'
import { correctionsOf } from '../../../../../renderer/views/analyse/timeline/lanes/proposal-corrections'
import { shownTiers, tierTitle } from '../../../../../renderer/views/analyse/timeline/lanes/tier-lanes'
import { exclusionItem, segmentItem } from '../../../../support/study'
import { EditBench, evenGrid } from '../../../annotate/edit-bench'

/** Ten seconds at ten frames a second. */
const GRID = evenGrid(100, 10)
const ANN = { observerId: 'ann' }

function bench(...items: readonly AnnotationItem[]): EditBench {
  return new EditBench(GRID, items)
}

function pointer(secs: number, options: { isShared?: boolean; subjectId?: string } = {}) {
  const { isShared = false, subjectId = null } = options
  const snap = (wanted: number) =>
    snapOnLanes(wanted, { grid: GRID, lanes: [], playheadSecs: 0, reachSecs: 0, isLeftOut: () => false })
  return { secs, snap, isShared, subjectId }
}

const put = (items: readonly { put: AnnotationItem }[] | undefined, id: string): AnnotationItem | undefined =>
  items?.find((change) => change.put.id === id)?.put

function putsOf(state: ReturnType<typeof dragTo>): { put: AnnotationItem }[] {
  return (state.edit?.changes ?? []).flatMap((change) => ('put' in change ? [change] : []))
}

describe('a drag', () => {
  const first = segmentItem('anger', 1, 2, ANN)
  const second = segmentItem('fear', 2, 4, ANN)

  it('of an edge lands on a frame, and the stage shows the last frame inside', () => {
    const { context } = bench(second)
    const state = dragTo(context, { kind: 'resize', item: second, edge: 'end' }, pointer(5.43))
    expect(put(putsOf(state), second.id)).toMatchObject({ startSecs: 2, endSecs: 5.4 })
    expect(state.step).toBe(53)
    expect(state.lengthSecs).toBeCloseTo(3.4, 9)
    const start = dragTo(context, { kind: 'resize', item: second, edge: 'start' }, pointer(2.52))
    expect(start.step).toBe(25)
  })

  it('of a shared edge stops at the neighbour, or takes it along', () => {
    const { context } = bench(first, second)
    const drag: LaneDrag = { kind: 'resize', item: first, edge: 'end' }
    expect(dragTo(context, drag, pointer(3)).edit).toBeNull()
    const shared = putsOf(dragTo(context, drag, pointer(3, { isShared: true })))
    expect(put(shared, first.id)).toMatchObject({ endSecs: 3 })
    expect(put(shared, second.id)).toMatchObject({ startSecs: 3 })
  })

  it('of a body moves by whole frames, with all that is chosen, and not out of the clip', () => {
    const { context } = bench(first, second)
    const drag: LaneDrag = { kind: 'move', item: second, ids: [first.id, second.id], fromSecs: 3 }
    const moved = putsOf(dragTo(context, drag, pointer(4.04)))
    expect(put(moved, first.id)).toMatchObject({ startSecs: 2, endSecs: 3 })
    expect(put(moved, second.id)).toMatchObject({ startSecs: 3, endSecs: 5 })
    const far = putsOf(dragTo(context, drag, pointer(30)))
    expect(put(far, second.id)).toMatchObject({ startSecs: 8, endSecs: 10 })
  })

  it('to the lane of another subject takes it there', () => {
    const { context } = bench(first)
    const drag: LaneDrag = { kind: 'move', item: first, ids: [first.id], fromSecs: 1.5 }
    const moved = putsOf(dragTo(context, drag, pointer(1.5, { subjectId: 's1' })))
    expect(put(moved, first.id)).toMatchObject({ subjectId: 's1', startSecs: 1, endSecs: 2 })
  })

  it('over an empty place draws in either direction, and a brush for points makes a point', () => {
    const { context } = bench()
    const drag: LaneDrag = {
      kind: 'create',
      brush: { kind: 'code', codeId: 'anger' },
      subjectId: '',
      fromSecs: 5,
    }
    expect(putsOf(dragTo(context, drag, pointer(4.02)))[0]?.put).toMatchObject({
      codeId: 'anger',
      observerId: 'ann',
      startSecs: 4,
      endSecs: 5,
    })
    const point = dragTo(context, { ...drag, brush: { kind: 'code', codeId: 'blink' } }, pointer(4.02))
    expect(putsOf(point)[0]?.put).toMatchObject({ startSecs: 4, endSecs: 4 })
    const out = dragTo(context, { ...drag, brush: { kind: 'exclusion' } }, pointer(6))
    expect(putsOf(out)[0]?.put).toMatchObject({ kind: 'exclusion', startSecs: 5, endSecs: 6 })
  })

  it('moves what is left out, but nothing of somebody else', () => {
    const own = exclusionItem(2, 3)
    const theirs = { ...exclusionItem(5, 6), observerId: 'bob' }
    const { context } = bench(own, theirs)
    const move = (item: AnnotationItem) =>
      dragTo(context, { kind: 'move', item, ids: [item.id], fromSecs: 2 }, pointer(3))
    expect(putsOf(move(own))[0]?.put).toMatchObject({ startSecs: 3, endSecs: 4 })
    expect(move(theirs).edit).toBeNull()
  })

  it('is previewed as the edit it would be, and its tip names frame, time and length', () => {
    const { context, codes } = bench(first, second)
    const drag: LaneDrag = { kind: 'resize', item: first, edge: 'end' }
    const state = dragTo(context, drag, pointer(3, { isShared: true }))
    const key = 'ann||state|emotion'
    const preview = previewOf(state.edit!, {
      codes,
      theme: LIGHT_THEME,
      rowKeys: new Set([key]),
      otherRowKey: null,
    })
    expect([...preview.goneIds].sort()).toEqual([first.id, second.id].sort())
    expect(preview.bars.get(key)?.map(({ startSecs, endSecs }) => [startSecs, endSecs])).toEqual([
      [3, 4],
      [1, 3],
    ])
    const shown = { drag, state, x: 0, y: 0 }
    expect(tipText(shown, GRID, true)).toMatch(/^#30 .*0:03\.000 .*\(2\.000 s\)$/)
    expect(tipText(shown, GRID, false)).not.toContain('#')
  })
})

describe('snapping', () => {
  const lanes = [segmentBars([segmentItem('anger', 2.04, 3)], new Map(), '')]
  const snap = (secs: number, reachSecs: number, playheadSecs = 9) =>
    snapOnLanes(secs, { grid: GRID, lanes, playheadSecs, reachSecs, isLeftOut: () => false })

  it('lands on an edge or the playhead within reach, and else on the nearest frame', () => {
    expect(snap(2.86, 0.2)).toEqual({ secs: 3, isSnapped: true })
    expect(snap(2.86, 0.1)).toEqual({ secs: 2.9, isSnapped: false })
    expect(snap(2.86, 0.2, 2.8)).toEqual({ secs: 2.8, isSnapped: true })
    expect(snap(2.86, 0)).toEqual({ secs: 2.9, isSnapped: false })
  })

  it('stays on frames where the edge itself is on none', () => {
    expect(snap(2.06, 0.05)).toEqual({ secs: 2, isSnapped: true })
  })
})

describe('lanes', () => {
  const study = bench().study

  it('show tiers to code in before anything is coded, own ones first', () => {
    const theirs = segmentItem('anger', 0, 1, { observerId: 'bob' })
    const own = segmentItem('near', 0, 1, { observerId: 'ann', subjectId: 's1' })
    const { context } = bench(theirs, own)
    const tiers = shownTiers(
      context.tiers.map((tier) => ({ ...tier, isOwn: tier.observerId === 'ann' })),
      study,
      { id: 'ann', subjectId: '' },
    )
    expect(tiers.map((tier) => tierTitle(tier, study))).toEqual([
      'Ann',
      'Ann, gaze',
      'Ann, points',
      'Child 1: Ann, gaze',
      'Bob',
    ])
    expect(shownTiers([], study, { id: null, subjectId: '' })).toEqual([])
  })

  it('know which row is under the pointer, and that other tracks have none', () => {
    const row = (key: string) => ({
      key,
      name: key,
      index: segmentBars([], new Map(), ''),
      mark: 'bars' as const,
    })
    const lane = (id: string, ...keys: string[]) =>
      laneTrack({ id, title: id, rows: keys.map(row), isOwn: false, absentText: '' })
    const other: Track = { ...lane('x'), id: 'face', kind: 'emotions' }
    const tracks = [lane('one', 'a', 'b'), other, lane('two', 'c')]
    const heights = [44, 80, 26]
    const under = (y: number) => rowUnder(tracks, heights, 300, y)?.row.key ?? null
    expect([2, 12, 30, 60, 130, 151].map(under)).toEqual(['a', 'a', 'b', null, 'c', 'c'])
    const [a, b, c] = placedRows(tracks, heights, 300)
    expect(a!.rect.y + a!.rect.height).toBeLessThanOrEqual(b!.rect.y)
    expect(c!.rect.y).toBeGreaterThan(126)
  })

  it('are the same objects while what they are made from is', () => {
    const kept = keptById<object>()
    const make = () => ({})
    const one = kept.of('a', [1, study], make)
    expect(kept.of('a', [1, study], make)).toBe(one)
    expect(kept.of('a', [2, study], make)).not.toBe(one)
    const ids = withAnnotations(
      [{ id: 'segments' }, { id: 'face' }] as Track[],
      [{ id: 'tier' }, { id: 'segments' }] as Track[],
    ).map(({ id }) => id)
    expect(ids).toEqual(['tier', 'segments', 'face'])
  })

  it('find corrections by the id of the proposal, and by its place where results were made anew', () => {
    const proposal = {
      id: 'p1',
      modality: 'face',
      faceId: 0,
      label: 'fear',
      emotion: 4,
      startSecs: 1,
      endSecs: 2,
      source: 'model' as const,
      meanValue: 0.9,
    }
    const item = (segmentId: string, startSecs: number): SegmentItem =>
      segmentItem('fear', 1, 2, { orig: { segmentId, tier: 'face', label: 'fear', startSecs, endSecs: 2 } })
    const [named, moved, gone] = [item('p1', 1), item('p7', 1.000_000_4), item('p1', 0)]
    expect(correctionsOf([named, moved, gone], [proposal]).get('p1')).toEqual([named, moved])
    expect(correctionsOf([segmentItem('fear', 1, 2)], [proposal]).size).toBe(0)
  })
})
