import type { ClipSeries } from '../../../../plots/clip-series'
import type { TrackChoice } from '../../../../plots/clip-tracks'
import type { LaneIndex } from '../../../../plots/lanes/lane-index'
import type { PlotTheme } from '../../../../plots/theme'
import type { Track } from '../../../../plots/tracks/track'

/** What people coded of a clip, as tracks. */
export interface AnnotationLanes {
  /** In their usual order; a track without changes is the same object again, so that only changed ones are drawn anew. */
  tracks(theme: PlotTheme, series: ClipSeries, choice: TrackChoice): readonly Track[]
  /** Time that counts nowhere, hatched over every track. */
  excluded(): LaneIndex
}

/** Tracks of people over those of the model; one of an id that both have is the people's. */
export function withAnnotations(ofModel: readonly Track[], ofPeople: readonly Track[]): Track[] {
  const ids = new Set(ofPeople.map(({ id }) => id))
  return [...ofPeople, ...ofModel.filter(({ id }) => !ids.has(id))]
}

/**
 * Keeps what was made by id as long as what it was made from is the same.
 * @returns `of` makes or finds again; `sweep` forgets what was not asked for since the last sweep
 */
export function keptById<T>(): {
  of(id: string, from: readonly unknown[], make: () => T): T
  sweep(): void
} {
  const known = new Map<string, { readonly from: readonly unknown[]; readonly made: T }>()
  let asked = new Set<string>()
  return {
    of(id, from, make) {
      asked.add(id)
      const before = known.get(id)
      if (
        before &&
        before.from.length === from.length &&
        before.from.every((one, at) => Object.is(one, from[at]))
      )
        return before.made
      const made = make()
      known.set(id, { from, made })
      return made
    },
    sweep() {
      for (const id of known.keys()) if (!asked.has(id)) known.delete(id)
      asked = new Set()
    },
  }
}
