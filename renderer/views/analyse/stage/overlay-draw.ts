import { textOn } from '../../../design/emotion-colours'
import type { Rect } from '../../../plots/types'
import type { FrameReading, RowReading } from './overlay-model'
import { rectOnStage, type Size } from './stage-geometry'

export type OverlayContext = Pick<
  CanvasRenderingContext2D,
  | 'setTransform'
  | 'clearRect'
  | 'strokeRect'
  | 'fillRect'
  | 'fillText'
  | 'measureText'
  | 'beginPath'
  | 'arc'
  | 'roundRect'
  | 'fill'
  | 'stroke'
  | 'moveTo'
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'setLineDash'
>

export interface OverlayScene {
  readonly stage: Size
  readonly pixelRatio: number
  /** Where the picture lies on the stage, CSS pixels. */
  readonly picture: Rect
  /** Upright source pixels, in which boxes and landmarks are. */
  readonly source: Size
  readonly reading: FrameReading
  /** Shape [68, 2] of a row in upright source pixels; null: none to draw. */
  readonly landmarksOf: (row: number) => Float32Array | null
  readonly style: OverlayStyle
  readonly texts: OverlayTexts
}

export interface OverlayStyle {
  /** `#rrggbb` in canonical order. */
  readonly emotionColours: readonly string[]
  readonly fontFamily: string
  readonly showsBoxes: boolean
}

export interface OverlayTexts {
  /** '': the box alone. */
  faceLabel(reading: RowReading): string
  /** What is said where there is no face; '' for nothing. */
  reasonLabel(reading: FrameReading): string
}

const NO_EMOTION = '#c9ced6'
const HALO = 'rgb(0 0 0 / 55%)'
const CHIP_HEIGHT_PX = 22
const CHIP_PAD_PX = 8
const EDGE_PX = 6

/** Draws what is known of the frame that is shown; the coordinates of the context are CSS pixels afterwards. */
export function drawOverlay(context: OverlayContext, scene: OverlayScene): void {
  const { stage, pixelRatio, reading, style, texts } = scene
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
  context.clearRect(0, 0, stage.widthPx, stage.heightPx)
  if (!style.showsBoxes) return
  context.font = `600 12px ${style.fontFamily}`
  context.textBaseline = 'middle'
  for (const face of reading.faces) drawFace(context, scene, face)
  const reason = texts.reasonLabel(reading)
  if (reason !== '') drawReason(context, scene, reason)
}

function drawFace(context: OverlayContext, scene: OverlayScene, face: RowReading): void {
  if (!face.box) return
  const { source, picture, style, texts } = scene
  const colour = style.emotionColours[face.emotion] ?? NO_EMOTION
  const box = rectOnStage(face.box, source, picture)
  // Dark around light: the colour shows on any picture.
  context.setLineDash([])
  context.lineWidth = 4
  context.strokeStyle = HALO
  context.strokeRect(box.x, box.y, box.width, box.height)
  context.lineWidth = 2
  context.strokeStyle = colour
  // A box that the reading does not rest on is broken.
  context.setLineDash(face.quality === 'ok' ? [] : [5, 4])
  context.strokeRect(box.x, box.y, box.width, box.height)
  context.setLineDash([])
  const points = scene.landmarksOf(face.row)
  if (points) drawLandmarks(context, scene, points)
  const text = texts.faceLabel(face)
  if (text === '') return
  drawChip(context, scene, {
    text,
    x: box.x - 1,
    y: box.y - CHIP_HEIGHT_PX - 3,
    colour,
  })
}

function drawLandmarks(
  context: OverlayContext,
  { source, picture }: OverlayScene,
  points: Float32Array,
): void {
  const radiusPx = Math.max(1, Math.min(2.2, picture.width / 500))
  context.beginPath()
  for (let at = 0; at + 1 < points.length; at += 2) {
    const x = picture.x + (points[at]! / source.widthPx) * picture.width
    const y = picture.y + (points[at + 1]! / source.heightPx) * picture.height
    if (Number.isNaN(x) || Number.isNaN(y)) continue
    context.moveTo(x + radiusPx, y)
    context.arc(x, y, radiusPx, 0, Math.PI * 2)
  }
  context.lineWidth = 1
  context.strokeStyle = HALO
  context.stroke()
  context.fillStyle = '#ffffff'
  context.fill()
}

/** Stands inside the visible part of the stage, however far out its box is. */
function drawChip(
  context: OverlayContext,
  { stage }: OverlayScene,
  chip: { readonly text: string; readonly x: number; readonly y: number; readonly colour: string },
): void {
  const widthPx = Math.ceil(context.measureText(chip.text).width) + CHIP_PAD_PX * 2
  const x = Math.max(EDGE_PX, Math.min(chip.x, stage.widthPx - widthPx - EDGE_PX))
  const y = Math.max(EDGE_PX, Math.min(chip.y, stage.heightPx - CHIP_HEIGHT_PX - EDGE_PX))
  context.beginPath()
  context.roundRect(x, y, widthPx, CHIP_HEIGHT_PX, 4)
  context.fillStyle = chip.colour
  context.fill()
  context.fillStyle = textOn(chip.colour)
  context.fillText(chip.text, x + CHIP_PAD_PX, y + CHIP_HEIGHT_PX / 2 + 0.5)
}

function drawReason(context: OverlayContext, scene: OverlayScene, text: string): void {
  const widthPx = Math.ceil(context.measureText(text).width) + CHIP_PAD_PX * 2
  const x = Math.max(EDGE_PX, scene.picture.x + EDGE_PX)
  const y = Math.min(scene.stage.heightPx, scene.picture.y + scene.picture.height) - CHIP_HEIGHT_PX - EDGE_PX
  context.beginPath()
  context.roundRect(x, y, widthPx, CHIP_HEIGHT_PX, 4)
  context.fillStyle = 'rgb(0 0 0 / 72%)'
  context.fill()
  context.fillStyle = '#ffffff'
  context.fillText(text, x + CHIP_PAD_PX, y + CHIP_HEIGHT_PX / 2 + 0.5)
}
