import { t } from '../../../strings'
import { nearestFrame } from '../time/frame-times'
import { parseJump } from '../time/jump-target'
import { clockText } from '../time/time-text'

/** How edges are shown; both ways of typing one are always understood. */
export type EdgeUnit = 'time' | 'frame'

/** The clip that an edge has to lie in: `Steps` of the transport. */
export interface EdgeClip {
  /** Ascending, decoded. */
  readonly timesSecs: Float64Array
  readonly durationSecs: number
  /** False where a step is a speech hop and has no frame number. */
  readonly areFrames: boolean
}

export type EdgeEntry =
  { readonly isValid: true; readonly secs: number } | { readonly isValid: false; readonly problem: string }

/**
 * Reads a typed edge: `12.5`, `1:02.480` or `#123`. It lands on the decoded frame time that is nearest, or on the clip's end.
 * @param text as typed
 */
export function readEdge(text: string, { timesSecs, durationSecs, areFrames }: EdgeClip): EdgeEntry {
  const target = parseJump(text)
  if (!target) return { isValid: false, problem: t('transport.jumpBad', { text: text.trim() }) }
  const end = areFrames ? `${clockText(durationSecs)}, #${timesSecs.length}` : clockText(durationSecs)
  const beyond: EdgeEntry = {
    isValid: false,
    problem: t('transport.jumpBeyond', { text: text.trim(), end }),
  }
  if (target.kind === 'frame') {
    if (!areFrames) return { isValid: false, problem: t('segmentForm.noFrames') }
    // One past the last frame is the end of the clip.
    if (target.frame === timesSecs.length) return { isValid: true, secs: durationSecs }
    const secs = timesSecs[target.frame]
    return secs === undefined ? beyond : { isValid: true, secs }
  }
  // Half a millisecond for ends that were read off a display of three decimals.
  if (target.secs > durationSecs + 5e-4) return beyond
  return { isValid: true, secs: snapToFrame(target.secs, timesSecs, durationSecs) }
}

/** The decoded frame time nearest to an instant, or the clip's end where that is nearer. */
export function snapToFrame(secs: number, timesSecs: Float64Array, durationSecs: number): number {
  const frameSecs = timesSecs[nearestFrame(timesSecs, secs)]
  if (frameSecs === undefined) return Math.max(0, Math.min(secs, durationSecs))
  return Math.abs(durationSecs - secs) < Math.abs(frameSecs - secs) ? durationSecs : frameSecs
}

/** The number of the frame that an edge lies on; the count of frames for the clip's end. */
export function frameOfEdge(secs: number, timesSecs: Float64Array, durationSecs: number): number {
  const frame = nearestFrame(timesSecs, secs)
  const frameSecs = timesSecs[frame] ?? 0
  return Math.abs(durationSecs - secs) < Math.abs(frameSecs - secs) ? timesSecs.length : frame
}

/** An edge as its field shows it. */
export function edgeText(secs: number, unit: EdgeUnit, clip: EdgeClip): string {
  return unit === 'frame' && clip.areFrames
    ? `#${frameOfEdge(secs, clip.timesSecs, clip.durationSecs)}`
    : clockText(secs)
}
