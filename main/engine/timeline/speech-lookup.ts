import type { Interval, SpeechTimeline, SpeechWindow } from '../speech/types'

/** Answers "what does the voice say at t" in logarithmic time. */
export interface SpeechLookup {
  /**
   * Index into `windows` of the window that speaks for t: of the windows in state 'speech' that cover t the one whose
   * centre is nearest, the earlier on a tie; -1 where there is none.
   */
  windowAt(timeSecs: number): number
  /** Whether t lies in detected speech. */
  isActiveAt(timeSecs: number): boolean
  /** Whether t lies between the first and the last audio sample. */
  isInAudio(timeSecs: number): boolean
}

export function createSpeechLookup(speech: SpeechTimeline): SpeechLookup {
  const order = speechWindowsByCentre(speech)
  const centres = Float64Array.from(order, (index) => centreSecs(speech.windows[index]))
  let longestHalfSecs = 0
  for (const index of order) longestHalfSecs = Math.max(longestHalfSecs, halfSecs(speech.windows[index]))

  const windowAt = (timeSecs: number): number => {
    let left = firstAtOrAfter(centres, timeSecs) - 1
    let right = left + 1
    // Outward from t, the nearer side first; a window whose centre lies farther than the longest half cannot cover t.
    for (;;) {
      const leftDistance = left >= 0 ? timeSecs - (centres[left] ?? 0) : Number.POSITIVE_INFINITY
      const rightDistance =
        right < centres.length ? (centres[right] ?? 0) - timeSecs : Number.POSITIVE_INFINITY
      if (Math.min(leftDistance, rightDistance) > longestHalfSecs) return -1
      const index = order[leftDistance <= rightDistance ? left-- : right++] ?? -1
      if (contains(speech.windows[index], timeSecs)) return index
    }
  }
  return {
    windowAt,
    isActiveAt: (timeSecs) => isInside(speech.activity, timeSecs),
    isInAudio: (timeSecs) => contains(speech.span, timeSecs),
  }
}

/** Indices of the windows in state 'speech', by centre, then by start, then as listed. */
export function speechWindowsByCentre(speech: SpeechTimeline): number[] {
  return speech.windows
    .map((window, index) => ({ window, index }))
    .filter(({ window }) => window.state === 'speech' && window.modelProbs !== null)
    .sort(
      (a, b) =>
        centreSecs(a.window) - centreSecs(b.window) ||
        a.window.startSecs - b.window.startSecs ||
        a.index - b.index,
    )
    .map(({ index }) => index)
}

function centreSecs(window: SpeechWindow | undefined): number {
  return window ? (window.startSecs + window.endSecs) / 2 : Number.NaN
}

function halfSecs(window: SpeechWindow | undefined): number {
  return window ? (window.endSecs - window.startSecs) / 2 : Number.NaN
}

function contains(interval: Interval | undefined, timeSecs: number): boolean {
  return interval !== undefined && interval.startSecs <= timeSecs && timeSecs < interval.endSecs
}

/** Position of the first value >= wanted in ascending values; their count where there is none. */
export function firstAtOrAfter(values: ArrayLike<number>, wanted: number, count = values.length): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}

function isInside(intervals: readonly Interval[], timeSecs: number): boolean {
  let low = 0
  let high = intervals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle]?.endSecs ?? 0) <= timeSecs) low = middle + 1
    else high = middle
  }
  return contains(intervals[low], timeSecs)
}
