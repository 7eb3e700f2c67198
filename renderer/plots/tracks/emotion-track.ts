import { entryAt } from '../series/clock'
import { emptyExtremeColumns, extremeColumns } from '../series/extremes-index'
import type { IndexedValues } from '../series/lazy'
import { emptyMeanColumns, meanColumns } from '../series/mean-index'
import { EMOTION_COUNT } from '../series/rows'
import type { DrawSurface } from '../surface/surface'
import { legibleOn } from '../theme'
import { valueTicks } from '../value-ticks'
import { drawAbsence } from './absence'
import { drawGrid, drawValueAxis } from './axis'
import { drawEmotionLines, drawStackedAreas, EMOTION_DASHES } from './emotion-painter'
import {
  absentReading,
  type LegendItem,
  pixelGrid,
  type PlotView,
  type Track,
  type TrackReading,
} from './track'

export interface EmotionTrackOptions {
  readonly id: string
  readonly title: string
  readonly shortTitle?: string
  readonly unit: string
  readonly data: IndexedValues
  /** In canonical order. */
  readonly emotionNames: readonly string[]
  readonly emotionColours: readonly string[]
  /** What lines are drawn on. */
  readonly ground: string
  readonly isVisible: readonly boolean[]
  readonly style: 'areas' | 'lines'
  /** Why there is no value at an instant. */
  readonly absentAt: (secs: number) => string
  /** What must be known of a value of an entry of the series, or null. */
  readonly noteAt?: (secs: number, entry: number) => string | null
}

/** Columns of lines that each hold several frames: seven lines with their bands a pixel apart are a blur, and slow. */
const COARSE_PX = 2

/** Emotion probabilities over time, as stacked areas or lines. */
export function emotionTrack(options: EmotionTrackOptions): Track {
  const means = emptyMeanColumns()
  const extremes = emptyExtremeColumns()
  return {
    id: options.id,
    kind: 'emotions',
    title: options.title,
    ...(options.shortTitle ? { shortTitle: options.shortTitle } : {}),
    unit: options.unit,
    usualHeightPx: 92,
    leastHeightPx: 44,
    isStretchable: true,
    legend: options.emotionNames.flatMap((label, emotion): LegendItem[] => {
      if (!options.isVisible[emotion]) return []
      const fill = options.emotionColours[emotion]!
      if (options.style === 'areas') return [{ label, fill, shape: 'area' }]
      const lineFill = legibleOn(options.ground, fill)
      return [{ label, fill: lineFill, shape: 'line', dash: EMOTION_DASHES[emotion]! }]
    }),
    draw(surface: DrawSurface, view: PlotView): void {
      const axis = { low: 0, high: 1, ticks: valueTicks(0, 1, view.plot.height < 120 ? 3 : 6) }
      const { data, isVisible } = options
      if (options.style === 'areas') {
        meanColumns(data.means(), pixelGrid(surface, view), means)
        drawAbsence(surface, view, means)
        drawStackedAreas(surface, view, means, isVisible)
      } else {
        const fine = pixelGrid(surface, view)
        const isCoarse = holdsSeveral(data, fine.stepSecs)
        const grid = isCoarse ? pixelGrid(surface, view, COARSE_PX) : fine
        meanColumns(data.means(), grid, means)
        drawAbsence(surface, view, means)
        drawGrid(surface, view, axis)
        if (isCoarse) extremeColumns(data.extremes(), grid, extremes)
        drawEmotionLines(surface, view, means, { extremes: isCoarse ? extremes : null, isVisible })
      }
      drawValueAxis(surface, view, axis)
    },
    readAt: (secs) => readEmotions(options, secs),
  }
}

/** Whether a column is wider than a typical entry. */
function holdsSeveral({ series }: IndexedValues, stepSecs: number): boolean {
  const { count, startSecs, endSecs } = series
  if (count === 0) return false
  return stepSecs > (endSecs[count - 1]! - startSecs[0]!) / count
}

function readEmotions(options: EmotionTrackOptions, secs: number): TrackReading {
  const { series } = options.data
  const entry = entryAt(series, secs)
  const from = entry >= 0 ? series.row[entry]! * EMOTION_COUNT : -1
  if (from < 0 || Number.isNaN(series.values[from]!)) return absentReading(options.absentAt(secs))
  return {
    values: options.emotionNames.map((name, emotion) => ({
      name,
      text: series.values[from + emotion]!.toFixed(3),
      fill: options.emotionColours[emotion]!,
    })),
    absent: null,
    note: options.noteAt?.(secs, entry) ?? null,
  }
}
