import { ROW_QUALITIES, type RowQuality } from '../../preload/contract/viewer-port'
import { EMOTIONS } from '../design/emotion-colours'
import { t } from '../strings'
import type { ClipSeries } from './clip-series'
import { faceCoverageFills, VOICE_STATES, voiceCoverageFills } from './coverage-fills'
import type { PlotTheme } from './theme'
import { emotionTrack } from './tracks/emotion-track'
import { gateTrack } from './tracks/gate-track'
import { momentTrack } from './tracks/moment-track'
import { type SegmentLane, segmentTrack } from './tracks/segment-track'
import { logMelTrack, mfccTrack, waveformTrack } from './tracks/signal-tracks'
import { stripTrack } from './tracks/strip-track'
import type { Track } from './tracks/track'
import type {
  LogMelColumns,
  MfccColumns,
  PlotModality,
  PlotMoment,
  PlotSegment,
  WaveformColumns,
} from './types'

/** How emotions are shown, the same for all tracks. */
export interface TrackChoice {
  /** A face, null for the largest of each frame, or every face in tracks of its own. */
  readonly faceId: number | null | 'every'
  readonly isSmoothed: boolean
  readonly style: 'areas' | 'lines'
  /** In canonical order. */
  readonly isVisible: readonly boolean[]
}

/** Pictures of the sound that have come so far. */
export interface SignalPictures {
  waveform(): WaveformColumns | null
  logMel(): LogMelColumns | null
  mfcc(): MfccColumns | null
  /** Amplitude at the edges of the waveform, 0..1. */
  fullScale(): number
}

export function emotionNames(): string[] {
  return EMOTIONS.map((emotion) => t(`emotion.${emotion}`))
}

/** The name a face goes by. */
export function faceName(series: ClipSeries, faceId: number | null): string {
  if (faceId === null) return t('timeline.face.largest')
  return series.data.faceNames.get(faceId) || t('timeline.face.name', { id: String(faceId) })
}

/** All tracks that a clip has something to show in, in their usual order. */
export function clipTracks(
  series: ClipSeries,
  choice: TrackChoice,
  pictures: SignalPictures,
  theme: PlotTheme,
): Track[] {
  const { data } = series
  const tracks: Track[] = []
  const shownFaces = choice.faceId === 'every' ? data.faceIds : [choice.faceId]
  const mainFace = choice.faceId === 'every' ? null : choice.faceId
  const has = (modality: PlotModality): boolean => data.modalities.includes(modality)
  const emotions = (modality: PlotModality, faceId: number | null, title: string, id: string): void => {
    tracks.push(probabilityTrack(series, choice, theme, { modality, faceId, title, id }))
  }
  const many = choice.faceId === 'every'
  if (data.hasVideo && has('face'))
    for (const faceId of shownFaces)
      emotions('face', faceId, titleOf('face', many, faceName(series, faceId)), idOf('face', many, faceId))
  if (data.hasAudio && has('speech')) emotions('speech', null, t('timeline.track.speech'), 'speech')
  if (has('fusion')) {
    const faces = data.hasVideo ? shownFaces : [null]
    for (const faceId of faces)
      emotions(
        'fusion',
        faceId,
        titleOf('fusion', many && data.hasVideo, faceName(series, faceId)),
        idOf('fusion', many, faceId),
      )
    tracks.push(weights(series, mainFace, theme))
  }
  const isLabelled = data.modalities.length > 0
  if (data.hasVideo && isLabelled) tracks.push(faceStrip(series, mainFace, theme))
  if (data.hasAudio && has('speech')) tracks.push(voiceStrip(series, theme))
  // Without results there is nothing that these could show.
  if (isLabelled) tracks.push(segments(series, mainFace, theme), moments(series, mainFace, theme))
  if (data.hasAudio) tracks.push(...soundTracks(pictures, theme))
  return tracks
}

function idOf(modality: string, isOneOfMany: boolean, faceId: number | null): string {
  return isOneOfMany ? `${modality}-${faceId}` : modality
}

function titleOf(modality: 'face' | 'fusion', isOneOfMany: boolean, name: string): string {
  if (!isOneOfMany) return t(`timeline.track.${modality}`)
  return t(`timeline.track.${modality}Of`, { name })
}

function probabilityTrack(
  series: ClipSeries,
  choice: TrackChoice,
  theme: PlotTheme,
  {
    modality,
    faceId,
    title,
    id,
  }: { modality: PlotModality; faceId: number | null; title: string; id: string },
): Track {
  const indexed = series.emotions(modality, faceId, choice.isSmoothed)
  return emotionTrack({
    id,
    title,
    shortTitle: modality === 'fusion' ? t('timeline.short.fusion') : t(`timeline.track.${modality}`),
    unit: t('timeline.unit.probability'),
    data: indexed,
    emotionNames: emotionNames(),
    emotionColours: theme.emotionColours,
    ground: theme.ground,
    isVisible: choice.isVisible,
    style: choice.style,
    absentAt: (secs) => series.absentAt(modality, faceId, secs),
    noteAt(secs, entry) {
      const shown = series.frameAt(secs)?.frame
      const read = series.data.rows.frame[indexed.series.row[entry]!]!
      return shown === undefined || read === shown ? null : t('timeline.note.held', { frame: String(read) })
    },
  })
}

function weights(series: ClipSeries, faceId: number | null, theme: PlotTheme): Track {
  const { data } = series
  const lines = [
    ...(data.hasVideo
      ? [{ name: t('timeline.weight.face'), data: series.gate('face', faceId), colour: theme.text, dash: [] }]
      : []),
    ...(data.hasAudio
      ? [
          {
            name: t('timeline.weight.speech'),
            data: series.gate('speech', faceId),
            colour: theme.accent,
            dash: [6, 3],
          },
        ]
      : []),
  ]
  return gateTrack({
    id: 'weights',
    title: t('timeline.track.weights'),
    unit: t('timeline.unit.weight'),
    lines,
    absentText: t('timeline.weight.absent'),
  })
}

