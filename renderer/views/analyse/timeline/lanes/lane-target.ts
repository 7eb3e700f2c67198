import type { AnnotationItem } from '../../../../../preload/contract/annotation'
import type { ItemMap } from '../../../../annotate/item-document'
import type { BarHit } from '../../../../plots/lanes/hit-test'
import type { LaneBar } from '../../../../plots/lanes/lane-index'
import type { PlacedRow } from './lanes-view'

/** What lies under the pointer, or has the keys. */
export interface LaneTarget {
  readonly place: PlacedRow
  /** Null: an empty place of the lane. */
  readonly hit: BarHit | null
  readonly bar: LaneBar | null
  /** The annotation behind the bar; null: the model's, or of the final tier. */
  readonly item: AnnotationItem | null
  /** Of whoever codes, and not locked. */
  readonly isEditable: boolean
  readonly secs: number
}

export function targetOf(
  place: PlacedRow,
  hit: BarHit | null,
  secs: number,
  { items, observerId }: { readonly items: ItemMap; readonly observerId: string | null },
): LaneTarget {
  const item = hit ? (items.get(hit.bar.id) ?? null) : null
  return {
    place,
    hit,
    bar: hit?.bar ?? null,
    item,
    isEditable: item !== null && observerId !== null && item.observerId === observerId,
    secs,
  }
}

/** What the pointer can do here, as a cursor. */
export function cursorOf(target: LaneTarget | null, canDraw: boolean): string {
  if (!target) return ''
  if (!target.hit) return canDraw ? 'cell' : ''
  if (!target.isEditable) return 'default'
  return target.hit.part === 'start' || target.hit.part === 'end' ? 'ew-resize' : 'move'
}
