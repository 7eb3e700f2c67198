import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface, Hatch } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import type { PlotMoment } from '../types'
import { drawAxisLine } from './axis'
import { absentReading, AXIS_TEXT_PX, type LegendItem, type PlotView, type Track } from './track'

const shape = new PointBuffer()
const LANE_PX = 18

export interface MomentLane {
  readonly kind: PlotMoment['kind']
  readonly name: string
  /** Beside the axis, where there is room for a word. */
  readonly shortName: string
  readonly colour: string
  readonly mark: 'diamond' | 'triangle'
}

/** Stretches worth a look: a bar from start to end, and a mark where to look. */
export function momentTrack(options: {
  readonly id: string
  readonly title: string
  readonly moments: readonly PlotMoment[]
  readonly lanes: readonly MomentLane[]
  readonly describe: (moment: PlotMoment) => string
  readonly absentText: string
}): Track {
  const { lanes } = options
  const heightPx = lanes.length * LANE_PX
  const legend: LegendItem[] = lanes.map(({ name, colour, mark }) => ({
    label: name,
    fill: colour,
    shape: mark,
  }))
  return {
    id: options.id,
    kind: 'bars',
    title: options.title,
    unit: '',
    usualHeightPx: heightPx,
    leastHeightPx: heightPx,
    isStretchable: false,
    legend,
    draw(surface, view) {
      const { plot } = view
      const lanePx = plot.height / lanes.length
      surface.clipped(plot, () =>
        lanes.forEach((lane, index) => {
          const middleY = plot.y + (index + 0.5) * lanePx
          for (const moment of options.moments)
            if (moment.kind === lane.kind) drawMoment(surface, view, moment, { lane, middleY })
        }),
      )
      lanes.forEach(({ shortName }, index) =>
        surface.text(shortName, plot.x - 7, plot.y + (index + 0.5) * lanePx, {
          colour: view.theme.dim,
          sizePx: AXIS_TEXT_PX,
          align: 'right',
        }),
      )
      drawAxisLine(surface, view)
    },
    readAt(secs) {
      const values = lanes.flatMap(({ kind, name, colour }) => {
        const moment = options.moments.find(
          (other) => other.kind === kind && other.startSecs <= secs && secs < other.endSecs,
        )
        return moment ? [{ name, text: options.describe(moment), fill: colour }] : []
      })
      return values.length > 0 ? { values, absent: null, note: null } : absentReading(options.absentText)
    },
  }
}

function drawMoment(
  surface: DrawSurface,
  { scale, theme }: PlotView,
  moment: PlotMoment,
  { lane, middleY }: { readonly lane: MomentLane; readonly middleY: number },
): void {
  if (moment.endSecs < scale.range.fromSecs || moment.startSecs > scale.range.toSecs) return
  const x = pxFromSecs(scale, moment.startSecs)
  const width = Math.max(1, pxFromSecs(scale, moment.endSecs) - x)
  const hatch: Hatch = {
    kind: lane.mark === 'diamond' ? 'cross' : 'dots',
    colour: lane.colour,
    ground: theme.hatchGround,
    spacingPx: 5,
  }
  surface.fillRect({ x, y: middleY - 4, width, height: 8 }, hatch)
  surface.strokeRect({ x, y: middleY - 4, width, height: 8 }, { colour: lane.colour, widthPx: 1 })
  const atX = pxFromSecs(scale, moment.atSecs)
  shape.clear()
  if (lane.mark === 'diamond') {
    shape.add(atX, middleY - 6)
    shape.add(atX + 5, middleY)
    shape.add(atX, middleY + 6)
    shape.add(atX - 5, middleY)
  } else {
    shape.add(atX, middleY - 6)
    shape.add(atX + 5.5, middleY + 4.5)
    shape.add(atX - 5.5, middleY + 4.5)
  }
  surface.fillPolygon(shape, lane.colour)
}
