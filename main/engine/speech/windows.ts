import type { FrameRange } from './vad'
import type { SpeechWindowState } from './types'

export interface WindowPlan {
  readonly windowFrames: number
  readonly hopFrames: number
  /** Detected speech shorter than this is not classified. */
  readonly minimumFrames: number
}

export interface PlannedWindow extends FrameRange {
  readonly state: SpeechWindowState
}

/**
 * Cuts a recording into rows: silence, speech too short to classify, and windows to classify. A stretch of speech up to
 * the window's length is one window with the stretch's own bounds; a longer one gives windows at every hop, the last
 * one ending with the stretch.
 * @param speech ascending, not touching
 * @returns sorted by start; together they cover frames 0 .. frameCount
 */
export function planWindows(
  speech: readonly FrameRange[],
  frameCount: number,
  plan: WindowPlan,
): PlannedWindow[] {
  const windows: PlannedWindow[] = []
  let covered = 0
  for (const { start, end } of speech) {
    if (start > covered) windows.push({ state: 'silence', start: covered, end: start })
    if (end - start < plan.minimumFrames) windows.push({ state: 'too_short', start, end })
    else pushSpeech(windows, { start, end }, plan)
    covered = end
  }
  if (covered < frameCount) windows.push({ state: 'silence', start: covered, end: frameCount })
  return windows
}

function pushSpeech(windows: PlannedWindow[], { start, end }: FrameRange, plan: WindowPlan): void {
  const { windowFrames, hopFrames } = plan
  let first = start
  for (; first + windowFrames < end; first += hopFrames)
    windows.push({ state: 'speech', start: first, end: first + windowFrames })
  windows.push({ state: 'speech', start: Math.max(start, end - windowFrames), end })
}
