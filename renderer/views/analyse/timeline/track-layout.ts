import type { Track } from '../../../plots/tracks/track'
import type { TimelineLayout } from './timeline-model'

type Stacked = Pick<Track, 'id' | 'usualHeightPx' | 'leastHeightPx' | 'isStretchable'>

/** Room over and under the plot of a track, so that neighbours do not touch. */
export const TRACK_EDGE_PX = 4

/** Tracks up to this many times their usual height fill a tall panel. */
const MOST_STRETCH = 3.5

/** Tracks as arranged; those that the layout does not name keep their usual place behind their forerunner. */
export function orderedTracks<T extends Pick<Track, 'id'>>(
  tracks: readonly T[],
  { order }: Pick<TimelineLayout, 'order'>,
): T[] {
  const places = new Map(order.map((id, at) => [id, at]))
  let last = -1
  const keyed = tracks.map((track, usual) => {
    last = places.get(track.id) ?? last + 1e-3
    return { track, place: last, usual }
  })
  return keyed.sort((a, b) => a.place - b.place || a.usual - b.usual).map(({ track }) => track)
}

/** The new order of ids with one track moved a place up or down. */
export function movedTrack(ordered: readonly Pick<Track, 'id'>[], id: string, by: -1 | 1): string[] {
  const ids = ordered.map((track) => track.id)
  const from = ids.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= ids.length) return ids
  ids.splice(from, 1)
  ids.splice(to, 0, id)
  return ids
}

/**
 * Heights of tracks under each other: the ones set by hand, and the usual ones, which grow where the panel has room left.
 * @param roomPx height of the panel; 0 where not known yet
 */
export function trackHeights(
  tracks: readonly Stacked[],
  heightsPx: Readonly<Record<string, number>>,
  roomPx: number,
): number[] {
  const base = tracks.map((track) =>
    Math.max(track.leastHeightPx, heightsPx[track.id] ?? track.usualHeightPx),
  )
  const isFree = tracks.map((track) => track.isStretchable && heightsPx[track.id] === undefined)
  const freePx = base.reduce((sum, height, at) => sum + (isFree[at] ? height : 0), 0)
  const sparePx = roomPx - base.reduce((sum, height) => sum + height, 0)
  if (freePx === 0 || sparePx <= 0) return base
  const factor = Math.min(MOST_STRETCH, 1 + sparePx / freePx)
  return base.map((height, at) => (isFree[at] ? Math.floor(height * factor) : height))
}
