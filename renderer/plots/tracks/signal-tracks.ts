import { type ColourMap, DIVERGING_DARK_MAP, DIVERGING_MAP, SEQUENTIAL_MAP } from '../colour-maps'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, PixelImage } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import type { LogMelColumns, MfccColumns, WaveformColumns } from '../types'
import { valueTicks } from '../value-ticks'
import { absenceHatch } from './absence'
import { drawAxisLine, drawGrid, drawRowNames, drawValueAxis } from './axis'
import { logMelImage, mfccImage, mfccRowOrder, signalColumnAt, signalRect } from './heat-map'
import { absentReading, type LegendItem, pixelGrid, type PlotView, type Track } from './track'

export interface SignalTrackOptions<Columns> {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** The last picture that came, which may be of another range; null: none yet, or no sound. */
  readonly columns: () => Columns | null
  readonly absentText: string
}

const bars = new PointBuffer()
/** Pictures of answers, by answer: colouring again on every redraw would cost more than drawing. */
const images = new WeakMap<object, Map<object, PixelImage>>()

/** Waveform: the least and greatest sample of each column, and the louder half of it, its root mean square. */
export function waveformTrack(
  options: SignalTrackOptions<WaveformColumns> & {
    /** Amplitude at the edges of the plot, 0..1. */
    readonly fullScale: () => number
    readonly colour: string
    readonly peakName: string
    readonly rmsName: string
  },
): Track {
  return {
    id: options.id,
    kind: 'sound',
    title: options.title,
    unit: options.unit,
    usualHeightPx: 64,
    leastHeightPx: 36,
    isStretchable: true,
    legend: [],
    draw(surface, view) {
      const full = options.fullScale()
      const axis = { low: -full, high: full, ticks: valueTicks(-full, full, 3) }
      drawGrid(surface, view, axis)
      const columns = options.columns()
      drawMissingSound(surface, view, columns)
      if (columns) {
        surface.clipped(view.plot, () => {
          traceWave(surface, view, columns, { full, isRms: false })
          surface.fillRects(bars, options.colour, 0.5)
          traceWave(surface, view, columns, { full, isRms: true })
          surface.fillRects(bars, options.colour)
        })
      }
      drawValueAxis(surface, view, axis)
    },
    readAt(secs) {
      const columns = options.columns()
      const column = columns ? signalColumnAt(columns, secs) : -1
      if (!columns || column < 0) return absentReading(options.absentText)
      const peak = Math.max(columns.maximum[column]!, -columns.minimum[column]!)
      return {
        values: [
          { name: options.peakName, text: peak.toFixed(3) },
          { name: options.rmsName, text: columns.rms[column]!.toFixed(3) },
        ],
        absent: null,
        note: null,
      }
    },
  }
}

/**
 * Puts a bar for each pixel column into `bars`: over the least and greatest sample of the sound's columns that it touches, or
 * over the loudest of their root mean squares. Never lower than half a pixel, so that silence is a line.
 */
function traceWave(
  surface: DrawSurface,
  view: PlotView,
  columns: WaveformColumns,
  { full, isRms }: { readonly full: number; readonly isRms: boolean },
): void {
  const { plot } = view
  const grid = pixelGrid(surface, view)
  const middle = plot.y + plot.height / 2
  const unitPx = plot.height / 2 / full
  bars.clear()
  for (let pixel = 0; pixel < grid.count; pixel++) {
    const fromSecs = grid.fromSecs + pixel * grid.stepSecs
    const first = Math.max(0, Math.floor((fromSecs - columns.startSecs) / columns.stepSecs))
    const reached = Math.ceil((fromSecs + grid.stepSecs - columns.startSecs) / columns.stepSecs)
    const end = Math.min(columns.columns, reached)
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let column = first; column < end; column++) {
      const top = isRms ? columns.rms[column]! : columns.maximum[column]!
      const bottom = isRms ? -top : columns.minimum[column]!
      if (top > high) high = top
      if (bottom < low) low = bottom
    }
    if (high < low) continue
    const heightPx = Math.max(0.5, (high - low) * unitPx)
    bars.addRect(
      plot.x + pixel * grid.columnPx,
      middle - ((high + low) / 2) * unitPx - heightPx / 2,
      grid.columnPx,
      heightPx,
    )
  }
}

