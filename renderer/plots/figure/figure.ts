import type { DrawSurface } from '../surface/surface'
import { drawExclusionBands } from '../lanes/bands'
import type { LaneIndex } from '../lanes/lane-index'
import { PRINT_THEME, type PlotTheme } from '../theme'
import type { TimeRange } from '../time-scale'
import { drawRuler, drawTimeGrid, RULER_HEIGHT_PX } from '../tracks/ruler'
import { AXIS_TEXT_PX, AXIS_WIDTH_PX, type LegendItem, type PlotView, type Track } from '../tracks/track'
import { drawLegend, legendHeightPx } from './legend'

/** What a figure for print shows: tracks over one time axis, named and explained. */
export interface Figure {
  readonly title: string
  /** Clip, part of it, models and settings: what a reader needs to judge the figure. */
  readonly notes: readonly string[]
  readonly tracks: readonly { readonly track: Track; readonly heightPx: number }[]
  readonly legend: readonly LegendItem[]
  /** Time that counts nowhere, hatched over every track. */
  readonly excluded?: LaneIndex
  readonly range: TimeRange
  readonly widthPx: number
  /** Text under the time axis from how its labels are to be read, such as "m:ss". */
  readonly timeTitle: (format: string) => string
  readonly theme: PlotTheme
}

const MARGIN_PX = 20
const TITLE_PX = 16
const NAME_WIDTH_PX = 132
const GAP_PX = 12
const NOTE_LINE_PX = 16

/** The theme of figures with the researcher's own emotion colours. */
export function figureTheme(emotionColours: readonly string[]): PlotTheme {
  return { ...PRINT_THEME, emotionColours }
}

/** Height that the figure takes up, on the surface that will measure its texts. */
export function figureHeightPx(figure: Figure, surface: Pick<DrawSurface, 'measureText'>): number {
  const tracksPx = figure.tracks.reduce((sum, { heightPx }) => sum + heightPx + GAP_PX, 0)
  const headPx = MARGIN_PX + TITLE_PX + 10
  const legendPx = legendHeightPx(surface, figure.legend, figure.widthPx - 2 * MARGIN_PX)
  const notesPx = wrappedNotes(figure, surface).length * NOTE_LINE_PX
  return Math.ceil(headPx + tracksPx + RULER_HEIGHT_PX + 18 + legendPx + notesPx + MARGIN_PX)
}

/** Draws a figure on a surface of `widthPx` by `figureHeightPx`. */
export function drawFigure(surface: DrawSurface, figure: Figure): void {
  const { theme, widthPx } = figure
  const heightPx = figureHeightPx(figure, surface)
  surface.fillRect({ x: 0, y: 0, width: widthPx, height: heightPx }, theme.ground)
  surface.text(figure.title, MARGIN_PX, MARGIN_PX + TITLE_PX / 2, {
    colour: theme.text,
    sizePx: TITLE_PX,
    isBold: true,
  })
  const plotX = MARGIN_PX + NAME_WIDTH_PX + AXIS_WIDTH_PX
  const plotWidth = widthPx - plotX - MARGIN_PX
  const scale = { range: figure.range, leftPx: plotX, widthPx: plotWidth }
  let y = MARGIN_PX + TITLE_PX + 10
  for (const { track, heightPx: height } of figure.tracks) {
    const view: PlotView = { plot: { x: plotX, y, width: plotWidth, height }, scale, theme }
    drawTimeGrid(surface, view)
    track.draw(surface, view)
    if (figure.excluded) drawExclusionBands(surface, view, figure.excluded)
    drawName(surface, track, { y, heightPx: height, theme })
    y += height + GAP_PX
  }
  y -= GAP_PX - 4
  const ruler: PlotView = { plot: { x: plotX, y, width: plotWidth, height: RULER_HEIGHT_PX }, scale, theme }
  const format = drawRuler(surface, ruler, 'below')
  y += RULER_HEIGHT_PX
  surface.text(figure.timeTitle(format), plotX + plotWidth / 2, y + 4, {
    colour: theme.text,
    sizePx: AXIS_TEXT_PX,
    align: 'center',
  })
  y += 26
  const legendWidth = widthPx - 2 * MARGIN_PX
  drawLegend(surface, figure.legend, { x: MARGIN_PX, y, width: legendWidth, theme })
  y += legendHeightPx(surface, figure.legend, legendWidth)
  for (const note of wrappedNotes(figure, surface)) {
    surface.text(note, MARGIN_PX, y + NOTE_LINE_PX / 2, { colour: theme.dim, sizePx: AXIS_TEXT_PX })
    y += NOTE_LINE_PX
  }
}

function drawName(
  surface: DrawSurface,
  track: Track,
  { y, heightPx, theme }: { readonly y: number; readonly heightPx: number; readonly theme: PlotTheme },
): void {
  const hasUnit = track.unit !== '' && heightPx >= 30
  const middleY = y + heightPx / 2
  const style = { colour: theme.text, sizePx: 12, isBold: true }
  const lines = wrapped(surface, track.title, NAME_WIDTH_PX - 4, style)
  const linePx = 15
  const allPx = (lines.length + (hasUnit ? 1 : 0)) * linePx
  lines.forEach((text, line) =>
    surface.text(text, MARGIN_PX, middleY - allPx / 2 + (line + 0.5) * linePx, style),
  )
  if (hasUnit)
    surface.text(track.unit, MARGIN_PX, middleY - allPx / 2 + (lines.length + 0.5) * linePx, {
      colour: theme.dim,
      sizePx: AXIS_TEXT_PX,
    })
}

function wrappedNotes(figure: Figure, surface: Pick<DrawSurface, 'measureText'>): string[] {
  const style = { colour: figure.theme.dim, sizePx: AXIS_TEXT_PX }
  return figure.notes.flatMap((note) => wrapped(surface, note, figure.widthPx - 2 * MARGIN_PX, style))
}

/** Breaks a text between words; a word wider than the line stands on a line of its own. */
function wrapped(
  surface: Pick<DrawSurface, 'measureText'>,
  text: string,
  widthPx: number,
  style: { readonly colour: string; readonly sizePx: number; readonly isBold?: boolean },
): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    const longer = last === undefined ? word : `${last} ${word}`
    if (last !== undefined && surface.measureText(longer, style) <= widthPx) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
