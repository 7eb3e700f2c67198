import { describe, expect, it } from 'vitest'
import type { SegmentItem } from '../../../preload/contract/annotation'
import {
  acceptProposals,
  confirmProposal,
  decisions,
  rejectProposal,
  relabelProposal,
  withdrawDecision,
} from '../../../renderer/annotate/corrections'
import { extendEdges, nudgeEdges, resizeEdge } from '../../../renderer/annotate/edge-edits'
import { snapStretch, snapToGrid } from '../../../renderer/annotate/frame-grid'
import { edgesOf, snap } from '../../../renderer/annotate/snapping'
import {
  copySegments,
  createBout,
  createPoint,
  mergeSegments,
  moveSegments,
  relabelSegments,
  splitAt,
} from '../../../renderer/annotate/segment-edits'
import { segmentItem } from '../../support/study'
import { EditBench, evenGrid } from './edit-bench'

/** 100 frames at 10 a second; a bout [from, to) in frames. */
const grid = evenGrid(100, 10)
const bout = (codeId: string, from: number, to: number, changes: Partial<SegmentItem> = {}) =>
  segmentItem(codeId, grid.timesSecs[from]!, grid.timesSecs[to]!, changes)
const bench = (...items: SegmentItem[]) => new EditBench(grid, items)

describe('a new bout', () => {
  const make = (from: number, to: number) => (given: EditBench) =>
    given.apply(
      createBout(given.context, { codeId: 'fear', subjectId: '', startSecs: from / 10, endSecs: to / 10 }),
    )

  it('cuts what it covers: the inside goes, ends are shortened, what sticks out on both sides becomes two', () => {
    const one = bench(bout('anger', 0, 10), bout('neutral', 10, 20), bout('sadness', 20, 30))
    make(5, 25)(one)
    expect(one.lane('emotion')).toEqual(['anger 0-5', 'fear 5-25', 'sadness 25-30'])
    const two = bench(bout('anger', 0, 30))
    make(10, 20)(two)
    expect(two.lane('emotion')).toEqual(['anger 0-10', 'fear 10-20', 'anger 20-30'])
    expect(two.history.undoCount).toBe(1)
    two.undo()
    expect(two.lane('emotion')).toEqual(['anger 0-30'])
  })

  it('lands on frames and is at least one long', () => {
    const one = bench()
    make(12.34, 12.36)(one)
    expect(one.lane('emotion')).toEqual(['fear 12-13'])
    make(99.7, 120)(one)
    expect(one.lane('emotion')).toEqual(['fear 12-13', 'fear 99-100'])
  })

  it('leaves other sets, subjects and observers alone', () => {
    const one = bench(
      bout('near', 0, 30),
      bout('anger', 0, 30, { subjectId: 's1' }),
      bout('anger', 0, 30, { observerId: 'bob' }),
    )
    make(10, 20)(one)
    expect(one.lane('gaze')).toEqual(['near 0-30'])
    expect(one.lane('emotion', 's1')).toEqual(['anger 0-30'])
    expect(one.segments.filter(({ observerId }) => observerId === 'bob')).toHaveLength(1)
  })

  it('is not made of a point, nor a point of a state; the same point twice is one', () => {
    const one = bench()
    const at = { subjectId: '', atSecs: 1.04 }
    expect(createBout(one.context, { codeId: 'blink', subjectId: '', startSecs: 0, endSecs: 1 })).toBeNull()
    expect(createPoint(one.context, { ...at, codeId: 'anger' })).toBeNull()
    expect(one.apply(createPoint(one.context, { ...at, codeId: 'blink' }))).toBe(true)
    expect(one.segments.map(({ startSecs, endSecs }) => [startSecs, endSecs])).toEqual([[1, 1]])
    expect(createPoint(one.context, { ...at, codeId: 'blink' })).toBeNull()
    expect(createPoint(one.context, { ...at, codeId: 'nod' })).not.toBeNull()
  })
})

