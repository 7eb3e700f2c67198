import type { OpenedClip } from '../../preload/contract/viewer-port'
import type { ClipPlotData } from './clip-series'
import type { PlotRows } from './types'

/** What is plotted of an opened clip. */
export function plotDataOf(
  opened: Pick<OpenedClip, 'clip' | 'rows' | 'windows' | 'segments' | 'moments' | 'faces'>,
): ClipPlotData {
  const { clip, faces } = opened
  return {
    rows: opened.rows,
    windows: opened.windows,
    segments: opened.segments,
    moments: opened.moments,
    framesPerSec: clip.framesPerSec,
    modalities: clip.modalities,
    // A clip with a single still cover picture, say, has rows at the speech hop in spite of it.
    hasVideo: clip.rowSource === 'video',
    hasAudio: clip.audio !== null,
    faceNames: new Map(faces.map(({ faceId, subjectId }) => [faceId, subjectId])),
    faceIds: faces.map(({ faceId }) => faceId),
  }
}

/** A clip that is not labelled: nothing but its steps, so that people can code it. */
export function plotDataOfSteps(steps: {
  readonly timesSecs: Float64Array
  readonly durationSecs: number
  readonly areFrames: boolean
}): ClipPlotData {
  return {
    rows: rowsOfSteps(steps),
    windows: {
      count: 0,
      startSecs: new Float64Array(0),
      endSecs: new Float64Array(0),
      state: new Uint8Array(0),
    },
    segments: [],
    moments: [],
    framesPerSec: 'all',
    modalities: [],
    hasVideo: false,
    hasAudio: false,
    faceNames: new Map(),
    faceIds: [],
  }
}

/** A row a step, with times and frame numbers alone; columns of readings are empty. */
function rowsOfSteps({
  timesSecs,
  durationSecs,
  areFrames,
}: {
  readonly timesSecs: Float64Array
  readonly durationSecs: number
  readonly areFrames: boolean
}): PlotRows {
  const count = timesSecs.length
  const nothing = new Float32Array(0)
  const flags = new Uint8Array(0)
  return {
    count,
    frame: Int32Array.from({ length: count }, (_, at) => (areFrames ? at : -1)),
    timeSecs: timesSecs,
    durSecs: Float64Array.from(
      { length: count },
      (_, at) => (timesSecs[at + 1] ?? Math.max(durationSecs, timesSecs[at]!)) - timesSecs[at]!,
    ),
    faceId: new Int32Array(count).fill(-1),
    faceBox: nothing,
    quality: new Uint8Array(count),
    faceProbs: nothing,
    speechProbs: nothing,
    fusionProbs: nothing,
    faceProbsSmoothed: nothing,
    fusionProbsSmoothed: nothing,
    faceGate: nothing,
    speechGate: nothing,
    fusionAbsent: flags,
    speechActive: flags,
    disagree: flags,
  }
}
