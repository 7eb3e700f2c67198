import type { AnnotationItem } from '../../../../../preload/contract/annotation'
import type { EditContext, MadeEdit } from '../../../../annotate/edit-draft'
import { laneKey, laneOf } from '../../../../annotate/tiers'
import { type CodeById, segmentBar, stretchBars } from '../../../../plots/lanes/item-bars'
import type { LaneOverlay } from '../../../../plots/lanes/draw-overlay'
import type { LaneBar } from '../../../../plots/lanes/lane-index'
import type { PlotTheme } from '../../../../plots/theme'
import { formatTime } from '../../../../plots/time-ticks'
import type { RunningBout } from '../../../../stores/annotation'
import { t } from '../../../../strings'
import type { ShownDrag } from './use-lane-pointer'
import { frameOfEdge } from './use-lane-pointer'

/** Rows of items that are no segments, by kind. */
const OTHER_ROWS: readonly string[] = ['exclusion', 'baseline', 'comment']

/**
 * What an edit would make, as bars by row. What has no lane of its own yet shows in the lane that is drawn on.
 * @param otherRowKey stands in for a row that is not there yet
 */
export function previewOf(
  edit: MadeEdit,
  options: {
    readonly codes: CodeById
    readonly theme: PlotTheme
    readonly rowKeys: ReadonlySet<string>
    readonly otherRowKey: string | null
  },
): NonNullable<LaneOverlay['preview']> {
  const goneIds = new Set<string>()
  const bars = new Map<string, LaneBar[]>()
  const add = (rowKey: string, bar: LaneBar): void => {
    const key = options.rowKeys.has(rowKey) ? rowKey : options.otherRowKey
    if (key === null) return
    const known = bars.get(key)
    if (known) known.push(bar)
    else bars.set(key, [bar])
  }
  for (const change of edit.changes) {
    goneIds.add('put' in change ? change.put.id : change.remove)
    if (!('put' in change)) continue
    const item = change.put
    if (item.kind === 'segment')
      add(laneKey(laneOf(item, options.codes)), segmentBar(item, options.codes, t('lanes.unknownCode')))
    else if (OTHER_ROWS.includes(item.kind))
      for (const bar of otherBars(item, options.theme)) add(item.kind, bar)
  }
  return { goneIds, bars }
}

function otherBars(item: AnnotationItem, theme: PlotTheme): readonly LaneBar[] {
  if (item.kind === 'exclusion' || item.kind === 'baseline')
    return stretchBars([item], theme.axis, ({ kind }) =>
      t(kind === 'exclusion' ? 'lanes.excluded.text' : 'lanes.baseline.text'),
    ).bars
  return []
}

/** Frame number and time of the edge that is dragged, and how long the bout is. */
export function tipText({ state }: ShownDrag, grid: EditContext['grid'], areFrames: boolean): string {
  const frame = areFrames ? frameOfEdge(grid, state.atSecs) : null
  const time = formatTime(state.atSecs, 3)
  const place = frame === null ? time : t('lanes.tip.frame', { frame: String(frame), time })
  return state.lengthSecs === null
    ? place
    : t('lanes.tip.length', { place, length: state.lengthSecs.toFixed(3) })
}

/** Bouts that are being coded, from where they began to the playhead. */
export function runningBars(
  running: readonly RunningBout[],
  observerId: string | null,
  codes: CodeById,
  playheadSecs: number,
): ReadonlyMap<string, readonly LaneBar[]> {
  const bars = new Map<string, LaneBar[]>()
  if (observerId === null) return bars
  for (const { itemId, codeId, subjectId, startSecs } of running) {
    if (playheadSecs <= startSecs) continue
    const key = laneKey(laneOf({ observerId, subjectId, codeId }, codes))
    const item = {
      id: itemId,
      kind: 'segment' as const,
      observerId,
      editedAt: '',
      subjectId,
      codeId,
      startSecs,
      endSecs: playheadSecs,
      status: 'added' as const,
      orig: null,
      confidence: null,
      comment: '',
    }
    bars.set(key, [...(bars.get(key) ?? []), segmentBar(item, codes, t('lanes.unknownCode'))])
  }
  return bars
}
