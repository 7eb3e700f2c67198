import { entryAt, type TimedStates } from '../series/clock'
import { once } from '../series/lazy'
import { buildStateIndex, emptyStateColumns, type StateColumns, stateColumns } from '../series/state-index'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, Fill } from '../surface/surface'
import { drawAxisLine } from './axis'
import { absentReading, pixelGrid, type PlotView, type Track } from './track'

export interface StripState {
  readonly name: string
  readonly fill: Fill
}

/** Rectangles of each state; kept between redraws. */
const rectsOfState: PointBuffer[] = []

/**
 * A strip of states. A column that holds several shows each as high as its share of the column's time, and none of them
 * thinner than a pixel; what no state covers stays empty.
 */
export function stripTrack(options: {
  readonly id: string
  readonly title: string
  readonly series: TimedStates
  /** By code of the series. */
  readonly states: readonly StripState[]
  readonly uncovered: string
}): Track {
  const index = once(() => buildStateIndex(options.series))
  const columns = emptyStateColumns()
  const present = once(() => new Set(options.series.state.subarray(0, options.series.count)))
  return {
    id: options.id,
    kind: 'strip',
    title: options.title,
    unit: '',
    usualHeightPx: 24,
    leastHeightPx: 16,
    isStretchable: false,
    get legend() {
      return options.states.flatMap(({ name, fill }, code) =>
        present().has(code) ? [{ label: name, fill, shape: 'area' as const }] : [],
      )
    },
    draw(surface, view) {
      stateColumns(index(), pixelGrid(surface, view), columns)
      drawStates(surface, view, columns, options.states)
      drawAxisLine(surface, view)
    },
    readAt(secs) {
      const entry = entryAt(options.series, secs)
      const state = entry >= 0 ? options.states[options.series.state[entry]!] : undefined
      if (!state) return absentReading(options.uncovered)
      return {
        values: [{ name: options.title, text: state.name, fill: state.fill }],
        absent: null,
        note: null,
      }
    },
  }
}

function drawStates(
  surface: DrawSurface,
  { plot }: PlotView,
  { count, shares }: StateColumns,
  states: readonly StripState[],
): void {
  const columnPx = plot.width / count
  const width = states.length
  while (rectsOfState.length < width) rectsOfState.push(new PointBuffer())
  for (const rects of rectsOfState) rects.clear()
  const heightsPx = new Float64Array(width)
  for (let from = 0, end: number; from < count; from = end) {
    for (end = from + 1; end < count && isSameMix(shares, from, end, width);) end++
    stackHeights(shares, from * width, plot.height, heightsPx)
    let y = plot.y
    for (let code = 0; code < width; code++) {
      const heightPx = heightsPx[code]!
      if (heightPx > 0)
        rectsOfState[code]!.addRect(plot.x + from * columnPx, y, (end - from) * columnPx, heightPx)
      y += heightPx
    }
  }
  states.forEach(({ fill }, code) => surface.fillRects(rectsOfState[code]!, fill))
}

function isSameMix(shares: Float32Array, a: number, b: number, width: number): boolean {
  for (let code = 0; code < width; code++)
    if (shares[a * width + code] !== shares[b * width + code]) return false
  return true
}

/** Heights of the states of one column; what thin ones gain by being rounded up is taken from the highest. */
function stackHeights(shares: Float32Array, at: number, heightPx: number, into: Float64Array): void {
  let coveredPx = 0
  let usedPx = 0
  let highest = 0
  for (let code = 0; code < into.length; code++) {
    const share = shares[at + code]!
    into[code] = share > 0 ? Math.max(1, share * heightPx) : 0
    coveredPx += share * heightPx
    usedPx += into[code]!
    if (into[code]! > into[highest]!) highest = code
  }
  into[highest]! += Math.min(heightPx, coveredPx) - usedPx
}
