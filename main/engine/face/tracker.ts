import { assign } from './assignment'
import { blend, correlate } from './appearance'
import { intersectionOverUnion } from './geometry'
import { FACE_PARAMETERS } from './parameters'
import type { Box } from './types'

/** A detection as the tracker wants it. */
export interface Sighting {
  readonly box: Box
  readonly score: number
  /** See appearance.ts; absent where looks are not compared. */
  readonly looks?: Float32Array
}

/** One face over time. */
export class Track {
  sightings = 1
  /** Number in exports; 0 until it is given, on first output. */
  id = 0
  private velocityX = 0
  private velocityY = 0
  private looks: Float32Array | undefined

  constructor(
    public box: Box,
    public lastSecs: number,
    looks: Float32Array | undefined,
  ) {
    this.looks = looks
  }

  /** Where the face should be, moving on as it did (constant velocity, size kept). */
  predict(timeSecs: number): Box {
    const elapsed = Math.min(timeSecs - this.lastSecs, MAX_COAST_SECS)
    return { ...this.box, x: this.box.x + this.velocityX * elapsed, y: this.box.y + this.velocityY * elapsed }
  }

  /** Cost of seeing this face there, or +Infinity where it cannot be this one. */
  cost(sighting: Sighting, timeSecs: number): number {
    const predicted = this.predict(timeSecs)
    const size = (predicted.w + predicted.h + sighting.box.w + sighting.box.h) / 4
    const distance =
      Math.hypot(
        sighting.box.x + sighting.box.w / 2 - predicted.x - predicted.w / 2,
        sighting.box.y + sighting.box.h / 2 - predicted.y - predicted.h / 2,
      ) / size
    const gate =
      FACE_PARAMETERS.gateSizes + FACE_PARAMETERS.gateGrowthPerSec * Math.max(0, timeSecs - this.lastSecs)
    const ratio = (sighting.box.w + sighting.box.h) / (predicted.w + predicted.h)
    const maxRatio = FACE_PARAMETERS.gateSizeRatio
    if (distance > gate || ratio > maxRatio || ratio < 1 / maxRatio) return Number.POSITIVE_INFINITY
    const likeness = this.looks && sighting.looks ? correlate(this.looks, sighting.looks) : 1
    return (
      FACE_PARAMETERS.overlapWeight * (1 - intersectionOverUnion(predicted, sighting.box)) +
      FACE_PARAMETERS.distanceWeight * distance +
      FACE_PARAMETERS.appearanceWeight * (1 - likeness)
    )
  }

  see(sighting: Sighting, timeSecs: number): void {
    const elapsed = timeSecs - this.lastSecs
    if (elapsed > 0) {
      // A first velocity counts in full; later ones are averaged, because boxes tremble.
      const share =
        this.sightings === 1 ? 1 : 1 - (1 - FACE_PARAMETERS.velocityShare) ** (elapsed / VELOCITY_SPAN_SECS)
      const moveX = sighting.box.x + sighting.box.w / 2 - this.box.x - this.box.w / 2
      const moveY = sighting.box.y + sighting.box.h / 2 - this.box.y - this.box.h / 2
      this.velocityX += share * (moveX / elapsed - this.velocityX)
      this.velocityY += share * (moveY / elapsed - this.velocityY)
    }
    this.box = sighting.box
    this.lastSecs = timeSecs
    this.sightings++
    if (sighting.looks)
      this.looks = this.looks
        ? blend(this.looks, sighting.looks, FACE_PARAMETERS.appearanceShare)
        : sighting.looks
  }
}

/** A prediction is not carried on for longer: heads do not keep moving in a line. */
const MAX_COAST_SECS = 0.4
/** Time after which a new velocity has the weight of velocityShare. */
const VELOCITY_SPAN_SECS = 0.1

/**
 * Gives detections of one moment after another to tracks, by the cheapest assignment of overlap, distance from the
 * predicted place and looks together. Times must rise.
 */
export class Tracker {
  private tracks: Track[] = []
  private lastId = 0
  private readonly lostSecs: number
  private readonly sightingsWanted: number

  /**
   * @param sampleIntervalSecs distance of the frames that are looked at, where they are sparse: a face then keeps its
   *   number for two of them, and counts when seen once, because its neighbours would say nothing
   */
  constructor({ sampleIntervalSecs = 0 }: { readonly sampleIntervalSecs?: number } = {}) {
    this.lostSecs = Math.max(FACE_PARAMETERS.lostSecs, 2.5 * sampleIntervalSecs)
    this.sightingsWanted =
      sampleIntervalSecs > FACE_PARAMETERS.detectionIntervalSecs ? 1 : FACE_PARAMETERS.confirmSightings
  }

  /**
   * @returns for each sighting its track, or null where it is too weak to start one
   */
  update(sightings: readonly Sighting[], timeSecs: number): (Track | null)[] {
    this.tracks = this.tracks.filter((track) => timeSecs - track.lastSecs <= this.lostSecs)
    const columns = assign(
      this.tracks.map((track) => sightings.map((sighting) => track.cost(sighting, timeSecs))),
    )
    const result = new Array<Track | null>(sightings.length).fill(null)
    columns.forEach((column, row) => {
      const sighting = sightings[column]
      const track = this.tracks[row]
      if (!sighting || !track) return
      track.see(sighting, timeSecs)
      result[column] = track
    })
    sightings.forEach((sighting, index) => {
      if (result[index] || sighting.score < FACE_PARAMETERS.startScore) return
      const track = new Track(sighting.box, timeSecs, sighting.looks)
      this.tracks.push(track)
      result[index] = track
    })
    return result
  }

  /** False alarms are seen once; a face is seen again. */
  isConfirmed(track: Track): boolean {
    return track.sightings >= this.sightingsWanted
  }

  /** The track's number; the next free one on first asking, so that numbers follow first appearance. */
  numberOf(track: Track): number {
    if (track.id === 0) track.id = ++this.lastId
    return track.id
  }
}
