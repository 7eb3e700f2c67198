import { counted } from './count-words'
import { type SlotTimes, slotTimes } from './eaf-slots'
import type { XmlElement } from './xml-reader'

export interface EafAnnotation {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
  readonly value: string
}

interface Known {
  readonly id: string
  readonly value: string
  /** Of an annotation with times of its own. */
  readonly slots: readonly [start: string, end: string] | null
  /** Of one that depends on another. */
  readonly parentId: string | null
  readonly previousId: string | null
  readonly tier: string
}

/** Chains of dependent tiers are a few long; more than this is a file made to hurt. */
const MAX_PARENTS = 64

/** All annotations of a document, with the times they have by themselves or through those they depend on. */
export class EafAnnotations {
  readonly #known = new Map<string, Known>()
  readonly #slots: SlotTimes
  readonly #siblings = new Map<string, readonly Known[]>()
  readonly #dividing: ReadonlySet<string>
  #withoutTime = 0
  #reversed = 0

  constructor(
    root: XmlElement,
    options: { readonly msPerUnit: number; readonly entryTexts: ReadonlyMap<string, string> },
  ) {
    const tiers = root.children.filter(({ name }) => name === 'TIER')
    for (const tier of tiers)
      for (const element of annotationsIn(tier)) {
        const known = knownOf(element, tier.attributes.TIER_ID ?? '', options.entryTexts)
        this.#known.set(known.id, known)
      }
    const order = root.children.find(({ name }) => name === 'TIME_ORDER')
    this.#slots = slotTimes(
      order?.children.filter(({ name }) => name === 'TIME_SLOT') ?? [],
      [...this.#known.values()].flatMap(({ slots }) => (slots ? [slots] : [])),
      options.msPerUnit,
    )
    const types = root.children.filter(({ name }) => name === 'LINGUISTIC_TYPE')
    const subdivisions = new Set(
      types
        .filter(({ attributes }) => attributes.CONSTRAINTS === 'Symbolic_Subdivision')
        .map(({ attributes }) => attributes.LINGUISTIC_TYPE_ID),
    )
    this.#dividing = new Set(
      tiers
        .filter(({ attributes }) => subdivisions.has(attributes.LINGUISTIC_TYPE_REF ?? ''))
        .map(({ attributes }) => attributes.TIER_ID ?? ''),
    )
    this.#groupSiblings()
  }

  /** Those of a tier that have a time. */
  ofTier(tier: XmlElement): EafAnnotation[] {
    return annotationsIn(tier).flatMap(({ attributes }) => {
      const known = this.#known.get(attributes.ANNOTATION_ID ?? '')
      const times = known && this.#timesOf(known, 0)
      if (!known || !times) {
        this.#withoutTime++
        return []
      }
      const [startMs, endMs] = times
      if (endMs < startMs) {
        this.#reversed++
        return []
      }
      return [{ id: known.id, startMs, endMs, value: known.value }]
    })
  }

  /** Values of a dependent tier and what they depend on, without times. */
  textsOf(tier: XmlElement): { parentId: string; value: string }[] {
    return annotationsIn(tier).flatMap(({ attributes }) => {
      const known = this.#known.get(attributes.ANNOTATION_ID ?? '')
      return known?.parentId ? [{ parentId: known.parentId, value: known.value }] : []
    })
  }

  notices(): string[] {
    const { interpolatedCount } = this.#slots
    const notices: string[] = []
    if (interpolatedCount > 0)
      notices.push(
        `${counted(interpolatedCount, 'time slot has', 'time slots have')} no time; placed evenly between the neighbours, as ELAN does`,
      )
    if (this.#withoutTime > 0)
      notices.push(
        `${counted(this.#withoutTime, 'annotation was', 'annotations were')} left out: the time slot or annotation referred to is not in the file`,
      )
    if (this.#reversed > 0)
      notices.push(
        `${counted(this.#reversed, 'annotation was', 'annotations were')} left out: the end is before the start`,
      )
    return notices
  }

  #timesOf(known: Known, depth: number): readonly [number, number] | null {
    if (known.slots) {
      const startMs = this.#slots.msOf(known.slots[0])
      const endMs = this.#slots.msOf(known.slots[1])
      return startMs === undefined || endMs === undefined ? null : [startMs, endMs]
    }
    const parent = this.#known.get(known.parentId ?? '')
    const times = parent && depth < MAX_PARENTS ? this.#timesOf(parent, depth + 1) : null
    if (!times || !this.#dividing.has(known.tier)) return times
    const siblings = this.#siblings.get(siblingKey(known)) ?? [known]
    const place = siblings.indexOf(known)
    const share = (times[1] - times[0]) / siblings.length
    return [times[0] + share * place, times[0] + share * (place + 1)]
  }

  /** Subdivisions of one annotation in the order of their chain. */
  #groupSiblings(): void {
    const groups = new Map<string, Known[]>()
    for (const known of this.#known.values()) {
      if (known.parentId === null || !this.#dividing.has(known.tier)) continue
      const group = groups.get(siblingKey(known)) ?? []
      group.push(known)
      groups.set(siblingKey(known), group)
    }
    for (const [key, group] of groups) {
      const nextOf = new Map(group.map((one) => [one.previousId ?? '', one]))
      const ordered: Known[] = []
      const seen = new Set<Known>()
      for (let at = nextOf.get(''); at && !seen.has(at); at = nextOf.get(at.id)) {
        seen.add(at)
        ordered.push(at)
      }
      this.#siblings.set(key, [...ordered, ...group.filter((one) => !seen.has(one))])
    }
  }
}

const siblingKey = ({ tier, parentId }: Known): string => JSON.stringify([tier, parentId])

function annotationsIn(tier: XmlElement): XmlElement[] {
  return tier.children
    .filter(({ name }) => name === 'ANNOTATION')
    .flatMap(({ children }) =>
      children.filter(({ name }) => name === 'ALIGNABLE_ANNOTATION' || name === 'REF_ANNOTATION'),
    )
}

function knownOf(element: XmlElement, tier: string, entryTexts: ReadonlyMap<string, string>): Known {
  const { attributes } = element
  const text = element.children.find(({ name }) => name === 'ANNOTATION_VALUE')?.text ?? ''
  const isRef = element.name === 'REF_ANNOTATION'
  return {
    id: attributes.ANNOTATION_ID ?? '',
    value: text.trim() === '' ? (entryTexts.get(attributes.CVE_REF ?? '') ?? text) : text,
    slots: isRef ? null : [attributes.TIME_SLOT_REF1 ?? '', attributes.TIME_SLOT_REF2 ?? ''],
    parentId: isRef ? (attributes.ANNOTATION_REF ?? null) : null,
    previousId: attributes.PREVIOUS_ANNOTATION || null,
    tier,
  }
}
