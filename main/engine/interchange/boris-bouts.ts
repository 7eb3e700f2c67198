import { splitComment, UNITS_PER_SEC_BORIS } from './boris-format'
import type { InterchangeAnnotation } from './document'
import { parseFieldText, withFields } from './field-text'

export interface RawEvent {
  readonly timeSecs: number
  readonly subject: string
  readonly code: string
  readonly modifier: string
  readonly comment: string
}

export interface BoutTier {
  readonly subject: string
  readonly kind: 'states' | 'points'
  readonly annotations: InterchangeAnnotation[]
}

/** Pairs the events of one observation as BORIS does: of one subject, code and modifier every second one stops. */
export class BoutReader {
  readonly notices: string[] = []
  readonly #kinds: ReadonlyMap<string, 'state' | 'point'>
  readonly #closesUnpaired: boolean
  readonly #endSecs: number | null

  constructor(
    kinds: ReadonlyMap<string, 'state' | 'point'>,
    options: { readonly closesUnpaired: boolean; readonly endSecs: number | null },
  ) {
    this.#kinds = kinds
    this.#closesUnpaired = options.closesUnpaired
    this.#endSecs = options.endSecs
  }

  read(events: readonly RawEvent[]): BoutTier[] {
    // A stop has an empty comment, so that at one time it comes before the next start.
    const sorted = [...events].sort(
      (a, b) => a.timeSecs - b.timeSecs || Number(a.comment !== '') - Number(b.comment !== ''),
    )
    const tiers = new Map<string, BoutTier>()
    const open = new Map<string, RawEvent>()
    const unknown = new Set<string>()
    const tierOf = (subject: string, kind: BoutTier['kind']): BoutTier => {
      const key = `${kind} ${subject}`
      const tier = tiers.get(key) ?? { subject, kind, annotations: [] }
      tiers.set(key, tier)
      return tier
    }
    for (const event of sorted) {
      const kind = this.#kinds.get(event.code)
      if (!kind) unknown.add(event.code)
      if (kind !== 'state') {
        tierOf(event.subject, 'points').annotations.push(annotationOf(event, event, true))
        continue
      }
      const key = JSON.stringify([event.subject, event.code, event.modifier])
      const start = open.get(key)
      if (!start) open.set(key, event)
      else {
        tierOf(event.subject, 'states').annotations.push(annotationOf(start, event, false))
        open.delete(key)
      }
    }
    for (const code of unknown)
      this.notices.push(
        `the code "${code}" is not among the project's behaviours; its events were read as points`,
      )
    const lastSecs = sorted.at(-1)?.timeSecs ?? 0
    for (const start of open.values()) {
      const endSecs = Math.max(this.#endSecs ?? lastSecs, start.timeSecs)
      const what = `"${start.code}"${start.subject === '' ? '' : ` of ${start.subject}`} starts at ${start.timeSecs} s and never stops`
      this.notices.push(
        this.#closesUnpaired ? `${what}; it was closed at ${endSecs} s` : `${what}; it was left out`,
      )
      if (this.#closesUnpaired)
        tierOf(start.subject, 'states').annotations.push(
          annotationOf(start, { ...start, timeSecs: endSecs, comment: '' }, false),
        )
    }
    return [...tiers.values()].sort((a, b) => Number(a.kind === 'points') - Number(b.kind === 'points'))
  }
}

function annotationOf(start: RawEvent, end: RawEvent, isPoint: boolean): InterchangeAnnotation {
  const first = splitComment(start.comment)
  const second = isPoint ? { comment: '', fields: null } : splitComment(end.comment)
  const comment = [first.comment, second.comment].filter((text) => text !== '').join('; ')
  return withFields(
    { startSecs: start.timeSecs, endSecs: end.timeSecs, label: start.code },
    parseFieldText(first.fields ?? second.fields ?? ''),
    {
      unitsPerSec: UNITS_PER_SEC_BORIS,
      isPoint,
      more: { comment, modifier: start.modifier },
    },
  )
}
