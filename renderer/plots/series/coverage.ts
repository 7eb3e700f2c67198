import { FLAG_UNKNOWN, ROW_QUALITIES } from '../../../preload/contract/viewer-port'
import type { PlotRows, PlotWindows } from '../types'
import type { TimedStates } from './clock'
import { faceClock, frameClock, type RowChoice } from './rows'

const NO_FACE = ROW_QUALITIES.indexOf('no_face')
const NOT_ANALYSED = ROW_QUALITIES.indexOf('not_analysed')
const NO_AUDIO = 3

/**
 * State of the picture over time: the quality of the chosen face's rows, and where that face is not in an analysed frame,
 * no face.
 */
export function faceCoverage(rows: PlotRows, choice: RowChoice): TimedStates {
  const all = faceClock(rows, { ...choice, faceId: null })
  const chosen = choice.faceId === null ? all : faceClock(rows, choice)
  const state = new Uint8Array(all.count)
  let at = 0
  for (let entry = 0; entry < all.count; entry++) {
    const startSecs = all.startSecs[entry]!
    while (at < chosen.count && chosen.startSecs[at]! < startSecs) at++
    const isThere = at < chosen.count && chosen.startSecs[at] === startSecs
    const quality = rows.quality[isThere ? chosen.row[at]! : all.row[entry]!]!
    state[entry] = isThere || quality === NOT_ANALYSED ? quality : NO_FACE
  }
  return { ...all, state, stateCount: ROW_QUALITIES.length }
}

/** State of the sound over time, one of VOICE_STATES; windows of speech overlap, so that each begins where the last ended. */
export function voiceCoverage(rows: PlotRows, windows: PlotWindows): TimedStates {
  const frames = frameClock(rows)
  const spans: { startSecs: number; endSecs: number; state: number }[] = []
  let reachedSecs = Number.NEGATIVE_INFINITY
  for (let index = 0; index < windows.count; index++) {
    const startSecs = Math.max(windows.startSecs[index]!, reachedSecs)
    const endSecs = windows.endSecs[index]!
    if (endSecs <= startSecs) continue
    spans.push({ startSecs, endSecs, state: windows.state[index]! })
    reachedSecs = endSecs
  }
  for (let entry = 0; entry < frames.count; entry++) {
    if (rows.speechActive[frames.row[entry]!] !== FLAG_UNKNOWN) continue
    const last = spans[spans.length - 1]
    const startSecs = frames.startSecs[entry]!
    if (last?.state === NO_AUDIO && startSecs - last.endSecs < 1e-6) last.endSecs = frames.endSecs[entry]!
    else spans.push({ startSecs, endSecs: frames.endSecs[entry]!, state: NO_AUDIO })
  }
  spans.sort((a, b) => a.startSecs - b.startSecs)
  return {
    count: spans.length,
    startSecs: Float64Array.from(spans, (span) => span.startSecs),
    endSecs: Float64Array.from(spans, (span, at) =>
      Math.min(span.endSecs, spans[at + 1]?.startSecs ?? Number.POSITIVE_INFINITY),
    ),
    state: Uint8Array.from(spans, (span) => span.state),
    stateCount: 4,
  }
}
