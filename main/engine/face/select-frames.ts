import type { VideoFrame } from '../media/types'

/** A decoded frame on its way through the analysis; the picture is kept only where it is looked at. */
export interface SelectedFrame {
  readonly index: number
  readonly timeSecs: number
  /** Null for frames left out by the analysis rate. */
  readonly picture: VideoFrame | null
}

/**
 * Marks the frames to analyse: with a rate of N those nearest in time to the instants 0, 1/N, 2/N, ... (the earlier of
 * two equally near ones). Every frame is passed on, in order, one frame late.
 */
export async function* selectFrames(
  frames: AsyncIterable<VideoFrame>,
  analysisFps: number | 'all',
): AsyncGenerator<SelectedFrame> {
  if (analysisFps === 'all') {
    for await (const frame of frames) yield select(frame, true)
    return
  }
  let nextInstant = 0
  let held: VideoFrame | null = null
  let gapSecs = 0
  for await (const frame of frames) {
    if (held) {
      gapSecs = frame.timeSecs - held.timeSecs
      const middle = (held.timeSecs + frame.timeSecs) / 2
      const isNearest = nextInstant / analysisFps <= middle
      yield select(held, isNearest)
      if (isNearest) nextInstant = Math.floor(middle * analysisFps) + 1
    }
    held = frame
  }
  if (held) yield select(held, nextInstant / analysisFps <= held.timeSecs + gapSecs / 2)
}

function select(frame: VideoFrame, isAnalysed: boolean): SelectedFrame {
  return { index: frame.index, timeSecs: frame.timeSecs, picture: isAnalysed ? frame : null }
}
