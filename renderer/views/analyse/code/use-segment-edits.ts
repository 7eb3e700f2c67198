import { confirmItems, rejectItems } from '../../../annotate/corrections'
import { type EditContext, EditDraft, type MadeEdit } from '../../../annotate/edit-draft'
import { SAME_SECS, snapStretch } from '../../../annotate/frame-grid'
import {
  copySegments,
  deleteItems,
  mergeSegments,
  relabelSegments,
  setComment,
  setConfidence,
  splitAt,
} from '../../../annotate/segment-edits'
import { useCodingStore } from '../../../stores/coding'
import { t } from '../../../strings'

/**
 * Edges exactly as typed. Where they cover a neighbour it is cut, as by anything that is put down by hand.
 * @returns null where nothing changes or the segment is not the observer's own
 */
export function setEdges(
  context: EditContext,
  id: string,
  startSecs: number,
  endSecs: number,
): MadeEdit | null {
  const item = context.items.get(id)
  if (item?.kind !== 'segment' || item.observerId !== context.observerId) return null
  const isPoint = item.startSecs === item.endSecs
  const place = isPoint
    ? { startSecs, endSecs: startSecs }
    : snapStretch(context.grid, { startSecs, endSecs })
  const draft = new EditDraft(context)
  draft.place(draft.changed(item, place))
  const isStart = isPoint || Math.abs(place.startSecs - item.startSecs) > SAME_SECS
  return draft.finish(t(isStart ? 'annotate.start' : 'annotate.end'), [id])
}

/** What the side panel does to segments; each is one step of undo. */
export function useSegmentEdits() {
  const { run } = useCodingStore()

  return {
    run,
    relabel: (ids: readonly string[], codeId: string) =>
      run((context) => relabelSegments(context, ids, codeId)),
    setEdges: (id: string, startSecs: number, endSecs: number) =>
      run((context) => setEdges(context, id, startSecs, endSecs)),
    remove: (ids: readonly string[]) => run((context) => deleteItems(context, ids)),
    split: (ids: readonly string[], atSecs: number) => run((context) => splitAt(context, ids, atSecs)),
    confirm: (ids: readonly string[]) => run((context) => confirmItems(context, ids)),
    reject: (ids: readonly string[]) => run((context) => rejectItems(context, ids)),
    merge: (ids: readonly string[]) => run((context) => mergeSegments(context, ids)),
    copyTo: (ids: readonly string[], subjectId: string) =>
      run((context) => copySegments(context, ids, { subjectId })),
    setConfidence: (ids: readonly string[], confidence: number | null) =>
      run((context) => setConfidence(context, ids, confidence)),
    setComment: (id: string, comment: string) => run((context) => setComment(context, [id], comment)),
  }
}
