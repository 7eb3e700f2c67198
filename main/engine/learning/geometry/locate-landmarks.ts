import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { throwIfAborted } from '../../errors'
import { faceApiVersion } from '../../face/face-api-weights'
import { FaceLandmarker, LANDMARK_COUNT } from '../../face/landmarks'
import type { FaceSet } from '../data/face-set'
import { keepValues, readKeptValues } from '../dense/kept-values'

const BATCH = 64
const VALUES = LANDMARK_COUNT * 2

export interface LocateOptions {
  /** Found points are kept here and read again when the same pictures come. */
  readonly cacheFolder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * The 68 points of every picture, which is a crop already and goes to the landmark network whole. The backend must be
 * open.
 * @returns shape [count, 68, 2], in pixels of the picture
 */
export async function locateLandmarks(
  faces: Pick<FaceSet, 'count' | 'sidePx' | 'pixels'>,
  { cacheFolder, signal, onProgress }: LocateOptions,
): Promise<Float32Array> {
  const hash = createHash('sha256').update(faceApiVersion()).update(faces.pixels).digest('hex').slice(0, 16)
  const file = join(cacheFolder, `landmarks-${faces.count}-${hash}.f32`)
  const kept = await readKeptValues(file, faces.count * VALUES)
  if (kept) return kept
  const landmarker = await FaceLandmarker.open()
  const points = new Float32Array(faces.count * VALUES)
  try {
    for (let first = 0; first < faces.count; first += BATCH) {
      throwIfAborted(signal)
      const count = Math.min(BATCH, faces.count - first)
      const requests = Array.from({ length: count }, (_, index) => wholePicture(faces, first + index))
      const found = await landmarker.locate(requests)
      found.forEach((values, index) => points.set(values, (first + index) * VALUES))
      onProgress?.(first + count, faces.count)
    }
  } finally {
    landmarker.dispose()
  }
  await keepValues(file, points)
  return points
}

function wholePicture({ sidePx, pixels }: Pick<FaceSet, 'sidePx' | 'pixels'>, item: number) {
  const area = sidePx * sidePx
  const rgb = new Uint8Array(area * 3)
  for (let pixel = 0; pixel < area; pixel++)
    rgb.fill(pixels[item * area + pixel] as number, pixel * 3, pixel * 3 + 3)
  return {
    picture: { widthPx: sidePx, heightPx: sidePx, rgb },
    box: { x: 0, y: 0, w: sidePx, h: sidePx },
  }
}
