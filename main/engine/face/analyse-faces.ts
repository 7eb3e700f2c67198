import { throwIfAborted } from '../errors'
import type { FaceCard } from '../inference/card'
import type { LoadedModel } from '../inference/registry'
import type { VideoFrame } from '../media/types'
import type { FaceDetector } from './detector'
import { EmotionReader } from './emotion-reader'
import { FrameLooker, type LookedFrame } from './frame-looker'
import { scaleBox } from './geometry'
import { type FacePlace, interpolatePlace } from './interpolate'
import type { FaceLandmarker } from './landmarks'
import { FACE_PARAMETERS } from './parameters'
import { judgeFace } from './quality'
import { type FaceTurn, findFaceTurn, turnBoxBack, turnFrame, turnRollBack } from './sideways'
import { type SelectedFrame, selectFrames } from './select-frames'
import { type Track, Tracker } from './tracker'
import type { Box, FaceFrame, FaceObservation } from './types'

export interface AnalyseFacesOptions {
  readonly detector: FaceDetector
  readonly landmarker: Pick<FaceLandmarker, 'locate'>
  readonly model: LoadedModel<FaceCard>
  /** Size of the upright source picture, in whose pixels boxes are given. */
  readonly sourceWidthPx: number
  readonly sourceHeightPx: number
  /** Frames a second to look at, or all. */
  readonly analysisFps: number | 'all'
  /** Media time between two detections of a steady face. */
  readonly detectionIntervalSecs?: number
  /** Rows that go through the network together. */
  readonly batchSize?: number
  /** Whether observations carry their landmarks. */
  readonly landmarks?: boolean
  readonly signal?: AbortSignal
  /** Called after each stretch of frames with the number given out so far. */
  readonly onProgress?: (frames: number, timeSecs: number) => void
}

/** A face in one frame before its emotion is read. */
interface PlacedFace {
  readonly track: Track
  readonly place: FacePlace
  readonly isDetected: boolean
}

/**
 * Finds, follows and reads the faces of a clip: one FaceFrame for every frame that comes in, in order. Frames are held
 * for one window (FACE_PARAMETERS.windowFrames), so memory does not grow with length.
 * @throws UnmaskError 'cancelled' when the signal is aborted
 */
export async function* analyseFaces(
  frames: AsyncIterable<VideoFrame>,
  options: AnalyseFacesOptions,
): AsyncGenerator<FaceFrame> {
  const analysis = new FaceAnalysis(options)
  let given = 0
  for await (const window of windows(selectFrames(frames, options.analysisFps), analysis)) {
    for (const faceFrame of window) yield faceFrame
    given += window.length
    const last = window.at(-1)
    if (last) options.onProgress?.(given, last.timeSecs)
  }
}

/** Collects frames into windows and hands over what each settles. */
async function* windows(
  frames: AsyncIterable<SelectedFrame>,
  analysis: FaceAnalysis,
): AsyncGenerator<FaceFrame[]> {
  for await (const frame of frames) if (analysis.add(frame)) yield await analysis.settle(false)
  yield await analysis.settle(true)
}

class FaceAnalysis {
  private pending: SelectedFrame[] = []
  private pictures = 0
  private picturesEver = 0
  /** The first pending picture, when the window before ended with it. */
  private first: LookedFrame | null = null
  /** Null until a face has shown which way is up. */
  private turn: FaceTurn | null = null
  private readonly tracker: Tracker
  private readonly looker: FrameLooker
  private readonly reader: EmotionReader
  private readonly intervalSecs: number

  constructor(private readonly options: AnalyseFacesOptions) {
    const { analysisFps } = options
    this.intervalSecs = options.detectionIntervalSecs ?? FACE_PARAMETERS.detectionIntervalSecs
    this.tracker = new Tracker({ sampleIntervalSecs: analysisFps === 'all' ? 0 : 1 / analysisFps })
    this.looker = new FrameLooker(options.detector, options.landmarker, this.tracker)
    this.reader = new EmotionReader(options.model, options.batchSize ?? FACE_PARAMETERS.batchSize)
  }

  /** @returns true when a window is full */
  add(frame: SelectedFrame): boolean {
    throwIfAborted(this.options.signal)
    const { picture } = frame
    this.pending.push(picture && this.turn ? { ...frame, picture: turnFrame(picture, this.turn) } : frame)
    if (picture) {
      this.pictures++
      this.picturesEver++
    }
    return frame.picture !== null && this.pictures >= FACE_PARAMETERS.windowFrames
  }

  /**
   * Looks at the pending frames and gives out those before the last frame looked at, which starts the next window: what
   * was seen first just before it has had its second look.
   */
  async settle(isEnd: boolean): Promise<FaceFrame[]> {
    throwIfAborted(this.options.signal)
    if (this.turn === null) await this.findTurn()
    const pictures = this.pending.flatMap(({ picture }) => picture ?? [])
    const looked =
      pictures.length > 0
        ? await this.looker.look(pictures, this.first, chooseKeys(pictures, this.intervalSecs, isEnd))
        : []
    throwIfAborted(this.options.signal)
    const last = looked.at(-1) ?? null
    const settled =
      isEnd || !last ? this.pending : this.pending.filter(({ index }) => index < last.frame.index)
    const result = await this.read(settled, looked)
    this.pending = this.pending.slice(settled.length)
    this.pictures = this.pending.filter(({ picture }) => picture).length
    this.first = last
    return result
  }

