import { DIVERGING_DARK_MAP, DIVERGING_MAP, SEQUENTIAL_MAP } from '../../plots/colour-maps'
import { faceCoverageFills, voiceCoverageFills, VOICE_STATES } from '../../plots/coverage-fills'
import { buildExtremesIndex } from '../../plots/series/extremes-index'
import type { IndexedValues } from '../../plots/series/lazy'
import { buildMeanIndex } from '../../plots/series/mean-index'
import type { CanvasSurface } from '../../plots/surface/canvas-surface'
import type { PlotTheme } from '../../plots/theme'
import { absenceHatch } from '../../plots/tracks/absence'
import { drawAxisLine, drawRowNames, drawValueAxis } from '../../plots/tracks/axis'
import { emotionTrack } from '../../plots/tracks/emotion-track'
import { gateTrack } from '../../plots/tracks/gate-track'
import { mfccRowOrder } from '../../plots/tracks/heat-map'
import { hzTicks } from '../../plots/tracks/signal-tracks'
import { stripTrack } from '../../plots/tracks/strip-track'
import type { PlotView, Track } from '../../plots/tracks/track'
import { ROW_QUALITIES } from '../../../preload/contract/viewer-port'
import type { LiveHistory } from '../../live/live-history'
import type { RollingValues } from '../../live/rolling-series'
import { type StringKey, t } from '../../strings'
import { HeatPicture } from './heat-picture'

type Context = CanvasRenderingContext2D

/** One plot of the rolling minute. */
export interface LiveTrack {
  readonly id: string
  readonly title: string
  /** Share of the height that is left over when every track has its least. */
  readonly weight: number
  readonly leastHeightPx: number
  draw(surface: CanvasSurface, context: Context, view: PlotView): void
}

export interface LiveTrackOptions {
  readonly history: LiveHistory
  readonly theme: PlotTheme
  readonly emotionNames: readonly string[]
  readonly hasFace: boolean
  readonly hasVoice: boolean
  /** Middle frequencies of the log-mel bands. */
  readonly bandHz: () => ArrayLike<number>
}

/** Plots of what there is: without a camera those of the voice alone, without a microphone those of the face. */
export function liveTracks(options: LiveTrackOptions): LiveTrack[] {
  const { hasFace, hasVoice } = options
  return [
    ...(hasFace ? [emotions(options, 'face', options.history.face)] : []),
    ...(hasVoice ? [emotions(options, 'speech', options.history.voice)] : []),
    emotions(options, 'fusion', options.history.fusion),
    weights(options),
    ...(hasFace ? [picture(options)] : []),
    ...(hasVoice ? [sound(options), mfcc(options), logMel(options)] : []),
  ]
}

/** The index of a series that has changed by the next redraw is not worth keeping. */
function unkept(values: RollingValues): IndexedValues {
  return {
    get series() {
      return values.series()
    },
    means: () => buildMeanIndex(values.series()),
    extremes: () => buildExtremesIndex(values.series()),
  }
}

function emotions(
  { theme, emotionNames }: LiveTrackOptions,
  id: 'face' | 'speech' | 'fusion',
  values: RollingValues,
): LiveTrack {
  const title = t(`live.plots.${id}`)
  const track = emotionTrack({
    id,
    title,
    unit: '',
    data: unkept(values),
    emotionNames,
    emotionColours: theme.emotionColours,
    ground: theme.ground,
    isVisible: emotionNames.map(() => true),
    style: 'areas',
    absentAt: () => t('live.plots.absent'),
  })
  return { id, title, weight: 3, leastHeightPx: 40, draw: (surface, _, view) => track.draw(surface, view) }
}

function weights({ history, theme, hasFace, hasVoice }: LiveTrackOptions): LiveTrack {
  const title = t('live.plots.weights')
  const line = (id: 'face' | 'speech', values: RollingValues, dash: readonly number[]) => ({
    name: t(`live.plots.${id}`),
    data: unkept(values),
    colour: id === 'face' ? theme.accent : theme.warning,
    dash,
  })
  const track = gateTrack({
    id: 'weights',
    title,
    unit: '',
    lines: [
      ...(hasFace ? [line('face', history.faceWeight, [])] : []),
      ...(hasVoice ? [line('speech', history.voiceWeight, [5, 3])] : []),
    ],
    absentText: t('live.plots.absent'),
  })
  return {
    id: 'weights',
    title,
    weight: 1,
    leastHeightPx: 28,
    draw: (surface, _, view) => track.draw(surface, view),
  }
}

function picture({ history, theme }: LiveTrackOptions): LiveTrack {
  const fills = faceCoverageFills(theme)
  const states = ROW_QUALITIES.map((quality, code) => ({
    name: t(`timeline.quality.${quality}` as StringKey),
    fill: fills[code] ?? theme.hatchGround,
  }))
  return strip('picture', () => history.picture.series(), states)
}

function sound({ history, theme }: LiveTrackOptions): LiveTrack {
  const fills = voiceCoverageFills(theme)
  const states = VOICE_STATES.map((state, code) => ({
    name: t(`timeline.voice.${state}`),
    fill: fills[code] ?? theme.hatchGround,
  }))
  return strip('sound', () => history.sound.series(), states)
}

function strip(
  id: 'picture' | 'sound',
  series: () => Parameters<typeof stripTrack>[0]['series'],
  states: Parameters<typeof stripTrack>[0]['states'],
): LiveTrack {
  const title = t(`live.plots.${id}`)
  return {
    id,
    title,
    weight: 0,
    leastHeightPx: 16,
    // The strip keeps an index of its series, which here is another one each time.
    draw: (surface, _, view) => {
      const track: Track = stripTrack({
        id,
        title,
        series: series(),
        states,
        uncovered: t('live.plots.absent'),
      })
      track.draw(surface, view)
    },
  }
}

function mfcc({ history, theme }: LiveTrackOptions): LiveTrack {
  const order = (rows: number): number[] => mfccRowOrder({ rows })
  const heat = new HeatPicture({
    features: history.features,
    of: ({ base }) => base,
    order,
    colours: theme.isDark ? DIVERGING_DARK_MAP : DIVERGING_MAP,
  })
  return {
    id: 'mfcc',
    title: t('live.plots.mfcc'),
    weight: 3,
    leastHeightPx: 64,
    draw(surface, context, view) {
      surface.fillRect(view.plot, absenceHatch(view.theme))
      heat.draw(context, view)
      const { rows } = history.features.base
      const names = order(rows).map((row) => (row === rows - 1 ? t('timeline.mfcc.energy') : `c${row + 1}`))
      if (rows > 0) drawRowNames(surface, view, names)
      drawAxisLine(surface, view)
    },
  }
}

function logMel({ history, bandHz }: LiveTrackOptions): LiveTrack {
  const heat = new HeatPicture({
    features: history.features,
    of: (features) => features.logMel,
    order: (rows) => Array.from({ length: rows }, (_, row) => rows - 1 - row),
    colours: SEQUENTIAL_MAP,
  })
  return {
    id: 'logMel',
    title: t('live.plots.logMel'),
    weight: 2,
    leastHeightPx: 44,
    draw(surface, context, view) {
      surface.fillRect(view.plot, absenceHatch(view.theme))
      heat.draw(context, view)
      const { rows } = history.features.logMel
      if (rows > 0) drawValueAxis(surface, view, { low: 0, high: rows, ticks: hzTicks(bandHz()) })
      else drawAxisLine(surface, view)
    },
  }
}
