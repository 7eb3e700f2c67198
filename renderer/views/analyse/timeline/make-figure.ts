import type { ClipSeries } from '../../../plots/clip-series'
import { clipTracks, type SignalPictures, type TrackChoice } from '../../../plots/clip-tracks'
import { NO_BARS } from '../../../plots/lanes/lane-index'
import { figureTheme } from '../../../plots/figure/figure'
import { figureAsPng, figureAsSvg } from '../../../plots/figure/render-figure'
import type { TimeRange } from '../../../plots/time-scale'
import type { SignalAnswer, SignalKind } from '../../../plots/types'
import { clipFigure } from './clip-figure'
import { type AnnotationLanes, withAnnotations } from './lanes/annotation-lanes-model'
import type { FigureChoice, SignalsProvider, TimelineLayout } from './timeline-model'
import { orderedTracks } from './track-layout'
import { fullScaleOf, peakOf } from './waveform-scale'

/** A figure as a file that the user will be asked to save. */
export type FigureFile =
  | { readonly kind: 'png'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'svg'; readonly name: string; readonly text: string }

export interface FigureOrder {
  readonly choice: FigureChoice
  readonly clipName: string
  readonly settingsText: string
  readonly series: ClipSeries
  readonly look: TrackChoice
  readonly layout: TimelineLayout
  readonly range: TimeRange
  readonly provider: SignalsProvider | null
  readonly emotionColours: readonly string[]
  /** What people coded; null: nothing of it is shown. */
  readonly annotations: AnnotationLanes | null
}

/** Columns of sound in a figure: finer than print of two columns of a journal shows. */
const SIGNAL_COLUMNS = 2400
const CSS_DOTS_PER_INCH = 96
const SIGNAL_TRACKS: Readonly<Record<string, SignalKind>> = {
  waveform: 'waveform',
  'log-mel': 'log-mel',
  mfcc: 'mfcc',
}

/** Draws the tracks in view once more, for print: on white, with names, units, legend and settings. */
export async function makeFigure(order: FigureOrder): Promise<FigureFile> {
  const { choice, layout, range } = order
  const theme = figureTheme(order.emotionColours)
  const answers = new Map<SignalKind, SignalAnswer>()
  const kinds = Object.entries(SIGNAL_TRACKS).filter(([id]) => !layout.hidden.includes(id))
  for (const [, kind] of kinds) {
    const answer = await order.provider?.(kind, range.fromSecs, range.toSecs, SIGNAL_COLUMNS)
    if (answer) answers.set(kind, answer)
  }
  const pictures = picturesOf(answers)
  const all = withAnnotations(
    clipTracks(order.series, order.look, pictures, theme),
    order.annotations?.tracks(theme, order.series, order.look) ?? [],
  )
  const tracks = orderedTracks(all, layout).filter(({ id }) => !layout.hidden.includes(id))
  const figure = clipFigure({
    clipName: order.clipName,
    settingsText: order.settingsText,
    tracks,
    heightsPx: tracks.map((track) => layout.heightsPx[track.id] ?? track.usualHeightPx),
    range,
    theme,
    excluded: order.annotations?.excluded() ?? NO_BARS,
  })
  const name = `${order.clipName.replace(/\.[^.]*$/, '')}-timeline`
  if (choice.format === 'svg') return { kind: 'svg', name: `${name}.svg`, text: await figureAsSvg(figure) }
  const bytes = await figureAsPng(figure, choice.dotsPerInch / CSS_DOTS_PER_INCH)
  return { kind: 'png', name: `${name}.png`, bytes }
}

function picturesOf(answers: ReadonlyMap<SignalKind, SignalAnswer>): SignalPictures {
  const waveform = answers.get('waveform')
  const logMel = answers.get('log-mel')
  const mfcc = answers.get('mfcc')
  const wave = waveform?.kind === 'waveform' ? waveform : null
  return {
    waveform: () => wave,
    logMel: () => (logMel?.kind === 'log-mel' ? logMel : null),
    mfcc: () => (mfcc?.kind === 'mfcc' ? mfcc : null),
    fullScale: () => fullScaleOf(wave ? peakOf(wave) : 0),
  }
}