describe('an edge', () => {
  it('stops at its neighbour and a frame before its own other edge', () => {
    const [left, right] = [bout('anger', 0, 10), bout('fear', 20, 30)]
    const one = bench(left, right)
    one.apply(resizeEdge(one.context, left.id, 'end', 9))
    expect(one.lane('emotion')).toEqual(['anger 0-20', 'fear 20-30'])
    one.apply(resizeEdge(one.context, right.id, 'start', 9))
    expect(one.lane('emotion')).toEqual(['anger 0-20', 'fear 29-30'])
    one.apply(resizeEdge(one.context, left.id, 'end', -5))
    expect(one.lane('emotion')).toEqual(['anger 0-1', 'fear 29-30'])
    one.apply(resizeEdge(one.context, right.id, 'end', 99))
    expect(one.lane('emotion')).toEqual(['anger 0-1', 'fear 29-100'])
  })

  it('that two bouts share moves both, and neither becomes shorter than a frame', () => {
    const [left, right] = [bout('anger', 0, 10), bout('fear', 10, 30)]
    const one = bench(left, right)
    one.apply(resizeEdge(one.context, left.id, 'end', 1.5, { isShared: true }))
    expect(one.lane('emotion')).toEqual(['anger 0-15', 'fear 15-30'])
    one.apply(resizeEdge(one.context, right.id, 'start', 0, { isShared: true }))
    expect(one.lane('emotion')).toEqual(['anger 0-1', 'fear 1-30'])
    one.apply(resizeEdge(one.context, left.id, 'end', 9, { isShared: true }))
    expect(one.lane('emotion')).toEqual(['anger 0-29', 'fear 29-30'])
    expect(one.history.undoCount).toBe(3)
  })

  it('is nudged for several at once, each making room for the next', () => {
    const all = [bout('anger', 0, 10), bout('fear', 10, 20), bout('sadness', 20, 30)]
    const one = bench(...all)
    const ids = all.map(({ id }) => id)
    one.apply(nudgeEdges(one.context, ids, 'end', -1))
    expect(one.lane('emotion')).toEqual(['anger 0-9', 'fear 10-19', 'sadness 20-29'])
    one.apply(nudgeEdges(one.context, ids, 'start', -1))
    expect(one.lane('emotion')).toEqual(['anger 0-9', 'fear 9-19', 'sadness 19-29'])
  })

  it('is brought to the playhead, of those bouts alone that reach it', () => {
    const all = [bout('anger', 0, 10), bout('near', 15, 30)]
    const one = bench(...all)
    one.apply(
      extendEdges(
        one.context,
        all.map(({ id }) => id),
        'end',
        1.4,
      ),
    )
    expect([...one.lane('emotion'), ...one.lane('gaze')]).toEqual(['anger 0-14', 'near 15-30'])
  })
})

describe('several at once', () => {
  it('move together, keep their lengths, and go as far as the clip does', () => {
    const [one, two, other] = [bout('anger', 10, 20), bout('fear', 30, 40), bout('sadness', 22, 29)]
    const given = bench(one, two, other)
    given.apply(moveSegments(given.context, [one.id, two.id], 5))
    expect(given.lane('emotion')).toEqual(['anger 15-25', 'sadness 25-29', 'fear 35-45'])
    given.apply(moveSegments(given.context, [one.id, two.id], 500))
    expect(given.lane('emotion')).toEqual(['sadness 25-29', 'anger 70-80', 'fear 90-100'])
    given.apply(moveSegments(given.context, [one.id], 0, 's1'))
    expect(given.lane('emotion', 's1')).toEqual(['anger 70-80'])
  })

  it('are split at the playhead where it is inside, and merged to one', () => {
    const [one, two] = [bout('anger', 0, 10), bout('near', 5, 30)]
    const given = bench(one, two)
    const ids = [one.id, two.id]
    given.apply(splitAt(given.context, ids, 1))
    expect([...given.lane('emotion'), ...given.lane('gaze')]).toEqual([
      'anger 0-10',
      'near 5-10',
      'near 10-30',
    ])
    given.apply(mergeSegments(given.context, [two.id]))
    expect(given.lane('gaze')).toEqual(['near 5-30'])
    expect(mergeSegments(given.context, ids)).toBeNull()
  })

  it('merge over what lies between, with the lowest confidence and all comments', () => {
    const [one, two, three] = [
      bout('anger', 0, 10, { confidence: 0.9, comment: 'brows' }),
      bout('fear', 12, 15),
      bout('anger', 20, 30, { confidence: 0.4, comment: 'jaw' }),
    ]
    const given = bench(one, two, three)
    given.apply(mergeSegments(given.context, [one.id, three.id]))
    expect(given.lane('emotion')).toEqual(['anger 0-30'])
    expect(given.items.get(one.id)).toMatchObject({ confidence: 0.4, comment: 'brows; jaw' })
  })

  it('are relabelled into another set, where they cut what they cover', () => {
    const [one, two] = [bout('anger', 0, 20), bout('near', 10, 30)]
    const given = bench(one, two)
    given.apply(relabelSegments(given.context, [one.id], 'away'))
    expect(given.lane('emotion')).toEqual([])
    expect(given.lane('gaze')).toEqual(['away 0-20', 'near 20-30'])
    expect(relabelSegments(given.context, [one.id], 'blink')).toBeNull()
  })

  it('are copied from others into the coder’s own tier, as their own', () => {
    const bobs = bout('anger', 0, 20, { observerId: 'bob', confidence: 0.3 })
    const given = bench(bobs, bout('fear', 10, 30))
    given.apply(copySegments(given.context, [bobs.id], {}))
    expect(given.lane('emotion')).toEqual(['anger 0-20', 'fear 20-30'])
    expect(given.segments.filter(({ observerId }) => observerId === 'ann')[1]).toMatchObject({
      status: 'added',
      orig: null,
      confidence: null,
    })
  })
})

