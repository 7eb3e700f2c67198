import type { Code } from '../../../preload/contract/annotation'
import { UnmaskError } from '../errors'

/**
 * What annotation programs exchange, whatever the file: one recording's tiers. Every format is written from this and read into
 * it, so that no format knows of another. Seconds count from the clip's one zero; stretches are half-open.
 */

export type InterchangeFormat = 'segments' | 'eaf' | 'textgrid' | 'boris'

export interface InterchangeMedia {
  /** As the file names it: a path, a file URL, or a bare name. */
  readonly path: string
  /** Added to the file's times to get times of this recording. */
  readonly offsetSecs: number
  /** Null where the file does not say. */
  readonly durationSecs: number | null
  readonly fps: number | null
  readonly hasVideo: boolean | null
  readonly hasAudio: boolean | null
}

export type InterchangeCode = Omit<Code, 'id'>

/** An independent variable of the recording and its value. */
export interface InterchangeVariable {
  readonly name: string
  readonly kind: 'text' | 'number' | 'choice'
  readonly choices: readonly string[]
  readonly description: string
  readonly value: string
}

export interface InterchangeOrigin {
  readonly segmentId: string
  readonly tier: string
  readonly label: string
  readonly startSecs: number
  readonly endSecs: number
}

/** 'added' where the file says nothing of it. */
export const INTERCHANGE_STATUSES = ['auto', 'added', 'confirmed', 'edited', 'rejected'] as const
export type InterchangeStatus = (typeof INTERCHANGE_STATUSES)[number]

export interface InterchangeAnnotation {
  /** '': the file names none. */
  readonly id: string
  readonly startSecs: number
  /** Equals startSecs in a point. */
  readonly endSecs: number
  /** Never blank. */
  readonly label: string
  readonly comment: string
  /** 0..1; null: not stated. */
  readonly confidence: number | null
  readonly status: InterchangeStatus
  readonly orig: InterchangeOrigin | null
  /** ISO 8601 UTC, or ''. */
  readonly editedAt: string
  /** BORIS's refinement of a label, its parts divided by "|". */
  readonly modifier: string
}

export interface InterchangeTier {
  /** Unique in the document. */
  readonly name: string
  /** '': the recording as a whole, or not known. */
  readonly subject: string
  /** Rater or model; '' where not known. */
  readonly observer: string
  /** Set of mutually exclusive states, or a modality; '' where not known. */
  readonly set: string
  readonly kind: 'states' | 'points'
  readonly source: 'human' | 'model'
  /** By start, then end. */
  readonly annotations: readonly InterchangeAnnotation[]
}

export interface InterchangeDocument {
  /** Clip id, or what the file calls the recording. */
  readonly title: string
  readonly durationSecs: number | null
  /** The recording first; others that the file ties to it behind it. */
  readonly media: readonly InterchangeMedia[]
  readonly codes: readonly InterchangeCode[]
  readonly variables: readonly InterchangeVariable[]
  readonly tiers: readonly InterchangeTier[]
  /** What reading had to decide, for people. */
  readonly notices: readonly string[]
}

/** Times leave in whole microseconds: doubles of them print the same everywhere. */
export const UNITS_PER_SEC = 1e6
const CONFIDENCE_STEPS = 1e6
const SECS_LIMIT = 8_640_000

export const toMicros = (secs: number): number => Math.round(secs * UNITS_PER_SEC)
export const fromMicros = (micros: number): number => micros / UNITS_PER_SEC
export const roundSecs = (secs: number): number => fromMicros(toMicros(secs)) + 0

export function emptyAnnotation(
  startSecs: number,
  endSecs: number,
  label: string,
  more: Partial<InterchangeAnnotation> = {},
): InterchangeAnnotation {
  return {
    id: '',
    startSecs,
    endSecs,
    label,
    comment: '',
    confidence: null,
    status: 'added',
    orig: null,
    editedAt: '',
    modifier: '',
    ...more,
  }
}

/**
 * The document as every format gives it back: times in whole microseconds, confidences in millionths, annotations by time.
 * @throws UnmaskError 'data.invalid' on a blank label, a time that is no number, an end before its start, two tiers of one name
 */
export function exchangeable(document: InterchangeDocument): InterchangeDocument {
  const names = new Set<string>()
  const tiers = document.tiers.map((tier) => {
    if (names.has(tier.name))
      throw new UnmaskError('data.invalid', `two tiers are called "${tier.name}"; rename one`)
    names.add(tier.name)
    return { ...tier, annotations: sortAnnotations(tier.annotations.map((one) => exact(one, tier.name))) }
  })
  return {
    ...document,
    durationSecs: document.durationSecs === null ? null : roundSecs(document.durationSecs),
    tiers,
  }
}

export function sortAnnotations(annotations: readonly InterchangeAnnotation[]): InterchangeAnnotation[] {
  return [...annotations].sort(
    (a, b) => a.startSecs - b.startSecs || a.endSecs - b.endSecs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

function exact(annotation: InterchangeAnnotation, tier: string): InterchangeAnnotation {
  const { startSecs, endSecs, label, confidence, orig } = annotation
  const where = `tier "${tier}", ${startSecs} s to ${endSecs} s`
  if (![startSecs, endSecs].every((secs) => Number.isFinite(secs) && Math.abs(secs) <= SECS_LIMIT))
    throw new UnmaskError('data.invalid', `${where}: times must be numbers of at most ${SECS_LIMIT} s`)
  if (endSecs < startSecs) throw new UnmaskError('data.invalid', `${where}: the end is before the start`)
  if (label.trim() === '') throw new UnmaskError('data.invalid', `${where}: the label is empty`)
  return {
    ...annotation,
    startSecs: roundSecs(startSecs),
    endSecs: roundSecs(endSecs),
    confidence: confidence === null ? null : Math.round(confidence * CONFIDENCE_STEPS) / CONFIDENCE_STEPS,
    orig: orig && { ...orig, startSecs: roundSecs(orig.startSecs), endSecs: roundSecs(orig.endSecs) },
  }
}
