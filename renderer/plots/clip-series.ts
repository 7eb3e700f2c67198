import { FLAG_UNKNOWN, ROW_FUSION_ABSENCES, ROW_QUALITIES } from '../../preload/contract/viewer-port'
import { type StringKey, t } from '../strings'
import { VOICE_STATES } from './coverage-fills'
import { entryAt, entryBefore, type TimedStates } from './series/clock'
import { faceCoverage, voiceCoverage } from './series/coverage'
import { type IndexedValues, indexedValues, once } from './series/lazy'
import { emotionSeries, faceClock, frameClock, gateSeries, type RowClock } from './series/rows'
import type { PlotModality, PlotMoment, PlotRows, PlotSegment, PlotWindows } from './types'

/** What is plotted of one clip. */
export interface ClipPlotData {
  readonly rows: PlotRows
  readonly windows: PlotWindows
  readonly segments: readonly PlotSegment[]
  readonly moments: readonly PlotMoment[]
  /** Rates below the clip's own leave frames out; their readings hold until the next one. */
  readonly framesPerSec: number | 'all'
  readonly modalities: readonly PlotModality[]
  readonly hasVideo: boolean
  readonly hasAudio: boolean
  /** Names of faces that the researcher has named, by number of the face. */
  readonly faceNames: ReadonlyMap<number, string>
  readonly faceIds: readonly number[]
}

export interface FrameAt {
  /** -1: a clip without pictures. */
  readonly frame: number
  /** Of the frame, or of the row of a clip without pictures. */
  readonly timeSecs: number
  readonly row: number
}

/** The series of one clip, each made when first asked for and kept. */
export interface ClipSeries {
  readonly data: ClipPlotData
  emotions(modality: PlotModality, faceId: number | null, isSmoothed: boolean): IndexedValues
  gate(modality: 'face' | 'speech', faceId: number | null): IndexedValues
  faceCoverage(faceId: number | null): TimedStates
  voiceCoverage(): TimedStates
  /** The frame shown at an instant; null outside the clip. */
  frameAt(secs: number): FrameAt | null
  /** Start of the frame `by` frames from the one at an instant, held inside the clip. */
  frameStart(secs: number, by: number): number
  /** Why a modality has no value at an instant. */
  absentAt(modality: PlotModality, faceId: number | null, secs: number): string
}

export function clipSeries(data: ClipPlotData): ClipSeries {
  const { rows } = data
  // A reading may come a little late where the clip's frames do not meet the rate exactly.
  const holdSecs = data.framesPerSec === 'all' ? 0 : 1.5 / data.framesPerSec
  const frames = once(() => frameClock(rows))
  const voice = once(() => voiceCoverage(rows, data.windows))
  const clocks = new Map<number | null, RowClock>()
  const made = new Map<string, IndexedValues>()
  const coverages = new Map<number | null, TimedStates>()
  const clockOf = (faceId: number | null): RowClock =>
    kept(clocks, faceId, () => (data.hasVideo ? faceClock(rows, { faceId, holdSecs }) : frames()))
  return {
    data,
    emotions: (modality, faceId, isSmoothed) =>
      kept(made, modality === 'speech' ? 'speech' : `${modality} ${faceId} ${isSmoothed}`, () => {
        const clock = modality === 'speech' ? frames() : clockOf(faceId)
        return indexedValues(emotionSeries(rows, clock, modality, isSmoothed))
      }),
    gate: (modality, faceId) =>
      kept(made, `gate ${modality} ${faceId}`, () =>
        indexedValues(gateSeries(rows, clockOf(faceId), modality)),
      ),
    faceCoverage: (faceId) => kept(coverages, faceId, () => faceCoverage(rows, { faceId, holdSecs })),
    voiceCoverage: voice,
    frameAt(secs) {
      const entry = entryAt(frames(), secs)
      if (entry < 0) return null
      const row = frames().row[entry]!
      return { frame: rows.frame[row]!, timeSecs: rows.timeSecs[row]!, row }
    },
    frameStart(secs, by) {
      const { count, startSecs } = frames()
      if (count === 0) return 0
      return startSecs[Math.min(count - 1, Math.max(0, entryBefore(frames(), secs) + by))]!
    },
    absentAt(modality, faceId, secs) {
      if (modality === 'speech') return voiceAbsence(voice(), secs)
      const clock = clockOf(faceId)
      const entry = entryAt(clock, secs)
      const frame = entryAt(frames(), secs)
      if (frame < 0) return t('timeline.absent.none')
      const firstRow = frames().row[frame]!
      if (modality === 'fusion' && entry >= 0) {
        const reason = ROW_FUSION_ABSENCES[rows.fusionAbsent[clock.row[entry]!]!]
        if (reason) return t(`timeline.fusion.${reason}`)
      }
      if (entry < 0 && rows.faceId[firstRow]! >= 0) return t('timeline.quality.other_face')
      const quality = ROW_QUALITIES[rows.quality[entry >= 0 ? clock.row[entry]! : firstRow]!]
      return quality && quality !== 'ok'
        ? t(`timeline.quality.${quality}` as StringKey)
        : t('timeline.absent.none')
    },
  }
}

function voiceAbsence(series: TimedStates, secs: number): string {
  const entry = entryAt(series, secs)
  const state = VOICE_STATES[entry >= 0 ? series.state[entry]! : FLAG_UNKNOWN] ?? 'no_audio'
  return state === 'speech' ? t('timeline.absent.none') : t(`timeline.voice.${state}`)
}

function kept<Key, Value>(store: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = store.get(key)
  if (known !== undefined) return known
  const value = make()
  store.set(key, value)
  return value
}
