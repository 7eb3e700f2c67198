import type { Study } from '../../../preload/contract/annotation'
import type { TierChoice } from '../../../preload/contract/interchange'
import { EMOTION_SET, WHOLE_CLIP } from '../../../preload/contract/tier-rules'
import { canonicalLabel } from '../emotions'
import type { InterchangeTier } from './document'

/** What is offered to begin with; the user has the last word on all of it. */

/** Name of the observer where neither file nor tier names one. */
export const UNKNOWN_OBSERVER = 'Imported'
/** A tier with more different texts than this, each of them rare, is a transcript and no coding. */
const TRANSCRIPT_TEXTS = 25

/** Offered code of a label: one of the scheme under its own or another spelling, else a new one. */
export function guessCode(label: string, kind: 'state' | 'point', study: Study): string {
  const name = label.trim()
  const codes = study.scheme.codes
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
  const exact = codes.find((code) => code.kind === kind && code.name === name)
  if (exact) return exact.name
  const alike = codes.find((code) => code.kind === kind && same(code.name, name))
  if (alike) return alike.name
  const emotion = canonicalLabel(name)
  const meant =
    emotion === null ? undefined : codes.find((code) => code.kind === kind && code.name === emotion)
  if (meant) return meant.name
  // One name cannot stand for a state and for a point.
  const isTaken = codes.some((code) => code.kind !== kind && same(code.name, name))
  return isTaken ? `${name} (${kind})` : name
}

/** @param own name of the observer who codes, where they may import for nobody else; null: anybody */
export function guessTier(tier: InterchangeTier, study: Study, own: string | null): TierChoice {
  const named = partsOfName(tier.name)
  const subject = tier.subject || named.subject
  const knownSubject = study.subjects.find(({ name }) => name.toLowerCase() === subject.toLowerCase())
  const observer = own ?? (tier.observer || named.observer || UNKNOWN_OBSERVER)
  const knownObserver = study.observers.find(({ name }) => name.toLowerCase() === observer.toLowerCase())
  return {
    observer: isCoding(tier) ? (knownObserver?.name ?? observer.trim()) : null,
    subject: knownSubject?.name ?? subject.trim(),
    set: guessSet(tier, study, named.set),
  }
}

/**
 * Guesses for all tiers of a document: where some speak the language of the scheme, or of a vocabulary, the others are left out to
 * begin with.
 */
export function guessTiers(
  tiers: readonly InterchangeTier[],
  study: Study,
  own: string | null,
): TierChoice[] {
  const codes = new Set(study.scheme.codes.map(({ name }) => name))
  const isMeant = (tier: InterchangeTier): boolean =>
    tier.set !== '' ||
    partsOfName(tier.name).observer !== '' ||
    tier.annotations.some(({ label }) => codes.has(guessCode(label, kindOf(tier), study)))
  const hasMeant = tiers.some((tier) => isCoding(tier) && isMeant(tier))
  return tiers.map((tier) => {
    const guess = guessTier(tier, study, own)
    return hasMeant && !isMeant(tier) ? { ...guess, observer: null } : guess
  })
}

/** Whose a tier is by its name alone; '' where that does not tell. */
export const observerInName = (name: string): string => partsOfName(name).observer

const kindOf = ({ kind }: InterchangeTier): 'state' | 'point' => (kind === 'points' ? 'point' : 'state')

/** "<subject>/manual/<observer>" with the set behind it, as our own files have it. */
function partsOfName(name: string): { subject: string; observer: string; set: string } {
  const parts = name.split('/')
  const at = parts.indexOf('manual')
  if (at < 1 || at + 1 >= parts.length) return { subject: '', observer: '', set: '' }
  const subject = parts.slice(0, at).join('/')
  return {
    subject: subject === WHOLE_CLIP ? '' : subject,
    observer: parts[at + 1] ?? '',
    set: parts[at + 2] ?? '',
  }
}

/** The model's own tiers, empty ones, numbers and transcripts are left out unless the user wants them. */
function isCoding({ source, annotations }: InterchangeTier): boolean {
  if (source === 'model' || annotations.length === 0) return false
  const labels = new Set(annotations.map(({ label }) => label.trim()))
  if ([...labels].every((label) => Number.isFinite(Number(label)))) return false
  return labels.size <= TRANSCRIPT_TEXTS || labels.size <= annotations.length / 4
}

function guessSet(tier: InterchangeTier, study: Study, named: string): string {
  if (tier.kind === 'points') return ''
  if (tier.set !== '') return tier.set
  const codes = new Map(study.scheme.codes.map((code) => [code.name, code]))
  const labels = [...new Set(tier.annotations.map(({ label }) => label))]
  const known = labels.flatMap((label) => codes.get(guessCode(label, 'state', study))?.set ?? [])
  const [first] = known
  if (first !== undefined && known.length >= labels.length / 2) return first
  const emotions = labels.filter((label) => canonicalLabel(label) !== null).length
  if (labels.length > 0 && emotions * 2 >= labels.length) return EMOTION_SET
  return named || tier.name
}
