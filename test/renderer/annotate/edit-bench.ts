import type { AnnotationEdit, AnnotationItem, SegmentItem, Study } from '../../../preload/contract/annotation'
import type { EditContext } from '../../../renderer/annotate/edit-draft'
import { EditHistory } from '../../../renderer/annotate/edit-history'
import { type FrameGrid, isOnGrid } from '../../../renderer/annotate/frame-grid'
import {
  applyChanges,
  effectiveChanges,
  inverseOf,
  type ItemMap,
  itemMap,
} from '../../../renderer/annotate/item-document'
import { buildTiers } from '../../../renderer/annotate/tiers'
import { seededRandom } from '../../support/mutate'
import { sampleStudy } from '../../support/study'

/** A study with two sets of states and two points. */
export function twoSets(): Study {
  const study = sampleStudy()
  const code = { colour: '#aa3300', description: '' }
  return {
    ...study,
    subjects: [...study.subjects, { id: 's2', name: 'Child 2', description: '', variables: {} }],
    scheme: {
      ...study.scheme,
      codes: [
        ...study.scheme.codes,
        { ...code, id: 'near', kind: 'state', set: 'gaze', name: 'near', key: 'q' },
        { ...code, id: 'away', kind: 'state', set: 'gaze', name: 'away', key: 'w' },
        { ...code, id: 'blink', kind: 'point', set: '', name: 'blink', key: 'b' },
        { ...code, id: 'nod', kind: 'point', set: '', name: 'nod', key: null },
      ],
    },
  }
}

/** Frames of a clip with a rate that varies, as decoders give them. */
export function unevenGrid(frames: number, seed = 7): FrameGrid {
  const random = seededRandom(seed)
  const timesSecs = new Float64Array(frames)
  for (let at = 1; at < frames; at++) timesSecs[at] = timesSecs[at - 1]! + 0.02 + 0.04 * random()
  return { timesSecs, durationSecs: (timesSecs[frames - 1] ?? 0) + 0.033 }
}

export function evenGrid(frames: number, framesPerSec: number): FrameGrid {
  return {
    timesSecs: Float64Array.from({ length: frames }, (_, at) => at / framesPerSec),
    durationSecs: frames / framesPerSec,
  }
}

/** A clip being edited without a window: items, tiers, history. */
export class EditBench {
  readonly study: Study
  readonly grid: FrameGrid
  readonly history = new EditHistory()
  readonly codes: ReadonlyMap<string, Study['scheme']['codes'][number]>
  items: ItemMap
  #ids = 0
  #clock = 0

  constructor(grid: FrameGrid, items: readonly AnnotationItem[] = [], study = twoSets()) {
    this.grid = grid
    this.study = study
    this.codes = new Map(study.scheme.codes.map((code) => [code.id, code]))
    this.items = itemMap(items)
  }

  get context(): EditContext {
    return {
      items: this.items,
      tiers: buildTiers(this.items.values(), this.study, this.codes, 'ann'),
      codes: this.codes,
      observerId: 'ann',
      grid: this.grid,
      now: () => new Date(Date.UTC(2026, 0, 1) + this.#clock++).toISOString(),
      newId: () => `n${++this.#ids}`,
    }
  }

  get segments(): SegmentItem[] {
    return [...this.items.values()].filter((item) => item.kind === 'segment')
  }

  apply(edit: AnnotationEdit | null, key: string | null = null): boolean {
    if (!edit) return false
    const forward = effectiveChanges(this.items, edit.changes)
    if (forward.length === 0) return false
    this.history.record({ title: edit.title, forward, inverse: inverseOf(this.items, forward), key })
    this.items = applyChanges(this.items, forward)
    return true
  }

  undo(): boolean {
    const step = this.history.undo()
    if (step) this.items = applyChanges(this.items, step.inverse)
    return step !== null
  }

  redo(): boolean {
    const step = this.history.redo()
    if (step) this.items = applyChanges(this.items, step.forward)
    return step !== null
  }

  /** Own bouts as text, "code from-to" in frames, by start. */
  lane(set: string, subjectId = ''): string[] {
    const tier = this.context.tiers.find(
      (one) => one.isOwn && one.kind === 'state' && one.set === set && one.subjectId === subjectId,
    )
    return (tier?.segments ?? []).map(
      ({ codeId, startSecs, endSecs }) => `${codeId} ${this.frame(startSecs)}-${this.frame(endSecs)}`,
    )
  }

  frame(secs: number): number {
    const at = this.grid.timesSecs.findIndex((time) => Math.abs(time - secs) < 1e-9)
    return at < 0 && Math.abs(secs - this.grid.durationSecs) < 1e-9 ? this.grid.timesSecs.length : at
  }

  /** What is wrong with the items by the rules that every edit has to keep; empty: nothing. */
  faults(): string[] {
    const found: string[] = []
    for (const tier of this.context.tiers) {
      for (const [at, item] of tier.segments.entries()) {
        if (!isOnGrid(this.grid, item.startSecs) || !isOnGrid(this.grid, item.endSecs))
          found.push(`${item.id} off frames`)
        if (tier.kind === 'state' && item.endSecs <= item.startSecs) found.push(`${item.id} empty`)
        if (tier.kind === 'point' && item.endSecs !== item.startSecs) found.push(`${item.id} lasting`)
        const next = tier.segments[at + 1]
        if (tier.kind === 'state' && next && next.startSecs < item.endSecs)
          found.push(`${item.id} overlaps ${next.id}`)
      }
    }
    for (const [id, item] of this.items) if (item.id !== id) found.push(`${id} holds ${item.id}`)
    return found
  }
}
