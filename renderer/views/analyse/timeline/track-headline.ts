import type { Fill } from '../../../plots/surface/surface'
import type { TrackReading } from '../../../plots/tracks/track'

export interface Headline {
  readonly text: string
  readonly fill: Fill | null
  readonly isAbsent: boolean
}

/** The one line that stands for a reading beside its track: the highest of probabilities, the first of other values. */
export function headline({ values, absent }: TrackReading): Headline {
  const first = values[0]
  if (absent !== null || !first) return { text: absent ?? '', fill: null, isAbsent: true }
  const numbers = values.map(({ text }) => Number(text))
  const isComparable = values.length === 7 && numbers.every((value) => !Number.isNaN(value))
  const chosen = isComparable ? values[numbers.indexOf(Math.max(...numbers))]! : first
  // A single value needs no name beside the track's own.
  const text = values.length === 1 ? chosen.text : `${chosen.name} ${chosen.text}`
  return { text, fill: chosen.fill ?? null, isAbsent: false }
}
