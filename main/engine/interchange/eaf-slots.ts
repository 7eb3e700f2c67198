import type { XmlElement } from './xml-reader'

export interface SlotTimes {
  /** Milliseconds of a slot; undefined where the document has no such slot. */
  msOf(slotId: string): number | undefined
  /** Slots without a time of their own, which lie evenly between their neighbours, as in ELAN. */
  readonly interpolatedCount: number
}

interface Slot {
  readonly id: string
  ms: number | null
}

/**
 * Times of the slots. One without TIME_VALUE lies on a chain of annotations between two that have one, and divides it evenly;
 * where no chain leads to a time, the document's own order does.
 * @param pairs start and end slot of each annotation, tier after tier, in the order of the file
 */
export function slotTimes(
  elements: readonly XmlElement[],
  pairs: readonly (readonly [start: string, end: string])[],
  msPerUnit: number,
): SlotTimes {
  const slots: Slot[] = elements.map(({ attributes }) => ({
    id: attributes.TIME_SLOT_ID ?? '',
    ms: msOf(attributes.TIME_VALUE, msPerUnit),
  }))
  const byId = new Map(slots.map((slot) => [slot.id, slot]))
  const missing = slots.filter(({ ms }) => ms === null)
  if (missing.length > 0) {
    fillChains(byId, pairs)
    fillByOrder(slots)
  }
  return { msOf: (id) => byId.get(id)?.ms ?? undefined, interpolatedCount: missing.length }
}

function msOf(text: string | undefined, msPerUnit: number): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value * msPerUnit : null
}

function fillChains(byId: ReadonlyMap<string, Slot>, pairs: readonly (readonly [string, string])[]): void {
  const nextOf = new Map<string, string>()
  for (const [start, end] of pairs) if (!nextOf.has(start)) nextOf.set(start, end)
  for (const [start] of pairs) {
    const from = byId.get(start)
    if (!from || from.ms === null) continue
    const run: Slot[] = []
    const seen = new Set<string>()
    let at = byId.get(nextOf.get(start) ?? '')
    while (at && at.ms === null && !seen.has(at.id)) {
      seen.add(at.id)
      run.push(at)
      at = byId.get(nextOf.get(at.id) ?? '')
    }
    if (at && at.ms !== null) divide(run, from.ms, at.ms)
  }
}

function fillByOrder(slots: readonly Slot[]): void {
  let lastMs = 0
  for (let first = 0; first < slots.length; first++) {
    const slot = slots[first]
    if (!slot) continue
    if (slot.ms !== null) {
      lastMs = slot.ms
      continue
    }
    let end = first
    while (slots[end]?.ms === null) end++
    divide(slots.slice(first, end), lastMs, slots[end]?.ms ?? lastMs)
    lastMs = slots[end - 1]?.ms ?? lastMs
    first = end - 1
  }
}

function divide(run: readonly Slot[], fromMs: number, toMs: number): void {
  run.forEach((slot, index) => (slot.ms = fromMs + ((toMs - fromMs) * (index + 1)) / (run.length + 1)))
}
