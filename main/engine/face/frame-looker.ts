import type { VideoFrame } from '../media/types'
import { AppearanceReader } from './appearance'
import { assign } from './assignment'
import type { Detection, FaceDetector } from './detector'
import { intersectionOverUnion } from './geometry'
import type { FacePlace } from './interpolate'
import type { FaceLandmarker, LandmarkRequest } from './landmarks'
import { FACE_PARAMETERS } from './parameters'
import type { Track, Tracker } from './tracker'
import type { Box } from './types'

/** A tracked face in a frame on which the detector ran. */
export interface SeenFace {
  readonly track: Track
  readonly place: FacePlace
}

/** A frame on which the detector ran. */
export interface LookedFrame {
  readonly frame: VideoFrame
  detections: readonly Detection[]
  /** Null until the tracker has been there. */
  faces: readonly SeenFace[] | null
}

/** Pictures that go through the detector together. */
const DETECTOR_BATCH = 8

/**
 * Runs the detector on as few frames as the movement allows. Between two frames it looks at the one in the middle, again
 * and again, wherever a face moves fast, appears or vanishes, so that the ends of its presence are exact to the frame.
 */
export class FrameLooker {
  private readonly appearance = new AppearanceReader()
  /** True while there are faces that only the closer look finds; then every picture gets one. */
  private isSearching = false

  constructor(
    private readonly detector: FaceDetector,
    private readonly landmarker: Pick<FaceLandmarker, 'locate'>,
    private readonly tracker: Tracker,
  ) {}

  /**
   * @param frames analysed frames in order
   * @param looked what is known already: at most the first frame, from the window before
   * @param keys positions in `frames` to look at in any case; the last is the end of the range refined
   * @returns the frames looked at, in order, with their faces
   */
  async look(
    frames: readonly VideoFrame[],
    looked: LookedFrame | null,
    keys: readonly number[],
  ): Promise<LookedFrame[]> {
    const known = new Map<number, LookedFrame>()
    if (looked) known.set(0, looked)
    const newKeys = keys.filter((key) => !known.has(key))
    await this.detectAt(frames, newKeys, known)
    // Small faces are looked for at the end of every window, and before it only where there are some.
    const wasSearching = this.isSearching
    this.isSearching = await this.searchAt(wasSearching ? newKeys : newKeys.slice(-1), known)
    if (!wasSearching && this.isSearching) await this.searchAt(newKeys.slice(0, -1), known)
    let wanted = middlesWanted(known)
    while (wanted.length > 0) {
      await this.detectAt(frames, wanted, known)
      if (wasSearching || this.isSearching) await this.searchAt(wanted, known)
      wanted = middlesWanted(known)
    }
    const result = [...known.keys()]
      .sort((a, b) => a - b)
      .map((position) => known.get(position) as LookedFrame)
    await this.track(result)
    return result
  }

  private async detectAt(
    frames: readonly VideoFrame[],
    positions: readonly number[],
    known: Map<number, LookedFrame>,
  ): Promise<void> {
    for (let first = 0; first < positions.length; first += DETECTOR_BATCH) {
      const batch = positions.slice(first, first + DETECTOR_BATCH)
      const pictures = batch.map((position) => frames[position] as VideoFrame)
      const found = await this.detector.detect(pictures)
      batch.forEach((position, index) =>
        known.set(position, {
          frame: pictures[index] as VideoFrame,
          detections: found[index] ?? [],
          faces: null,
        }),
      )
    }
  }

  /** Adds small faces to what is known. @returns whether there are any */
  private async searchAt(positions: readonly number[], known: Map<number, LookedFrame>): Promise<boolean> {
    if (!this.detector.detectSmall) return false
    let hasFound = false
    for (let first = 0; first < positions.length; first += DETECTOR_BATCH) {
      const targets = positions.slice(first, first + DETECTOR_BATCH).flatMap((at) => known.get(at) ?? [])
      const found = await this.detector.detectSmall(targets.map(({ frame }) => frame))
      targets.forEach((target, index) => {
        const added = (found[index] ?? []).filter(({ box }) =>
          target.detections.every((other) => !overlaps(other.box, box)),
        )
        if (added.length === 0) return
        hasFound = true
        target.detections = [...target.detections, ...added]
      })
    }
    return hasFound
  }

  /** Gives detections to tracks in order of time, then finds all landmarks at once. */
  private async track(looked: readonly LookedFrame[]): Promise<void> {
    const requests: LandmarkRequest[] = []
    const pending: { readonly target: LookedFrame; readonly track: Track; readonly detection: Detection }[] =
      []
    const fresh = looked.filter((target) => target.faces === null)
    for (const target of fresh) {
      const { frame, detections } = target
      const sightings = detections.map(({ box, score }) => ({
        box,
        score,
        looks: this.appearance.read(frame, box),
      }))
      this.tracker.update(sightings, frame.timeSecs).forEach((track, index) => {
        const detection = detections[index]
        if (!track || !detection) return
        requests.push({ picture: frame, box: detection.box })
        pending.push({ target, track, detection })
      })
    }
    const landmarks = await this.landmarker.locate(requests)
    for (const target of fresh) target.faces = []
    pending.forEach(({ target, track, detection: { box, score } }, index) => {
      const place = {
        timeSecs: target.frame.timeSecs,
        box,
        score,
        landmarks: landmarks[index] as Float32Array,
      }
      target.faces = [...(target.faces ?? []), { track, place }]
    })
  }
}

/** Two detections of one face: the closer look gives tighter boxes, so lying inside counts as well. */
function overlaps(a: Box, b: Box): boolean {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  return width > 0 && height > 0 && width * height > 0.4 * Math.min(a.w * a.h, b.w * b.h)
}

function middlesWanted(known: ReadonlyMap<number, LookedFrame>): number[] {
  const positions = [...known.keys()].sort((a, b) => a - b)
  const middles: number[] = []
  for (let i = 1; i < positions.length; i++) {
    const from = positions[i - 1] as number
    const to = positions[i] as number
    if (to - from < 2) continue
    const before = known.get(from)?.detections ?? []
    const after = known.get(to)?.detections ?? []
    if (!isSteady(before, after)) middles.push((from + to) >> 1)
  }
  return middles
}

/** Every sure face on either side has a partner on the other that overlaps it well. */
export function isSteady(before: readonly Detection[], after: readonly Detection[]): boolean {
  const overlaps = before.map(({ box }) => after.map((other) => intersectionOverUnion(box, other.box)))
  const partners = assign(overlaps.map((row) => row.map((overlap) => 1 - overlap)))
  const partnered = new Set(
    partners.filter((column, row) => (overlaps[row]?.[column] ?? 0) >= FACE_PARAMETERS.steadyIou),
  )
  const isSure = ({ score }: Detection): boolean => score >= FACE_PARAMETERS.startScore
  return (
    before.every((face, row) => !isSure(face) || partnered.has(partners[row] ?? -1)) &&
    after.every((face, column) => !isSure(face) || partnered.has(column))
  )
}
