import { type ClipTimeline, QUALITIES, type TimelineRows } from './types'

const NOT_ANALYSED = QUALITIES.indexOf('not_analysed')

/**
 * Time that each row's reading stands for, in seconds, shape [count]. An analysed frame stands for the time to the next
 * analysed one, so that frames left out by the rate setting are neither gaps nor counted; their own span is 0.
 */
export function analysedSpans(rows: TimelineRows, rowSource: ClipTimeline['rowSource']): Float64Array {
  if (rowSource === 'speech-hop') return Float64Array.from(rows.durSecs)
  const spans = new Float64Array(rows.count)
  let nextSecs = Number.NaN
  let openSecs = Number.NaN
  for (let row = rows.count - 1; row >= 0; row--) {
    const timeSecs = rows.timeSecs[row] ?? 0
    const endSecs = timeSecs + (rows.durSecs[row] ?? 0)
    if (Number.isNaN(nextSecs)) nextSecs = endSecs
    if (rows.quality[row] === NOT_ANALYSED) continue
    const isNewFrame = rows.frame[row] !== rows.frame[row + 1] || row + 1 >= rows.count
    // The rows of one frame share its span: only the first seen (from behind) moves the bound.
    if (isNewFrame) {
      if (!Number.isNaN(openSecs)) nextSecs = openSecs
      openSecs = timeSecs
    }
    spans[row] = nextSecs - timeSecs
  }
  return spans
}
