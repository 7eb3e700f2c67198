import type { AnnotationChange, AnnotationEdit, Code, SegmentItem } from '../../preload/contract/annotation'
import { t } from '../strings'
import { type EditContext, EditDraft } from './edit-draft'
import { edgeSecs, lastEdge } from './frame-grid'
import { idOf, itemMap } from './item-document'
import { createPoint, newSegment } from './segment-edits'
import { type AnnotationTier, type Lane, laneKey, laneOf } from './tiers'

/** What the machine works on and through. */
export interface CodingHost {
  /** Null: nothing can be edited. */
  context(): EditContext | null
  /** Who is coded now. */
  subjectId(): string
  /** The step that is shown: a decoded frame. */
  step(): number
  /** A key down for longer than this codes while it is held. */
  holdMs(): number
  /** A move back by at most so many frames while paused is a step back, not a seek. */
  stepFrames(): number
  /** Edits of one key are one step of undo. */
  apply(edit: AnnotationEdit, key: string | null): void
  /** The step of undo of this key comes to nothing. */
  forget(key: string): void
  /** What runs has changed, or its item was put anew. */
  changed(running: readonly Running[]): void
}

/** A state that was begun and not ended. */
export interface Running {
  readonly itemId: string
  readonly codeId: string
  readonly set: string
  readonly subjectId: string
  readonly startSecs: number
}

interface Bout extends Running {
  readonly lane: Lane
  readonly key: string
  readonly title: string
  /** The lane as it was before; what the bout covers is cut from this anew as it grows. */
  readonly base: readonly SegmentItem[]
  readonly context: EditContext
  readonly item: SegmentItem
  readonly startStep: number
  /** The last frame that belongs to it as far as it goes now. */
  step: number
  writtenEdge: number
  written: ReadonlyMap<string, AnnotationChange>
  /** When the key went down that began it, and is still down. */
  heldSinceMs: number | null
}

/**
 * Coding by key. Tapping a state's key ends the running state of its set and subject, and begins this one at the frame that is shown;
 * tapping it again ends it there. A key held codes while it is held: letting go ends the state, if time went on meanwhile. A point's key
 * makes a point. It works by frames alone, so that speed does not matter, nor whether the clip plays.
 *
 * A running bout has the frames from its beginning to the one that is shown. It goes on through a pause and through jumps ahead. Stepping
 * back while paused takes it back with the playhead; any other move back, and leaving, ends it with the last frame that it had reached. It
 * covers what was coded there before, and uncovers it again when it is taken back.
 */
export class CodingMachine {
  readonly #host: CodingHost
  readonly #bouts = new Map<string, Bout>()

  constructor(host: CodingHost) {
    this.#host = host
  }

