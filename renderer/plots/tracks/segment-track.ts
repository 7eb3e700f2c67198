import { textOn } from '../../design/emotion-colours'
import { PointBuffer } from '../surface/point-buffer'
import type { DrawSurface } from '../surface/surface'
import { pxFromSecs } from '../time-scale'
import type { PlotSegment, Rect } from '../types'
import { crisp, drawAxisLine } from './axis'
import { absentReading, AXIS_TEXT_PX, type PlotView, type Track } from './track'

export interface SegmentLane {
  readonly name: string
  /** By start; those of one lane do not overlap. */
  readonly segments: readonly PlotSegment[]
}

/** Room that the text of a bar needs beside it. */
const PADDING_PX = 5
const LANE_PX = 20
const outline = new PointBuffer()

/** Bars of one emotion each, a lane for each modality; their text shows where it fits. */
export function segmentTrack(options: {
  readonly id: string
  readonly title: string
  readonly lanes: readonly SegmentLane[]
  readonly emotionNames: readonly string[]
  readonly emotionColours: readonly string[]
  readonly absentText: string
}): Track {
  const { lanes } = options
  const heightPx = Math.max(1, lanes.length) * LANE_PX
  const nameOf = ({ emotion, label }: PlotSegment): string => options.emotionNames[emotion] ?? label
  return {
    id: options.id,
    kind: 'bars',
    title: options.title,
    unit: '',
    usualHeightPx: heightPx,
    leastHeightPx: heightPx,
    isStretchable: false,
    legend: [],
    draw(surface, view) {
      const { plot } = view
      const lanePx = plot.height / Math.max(1, lanes.length)
      surface.clipped(plot, () =>
        lanes.forEach(({ segments }, lane) => {
          const rect = { ...plot, y: plot.y + lane * lanePx + 1.5, height: lanePx - 3 }
          drawLane(surface, view, rect, { segments, nameOf, colours: options.emotionColours })
        }),
      )
      lanes.forEach(({ name }, lane) =>
        surface.text(name, plot.x - 7, plot.y + (lane + 0.5) * lanePx, {
          colour: view.theme.dim,
          sizePx: AXIS_TEXT_PX,
          align: 'right',
        }),
      )
      drawAxisLine(surface, view)
    },
    readAt(secs) {
      const values = lanes.flatMap(({ name, segments }) => {
        const segment = segmentAt(segments, secs)
        if (!segment) return []
        const fill = options.emotionColours[segment.emotion]
        return [{ name, text: nameOf(segment), ...(fill ? { fill } : {}) }]
      })
      return values.length > 0 ? { values, absent: null, note: null } : absentReading(options.absentText)
    },
  }
}

function drawLane(
  surface: DrawSurface,
  { scale, theme, plot }: PlotView,
  rect: Rect,
  lane: {
    readonly segments: readonly PlotSegment[]
    readonly nameOf: (segment: PlotSegment) => string
    readonly colours: readonly string[]
  },
): void {
  const { segments } = lane
  const minimumPx = Math.max(1, surface.finestPx)
  let drawnTo = Number.NEGATIVE_INFINITY
  for (let at = firstEndingAfter(segments, scale.range.fromSecs); at < segments.length; at++) {
    const segment = segments[at]!
    if (segment.startSecs >= scale.range.toSecs) break
    const x = pxFromSecs(scale, segment.startSecs)
    const width = Math.max(minimumPx, pxFromSecs(scale, segment.endSecs) - x)
    // Bars that lie on one pixel: the first one stands for them.
    if (x + width < drawnTo + minimumPx / 2) continue
    drawnTo = x + width
    const colour = lane.colours[segment.emotion] ?? theme.axis
    const gapPx = width > 4 ? 1 : 0
    const bar = { ...rect, x, width: width - gapPx }
    surface.fillRect(bar, colour)
    if (segment.source === 'human') drawHumanMark(surface, bar, theme.text)
    const visibleX = Math.max(plot.x, x)
    const roomPx = Math.min(plot.x + plot.width, x + width) - visibleX - 2 * PADDING_PX
    if (roomPx < 18) continue
    const style = { colour: colour.startsWith('#') ? textOn(colour) : theme.text, sizePx: AXIS_TEXT_PX }
    const text = lane.nameOf(segment)
    if (surface.measureText(text, style) <= roomPx)
      surface.text(text, visibleX + PADDING_PX, rect.y + rect.height / 2, style)
  }
}

/** What a person has set stands on a line. */
function drawHumanMark(surface: DrawSurface, bar: Rect, colour: string): void {
  const y = crisp(surface, bar.y + bar.height - 1)
  outline.clear()
  outline.add(bar.x, y)
  outline.add(bar.x + bar.width, y)
  surface.strokeLine(outline, { colour, widthPx: 2 })
}

function firstEndingAfter(segments: readonly PlotSegment[], secs: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (segments[middle]!.endSecs > secs) high = middle
    else low = middle + 1
  }
  return low
}

/** The segment that holds at an instant. */
export function segmentAt(segments: readonly PlotSegment[], secs: number): PlotSegment | null {
  const segment = segments[firstEndingAfter(segments, secs)]
  return segment && segment.startSecs <= secs ? segment : null
}
