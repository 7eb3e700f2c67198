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
    for (let column = 0; column < count;) {
      const heightPx = stackPx[column]!
      let end = column + 1
      while (end < count && Math.abs(stackPx[end]! - heightPx) < 0.02) end++
      outline.add(plot.x + column * columnPx, bottom - Math.min(plot.height, heightPx))
      column = end
    }
    outline.add(plot.x + plot.width, bottom)
    surface.fillSteps(outline, bottom, theme.emotionColours[emotion]!)
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
    if (!options.extremes) continue
    traceBand(view, columns.count, options.extremes, emotion)
    surface.fillRects(outline, colour, 0.22)
  }
  for (let emotion = 0; emotion < EMOTION_COUNT; emotion++) {
    if (!options.isVisible[emotion]) continue
    traceMeans(view, columns, emotion, EMOTION_COUNT)
    // Dashes of a line that goes up and down in every column could not be seen, and take long to draw.
    const dash = options.extremes ? [] : EMOTION_DASHES[emotion]!
    surface.strokeSteps(outline, { colour: colours[emotion]!, widthPx: options.extremes ? 1.2 : 1.6, dash })
  }
}

/** Puts the steps of one channel's means into `outline`, with gaps where columns have no value. */
function traceMeans(
  { plot }: PlotView,
  { count, means, presentShare }: MeanColumns,
  channel: number,
  channels: number,
): void {
  const columnPx = plot.width / count
  outline.clear()
  for (let column = 0; column < count;) {
    const value = presentShare[column]! > 0 ? means[column * channels + channel]! : Number.NaN
    let end = column + 1
    while (end < count && isSameStep(means, presentShare, end, { value, channel, channels })) end++
    outline.add(plot.x + column * columnPx, plot.y + (1 - value) * plot.height)
    column = end
  }
  outline.add(plot.x + plot.width, 0)
}

function isSameStep(
  means: Float32Array,
  presentShare: Float32Array,
  column: number,
  {
    value,
    channel,
    channels,
  }: { readonly value: number; readonly channel: number; readonly channels: number },
): boolean {
  if (presentShare[column] === 0) return Number.isNaN(value)
  return means[column * channels + channel] === value
}

/** One line of values 0..1, for the weights of the modalities. */
export function drawUnitLine(
  surface: DrawSurface,
  view: PlotView,
  columns: MeanColumns,
  style: { readonly colour: string; readonly dash: readonly number[]; readonly widthPx: number },
): void {
  traceMeans(view, columns, 0, 1)
  surface.strokeSteps(outline, style)
}

/** Puts a bar from least to greatest value of each column into `outline`. */
function traceBand(
  { plot }: PlotView,
  count: number,
  { minimum, maximum }: ExtremeColumns,
  channel: number,
): void {
  const columnPx = plot.width / count
  outline.clear()
  for (let column = 0; column < count; column++) {
    const low = minimum[column * EMOTION_COUNT + channel]!
    const high = maximum[column * EMOTION_COUNT + channel]!
    if (!(high > low)) continue
    const top = plot.y + (1 - high) * plot.height
    outline.addRect(plot.x + column * columnPx, top, columnPx, (high - low) * plot.height)
  }
}