function faceStrip(series: ClipSeries, faceId: number | null, theme: PlotTheme): Track {
  const fills = faceCoverageFills(theme)
  // Where a chosen face is missing another one may be there.
  const nameOf = (quality: RowQuality): string =>
    t(`timeline.quality.${quality === 'no_face' && faceId !== null ? 'other_face' : quality}`)
  return stripTrack({
    id: 'face-coverage',
    title: t('timeline.track.faceCoverage'),
    series: series.faceCoverage(faceId),
    states: ROW_QUALITIES.map((quality, code) => ({ name: nameOf(quality), fill: fills[code]! })),
    uncovered: t('timeline.absent.none'),
  })
}

function voiceStrip(series: ClipSeries, theme: PlotTheme): Track {
  const fills = voiceCoverageFills(theme)
  return stripTrack({
    id: 'voice-coverage',
    title: t('timeline.track.voiceCoverage'),
    series: series.voiceCoverage(),
    states: VOICE_STATES.map((state, code) => ({ name: t(`timeline.voice.${state}`), fill: fills[code]! })),
    uncovered: t('timeline.voice.no_audio'),
  })
}

const LANES = ['face', 'speech', 'fusion'] as const

/** The model's segments, a lane for each modality, and for each face where several overlap. */
export function modelLanes(series: ClipSeries, faceId: number | null): SegmentLane[] {
  const { data } = series
  const byStart = [...data.segments].sort((a, b) => a.startSecs - b.startSecs)
  const isOther = ({ modality }: PlotSegment): boolean => !LANES.some((lane) => lane === modality)
  // Segments of several faces overlap, so that each face has a lane.
  const faceIds = faceId === null && data.faceIds.length > 1 ? data.faceIds : [faceId]
  const lanes: SegmentLane[] = []
  for (const lane of LANES) {
    if (!data.modalities.includes(lane)) continue
    const ofLane = byStart.filter(({ modality }) => modality === lane)
    const faces = lane === 'speech' || !data.hasVideo ? [null] : faceIds
    for (const id of faces) {
      const chosen =
        id === null ? ofLane : ofLane.filter((segment) => segment.faceId < 0 || segment.faceId === id)
      const name = t(`timeline.lane.${lane}`)
      lanes.push({ name: faces.length > 1 ? `${name} ${id}` : name, segments: chosen })
    }
  }
  const others = byStart.filter(isOther)
  if (others.length > 0) lanes.push({ name: t('timeline.lane.other'), segments: others })
  return lanes
}

function segments(series: ClipSeries, faceId: number | null, theme: PlotTheme): Track {
  return segmentTrack({
    id: 'segments',
    title: t('timeline.track.segments'),
    lanes: modelLanes(series, faceId),
    emotionNames: emotionNames(),
    emotionColours: theme.emotionColours,
    absentText: t('timeline.absent.noSegment'),
  })
}

function moments(series: ClipSeries, faceId: number | null, theme: PlotTheme): Track {
  const names = emotionNames()
  const describe = (moment: PlotMoment): string =>
    moment.kind === 'disagreement'
      ? t('timeline.moment.between', {
          face: names[moment.faceEmotion] ?? '',
          speech: names[moment.speechEmotion] ?? '',
        })
      : t('timeline.moment.confidence', { value: moment.value.toFixed(2) })
  return momentTrack({
    id: 'moments',
    title: t('timeline.track.moments'),
    moments: series.data.moments.filter(
      (moment) => faceId === null || moment.faceId < 0 || moment.faceId === faceId,
    ),
    lanes: [
      {
        kind: 'disagreement',
        name: t('timeline.moment.disagreement'),
        shortName: t('timeline.lane.disagree'),
        colour: theme.playhead,
        mark: 'diamond',
      },
      {
        kind: 'low-confidence',
        name: t('timeline.moment.lowConfidence'),
        shortName: t('timeline.lane.unsure'),
        colour: theme.warning,
        mark: 'triangle',
      },
    ],
    describe,
    absentText: t('timeline.absent.noMoment'),
  })
}

function soundTracks(pictures: SignalPictures, theme: PlotTheme): Track[] {
  const absentText = t('timeline.absent.noSound')
  return [
    waveformTrack({
      id: 'waveform',
      title: t('timeline.track.waveform'),
      unit: t('timeline.unit.amplitude'),
      columns: () => pictures.waveform(),
      fullScale: () => pictures.fullScale(),
      colour: theme.isDark ? '#6f9bd1' : '#3f6fa6',
      peakName: t('timeline.wave.peak'),
      rmsName: t('timeline.wave.rms'),
      absentText,
    }),
    logMelTrack({
      id: 'log-mel',
      title: t('timeline.track.logMel'),
      unit: t('timeline.unit.logMel'),
      columns: () => pictures.logMel(),
      levelName: t('timeline.mel.loudest'),
      rampName: (low, high) => t('timeline.mel.ramp', { low, high }),
      absentText,
    }),
    mfccTrack({
      id: 'mfcc',
      title: t('timeline.track.mfcc'),
      unit: t('timeline.unit.mfcc'),
      columns: () => pictures.mfcc(),
      energyName: t('timeline.mfcc.energy'),
      rampName: t('timeline.mfcc.ramp'),
      isDark: theme.isDark,
      absentText,
    }),
  ]
}
