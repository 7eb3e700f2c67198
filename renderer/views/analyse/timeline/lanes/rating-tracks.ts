import type { RatingItem, Study } from '../../../../../preload/contract/annotation'
import { legibleOn, type PlotTheme } from '../../../../plots/theme'
import { type RatingLine, ratingSeries, ratingTrack } from '../../../../plots/tracks/annotation-ratings'
import type { Track } from '../../../../plots/tracks/track'
import { t } from '../../../../strings'
import type { keptById } from './annotation-lanes-model'

/** Lines of others, told apart by colour and dashes alike. */
const OTHERS: readonly { readonly colour: string; readonly dash: readonly number[] }[] = [
  { colour: '#b94a05', dash: [7, 3] },
  { colour: '#0f6a48', dash: [2, 2] },
  { colour: '#8f398b', dash: [9, 3, 2, 3] },
  { colour: '#7a6a00', dash: [4, 2] },
]

/** A track for each dimension and subject that somebody rated; the observer's own lines first and solid. */
export function ratingTracks(
  keep: ReturnType<typeof keptById<Track>>,
  ratings: readonly RatingItem[],
  study: Study,
  observerId: string | null,
  theme: PlotTheme,
): Track[] {
  const tracks: Track[] = []
  const subjects = ['', ...study.subjects.map(({ id }) => id)]
  for (const dimension of study.scheme.dimensions)
    for (const subjectId of subjects) {
      const items = ratings.filter(
        (item) => item.dimensionId === dimension.id && item.subjectId === subjectId,
      )
      if (items.length === 0) continue
      const subject = study.subjects.find(({ id }) => id === subjectId)?.name ?? ''
      const id = `rating:${dimension.id}|${subjectId}`
      const make = (): Track =>
        ratingTrack({
          id,
          title:
            subject === ''
              ? t('lanes.rating', { dimension: dimension.name })
              : t('lanes.ratingOf', { dimension: dimension.name, subject }),
          unit: endsOf(dimension.lowLabel, dimension.highLabel),
          range: dimension,
          absentText: t('lanes.nothing'),
          lines: linesOf(items, study, observerId, theme).map(({ item, ...line }) => ({
            ...line,
            data: ratingSeries(item, dimension),
          })),
        })
      tracks.push(keep.of(id, [study, observerId, theme, ...items], make))
    }
  return tracks
}

function endsOf(low: string, high: string): string {
  return low === '' && high === '' ? '' : t('lanes.rating.ends', { low, high })
}

function linesOf(
  items: readonly RatingItem[],
  study: Study,
  observerId: string | null,
  theme: PlotTheme,
): (Omit<RatingLine, 'data'> & { readonly item: RatingItem })[] {
  const own = items.filter((item) => item.observerId === observerId)
  const others = items.filter((item) => item.observerId !== observerId)
  const nameOf = (id: string): string => study.observers.find((one) => one.id === id)?.name ?? id
  const raters = [...new Set(others.map((item) => item.observerId))]
  return [
    ...own.map((item) => ({
      item,
      name: nameOf(item.observerId),
      colour: theme.accent,
      dash: [],
    })),
    ...others.map((item) => {
      const { colour, dash } = OTHERS[raters.indexOf(item.observerId) % OTHERS.length]!
      return { item, name: nameOf(item.observerId), colour: legibleOn(theme.ground, colour), dash }
    }),
  ]
}
