import type { TimedValues } from './clock'
import { buildExtremesIndex, type ExtremesIndex } from './extremes-index'
import { buildMeanIndex, type MeanIndex } from './mean-index'

/** A series whose indices are built when first drawn, and once. */
export interface IndexedValues {
  readonly series: TimedValues
  means(): MeanIndex
  extremes(): ExtremesIndex
}

export function indexedValues(series: TimedValues): IndexedValues {
  return {
    series,
    means: once(() => buildMeanIndex(series)),
    extremes: once(() => buildExtremesIndex(series)),
  }
}

/** Runs a function when its value is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
