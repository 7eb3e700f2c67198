import { onScopeDispose, watch } from 'vue'
import type { SegmentItem } from '../../preload/contract/annotation'
import type { TimeRange } from '../plots/time-scale'
import { useAnnotationStore } from '../stores/annotation'
import { useTransportStore } from '../stores/transport'
import { SAME_SECS } from './frame-grid'

/** Choosing segments one after the other, looping what is chosen, and playing it once from its first to its last frame. */
export function usePlaySelection(): {
  /** From the first start to the last end of what is chosen; null: nothing that lasts is chosen. */
  range(): TimeRange | null
  choose(by: 1 | -1): void
  loop(): void
  play(): void
} {
  const annotations = useAnnotationStore()
  const transport = useTransportStore()
  /** Where playing stops; null: wherever. */
  let stopsAtSecs: number | null = null

  const chosen = () =>
    [...annotations.selection].flatMap((id): SegmentItem[] => {
      const item = annotations.byId.get(id)
      return item?.kind === 'segment' ? [item] : []
    })

  function range(): TimeRange | null {
    const items = chosen()
    const fromSecs = Math.min(...items.map(({ startSecs }) => startSecs))
    const toSecs = Math.max(...items.map(({ endSecs }) => endSecs))
    return toSecs > fromSecs ? { fromSecs, toSecs } : null
  }

  /** The neighbour in the tier of what is chosen; nothing chosen: of all own segments, from the playhead. The playhead goes to its start. */
  function choose(by: 1 | -1): void {
    const [first] = chosen()
    const tier = first && annotations.tiers.find(({ segments }) => segments.includes(first))
    const segments = tier
      ? tier.segments
      : annotations.tiers
          .flatMap((one) => (one.isOwn ? one.segments : []))
          .sort((a, b) => a.startSecs - b.startSecs)
    const at = first ? segments.indexOf(first) + by : nearestPlace(segments, by)
    const next = segments[Math.max(0, Math.min(at, segments.length - 1))]
    if (!next) return
    annotations.select([next.id])
    transport.goToSecs(next.startSecs)
  }

  function nearestPlace(segments: readonly SegmentItem[], by: 1 | -1): number {
    const { timeSecs } = transport
    return by === 1
      ? segments.findIndex(({ startSecs }) => startSecs >= timeSecs - SAME_SECS)
      : segments.findLastIndex(({ startSecs }) => startSecs < timeSecs - SAME_SECS)
  }

  function loop(): void {
    const found = range()
    const isSame =
      found && transport.loop?.fromSecs === found.fromSecs && transport.loop.toSecs === found.toSecs
    if (!found || isSame) {
      transport.setLoop(null)
      return
    }
    transport.setLoop(found)
    transport.goToSecs(found.fromSecs)
  }

  function play(): void {
    const found = range()
    if (!found) return
    transport.pause()
    transport.setLoop(null)
    transport.goToSecs(found.fromSecs)
    stopsAtSecs = found.toSecs
    void transport.play()
  }

  watch(
    () => [transport.timeSecs, transport.isPlaying, transport.jumps] as const,
    ([timeSecs, isPlaying, jumps], [, wasPlaying, lastJumps]) => {
      if (stopsAtSecs === null) return
      // Pausing or going elsewhere by hand lets go of the segment.
      if ((wasPlaying && !isPlaying) || (isPlaying && wasPlaying && jumps !== lastJumps)) stopsAtSecs = null
      else if (isPlaying && timeSecs >= stopsAtSecs - SAME_SECS) stopAt(stopsAtSecs)
    },
    { flush: 'sync' },
  )

  /** Stays on the last frame of the segment, not on the first of what follows. */
  function stopAt(secs: number): void {
    stopsAtSecs = null
    transport.pause()
    transport.goToSecs(secs)
    if (transport.timeSecs >= secs - SAME_SECS) transport.goToStep(transport.step - 1)
  }

  onScopeDispose(() => (stopsAtSecs = null))
  return { range, choose, loop, play }
}