describe('a proposal', () => {
  const proposal = {
    id: 'seg-4',
    tier: 'clip/face',
    label: 'anger',
    startSecs: 1.0000004,
    endSecs: 2,
    meanValue: 0.8,
  }

  it('is confirmed on its frames, with what it was', () => {
    const given = bench()
    given.apply(confirmProposal(given.context, proposal, 's1'))
    expect(given.segments).toMatchObject([
      {
        status: 'confirmed',
        codeId: 'anger',
        subjectId: 's1',
        startSecs: 1,
        endSecs: 2,
        orig: { segmentId: 'seg-4', tier: 'clip/face', label: 'anger', startSecs: 1.0000004, endSecs: 2 },
      },
    ])
  })

  it('is edited when its label or an edge becomes another, and confirmed again when they are back', () => {
    const given = bench()
    given.apply(relabelProposal(given.context, proposal, '', 'fear'))
    const [item] = given.segments
    expect(item).toMatchObject({ status: 'edited', codeId: 'fear', orig: { label: 'anger' } })
    given.apply(relabelSegments(given.context, [item!.id], 'anger'))
    expect(given.segments[0]?.status).toBe('confirmed')
    given.apply(nudgeEdges(given.context, [item!.id], 'end', 1))
    expect(given.segments[0]?.status).toBe('edited')
    given.apply(nudgeEdges(given.context, [item!.id], 'end', -1))
    expect(given.segments[0]?.status).toBe('confirmed')
  })

  it('is decided once: the last decision holds, and can be taken back', () => {
    const given = bench()
    given.apply(confirmProposal(given.context, proposal, ''))
    given.apply(rejectProposal(given.context, proposal, ''))
    expect(given.segments).toMatchObject([{ status: 'rejected', codeId: 'anger', startSecs: 1, endSecs: 2 }])
    expect([...decisions(given.segments, 'ann').values()]).toEqual(['rejected'])
    given.apply(withdrawDecision(given.context, proposal))
    expect(given.segments).toEqual([])
    expect(given.history.undoCount).toBe(3)
  })

  it('is rejected where the coder has not coded otherwise', () => {
    const given = bench(bout('fear', 12, 15))
    given.apply(rejectProposal(given.context, proposal, ''))
    expect(given.lane('emotion')).toEqual(['anger 10-12', 'fear 12-15', 'anger 15-20'])
    expect(given.segments.map(({ status }) => status).sort()).toEqual(['added', 'rejected', 'rejected'])
    expect(rejectProposal(bench(bout('fear', 5, 25)).context, proposal, '')).toBeNull()
  })

  it('needs a code of its name', () => {
    const given = bench()
    expect(confirmProposal(given.context, { ...proposal, label: 'contempt' }, '')).toBeNull()
    expect(rejectProposal(given.context, { ...proposal, label: 'blink' }, '')).toBeNull()
  })

  it('of many those that are sure enough are taken in one step, and nothing coded is touched', () => {
    const given = bench(bout('fear', 0, 12))
    const all = [
      proposal,
      { ...proposal, id: 'a', startSecs: 3, endSecs: 4, meanValue: 0.7 },
      { ...proposal, id: 'b', startSecs: 5, endSecs: 6, meanValue: 0.69 },
      { ...proposal, id: 'c', startSecs: 7, endSecs: 8, meanValue: null },
      { ...proposal, id: 'd', startSecs: 8, endSecs: 9, meanValue: 1 },
    ]
    given.apply(acceptProposals(given.context, all, () => '', 0.7))
    expect(given.lane('emotion')).toEqual(['fear 0-12', 'anger 30-40', 'anger 80-90'])
    expect(given.history.undoCount).toBe(1)
    expect(acceptProposals(given.context, all, () => '', 0.7)).toBeNull()
    given.undo()
    expect(given.lane('emotion')).toEqual(['fear 0-12'])
  })
})

describe('snapping', () => {
  const tiers = bench(bout('anger', 10, 20), bout('near', 50, 60)).context.tiers
  const at = (secs: number, reachPx = 8, playheadSecs: number | null = 7) =>
    snap(secs, { grid, edges: edgesOf(tiers), playheadSecs, pxPerSec: 20, reachPx })

  it('takes edges and the playhead within reach, the nearer first, else the nearest frame', () => {
    expect(at(2.39)).toEqual({ secs: 2, kind: 'edge' })
    expect(at(2.41)).toEqual({ secs: 2.4, kind: 'frame' })
    expect(at(6.7)).toEqual({ secs: 7, kind: 'playhead' })
    expect(at(6.34, 8)).toEqual({ secs: 6, kind: 'edge' })
    expect(at(2.2, 0)).toEqual({ secs: 2.2, kind: 'frame' })
    expect(at(6.7, 8, null)).toEqual({ secs: 6.7, kind: 'frame' })
  })

  it('knows the clip’s end as an edge, and nothing beyond', () => {
    expect([-1, 0.04, 0.06, 9.96, 50].map((secs) => snapToGrid(grid, secs))).toEqual([0, 0, 0.1, 10, 10])
    expect(snapStretch(grid, { startSecs: 20, endSecs: 30 })).toEqual({ startSecs: 9.9, endSecs: 10 })
    expect(snapStretch(grid, { startSecs: 2, endSecs: 1 })).toEqual({ startSecs: 1, endSecs: 2 })
  })
})
