import type { LiveTrack } from './live-tracks'

/** Between two plots. */
export const TRACK_GAP_PX = 6

export interface TrackPlace {
  readonly topPx: number
  readonly heightPx: number
}

/** Places of plots under each other: each has its least height, and what is left over is shared by weight. */
export function layTracks(
  tracks: readonly Pick<LiveTrack, 'weight' | 'leastHeightPx'>[],
  roomPx: number,
): { readonly places: readonly TrackPlace[]; readonly heightPx: number } {
  const leastPx = tracks.reduce((sum, track) => sum + track.leastHeightPx + TRACK_GAP_PX, 0)
  const weights = tracks.reduce((sum, { weight }) => sum + weight, 0)
  const sparePx = Math.max(0, roomPx - leastPx)
  let topPx = 0
  const places = tracks.map((track): TrackPlace => {
    const shared = weights > 0 ? (sparePx * track.weight) / weights : 0
    const place = { topPx, heightPx: Math.floor(track.leastHeightPx + shared) }
    topPx += place.heightPx + TRACK_GAP_PX
    return place
  })
  return { places, heightPx: topPx }
}
