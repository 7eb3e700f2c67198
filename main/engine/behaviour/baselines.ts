import { defined, type Figure, undefinedBecause } from '../agreement/figure'
import { intersect, joinIntervals } from '../agreement/observed-part'
import type { Interval } from '../speech/types'
import type { StudyClip } from '../study-data/types'
import type { ContinuousSeries } from './continuous'

interface Sum {
  secs: number
  weighted: number
}

/**
 * What a person's values are at rest: the mean, weighted by time, over the stretches marked as their baseline. Those of the
 * clip count; where it has none, those of the same named person in other clips. A stretch marked for the clip as a whole is
 * everybody's; what is about the clip as a whole (speech) takes the stretches of the clip's one person.
 */
export class Baselines {
  readonly #byClip = new Map<string, Sum>()
  readonly #byPerson = new Map<string, Sum>()

  /** @param all every series of every clip */
  constructor(all: readonly { readonly clip: StudyClip; readonly series: readonly ContinuousSeries[] }[]) {
    for (const { clip, series } of all)
      for (const own of series) {
        const sum = sumOver(own, stretchesFor(clip, own))
        if (sum.secs <= 0) continue
        this.#byClip.set(clipKey(clip, own), sum)
        if (own.subject === '') continue
        const person = this.#byPerson.get(personKey(own)) ?? { secs: 0, weighted: 0 }
        this.#byPerson.set(personKey(own), person)
        person.secs += sum.secs
        person.weighted += sum.weighted
      }
  }

  of(clip: StudyClip, series: ContinuousSeries): Figure {
    const sum = this.#byClip.get(clipKey(clip, series)) ?? this.#byPerson.get(personKey(series))
    if (sum) return defined(sum.weighted / sum.secs)
    const who = series.subject === '' ? 'the clip' : series.subject
    return undefinedBecause(
      stretchesFor(clip, series).length > 0
        ? `no ${series.kind} values of ${who} within the baseline stretch`
        : `no baseline stretch is marked for ${who}`,
    )
  }
}

function clipKey({ clipId }: StudyClip, { kind, subject, observer, measure }: ContinuousSeries): string {
  return JSON.stringify([clipId, kind, subject, observer, measure])
}

function personKey({ kind, subject, observer, measure }: ContinuousSeries): string {
  return JSON.stringify([kind, subject, observer, measure])
}

function stretchesFor({ baselines, observed }: StudyClip, { subject }: ContinuousSeries): Interval[] {
  const people = new Set(baselines.map((stretch) => stretch.subject))
  const own = baselines.filter(
    (stretch) =>
      stretch.subject === subject || stretch.subject === '' || (subject === '' && people.size === 1),
  )
  return intersect(joinIntervals(own), observed)
}

function sumOver({ values }: ContinuousSeries, stretches: readonly Interval[]): Sum {
  const sum: Sum = { secs: 0, weighted: 0 }
  if (stretches.length === 0) return sum
  for (let index = 0; index < values.startsSecs.length; index++) {
    const value = values.valueAt(index)
    if (Number.isNaN(value)) continue
    const startSecs = values.startsSecs[index] ?? 0
    const endSecs = values.endsSecs[index] ?? 0
    for (const stretch of stretches) {
      const secs = Math.min(endSecs, stretch.endSecs) - Math.max(startSecs, stretch.startSecs)
      if (secs <= 0) continue
      sum.secs += secs
      sum.weighted += secs * value
    }
  }
  return sum
}
