import { describe, expect, it } from 'vitest'
import {
  movedTrack,
  orderedTracks,
  trackHeights,
} from '../../../../../renderer/views/analyse/timeline/track-layout'

const TRACKS = ['face', 'speech', 'fusion', 'weights'].map((id) => ({ id }))
const idsOf = (tracks: readonly { id: string }[]) => tracks.map(({ id }) => id)

describe('the order of tracks', () => {
  it('is the usual one until something is moved', () => {
    expect(idsOf(orderedTracks(TRACKS, { order: [] }))).toEqual(['face', 'speech', 'fusion', 'weights'])
  })

  it('moves one place at a time and not beyond the ends', () => {
    const order = movedTrack(TRACKS, 'fusion', -1)
    expect(order).toEqual(['face', 'fusion', 'speech', 'weights'])
    expect(idsOf(orderedTracks(TRACKS, { order }))).toEqual(order)
    expect(movedTrack(TRACKS, 'face', -1)).toEqual(idsOf(TRACKS))
    expect(movedTrack(TRACKS, 'absent', 1)).toEqual(idsOf(TRACKS))
  })

  it('keeps tracks that the arrangement does not know behind their forerunner', () => {
    const order = ['fusion', 'face', 'weights']
    expect(idsOf(orderedTracks(TRACKS, { order }))).toEqual(['fusion', 'face', 'speech', 'weights'])
  })
})

describe('heights', () => {
  const stack = [
    { id: 'a', usualHeightPx: 90, leastHeightPx: 40, isStretchable: true },
    { id: 'b', usualHeightPx: 24, leastHeightPx: 16, isStretchable: false },
  ]
  it('are the usual ones where the panel is low, and grow where it is high', () => {
    expect(trackHeights(stack, {}, 50)).toEqual([90, 24])
    expect(trackHeights(stack, {}, 154)).toEqual([130, 24])
    expect(trackHeights(stack, {}, 5000)).toEqual([315, 24])
  })
  it('set by hand stay, but never below what can be read', () => {
    expect(trackHeights(stack, { a: 60 }, 500)).toEqual([60, 24])
    expect(trackHeights(stack, { a: 3 }, 500)).toEqual([40, 24])
  })
})
