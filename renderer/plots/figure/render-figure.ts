import { CanvasSurface } from '../surface/canvas-surface'
import { withResolution } from '../surface/png'
import { SvgSurface } from '../surface/svg-surface'
import { drawFigure, type Figure, figureHeightPx } from './figure'

/** CSS pixels of an inch: a figure of 960 px is 10 inches wide in print. */
const PX_PER_INCH = 96

/** An SVG document that stands alone. */
export async function figureAsSvg(figure: Figure): Promise<string> {
  const about = {
    widthPx: figure.widthPx,
    fontFamily: figure.theme.fontFamily,
    title: figure.title,
    description: figure.notes.join(' '),
  }
  // The height depends on how texts are measured, which is the same for every size.
  const heightPx = figureHeightPx(figure, new SvgSurface({ ...about, heightPx: 1 }))
  const surface = new SvgSurface({ ...about, heightPx })
  drawFigure(surface, figure)
  return surface.finish()
}

/**
 * A PNG that knows its resolution. @param scale pixels to a CSS pixel; 300 dots an inch are 3.125
 * @throws Error where the picture is larger than a canvas can be
 */
export async function figureAsPng(figure: Figure, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  const measuring = surfaceOf(new OffscreenCanvas(1, 1), 1, figure)
  const heightPx = figureHeightPx(figure, measuring)
  const [width, height] = [Math.round(figure.widthPx * scale), Math.round(heightPx * scale)]
  const canvas = new OffscreenCanvas(width, height)
  drawFigure(surfaceOf(canvas, scale, figure), figure)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  return withResolution(new Uint8Array(await blob.arrayBuffer()), scale * PX_PER_INCH)
}

function surfaceOf(canvas: OffscreenCanvas, scale: number, figure: Figure): CanvasSurface {
  const context = canvas.getContext('2d')
  if (!context)
    throw new Error(
      `no picture of ${canvas.width} by ${canvas.height} pixels can be made here: choose a lower resolution`,
    )
  const surface = new CanvasSurface(context, scale, figure.theme.fontFamily)
  surface.clear()
  return surface
}
