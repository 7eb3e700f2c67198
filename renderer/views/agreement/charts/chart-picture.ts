import { BasicPlatform, type ChartConfiguration } from 'chart.js'
import type { SavedPicture } from '../../../../preload/contract/exports'
import { withResolution } from '../../../plots/surface/png'
import { Chart } from './chart'
import { SvgContext } from './svg-context'

export interface ChartPicture {
  readonly config: ChartConfiguration
  readonly name: string
  readonly title: string
  readonly description: string
  readonly widthPx: number
  readonly heightPx: number
  readonly ground: string
}

const DOTS_PER_INCH = 300
const CSS_DOTS_PER_INCH = 96
const SCALE = DOTS_PER_INCH / CSS_DOTS_PER_INCH

/** A chart as a document of lines and text, which stays sharp at any size. */
export function chartAsSvg(picture: ChartPicture): SavedPicture {
  const measuring = new OffscreenCanvas(1, 1).getContext('2d')
  const context = new SvgContext(picture, (text, font) => {
    if (!measuring) return text.length * 7
    measuring.font = font
    return measuring.measureText(text).width
  })
  // Chart.js asks no more of a canvas than this one has; see BasicPlatform.
  const canvas = context.canvas as unknown as HTMLCanvasElement
  const text = drawn(canvas, picture, 1, () => context.finish())
  return { kind: 'svg', name: `${picture.name}.svg`, text }
}

/** A chart with 300 dots an inch, which it knows. */
export async function chartAsPng(picture: ChartPicture): Promise<SavedPicture> {
  const { widthPx, heightPx, name, ground } = picture
  const canvas = new OffscreenCanvas(widthPx, heightPx)
  const grounded = drawn(canvas as unknown as HTMLCanvasElement, picture, SCALE, () => {
    const whole = new OffscreenCanvas(canvas.width, canvas.height)
    const context = whole.getContext('2d')
    if (!context) throw new Error(`no picture of ${canvas.width} by ${canvas.height} pixels can be made here`)
    context.fillStyle = ground
    context.fillRect(0, 0, whole.width, whole.height)
    context.drawImage(canvas, 0, 0)
    return whole
  })
  const blob = await grounded.convertToBlob({ type: 'image/png' })
  const bytes = withResolution(new Uint8Array(await blob.arrayBuffer()), DOTS_PER_INCH)
  return { kind: 'png', name: `${name}.png`, bytes }
}

/** Draws at once, takes what was drawn, and lets the chart go: nothing answers to the mouse on paper. */
function drawn<T>(
  canvas: HTMLCanvasElement,
  { config, widthPx, heightPx }: ChartPicture,
  scale: number,
  take: () => T,
): T {
  canvas.width = widthPx
  canvas.height = heightPx
  const options = {
    ...config.options,
    animation: false,
    responsive: false,
    maintainAspectRatio: false,
    devicePixelRatio: scale,
    events: [],
  } as ChartConfiguration['options']
  const chart = new Chart(canvas, { ...config, platform: BasicPlatform, options } as ChartConfiguration)
  const result = take()
  chart.destroy()
  return result
}
