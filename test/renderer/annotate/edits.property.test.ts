import { describe, expect, it } from 'vitest'
import {
  acceptProposals,
  confirmItems,
  confirmProposal,
  type Proposal,
  rejectItems,
  rejectProposal,
  relabelProposal,
  withdrawDecision,
} from '../../../renderer/annotate/corrections'
import { extendEdges, nudgeEdges, resizeEdge } from '../../../renderer/annotate/edge-edits'
import type { EditContext, MadeEdit } from '../../../renderer/annotate/edit-draft'
import { addBaseline, addComment, addExclusion } from '../../../renderer/annotate/other-edits'
import {
  copySegments,
  createBout,
  createPoint,
  deleteItems,
  mergeSegments,
  moveSegments,
  relabelSegments,
  setComment,
  setConfidence,
  splitAt,
} from '../../../renderer/annotate/segment-edits'
import { changeTiers } from '../../../renderer/annotate/tiers'
import { seededRandom } from '../../support/mutate'
import { EditBench, evenGrid, unevenGrid } from './edit-bench'

const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise']
const STATES = [...EMOTIONS, 'near', 'away']

/** Any edit at all, of anything at all, at any time, on frames or not. */
function anyEdit(bench: EditBench, random: () => number): (context: EditContext) => MadeEdit | null {
  const below = (count: number) => Math.floor(random() * count)
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!
  const secs = () => random() * bench.grid.durationSecs * 1.1 - 0.1
  const subjectId = one(['', 's1', 's2'])
  const ids = bench.segments.map(({ id }) => id)
  const some = () => (ids.length === 0 ? [] : Array.from({ length: 1 + below(4) }, () => one(ids)))
  const startSecs = secs()
  const stretch = { startSecs, endSecs: startSecs + random() * 3 }
  const proposal: Proposal = {
    ...stretch,
    id: `p${below(6)}`,
    tier: 'face',
    label: one(EMOTIONS),
    meanValue: random(),
  }
  const frames = below(60) - 30
  return one<(context: EditContext) => MadeEdit | null>([
    (context) => createBout(context, { ...stretch, codeId: one(STATES), subjectId }),
    (context) => createBout(context, { ...stretch, codeId: one(STATES), subjectId }),
    (context) => createBout(context, { ...stretch, codeId: one(STATES), subjectId }),
    (context) => createPoint(context, { atSecs: secs(), codeId: one(['blink', 'nod']), subjectId }),
    (context) => moveSegments(context, some(), frames, random() < 0.3 ? subjectId : undefined),
    (context) =>
      resizeEdge(context, one([...ids, '']), one(['start', 'end'] as const), secs(), {
        isShared: random() < 0.5,
      }),
    (context) => nudgeEdges(context, some(), one(['start', 'end'] as const), frames),
    (context) => extendEdges(context, some(), one(['start', 'end'] as const), secs()),
    (context) => splitAt(context, ids, secs()),
    (context) => mergeSegments(context, some()),
    (context) => deleteItems(context, some()),
    (context) => relabelSegments(context, some(), one([...STATES, 'blink', 'nod'])),
    (context) => copySegments(context, some(), { subjectId, ...(random() < 0.3 && { codeId: one(STATES) }) }),
    (context) => setConfidence(context, some(), random() < 0.2 ? null : random()),
    (context) => setComment(context, some(), `note ${below(9)}`),
    (context) => confirmProposal(context, proposal, subjectId),
    (context) => relabelProposal(context, proposal, subjectId, one(STATES)),
    (context) => rejectProposal(context, proposal, subjectId),
    (context) => withdrawDecision(context, proposal),
    (context) => acceptProposals(context, [proposal, { ...proposal, id: 'p9' }], () => subjectId, random()),
    (context) => confirmItems(context, some()),
    (context) => rejectItems(context, some()),
    (context) => addExclusion(context, stretch, 'door'),
    (context) => addBaseline(context, stretch, subjectId),
    (context) => addComment(context, secs(), 'here'),
  ])
}

const GRIDS = [
  ['even frames', evenGrid(250, 25)],
  ['uneven frames', unevenGrid(300)],
  ['a few frames', evenGrid(3, 10)],
  ['a single frame', evenGrid(1, 10)],
] as const

describe.each(GRIDS)('any edits, on %s', (_, grid) => {
  it.each(Array.from({ length: 12 }, (_each, seed) => seed + 1))(
    'keep bouts apart and on frames, and are undone and redone exactly, 250 deep (seed %i)',
    (seed) => {
      const random = seededRandom(seed)
      const bench = new EditBench(grid)
      const states = [bench.items]
      for (let tries = 0; states.length <= 250 && tries < 2000; tries++) {
        const make = anyEdit(bench, random)
        const made = make(bench.context)
        const before = bench.context
        if (!bench.apply(made)) continue
        // Tiers that follow the changes are those that are made from the whole.
        const follow = changeTiers(before.tiers, before.items, made!.changes, bench.study, bench.codes, 'ann')
        expect(follow).toEqual(bench.context.tiers)
        expect(bench.faults(), made?.title).toEqual([])
        for (const id of made?.selects ?? []) expect(bench.items.has(id), `${made?.title}: ${id}`).toBe(true)
        states.push(bench.items)
      }
      expect(states.length).toBeGreaterThan(grid.timesSecs.length > 3 ? 250 : 40)
      const last = states.length - 1
      for (let at = last; at > 0; at--) {
        expect(new Map(bench.items)).toEqual(new Map(states[at]))
        expect(bench.undo()).toBe(true)
      }
      expect(new Map(bench.items)).toEqual(new Map(states[0]))
      expect(bench.undo()).toBe(false)
      for (let at = 1; at <= last; at++) {
        expect(bench.redo()).toBe(true)
        expect(new Map(bench.items)).toEqual(new Map(states[at]))
      }
      expect(bench.redo()).toBe(false)
    },
  )
})

describe('edits', () => {
  it('never touch what others coded', () => {
    const random = seededRandom(99)
    const bench = new EditBench(evenGrid(250, 25))
    const bobs = Array.from({ length: 20 }, (_, at) => ({
      id: `bob-${at}`,
      kind: 'segment' as const,
      observerId: 'bob',
      subjectId: '',
      codeId: 'anger',
      startSecs: at / 2.5,
      endSecs: (at + 1) / 2.5,
      status: 'added' as const,
      orig: null,
      confidence: null,
      comment: '',
      editedAt: '2026-01-01T00:00:00.000Z',
    }))
    bench.items = new Map(bobs.map((item) => [item.id, item]))
    for (let done = 0; done < 400; done++) bench.apply(anyEdit(bench, random)(bench.context))
    expect(bobs.map(({ id }) => bench.items.get(id))).toEqual(bobs)
  })
})
