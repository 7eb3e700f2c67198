/** Where a rating stands as it is made: values at ascending times, each holding to the next. */
export interface Trace {
  readonly timesSecs: readonly number[]
  readonly values: readonly number[]
  /** End of the last value's stretch. */
  readonly endSecs: number
}

/** Seconds of a trace in view while it is made. */
export const TRACE_SPAN_SECS = 12

export interface TraceView {
  readonly widthPx: number
  readonly heightPx: number
  readonly fromSecs: number
  readonly toSecs: number
  readonly minimum: number
  readonly maximum: number
}

/** Height of a value in the view, from the top. */
export function valueToPx(value: number, { heightPx, minimum, maximum }: TraceView): number {
  return ((maximum - value) / (maximum - minimum)) * heightPx
}

/** The value that a height means, within the range. */
export function pxToValue(yPx: number, { heightPx, minimum, maximum }: TraceView): number {
  const share = heightPx > 0 ? Math.max(0, Math.min(1, yPx / heightPx)) : 0.5
  return maximum - share * (maximum - minimum)
}

/** Corners of the trace as it is drawn: a step at every change. Shape [points][x, y] in CSS pixels. */
export function stepPoints({ timesSecs, values, endSecs }: Trace, view: TraceView): [number, number][] {
  const { widthPx, fromSecs, toSecs } = view
  const xOf = (secs: number) => ((secs - fromSecs) / (toSecs - fromSecs)) * widthPx
  const points: [number, number][] = []
  for (const [at, secs] of timesSecs.entries()) {
    const until = timesSecs[at + 1] ?? endSecs
    if (until < fromSecs || secs > toSecs) continue
    const y = valueToPx(values[at] ?? 0, view)
    points.push([xOf(secs), y], [xOf(until), y])
  }
  return points
}

/** Mean of a rating over its time; NaN where it has none. */
export function meanOfTrace({ timesSecs, values, endSecs }: Trace): number {
  let sum = 0
  let wholeSecs = 0
  for (const [at, secs] of timesSecs.entries()) {
    const lengthSecs = Math.max(0, (timesSecs[at + 1] ?? endSecs) - secs)
    sum += lengthSecs * (values[at] ?? 0)
    wholeSecs += lengthSecs
  }
  return wholeSecs > 0 ? sum / wholeSecs : Number.NaN
}
