import { type FrameIndex, seekPlaceFor } from './frame-index'

/** What the plan must know of the cache. */
interface Held {
  has(index: number): boolean
  runFrom(index: number, step: 1 | -1): number
}

export interface FrameRange {
  readonly from: number
  /** Included. */
  readonly to: number
}

/** Frames before a wanted one that are kept along with it: they are decoded on the way anyhow. */
const KEPT_BEFORE = 8
const AHEAD_FRAMES = 24
const AHEAD_AGAINST_FRAMES = 8
const CHUNK_FRAMES = 12

/**
 * Decides what to decode next around a position. Forwards frames come one after the other; backwards a whole group of
 * pictures has to be decoded for its last frame, so much is fetched at a time, and before what is there runs out.
 */
export class PrefetchPlan {
  private position = 0
  private direction: 1 | -1 = 1
  private isRefilling = false

  /** @param capacityFrames what the cache holds */
  constructor(private readonly capacityFrames: number) {}

  moveTo(index: number): void {
    if (index !== this.position) this.direction = index < this.position ? -1 : 1
    this.position = index
  }

  /** @returns the next frames to decode; null when nothing is wanted */
  next(requested: number | null, held: Held, index: FrameIndex): FrameRange | null {
    if (requested !== null && !held.has(requested))
      return { from: this.keptFrom(requested, held, index), to: requested }
    if (!held.has(this.position)) return null
    return this.direction === 1
      ? (this.forwards(held, index, AHEAD_FRAMES) ?? this.backwards(held, index, AHEAD_AGAINST_FRAMES))
      : (this.forwards(held, index, 1) ?? this.backwards(held, index, this.capacityFrames))
  }

  private keptFrom(requested: number, held: Held, index: FrameIndex): number {
    const least = Math.max(
      groupStartOf(index, requested),
      requested - Math.min(KEPT_BEFORE, this.capacityFrames >> 2),
    )
    let from = requested
    while (from > least && !held.has(from - 1)) from -= 1
    return from
  }

  private forwards(held: Held, index: FrameIndex, frames: number): FrameRange | null {
    const wanted = Math.min(frames, this.capacityFrames >> 2, index.timesSecs.length - 1 - this.position)
    const run = held.runFrom(this.position, 1)
    if (run >= wanted) return null
    const from = this.position + run + 1
    return { from, to: Math.min(this.position + wanted, from + CHUNK_FRAMES - 1) }
  }

  private backwards(held: Held, index: FrameIndex, frames: number): FrameRange | null {
    const room = Math.floor(this.capacityFrames * 0.75)
    const wanted = Math.min(frames, room, this.position)
    const run = held.runFrom(this.position, -1)
    // Refilled once half is used up: each refill may cost the decoding of a whole group of pictures.
    if (run < wanted / 2) this.isRefilling = true
    if (run >= wanted) this.isRefilling = false
    if (!this.isRefilling) return null
    const to = this.position - run - 1
    const from = Math.max(0, this.position - wanted)
    // Groups are taken one at a time from the nearest on, so that what is needed first is there first.
    return { from: Math.max(from, groupStartOf(index, to)), to }
  }
}

function groupStartOf(index: FrameIndex, frameIndex: number): number {
  return index.seekPoints[seekPlaceFor(index, frameIndex)]?.frameIndex ?? 0
}