  private async findTurn(): Promise<void> {
    const pictures = this.pending.flatMap(({ picture }) => picture ?? [])
    const step = Math.max(1, Math.ceil(pictures.length / FACE_PARAMETERS.turnPictures))
    const sample = pictures.filter((_, position) => position % step === 0)
    const turn = await findFaceTurn(this.options.detector, sample)
    this.turn = turn
    if (!turn) return
    this.pending = this.pending.map((frame) => ({
      ...frame,
      picture: frame.picture && turnFrame(frame.picture, turn),
    }))
    // What was seen of it lying down was no sure face.
    this.first = null
  }

  private async read(
    settled: readonly SelectedFrame[],
    looked: readonly LookedFrame[],
  ): Promise<FaceFrame[]> {
    // A clip of one picture has no second look to offer.
    const isConfirmed = (track: Track): boolean => this.picturesEver === 1 || this.tracker.isConfirmed(track)
    const placed = placeFaces(settled, looked, isConfirmed)
    const tasks = placed.flatMap(({ frame, faces }) =>
      faces.map(({ place }) => ({ picture: frame.picture as VideoFrame, place })),
    )
    const readings = await this.reader.read(tasks)
    let next = 0
    return placed.map(({ frame, faces }) => {
      const observations = faces.map(({ track, place, isDetected }): FaceObservation => {
        const reading = readings[next++]
        if (!reading) throw new Error('a face was not read')
        const box = this.toSource(place.box, frame.picture as VideoFrame)
        return {
          trackId: this.tracker.numberOf(track),
          box,
          score: place.score,
          isDetected,
          quality: judgeFace(box, place.score, this.options.sourceWidthPx, this.options.sourceHeightPx),
          ...reading,
          rollDegrees: turnRollBack(reading.rollDegrees, this.turn ?? 0),
          ...(this.options.landmarks &&
            isDetected && { landmarks: this.pointsToSource(place.landmarks, frame.picture as VideoFrame) }),
        }
      })
      return {
        frameIndex: frame.index,
        timeSecs: frame.timeSecs,
        isAnalysed: frame.picture !== null,
        faces: observations.sort((a, b) => a.trackId - b.trackId),
      }
    })
  }

  private pointsToSource(points: Float32Array, picture: VideoFrame): Float32Array {
    const inSource = new Float32Array(points.length)
    for (let i = 0; i < points.length; i += 2) {
      const { x, y } = this.toSource(
        { x: points[i] as number, y: points[i + 1] as number, w: 0, h: 0 },
        picture,
      )
      inSource[i] = x
      inSource[i + 1] = y
    }
    return inSource
  }

  private toSource(box: Box, picture: VideoFrame): Box {
    const turn = this.turn ?? 0
    const widthPx = turn === 0 ? picture.widthPx : picture.heightPx
    const heightPx = turn === 0 ? picture.heightPx : picture.widthPx
    const upright = turnBoxBack(box, turn, widthPx, heightPx)
    return scaleBox(upright, this.options.sourceWidthPx / widthPx, this.options.sourceHeightPx / heightPx)
  }
}

/** Frames to look at: one an interval, and the last one at the end or where nothing else would end the window. */
function chooseKeys(pictures: readonly VideoFrame[], intervalSecs: number, isEnd: boolean): number[] {
  // Timestamps are rounded: a frame that is due within a tenth of a frame is due.
  const due = intervalSecs - 1e-3
  const keys = [0]
  let lastSecs = pictures[0]?.timeSecs ?? 0
  pictures.forEach(({ timeSecs }, position) => {
    if (timeSecs - lastSecs < due) return
    keys.push(position)
    lastSecs = timeSecs
  })
  const end = pictures.length - 1
  if ((isEnd || keys.length === 1) && keys.at(-1) !== end) keys.push(end)
  return keys
}

/** Where the confirmed faces are in every frame: as detected, or between two neighbouring frames that both show them. */
function placeFaces(
  settled: readonly SelectedFrame[],
  looked: readonly LookedFrame[],
  isConfirmed: (track: Track) => boolean,
): { readonly frame: SelectedFrame; readonly faces: PlacedFace[] }[] {
  let at = 0
  return settled.map((frame) => {
    if (!frame.picture) return { frame, faces: [] }
    while ((looked[at + 1]?.frame.index ?? Number.POSITIVE_INFINITY) <= frame.index) at++
    const before = (looked[at]?.faces ?? []).filter(({ track }) => isConfirmed(track))
    if (looked[at]?.frame.index === frame.index)
      return { frame, faces: before.map((face) => ({ ...face, isDetected: true })) }
    const faces = before.flatMap(({ track, place }): PlacedFace[] => {
      const after = looked[at + 1]?.faces?.find((face) => face.track === track)
      if (!after) return []
      return [{ track, place: interpolatePlace(place, after.place, frame.timeSecs), isDetected: false }]
    })
    return { frame, faces }
  })
}
