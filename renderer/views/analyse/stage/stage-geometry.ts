import type { Rect } from '../../../plots/types'

export interface Size {
  readonly widthPx: number
  readonly heightPx: number
}

/** How the picture is looked at: 1 shows all of it; the centre is a place in the picture, as shares of its sides. */
export interface StageZoom {
  readonly factor: number
  readonly centreX: number
  readonly centreY: number
}

export const WHOLE_PICTURE: StageZoom = { factor: 1, centreX: 0.5, centreY: 0.5 }
const CLOSEST = 8

/**
 * Where the whole upright picture lies on the stage, in CSS pixels: as large as fits with its sides in proportion, in the
 * middle, then enlarged by the zoom. Parts of it may lie outside of the stage.
 */
export function pictureRect(stage: Size, picture: Size, zoom: StageZoom = WHOLE_PICTURE): Rect {
  if (stage.widthPx <= 0 || stage.heightPx <= 0 || picture.widthPx <= 0 || picture.heightPx <= 0)
    return { x: 0, y: 0, width: 0, height: 0 }
  const scale = Math.min(stage.widthPx / picture.widthPx, stage.heightPx / picture.heightPx) * zoom.factor
  const width = picture.widthPx * scale
  const height = picture.heightPx * scale
  return {
    x: placed(stage.widthPx, width, zoom.centreX),
    y: placed(stage.heightPx, height, zoom.centreY),
    width,
    height,
  }
}

/** A side that fits stands in the middle; a longer one shows its centre, but never ground beyond its ends. */
function placed(stagePx: number, lengthPx: number, centre: number): number {
  if (lengthPx <= stagePx) return (stagePx - lengthPx) / 2
  return Math.max(stagePx - lengthPx, Math.min(0, stagePx / 2 - centre * lengthPx))
}

/** The zoom that keeps the point of the picture under a point of the stage where it is. */
export function zoomAt(
  stage: Size,
  picture: Size,
  zoom: StageZoom,
  { xPx, yPx, by }: { readonly xPx: number; readonly yPx: number; readonly by: number },
): StageZoom {
  const factor = Math.max(1, Math.min(CLOSEST, zoom.factor * by))
  if (factor === 1) return WHOLE_PICTURE
  const before = pictureRect(stage, picture, zoom)
  const shareX = (xPx - before.x) / before.width
  const shareY = (yPx - before.y) / before.height
  const growth = factor / zoom.factor
  return {
    factor,
    centreX: shareX + (stage.widthPx / 2 - xPx) / (before.width * growth),
    centreY: shareY + (stage.heightPx / 2 - yPx) / (before.height * growth),
  }
}

/** Moves the picture along with a drag of so many CSS pixels. */
export function panBy(stage: Size, picture: Size, zoom: StageZoom, dxPx: number, dyPx: number): StageZoom {
  const rect = pictureRect(stage, picture, zoom)
  const shown = (offsetPx: number, lengthPx: number, stagePx: number) =>
    lengthPx <= stagePx ? 0.5 : (stagePx / 2 - offsetPx) / lengthPx
  return {
    factor: zoom.factor,
    centreX: shown(
      Math.max(stage.widthPx - rect.width, Math.min(0, rect.x + dxPx)),
      rect.width,
      stage.widthPx,
    ),
    centreY: shown(
      Math.max(stage.heightPx - rect.height, Math.min(0, rect.y + dyPx)),
      rect.height,
      stage.heightPx,
    ),
  }
}

/** A rectangle of upright source pixels on the stage. */
export function rectOnStage(inSource: Rect, source: Size, picture: Rect): Rect {
  const scaleX = picture.width / source.widthPx
  const scaleY = picture.height / source.heightPx
  return {
    x: picture.x + inSource.x * scaleX,
    y: picture.y + inSource.y * scaleY,
    width: inSource.width * scaleX,
    height: inSource.height * scaleY,
  }
}

/** Pixels of a canvas that covers the stage sharply. */
export function canvasSize(stage: Size, pixelRatio: number): Size {
  return {
    widthPx: Math.max(1, Math.round(stage.widthPx * pixelRatio)),
    heightPx: Math.max(1, Math.round(stage.heightPx * pixelRatio)),
  }
}
