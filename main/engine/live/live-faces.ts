import { AppearanceReader } from '../face/appearance'
import type { Detection } from '../face/detector'
import { EmotionReader } from '../face/emotion-reader'
import { boundingBox } from '../face/geometry'
import type { FacePlace } from '../face/interpolate'
import type { FaceEngine } from '../face/open-face-engine'
import { FACE_PARAMETERS } from '../face/parameters'
import { judgeFace } from '../face/quality'
import type { Picture } from '../face/resample'
import { type Track, Tracker } from '../face/tracker'
import type { FaceObservation } from '../face/types'

interface Followed {
  readonly track: Track
  readonly place: FacePlace
}

/** A frame may take this long before the detector is asked less often: it leaves a camera of 30 frames a second time for the way to the screen. */
const FRAME_BUDGET_MS = 25
/** A face is looked for anew at least once in so many frames; between, its landmarks carry its box. */
const DETECT_EVERY_MAX = 4
/** Share of the newest frame in the mean of what a frame takes. */
const NEWEST_SHARE = 0.1

/**
 * Finds, follows and reads the faces of a camera, a frame at a time. Causal: nothing is known of later frames, so a face shows
 * from its second sighting on and vanishes at once. Pictures are taken as upright.
 */
export class LiveFaces {
  private readonly tracker = new Tracker()
  private readonly appearance = new AppearanceReader()
  private readonly reader: EmotionReader
  private followed: readonly Followed[] = []
  private framesSinceDetection = Number.POSITIVE_INFINITY
  private meanMs = 0

  constructor(private readonly engine: FaceEngine) {
    this.reader = new EmotionReader(engine.model, FACE_PARAMETERS.batchSize)
  }

  /** The detector runs on every frame, on every second, and so on. */
  get detectEvery(): number {
    return Math.min(DETECT_EVERY_MAX, Math.max(1, Math.ceil(this.meanMs / FRAME_BUDGET_MS)))
  }

  /**
   * @param timeSecs rises from call to call
   * @returns confirmed faces by number, boxes and landmarks in pixels of the picture
   */
  async read(picture: Picture, timeSecs: number): Promise<FaceObservation[]> {
    const startMs = performance.now()
    const isDetecting = this.framesSinceDetection >= this.detectEvery
    this.followed = isDetecting ? await this.detect(picture, timeSecs) : await this.follow(picture, timeSecs)
    this.framesSinceDetection = isDetecting ? 1 : this.framesSinceDetection + 1
    const shown = this.followed.filter(({ track }) => this.tracker.isConfirmed(track))
    const readings = await this.reader.read(shown.map(({ place }) => ({ picture, place })))
    const observations = shown.map(({ track, place }, index): FaceObservation => {
      const reading = readings[index]
      if (!reading) throw new Error('a face was not read')
      return {
        trackId: this.tracker.numberOf(track),
        box: place.box,
        score: place.score,
        isDetected: isDetecting,
        quality: judgeFace(place.box, place.score, picture.widthPx, picture.heightPx),
        landmarks: place.landmarks,
        ...reading,
      }
    })
    const tookMs = performance.now() - startMs
    this.meanMs += (this.meanMs === 0 ? 1 : NEWEST_SHARE) * (tookMs - this.meanMs)
    return observations.sort((a, b) => a.trackId - b.trackId)
  }

  private async detect(picture: Picture, timeSecs: number): Promise<Followed[]> {
    const [found = []] = await this.engine.detector.detect([picture])
    const kept = found.filter(({ score }) => score >= FACE_PARAMETERS.keepScore)
    const tracks = this.tracker.update(
      kept.map(({ box, score }) => ({ box, score, looks: this.appearance.read(picture, box) })),
      timeSecs,
    )
    const seen = kept.flatMap((detection, index): { track: Track; detection: Detection }[] => {
      const track = tracks[index]
      return track ? [{ track, detection }] : []
    })
    const landmarks = await this.engine.landmarker.locate(
      seen.map(({ detection: { box } }) => ({ picture, box })),
    )
    return seen.map(({ track, detection: { box, score } }, index) => ({
      track,
      place: { timeSecs, box, score, landmarks: landmarks[index] as Float32Array },
    }))
  }

  /** Moves each box as its landmarks moved. */
  private async follow(picture: Picture, timeSecs: number): Promise<Followed[]> {
    const landmarks = await this.engine.landmarker.locate(
      this.followed.map(({ place: { box } }) => ({ picture, box })),
    )
    return this.followed.map(({ track, place }, index) => {
      const points = landmarks[index] as Float32Array
      const before = boundingBox(place.landmarks)
      const now = boundingBox(points)
      const box = {
        ...place.box,
        x: place.box.x + now.x + now.w / 2 - before.x - before.w / 2,
        y: place.box.y + now.y + now.h / 2 - before.y - before.h / 2,
      }
      return { track, place: { timeSecs, box, score: place.score, landmarks: points } }
    })
  }
}