/** Log-mel spectrogram over frequency. */
export function logMelTrack(
  options: SignalTrackOptions<LogMelColumns> & {
    readonly levelName: string
    /** Names the colours from the lowest to the highest level in decibels. */
    readonly rampName: (low: string, high: string) => string
  },
): Track {
  return {
    id: options.id,
    kind: 'sound',
    title: options.title,
    unit: options.unit,
    usualHeightPx: 96,
    leastHeightPx: 48,
    isStretchable: true,
    get legend() {
      const columns = options.columns()
      if (!columns) return []
      const [low, high] = [decibels(columns.low).toFixed(0), decibels(columns.high).toFixed(0)]
      return [rampItem(options.rampName(low, high), SEQUENTIAL_MAP)]
    },
    draw(surface, view) {
      const columns = options.columns()
      drawMissingSound(surface, view, columns)
      if (!columns || columns.columns === 0) return drawAxisLine(surface, view)
      const image = imageOf(columns, SEQUENTIAL_MAP, () => logMelImage(columns, SEQUENTIAL_MAP))
      surface.clipped(view.plot, () => surface.image(image, signalRect(view, columns)))
      drawValueAxis(surface, view, { low: 0, high: columns.bands, ticks: hzTicks(columns.bandHz) })
    },
    readAt(secs) {
      const columns = options.columns()
      const column = columns ? signalColumnAt(columns, secs) : -1
      if (!columns || column < 0) return absentReading(options.absentText)
      const codes = columns.codes.subarray(column * columns.bands, (column + 1) * columns.bands)
      const loudest = codes.indexOf(Math.max(...codes))
      const levelDb = decibels(columns.offset + columns.scale * codes[loudest]!)
      const hz = Math.round(columns.bandHz[loudest] ?? 0)
      return {
        values: [{ name: options.levelName, text: `${hz} Hz, ${levelDb.toFixed(1)} dB` }],
        absent: null,
        note: null,
      }
    },
  }
}

/**
 * Round frequencies at their place among bands that are not evenly spaced in hertz, those to be labelled first in front;
 * band k reaches from k to k + 1.
 */
export function hzTicks(bandHz: ArrayLike<number>): { value: number; label: string }[] {
  const round = [1000, 4000, 250, 2000, 500, 100, 8000]
  return round.flatMap((hz) => {
    for (let band = 0; band + 1 < bandHz.length; band++) {
      const from = bandHz[band]!
      const to = bandHz[band + 1]!
      if (hz < from || hz > to) continue
      const label = hz >= 1000 ? `${hz / 1000}k` : String(hz)
      return [{ value: band + 0.5 + (hz - from) / (to - from), label }]
    }
    return []
  })
}

/** The 13 base features of the speech model, each row about the middle of its own range. */
export function mfccTrack(
  options: SignalTrackOptions<MfccColumns> & {
    readonly energyName: string
    readonly rampName: string
    readonly isDark: boolean
  },
): Track {
  const map = options.isDark ? DIVERGING_DARK_MAP : DIVERGING_MAP
  const nameOf = (columns: MfccColumns, row: number): string =>
    row === columns.rows - 1 ? options.energyName : `c${row + 1}`
  return {
    id: options.id,
    kind: 'sound',
    title: options.title,
    unit: options.unit,
    usualHeightPx: 164,
    leastHeightPx: 78,
    isStretchable: true,
    get legend() {
      return options.columns() ? [rampItem(options.rampName, map)] : []
    },
    draw(surface, view) {
      const columns = options.columns()
      drawMissingSound(surface, view, columns)
      if (!columns || columns.columns === 0) return drawAxisLine(surface, view)
      const image = imageOf(columns, map, () => mfccImage(columns, map))
      surface.clipped(view.plot, () => surface.image(image, signalRect(view, columns)))
      drawRowNames(
        surface,
        view,
        mfccRowOrder(columns).map((row) => nameOf(columns, row)),
      )
      drawAxisLine(surface, view)
    },
    readAt(secs) {
      const columns = options.columns()
      const column = columns ? signalColumnAt(columns, secs) : -1
      if (!columns || column < 0) return absentReading(options.absentText)
      return {
        values: mfccRowOrder(columns).map((row) => ({
          name: nameOf(columns, row),
          text: columns.values[row * columns.columns + column]!.toFixed(2),
        })),
        absent: null,
        note: null,
      }
    },
  }
}

/** Power in natural log units, as the tables have it, as decibels. */
function decibels(logPower: number): number {
  return (10 / Math.LN10) * logPower
}

/** A map's colours in little, a pixel for every fourth. */
function rampItem(label: string, map: ColourMap): LegendItem {
  const colours = Array.from({ length: 64 }, (_, at) => {
    const [red, green, blue] = map.subarray(at * 12, at * 12 + 3)
    return `rgb(${red} ${green} ${blue})`
  })
  return { label, fill: colours[32]!, shape: 'ramp', ramp: colours }
}

function imageOf(answer: object, map: object, make: () => PixelImage): PixelImage {
  const known = images.get(answer) ?? new Map<object, PixelImage>()
  images.set(answer, known)
  const image = known.get(map) ?? make()
  known.set(map, image)
  return image
}

/** Hatches what lies outside the sound; nothing while it is not known where that ends. */
function drawMissingSound(
  surface: DrawSurface,
  view: PlotView,
  columns: {
    readonly soundStartSecs: number
    readonly soundEndSecs: number
    readonly isComplete: boolean
  } | null,
): void {
  if (!columns) return
  const { plot, scale } = view
  const hatch = absenceHatch(view.theme)
  const startX = Math.min(plot.x + plot.width, pxFromSecs(scale, columns.soundStartSecs))
  const endX = Math.max(plot.x, pxFromSecs(scale, columns.soundEndSecs))
  if (startX > plot.x) surface.fillRect({ ...plot, width: startX - plot.x }, hatch)
  if (columns.isComplete && endX < plot.x + plot.width)
    surface.fillRect({ ...plot, x: endX, width: plot.x + plot.width - endX }, hatch)
}
