import type { SegmentRecord } from './segment-record'
import { type Tier, tiersOf } from './tiers'

export interface TextGridOptions {
  readonly records: readonly SegmentRecord[]
  readonly durationSecs: number
  /** A tier for each of these even where nothing was found: Praat wants at least one. */
  readonly tierNames: readonly string[]
}

/** Praat reads doubles; whole microseconds print the same everywhere and let neighbours meet. */
const UNITS_PER_SEC = 1e6

/**
 * A Praat TextGrid: one interval tier a subject and modality. Intervals cover each tier from 0 to the end without a
 * gap or an overlap, which Praat itself does not check; time without an episode is an interval with an empty text.
 */
export function* textGrid(options: TextGridOptions): Generator<string> {
  const end = Math.max(1, Math.round(options.durationSecs * UNITS_PER_SEC))
  const found = tiersOf(options.records, UNITS_PER_SEC, end / UNITS_PER_SEC)
  const missing = options.tierNames.filter((name) => !found.some((tier) => tier.name === name))
  const tiers = [...found, ...missing.map((name) => emptyTier(name))]
  yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
  yield `xmin = 0\nxmax = ${seconds(end)}\ntiers? <exists>\nsize = ${tiers.length}\nitem []:\n`
  for (const [index, tier] of tiers.entries()) {
    const intervals = filledIntervals(tier, end)
    yield `    item [${index + 1}]:\n`
    yield `        class = "IntervalTier"\n        name = ${quoted(tier.name)}\n`
    yield `        xmin = 0\n        xmax = ${seconds(end)}\n        intervals: size = ${intervals.length}\n`
    for (const [place, interval] of intervals.entries()) {
      yield `        intervals [${place + 1}]:\n            xmin = ${seconds(interval.start)}\n`
      yield `            xmax = ${seconds(interval.end)}\n            text = ${quoted(interval.text)}\n`
    }
  }
}

function emptyTier(name: string): Tier {
  return { name, subjectId: '', observer: '', modality: '', segments: [] }
}

interface FilledInterval {
  readonly start: number
  readonly end: number
  readonly text: string
}

function filledIntervals(tier: Tier, end: number): FilledInterval[] {
  const intervals: FilledInterval[] = []
  let covered = 0
  for (const { start, end: stop, record } of tier.segments) {
    if (start > covered) intervals.push({ start: covered, end: start, text: '' })
    intervals.push({ start, end: stop, text: record.label })
    covered = stop
  }
  if (covered < end) intervals.push({ start: covered, end, text: '' })
  return intervals
}

function seconds(units: number): string {
  return (units / UNITS_PER_SEC).toFixed(6).replace(/\.?0+$/, '')
}

/** Quotes inside are doubled; line breaks would be read, but show badly in a tier. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"`
}
