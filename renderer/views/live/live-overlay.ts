import type { LiveFace, LiveReading } from '../../../preload/contract/live-port'
import { rectOnStage, type Size } from '../analyse/stage/stage-geometry'
import { drawOverlay, type OverlayContext, type OverlayScene } from '../analyse/stage/overlay-draw'
import type { FrameReading, RowReading } from '../analyse/stage/overlay-model'
import type { Rect } from '../../plots/types'
import { t } from '../../strings'

export interface LiveScene {
  readonly stage: Size
  readonly pixelRatio: number
  /** Where the picture lies on the stage, CSS pixels. */
  readonly picture: Rect
  readonly reading: LiveReading | null
  readonly emotionNames: readonly string[]
  readonly emotionColours: readonly string[]
  readonly fontFamily: string
  readonly showsLandmarks: boolean
}

const BAR_HEIGHT_PX = 7
const BAR_GAP_PX = 3
const BARS_WIDTH_PX = 84
const GROUND = 'rgb(0 0 0 / 55%)'

/** Draws the newest reading: boxes with number and emotion, landmarks, and a bar for each emotion beside a face. */
export function drawLiveOverlay(context: OverlayContext, scene: LiveScene): void {
  const { reading, picture, stage } = scene
  if (!reading) {
    context.setTransform(scene.pixelRatio, 0, 0, scene.pixelRatio, 0, 0)
    context.clearRect(0, 0, stage.widthPx, stage.heightPx)
    return
  }
  const source = { widthPx: reading.widthPx, heightPx: reading.heightPx }
  drawOverlay(context, overlayScene(scene, reading, source))
  for (const face of reading.faces) drawBars(context, scene, rectOnStage(boxOf(face), source, picture), face)
}

function overlayScene(scene: LiveScene, reading: LiveReading, source: Size): OverlayScene {
  return {
    stage: scene.stage,
    pixelRatio: scene.pixelRatio,
    picture: scene.picture,
    source,
    reading: asFrame(reading),
    landmarksOf: (row) => (scene.showsLandmarks ? (reading.faces[row]?.landmarks ?? null) : null),
    style: { emotionColours: scene.emotionColours, fontFamily: scene.fontFamily, showsBoxes: true },
    texts: {
      faceLabel: ({ faceId, emotion, confidence }) =>
        t('live.stage.face', {
          id: faceId,
          emotion: scene.emotionNames[emotion] ?? '',
          percent: Math.round(confidence * 100),
        }),
      reasonLabel: ({ reason }) => (reason === null ? '' : t('live.stage.noFace')),
    },
  }
}

/** A live reading in the form in which the stage of Analyse draws one. */
export function asFrame({ faces }: Pick<LiveReading, 'faces'>): FrameReading {
  const rows = faces.map((face, row): RowReading => ({
    row,
    faceId: face.id,
    box: boxOf(face),
    quality: face.quality,
    emotion: face.shownLabel,
    confidence: face.shownProbs[face.shownLabel] ?? Number.NaN,
    source: face.fusionProbs ? 'fusion' : 'face',
  }))
  return { faces: rows, rows, reason: rows.length > 0 ? null : 'no_face' }
}

function boxOf({ box: [x, y, width, height] }: LiveFace): Rect {
  return { x, y, width, height }
}

/** To the right of the box, or to its left where there is no room. */
function drawBars(context: OverlayContext, scene: LiveScene, box: Rect, { shownProbs }: LiveFace): void {
  const { stage, emotionColours } = scene
  const rowPx = BAR_HEIGHT_PX + BAR_GAP_PX
  const heightPx = emotionColours.length * rowPx + BAR_GAP_PX
  const widthPx = BARS_WIDTH_PX + 2 * BAR_GAP_PX
  const rightX = box.x + box.width + 6
  const x = rightX + widthPx <= stage.widthPx ? rightX : Math.max(0, box.x - 6 - widthPx)
  const y = Math.max(0, Math.min(box.y, stage.heightPx - heightPx))
  context.beginPath()
  context.roundRect(x, y, widthPx, heightPx, 4)
  context.fillStyle = GROUND
  context.fill()
  emotionColours.forEach((colour, emotion) => {
    context.fillStyle = colour
    context.fillRect(
      x + BAR_GAP_PX,
      y + BAR_GAP_PX + emotion * rowPx,
      Math.max(1, (shownProbs[emotion] ?? 0) * BARS_WIDTH_PX),
      BAR_HEIGHT_PX,
    )
  })
}
