import type { ForeignGroup, ForeignTrack } from '../../../preload/contract/foreign-tracks'
import { EMOTIONS } from '../../design/emotion-colours'
import { importedClock, importedColumn } from '../../plots/imported-series'
import { indexedValues, type IndexedValues, once } from '../../plots/series/lazy'
import { legibleOn, type PlotTheme } from '../../plots/theme'
import { EMOTION_DASHES } from '../../plots/tracks/emotion-painter'
import { type ImportedLine, importedTrack } from '../../plots/tracks/imported-track'
import type { Track } from '../../plots/tracks/track'
import { t } from '../../strings'

/** Lines that are no emotions: Okabe and Ito's colours, told apart also by colour-blind eyes, then by dashes. */
const LINE_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7a5cc0', '#6b6b6b']
const LINE_DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [9, 3, 2, 3]]

/** Tracks of a foreign table for the time axis; a theme makes them anew, the series stay. */
export function importedTracks(track: ForeignTrack): (theme: PlotTheme) => Track[] {
  const clock = once(() => importedClock(track))
  const columns = new Map<string, IndexedValues>()
  const dataOf = (group: ForeignGroup, column: number): IndexedValues => {
    const key = `${group.id} ${column}`
    const known = columns.get(key)
    if (known) return known
    const made = indexedValues(importedColumn(track, clock(), { column, low: group.low, high: group.high }))
    columns.set(key, made)
    return made
  }
  const width = track.columns.length
  const lineOf = (group: ForeignGroup, column: number, place: number, theme: PlotTheme): ImportedLine => {
    const { name, emotion } = track.columns[column]!
    const canonical = EMOTIONS.findIndex((one) => one === emotion)
    const plain = LINE_COLOURS[place % LINE_COLOURS.length]!
    const colour = canonical >= 0 ? theme.emotionColours[canonical]! : plain
    return {
      name: canonical >= 0 ? t(`emotion.${EMOTIONS[canonical]!}`) : name,
      data: dataOf(group, column),
      colour: legibleOn(theme.ground, colour),
      dash:
        canonical >= 0
          ? EMOTION_DASHES[canonical]!
          : LINE_DASHES[Math.floor(place / LINE_COLOURS.length) % LINE_DASHES.length]!,
      valueAt: (entry) => track.values[entry * width + column]!,
      reasonAt: (entry) => {
        const reason = track.reasonWords[track.reasons[entry * width + column]! - 1] ?? ''
        return t('interchange.track.absent', { reason })
      },
    }
  }
  const make = (theme: PlotTheme): Track[] =>
    track.groups.map((group) => {
      const column = track.columns[group.columns[0] ?? 0]?.name ?? ''
      return importedTrack({
        id: `imported-${track.id}-${group.id}`,
        title: t(`interchange.group.${group.kind}`, { title: track.title, column }),
        shortTitle: group.kind === 'other' ? column : track.title,
        unit: t('interchange.track.unit'),
        low: group.low,
        high: group.high,
        lines: group.columns.map((place, index) => lineOf(group, place, index, theme)),
        betweenText: t('interchange.track.between'),
      })
    }) // The same object again is not drawn anew; a figure has a theme of its own.
  const made = new WeakMap<PlotTheme, Track[]>()
  return (theme) => {
    const tracks = made.get(theme) ?? make(theme)
    made.set(theme, tracks)
    return tracks
  }
}
