import type { ExtremeColumns } from '../series/extremes-index'
import type { MeanColumns } from '../series/mean-index'
import { EMOTION_COUNT } from '../series/rows'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { legibleOn } from '../theme'
import type { PlotView } from './track'

const outline = new PointBuffer()
/** Heights of the stack so far, one a column; kept between redraws. */
let stackPx = new Float32Array(0)

/** Dashes that tell lines apart without colour, in canonical order. */
export const EMOTION_DASHES: readonly (readonly number[])[] = [
  [],
  [],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 3],
]

/**
 * Stacked areas. A column's stack is as high as the share of its time with a value, so that area stays probability times
 * time however far one zooms out.
 */
export function drawStackedAreas(
  surface: DrawSurface,
  { plot, theme }: PlotView,
  columns: MeanColumns,
  isVisible: readonly boolean[],
): void {
  const { count, means, presentShare } = columns
  const columnPx = plot.width / count
  const bottom = plot.y + plot.height
  if (stackPx.length < count) stackPx = new Float32Array(count)
  stackPx.fill(0, 0, count)
  for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
    if (!isVisible[emotion]) continue
    for (let column = 0; column < count; column++) {
      const mean = means[column * EMOTION_COUNT + emotion]!
      if (presentShare[column]! > 0) stackPx[column]! += mean * presentShare[column]! * plot.height
    }
  }
  // From the top of the stack down, each area to the ground and the next one over it: no seams between neighbours.
  for (let emotion = EMOTION_COUNT - 1; emotion >= 0; emotion--) {
    if (!isVisible[emotion]) continue
    outline.clear()
    outline.add(plot.x, bottom)
    for (let column = 0; column < count;) {
      const heightPx = stackPx[column]!
      let end = column + 1
      while (end < count && Math.abs(stackPx[end]! - heightPx) < 0.02) end++
      const y = bottom - Math.min(plot.height, heightPx)
      outline.add(plot.x + column * columnPx, y)
      outline.add(plot.x + end * columnPx, y)
      column = end
    }
    outline.add(plot.x + plot.width, bottom)
    surface.fillPolygon(outline, theme.emotionColours[emotion]!)
    for (let column = 0; column < count; column++)
      if (presentShare[column]! > 0)
        stackPx[column]! -= means[column * EMOTION_COUNT + emotion]! * presentShare[column]! * plot.height
  }
}

/** A line a visible emotion through the means; behind it, where columns hold several frames, the band from least to greatest. */
export function drawEmotionLines(
  surface: DrawSurface,
  view: PlotView,
  columns: MeanColumns,
  options: { readonly extremes: ExtremeColumns | null; readonly isVisible: readonly boolean[] },
): void {
  const { theme } = view
  const colours = theme.emotionColours.map((colour) => legibleOn(theme.ground, colour))
  for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
    if (!options.isVisible[emotion]) continue
    const colour = colours[emotion]!
    if (options.extremes) {
      for (const band of bandsOf(view, columns.count, options.extremes, emotion))
        surface.fillPolygon(band, colour, 0.2)
    }
  }
  for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
    if (!options.isVisible[emotion]) continue
    traceMeans(view, columns, emotion, EMOTION_COUNT)
    const dash = EMOTION_DASHES[emotion]!
    surface.strokeLine(outline, { colour: colours[emotion]!, widthPx: 1.6, dash })
  }
}

/** Puts the line through one channel's means into `outline`, with the pen up over columns without a value. */
function traceMeans(
  { plot }: PlotView,
  { count, means, presentShare }: MeanColumns,
  channel: number,
  channels: number,
): void {
  const columnPx = plot.width / count
  outline.clear()
  let isDrawing = false
  for (let column = 0; column < count;) {
    if (presentShare[column] === 0) {
      if (isDrawing) outline.liftPen()
      isDrawing = false
      column++
      continue
    }
    const value = means[column * channels + channel]!
    let end = column + 1
    while (end < count && presentShare[end]! > 0 && means[end * channels + channel] === value) end++
    const y = plot.y + (1 - value) * plot.height
    outline.add(plot.x + column * columnPx, y)
    outline.add(plot.x + end * columnPx, y)
    isDrawing = true
    column = end
  }
}

/** One line of values 0..1, for the weights of the modalities. */
export function drawUnitLine(
  surface: DrawSurface,
  view: PlotView,
  columns: MeanColumns,
  style: { readonly colour: string; readonly dash: readonly number[]; readonly widthPx: number },
): void {
  traceMeans(view, columns, 0, 1)
  surface.strokeLine(outline, style)
}

/** Band between least and greatest value, one polygon for each stretch without a gap. */
function* bandsOf(
  { plot }: PlotView,
  count: number,
  { minimum, maximum }: ExtremeColumns,
  channel: number,
): Generator<PointBuffer> {
  const columnPx = plot.width / count
  const y = (value: number): number => plot.y + (1 - value) * plot.height
  for (let from = 0; from < count; from++) {
    if (Number.isNaN(minimum[from * EMOTION_COUNT + channel]!)) continue
    let end = from
    while (end < count && !Number.isNaN(minimum[end * EMOTION_COUNT + channel]!)) end++
    outline.clear()
    for (let column = from; column < end; column++) {
      const top = y(maximum[column * EMOTION_COUNT + channel]!)
      outline.add(plot.x + column * columnPx, top)
      outline.add(plot.x + (column + 1) * columnPx, top)
    }
    for (let column = end - 1; column >= from; column--) {
      const bottom = y(minimum[column * EMOTION_COUNT + channel]!)
      outline.add(plot.x + (column + 1) * columnPx, bottom)
      outline.add(plot.x + column * columnPx, bottom)
    }
    yield outline
    from = end
  }
}
