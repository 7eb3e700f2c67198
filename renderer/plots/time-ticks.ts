import { spanOf, type TimeRange } from './time-scale'

export interface TimeTick {
  readonly secs: number
  /** '' for the small ticks between. */
  readonly label: string
}

export interface TimeTicks {
  readonly ticks: readonly TimeTick[]
  /** Between two labels. */
  readonly stepSecs: number
  /** How labels are to be read, such as "m:ss". */
  readonly format: string
}

/** Steps that people count time in, each with the number of small steps it is divided into. */
const STEPS: readonly (readonly [stepSecs: number, parts: number])[] = [
  [0.001, 1],
  [0.002, 2],
  [0.005, 5],
  [0.01, 5],
  [0.02, 4],
  [0.05, 5],
  [0.1, 5],
  [0.2, 4],
  [0.5, 5],
  [1, 5],
  [2, 4],
  [5, 5],
  [10, 5],
  [15, 3],
  [30, 3],
  [60, 6],
  [120, 4],
  [300, 5],
  [600, 5],
  [900, 3],
  [1800, 3],
  [3600, 6],
  [7200, 4],
  [14_400, 4],
  [28_800, 4],
  [86_400, 4],
]

/**
 * Ticks of a time axis at round times.
 * @param spacingPx at least this much between two labels
 */
export function timeTicks(range: TimeRange, widthPx: number, spacingPx = 90): TimeTicks {
  const leastSecs = (spanOf(range) / Math.max(1, widthPx)) * spacingPx
  const [stepSecs, parts] = STEPS.find(([secs]) => secs >= leastSecs) ?? STEPS[STEPS.length - 1]!
  const minorSecs = stepSecs / parts
  const ticks: TimeTick[] = []
  const last = Math.floor(range.toSecs / minorSecs + 1e-6)
  for (let index = Math.ceil(range.fromSecs / minorSecs - 1e-6); index <= last; index++) {
    const secs = index * minorSecs
    ticks.push({ secs, label: index % parts === 0 ? formatTime(secs, decimalsOf(stepSecs)) : '' })
  }
  const hasHours = range.toSecs >= 3600
  const fraction = decimalsOf(stepSecs)
  return {
    ticks,
    stepSecs,
    format: `${hasHours ? 'h:mm:ss' : 'm:ss'}${fraction ? `.${'s'.repeat(fraction)}` : ''}`,
  }
}

/** Decimals of a second that times a step apart need, 0..3. */
export function decimalsOf(stepSecs: number): number {
  if (stepSecs >= 1) return 0
  return stepSecs >= 0.1 ? 1 : stepSecs >= 0.01 ? 2 : 3
}

/** "h:mm:ss.mmm", without hours below one hour: 3725.5 with 1 decimal is "1:02:05.5", 5 with 0 is "0:05". */
export function formatTime(secs: number, decimals = 3): string {
  const unit = 10 ** decimals
  const whole = Math.round(Math.abs(secs) * unit)
  const sign = secs < 0 && whole > 0 ? '-' : ''
  const fraction = decimals > 0 ? `.${String(whole % unit).padStart(decimals, '0')}` : ''
  const totalSecs = Math.floor(whole / unit)
  const seconds = String(totalSecs % 60).padStart(2, '0')
  const minutes = Math.floor(totalSecs / 60) % 60
  const hours = Math.floor(totalSecs / 3600)
  if (hours === 0) return `${sign}${minutes}:${seconds}${fraction}`
  return `${sign}${hours}:${String(minutes).padStart(2, '0')}:${seconds}${fraction}`
}
