import type { VideoFrame } from '../media/types'
import type { FaceDetector } from './detector'
import { FACE_PARAMETERS } from './parameters'
import type { Box } from './types'

/** Clockwise turn that makes the faces of a picture upright. */
export type FaceTurn = 0 | 90 | 270

/** The picture turned clockwise. */
export function turnFrame(frame: VideoFrame, turn: FaceTurn): VideoFrame {
  if (turn === 0) return frame
  const { widthPx, heightPx, rgb } = frame
  const turned = new Uint8Array(rgb.length)
  let read = 0
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++, read += 3) {
      const column = turn === 90 ? heightPx - 1 - y : y
      const row = turn === 90 ? x : widthPx - 1 - x
      const write = (row * heightPx + column) * 3
      turned[write] = rgb[read] as number
      turned[write + 1] = rgb[read + 1] as number
      turned[write + 2] = rgb[read + 2] as number
    }
  return { ...frame, widthPx: heightPx, heightPx: widthPx, rgb: turned }
}

/**
 * Where a box of the turned picture lies in the picture as it was.
 * @param widthPx size of the picture as it was
 */
export function turnBoxBack(box: Box, turn: FaceTurn, widthPx: number, heightPx: number): Box {
  if (turn === 0) return box
  return turn === 90
    ? { x: box.y, y: heightPx - box.x - box.w, w: box.h, h: box.w }
    : { x: widthPx - box.y - box.h, y: box.x, w: box.h, h: box.w }
}

/** Roll of a head in the picture as it was, -180..180 degrees. */
export function turnRollBack(rollDegrees: number, turn: FaceTurn): number {
  const roll = rollDegrees - turn
  return roll <= -180 ? roll + 360 : roll
}

/**
 * Whether the faces of a clip lie on their side, as they do where a file's rotation mark is missing or wrong. Upright wins
 * unless no sure face is upright and a much surer one is found after a quarter turn.
 * @returns null where no picture settles it
 */
export async function findFaceTurn(
  detector: FaceDetector,
  pictures: readonly VideoFrame[],
): Promise<FaceTurn | null> {
  const scores = new Map<FaceTurn, number>()
  for (const turn of [0, 90, 270] as const) {
    const found = await detector.detect(pictures.map((picture) => turnFrame(picture, turn)))
    const best = found.flatMap((faces) => faces[0]?.score ?? [])
    const mean = best.reduce((sum, score) => sum + score, 0) / Math.max(1, best.length)
    if (turn === 0 && mean >= FACE_PARAMETERS.uprightScore) return 0
    // A turn is believed where most pictures bear it out.
    scores.set(turn, turn === 0 || best.length * 2 > pictures.length ? mean : 0)
  }
  const turn = (scores.get(90) ?? 0) >= (scores.get(270) ?? 0) ? 90 : 270
  const score = scores.get(turn) ?? 0
  const isMuchSurer = score >= (scores.get(0) ?? 0) + FACE_PARAMETERS.turnGain
  return score >= FACE_PARAMETERS.turnScore && isMuchSurer ? turn : null
}
