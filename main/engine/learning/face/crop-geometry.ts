import { throwIfAborted } from '../../errors'
import type { FaceInput } from '../../face/crop'
import type { FaceDetector } from '../../face/detector'
import { boundingBox } from '../../face/geometry'
import type { FaceLandmarker } from '../../face/landmarks'
import { type Picture, Resampler } from '../../face/resample'
import type { Box } from '../../face/types'
import type { FaceSet } from '../data/face-set'

/** Enlarged training pictures stand in the middle of a grey canvas, so that a detector sees a face in a picture. */
export const CANVAS_PX = 320
export const ENLARGED_PX = 192
const MARGIN_PX = (CANVAS_PX - ENLARGED_PX) / 2
const GREY = 128

export interface FoundFace {
  /** Item of the set. */
  readonly item: number
  readonly detectorBox: Box
  /** Smallest box around the 68 landmarks. */
  readonly landmarkBox: Box
  /** Shape [68, 2], pixels of the canvas. */
  readonly landmarks: Float32Array
}

/** A face picture of a set as part of a larger one. */
export function enlargedPicture(set: FaceSet, item: number): Picture {
  const { sidePx, pixels } = set
  const area = sidePx * sidePx
  const small = new Uint8Array(area * 3)
  for (let pixel = 0; pixel < area; pixel++)
    small.fill(pixels[item * area + pixel]!, pixel * 3, pixel * 3 + 3)
  const large = new Float32Array(ENLARGED_PX * ENLARGED_PX * 3)
  const whole = { left: 0, top: 0, width: sidePx, height: sidePx }
  const picture = { widthPx: sidePx, heightPx: sidePx, rgb: small }
  new Resampler().resize(picture, whole, ENLARGED_PX, ENLARGED_PX, large)
  const rgb = new Uint8Array(CANVAS_PX * CANVAS_PX * 3).fill(GREY)
  for (let row = 0; row < ENLARGED_PX; row++)
    for (let value = 0; value < ENLARGED_PX * 3; value++)
      rgb[((row + MARGIN_PX) * CANVAS_PX + MARGIN_PX) * 3 + value] = Math.round(
        large[row * ENLARGED_PX * 3 + value]!,
      )
  return { widthPx: CANVAS_PX, heightPx: CANVAS_PX, rgb }
}

/** Runs a detector and the landmarks on enlarged pictures; pictures in which no face is found are missing. */
export async function findFaces(
  set: FaceSet,
  items: readonly number[],
  {
    detector,
    landmarker,
    signal,
  }: { detector: FaceDetector; landmarker: FaceLandmarker; signal?: AbortSignal },
): Promise<FoundFace[]> {
  const found: FoundFace[] = []
  for (const item of items) {
    throwIfAborted(signal)
    const picture = enlargedPicture(set, item)
    const box = (await detector.detect([picture]))[0]?.[0]?.box
    if (!box) continue
    const [landmarks] = await landmarker.locate([{ picture, box }])
    if (landmarks) found.push({ item, detectorBox: box, landmarkBox: boundingBox(landmarks), landmarks })
  }
  return found
}

export interface CropGeometry {
  readonly boxCentreX: number
  readonly boxCentreY: number
  readonly boxSide: number
  /** Half the distance between the quartiles of the same three, in shares of the crop's side. */
  readonly spread: { readonly x: number; readonly y: number; readonly side: number }
}

/**
 * Where boxes lie in the training pictures: medians of their centres and of the longer side, as shares of the picture's
 * side. With these in a card, crops in use look like the pictures of training.
 */
export function cropGeometry(
  found: readonly FoundFace[],
  reference: FaceInput['crop']['reference'],
): CropGeometry {
  const boxes = found.map((face) => (reference === 'landmarks' ? face.landmarkBox : face.detectorBox))
  const share = (pixels: number) => (pixels - MARGIN_PX) / ENLARGED_PX
  const x = quartiles(boxes.map((box) => share(box.x + box.w / 2)))
  const y = quartiles(boxes.map((box) => share(box.y + box.h / 2)))
  const side = quartiles(boxes.map((box) => Math.max(box.w, box.h) / ENLARGED_PX))
  return {
    boxCentreX: x.median,
    boxCentreY: y.median,
    boxSide: side.median,
    spread: { x: x.spread, y: y.spread, side: side.spread },
  }
}

function quartiles(values: readonly number[]): { median: number; spread: number } {
  const ascending = [...values].sort((a, b) => a - b)
  const at = (part: number) => ascending[Math.round(part * (ascending.length - 1))] ?? Number.NaN
  return { median: at(0.5), spread: (at(0.75) - at(0.25)) / 2 }
}
