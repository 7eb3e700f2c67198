import type { Figure } from '../../../plots/figure/figure'
import type { LaneIndex } from '../../../plots/lanes/lane-index'
import type { LegendItem, Track } from '../../../plots/tracks/track'
import type { PlotTheme } from '../../../plots/theme'
import type { TimeRange } from '../../../plots/time-scale'
import { formatTime } from '../../../plots/time-ticks'
import { t } from '../../../strings'

export interface ClipFigureOptions {
  readonly clipName: string
  /** Models, versions and settings in words. */
  readonly settingsText: string
  readonly tracks: readonly Track[]
  readonly heightsPx: readonly number[]
  readonly range: TimeRange
  readonly theme: PlotTheme
  /** Time that counts nowhere. */
  readonly excluded: LaneIndex
}

/** Wide enough for two columns of a journal. */
const FIGURE_WIDTH_PX = 1080

/** The tracks of a clip as a figure with everything that a reader needs to judge it. */
export function clipFigure(options: ClipFigureOptions): Figure {
  const { tracks, range } = options
  const view = t('timeline.figure.range', {
    from: formatTime(range.fromSecs, 3),
    to: formatTime(range.toSecs, 3),
  })
  const scales = tracks.some(({ id }) => id === 'mfcc') ? [t('timeline.figure.mfccScale')] : []
  return {
    title: options.clipName,
    notes: [[view, ...scales].join('. '), options.settingsText].filter((note) => note !== ''),
    tracks: tracks.map((track, at) => ({ track, heightPx: options.heightsPx[at] ?? track.usualHeightPx })),
    legend: figureLegend(tracks),
    excluded: options.excluded,
    range,
    widthPx: FIGURE_WIDTH_PX,
    timeTitle: (format) => t('timeline.ruler.unit', { format }),
    theme: options.theme,
  }
}

/** Each sample once: the emotion tracks share theirs, and codes are named as the emotions that they are. */
function figureLegend(tracks: readonly Track[]): LegendItem[] {
  const items = new Map<string, LegendItem>()
  for (const track of tracks)
    for (const item of track.legend) {
      const key = `${item.label.toLowerCase()} ${JSON.stringify(item.fill)}`
      if (!items.has(key)) items.set(key, item)
    }
  return [...items.values()]
}
