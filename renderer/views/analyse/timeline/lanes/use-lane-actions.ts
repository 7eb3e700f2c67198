import { subjectOfFace } from '../../../../../preload/contract/tier-rules'
import type { ViewerSegment } from '../../../../../preload/contract/viewer-port'
import {
  codeOfLabel,
  confirmItems,
  confirmProposal,
  decidedItems,
  rejectItems,
  rejectProposal,
  relabelProposal,
  withdrawDecision,
} from '../../../../annotate/corrections'
import type { EditContext } from '../../../../annotate/edit-draft'
import { addBaseline, addComment, addExclusion } from '../../../../annotate/other-edits'
import { createBout, createPoint } from '../../../../annotate/segment-edits'
import { useAnalysisStore } from '../../../../stores/analysis'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useTransportStore } from '../../../../stores/transport'
import { t } from '../../../../strings'
import { useSegmentEdits } from '../../code/use-segment-edits'
import { placeOf } from './lane-drag'
import type { LaneTarget } from './lane-target'
import { PROPOSALS_TRACK } from './use-annotation-lanes'

/** What can be done to what lies on a lane. */
export function useLaneActions() {
  const analysis = useAnalysisStore()
  const annotation = useAnnotationStore()
  const transport = useTransportStore()
  const edits = useSegmentEdits()
  const { run } = edits

  /** The model's segment behind a bar; null: the bar is a person's. */
  function proposalOf({ place, bar }: LaneTarget): ViewerSegment | null {
    if (place.track.id !== PROPOSALS_TRACK || !bar) return null
    return analysis.opened?.segments.find(({ id }) => id === bar.id) ?? null
  }

  /** Who a proposal is about, as far as somebody said who its face is; else the clip as a whole. */
  function subjectOf(proposal: ViewerSegment): string {
    return subjectOfFace(annotation.tracks, proposal.faceId, proposal.startSecs)
  }

  /** Plays a bar again and again; a point in time is only gone to. */
  function play({ bar }: LaneTarget): void {
    if (!bar) return
    if (bar.endSecs > bar.startSecs) transport.setLoop({ fromSecs: bar.startSecs, toSecs: bar.endSecs })
    transport.goToSecs(bar.startSecs)
    if (bar.endSecs > bar.startSecs) void transport.play()
  }

  /** The stretch that an exclusion or a baseline made from here takes: the bar's, or that of all that is selected. */
  function stretchOf({ bar, item, secs }: LaneTarget): { startSecs: number; endSecs: number } {
    if (!bar) return { startSecs: secs, endSecs: secs }
    if (!item || !annotation.selection.has(item.id)) return bar
    const places = [...annotation.selection].flatMap((id) => {
      const one = annotation.byId.get(id)
      return one ? [placeOf(one)] : []
    })
    return {
      startSecs: Math.min(...places.map(({ startSecs }) => startSecs)),
      endSecs: Math.max(...places.map(({ endSecs }) => endSecs)),
    }
  }

  /** A stretch of the final tier, which is no item, becomes one of the observer's own. */
  function takeOver(context: EditContext, { bar }: LaneTarget, subjectId: string) {
    const code = bar && codeOfLabel(context.codes, bar.label)
    if (!code) return null
    const { startSecs, endSecs } = bar
    return createBout(context, { codeId: code.id, subjectId, startSecs, endSecs })
  }

  return {
    ...edits,
    proposalOf,
    play,
    isDecided: (proposal: ViewerSegment, observerId: string) =>
      decidedItems({ items: annotation.byId, observerId }, proposal).length > 0,
    confirm: (proposal: ViewerSegment) =>
      run((context) => confirmProposal(context, proposal, subjectOf(proposal))),
    relabelProposal: (proposal: ViewerSegment, codeId: string) =>
      run((context) => relabelProposal(context, proposal, subjectOf(proposal), codeId)),
    reject: (proposal: ViewerSegment) =>
      run((context) => rejectProposal(context, proposal, subjectOf(proposal))),
    withdraw: (proposal: ViewerSegment) => run((context) => withdrawDecision(context, proposal)),
    confirmItems: (ids: readonly string[]) => run((context) => confirmItems(context, ids)),
    rejectItems: (ids: readonly string[]) => run((context) => rejectItems(context, ids)),
    takeOver: (target: LaneTarget, subjectId: string) =>
      run((context) => takeOver(context, target, subjectId)),
    exclude: (target: LaneTarget) => run((context) => addExclusion(context, stretchOf(target), '')),
    baseline: (target: LaneTarget) =>
      run((context) => addBaseline(context, stretchOf(target), annotation.subjectId)),
    comment: (secs: number, text: string) => run((context) => addComment(context, secs, text)),
    rewriteComment: (id: string, text: string) =>
      run((context) => {
        const item = context.items.get(id)
        if (item?.kind !== 'comment' || item.observerId !== context.observerId) return null
        const put = { ...item, text, editedAt: context.now() }
        return { changes: [{ put }], title: t('annotate.comment'), selects: [id] }
      }),
    /** A bout from here to where the next one begins, no longer than a second; of points, one here. */
    createHere: (codeId: string, subjectId: string, { secs, place }: LaneTarget) =>
      run((context) => {
        if (context.codes.get(codeId)?.kind === 'point')
          return createPoint(context, { codeId, subjectId, atSecs: secs })
        const next = place.row.index.bars.find(({ startSecs }) => startSecs > secs)
        const endSecs = Math.min(next?.startSecs ?? Number.POSITIVE_INFINITY, secs + NEW_BOUT_SECS)
        return createBout(context, { codeId, subjectId, startSecs: secs, endSecs })
      }),
  }
}

const NEW_BOUT_SECS = 1