  get running(): readonly Running[] {
    return [...this.#bouts.values()]
  }

  /** A code's key goes down. @param nowMs any clock that goes forward */
  keyDown(code: Code, nowMs: number): void {
    const context = this.#host.context()
    if (!context || lastEdge(context.grid) === 0) return
    if (code.kind === 'point') {
      const atSecs = edgeSecs(context.grid, this.#host.step())
      const made = createPoint(context, { codeId: code.id, subjectId: this.#host.subjectId(), atSecs })
      if (made) this.#host.apply({ changes: made.changes, title: made.title }, null)
      return
    }
    const subjectId = this.#host.subjectId()
    const lane = laneOf({ observerId: context.observerId, subjectId, codeId: code.id }, context.codes)
    const known = this.#bouts.get(laneKey(lane))
    if (known) this.#endHere(known, known.codeId === code.id)
    if (known?.codeId !== code.id) this.#begin(code, lane, nowMs)
    this.#tell()
  }

  /** A code's key goes up. */
  keyUp(code: Code, nowMs: number): void {
    for (const bout of this.#bouts.values()) {
      if (bout.codeId !== code.id || bout.heldSinceMs === null) continue
      const isHold = nowMs - bout.heldSinceMs > this.#host.holdMs() && this.#host.step() !== bout.startStep
      bout.heldSinceMs = null
      if (!isHold) continue
      this.#endHere(bout, true)
      this.#tell()
    }
  }

  /** Ends what runs for the subject who is coded now. */
  endHere(): void {
    const subjectId = this.#host.subjectId()
    for (const bout of [...this.#bouts.values()]) if (bout.subjectId === subjectId) this.#endHere(bout, true)
    this.#tell()
  }

  /** The playhead is elsewhere. */
  moved(step: number, isPlaying: boolean): void {
    let hasEnded = false
    for (const bout of [...this.#bouts.values()]) {
      const back = bout.step - step
      const isStep = !isPlaying && back <= this.#host.stepFrames() && step >= bout.startStep
      if (back <= 0 || isStep) bout.step = step
      else {
        this.#end(bout, bout.step + 1)
        hasEnded = true
      }
    }
    if (hasEnded) this.#tell()
  }

  /** Puts what runs into the clip as far as it has come, so that no more is lost than since the last time. */
  write(): void {
    for (const bout of this.#bouts.values()) this.#write(bout, bout.step + 1)
  }

  /** Ends what runs and is touched by changes; null: everything. */
  settle(changes: readonly AnnotationChange[] | null): void {
    let hasEnded = false
    for (const bout of [...this.#bouts.values()]) {
      if (changes && !changes.some((change) => touches(bout, change))) continue
      this.#end(bout, bout.step + 1)
      hasEnded = true
    }
    if (hasEnded) this.#tell()
  }

  #begin(code: Code, lane: Lane, nowMs: number): void {
    // Ending what ran before has changed the lane.
    const context = this.#host.context()
    if (!context) return
    const step = this.#host.step()
    const startSecs = edgeSecs(context.grid, step)
    const key = laneKey(lane)
    const item = newSegment(context, {
      codeId: code.id,
      subjectId: lane.subjectId,
      startSecs,
      endSecs: edgeSecs(context.grid, step + 1),
    })
    const bout: Bout = {
      itemId: item.id,
      codeId: code.id,
      set: lane.set,
      subjectId: lane.subjectId,
      startSecs,
      lane,
      key: `bout:${item.id}`,
      title: t('annotate.code', { label: code.name }),
      base: context.tiers.find((tier) => tier.key === key)?.segments ?? [],
      context,
      item,
      startStep: step,
      step,
      writtenEdge: -1,
      written: new Map(),
      heldSinceMs: nowMs,
    }
    this.#bouts.set(key, bout)
    this.#write(bout, step + 1)
  }

  /** @param isEnd nothing follows: on the last frame it goes to the clip's end */
  #endHere(bout: Bout, isEnd: boolean): void {
    const step = this.#host.step()
    const isLast = isEnd && step + 1 === lastEdge(bout.context.grid) && step > bout.startStep
    this.#end(bout, isLast ? step + 1 : step)
  }

  #end(bout: Bout, edge: number): void {
    this.#bouts.delete(laneKey(bout.lane))
    if (edge > bout.startStep) this.#write(bout, edge)
    else this.#takeBack(bout)
  }

  #write(bout: Bout, edge: number): void {
    if (edge === bout.writtenEdge) return
    const wanted = new Map(coverLane(bout, edge).map((change) => [idOf(change), change]))
    const changes = [...wanted.values(), ...restored(bout, wanted)]
    bout.writtenEdge = edge
    bout.written = wanted
    this.#host.apply({ changes, title: bout.title }, bout.key)
  }

  /** A bout without a frame never was. */
  #takeBack(bout: Bout): void {
    this.#host.apply({ changes: restored(bout, new Map()), title: bout.title }, bout.key)
    this.#host.forget(bout.key)
  }

  #tell(): void {
    this.#host.changed(this.running)
  }
}

/** What putting the bout down changes in its lane as it was before. */
function coverLane(bout: Bout, edge: number): readonly AnnotationChange[] {
  const { context, base, lane, item } = bout
  const tier: AnnotationTier = { key: laneKey(lane), name: '', isOwn: true, ...lane, segments: base }
  const draft = new EditDraft({
    ...context,
    items: itemMap(base),
    tiers: [tier],
    // Only one bout can stick out on both sides, and its second half is the same one each time.
    newId: () => `${item.id}-after`,
  })
  draft.place({ ...item, endSecs: edgeSecs(context.grid, edge) })
  return draft.finish(bout.title)?.changes ?? []
}

/** Brings back what was changed before and is not any more. */
function restored(bout: Bout, wanted: ReadonlyMap<string, AnnotationChange>): AnnotationChange[] {
  const base = itemMap(bout.base)
  return [...bout.written.keys()]
    .filter((id) => !wanted.has(id))
    .map((id) => {
      const before = base.get(id)
      return before ? { put: before } : { remove: id }
    })
}

function touches({ written, lane, context }: Bout, change: AnnotationChange): boolean {
  if (written.has(idOf(change))) return true
  const item = 'put' in change ? change.put : context.items.get(change.remove)
  return item?.kind === 'segment' && laneKey(laneOf(item, context.codes)) === laneKey(lane)
}
