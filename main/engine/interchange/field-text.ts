import type { Placed } from './lanes'
import {
  emptyAnnotation,
  INTERCHANGE_STATUSES,
  type InterchangeAnnotation,
  type InterchangeOrigin,
  toMicros,
  UNITS_PER_SEC,
} from './document'

/**
 * Fields that a format has no place for, as one line of text that people can read and other programs keep:
 * "id=7f3 status=edited orig=anger@1.2-2.5 start=1.234567". Values have no spaces; what would break them is percent-encoded.
 */

const UNSAFE = /[%\s[\]=\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uFFFE\uFFFF]/gu

export function encodeValue(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0) ?? 0
    return code <= 0xff
      ? `%${code.toString(16).padStart(2, '0').toUpperCase()}`
      : `%u${code.toString(16).padStart(4, '0').toUpperCase()}`
  })
}

export function decodeValue(text: string): string {
  return text.replace(/%u([0-9A-F]{4})|%([0-9A-F]{2})/gi, (_, wide?: string, narrow?: string) =>
    String.fromCharCode(parseInt(wide ?? narrow ?? '', 16)),
  )
}

/** Joins what is not empty. */
export function fieldText(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encodeValue(value)}`)
    .join(' ')
}

export function parseFieldText(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const part of text.trim().split(/\s+/)) {
    const at = part.indexOf('=')
    if (at > 0) values.set(part.slice(0, at), decodeValue(part.slice(at + 1)))
  }
  return values
}

export function secsText(secs: number): string {
  const text = (Math.round(secs * UNITS_PER_SEC) / UNITS_PER_SEC).toFixed(6).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

/** An annotation whose bounds were rounded: what the target cannot show, and what it shows instead. */
export function placedFields(
  { annotation, start, end }: Placed,
  shownLabel: string,
  unitsPerSec: number,
  kept: readonly (keyof InterchangeAnnotation)[] = [],
): Record<string, string> {
  const { startSecs, endSecs, label } = annotation
  const isExact = (secs: number, units: number): boolean => toMicros(secs) === toMicros(units / unitsPerSec)
  const isStartShown = Math.round(startSecs * unitsPerSec) === start
  const isEndShown = Math.round(endSecs * unitsPerSec) === end
  return {
    start: isExact(startSecs, start) ? '' : secsText(startSecs),
    end: isExact(endSecs, end) ? '' : secsText(endSecs),
    shown_start: isStartShown ? '' : secsText(start / unitsPerSec),
    shown_end: isEndShown ? '' : secsText(end / unitsPerSec),
    label: label === shownLabel ? '' : label,
    shown_label: label === shownLabel ? '' : shownLabel,
    ...annotationFields(annotation, kept),
  }
}

/** What only we know of an annotation. @param kept fields that the format holds by itself */
export function annotationFields(
  annotation: InterchangeAnnotation,
  kept: readonly (keyof InterchangeAnnotation)[] = [],
): Record<string, string> {
  const { orig } = annotation
  const all: Partial<Record<keyof InterchangeAnnotation, Record<string, string>>> = {
    status: { status: annotation.status === 'added' ? '' : annotation.status },
    confidence: { confidence: annotation.confidence === null ? '' : String(annotation.confidence) },
    comment: { comment: annotation.comment },
    modifier: { modifier: annotation.modifier },
    orig: orig
      ? {
          orig_label: orig.label,
          orig_start: secsText(orig.startSecs),
          orig_end: secsText(orig.endSecs),
          orig_tier: orig.tier,
          orig_id: orig.segmentId,
        }
      : {},
    editedAt: { edited: annotation.editedAt },
    id: { id: annotation.id },
  }
  const fields: Record<string, string> = {}
  for (const [key, values] of Object.entries(all))
    if (!kept.some((name) => name === key)) Object.assign(fields, values)
  return fields
}

/**
 * Puts fields back. Times count only while the format still shows what they would be rounded to: whoever moved an edge
 * in the other program meant it.
 * @param unitsPerSec of the format's own times
 */
export function withFields(
  shown: { readonly startSecs: number; readonly endSecs: number; readonly label: string },
  values: ReadonlyMap<string, string>,
  options: {
    readonly unitsPerSec: number
    /** Of a tier of points: what is shown of their length means nothing. */
    readonly isPoint?: boolean
    readonly more?: Partial<InterchangeAnnotation>
  },
): InterchangeAnnotation {
  const { unitsPerSec, isPoint, more } = options
  const text = (key: string): string => values.get(key) ?? ''
  const exactStart = numberOf(values.get('start'))
  const exactEnd = numberOf(values.get('end'))
  const shownStart = numberOf(values.get('shown_start'))
  const shownEnd = numberOf(values.get('shown_end'))
  const same = (a: number, b: number): boolean => Math.round(a * unitsPerSec) === Math.round(b * unitsPerSec)
  const isStartKept = exactStart !== null && same(shownStart ?? exactStart, shown.startSecs)
  const startSecs = isStartKept ? exactStart : shown.startSecs
  const isEndKept = exactEnd !== null && same(shownEnd ?? exactEnd, shown.endSecs)
  const endSecs = isEndKept ? exactEnd : isPoint ? startSecs : shown.endSecs
  const exactLabel = values.get('label')
  const wasRelabelled = exactLabel !== undefined && values.get('shown_label') !== shown.label
  return emptyAnnotation(
    startSecs,
    Math.max(startSecs, endSecs),
    exactLabel === undefined || wasRelabelled ? shown.label : exactLabel,
    {
      id: text('id'),
      status: INTERCHANGE_STATUSES.find((status) => status === text('status')) ?? 'added',
      confidence: confidenceOf(values.get('confidence')),
      comment: text('comment'),
      modifier: text('modifier'),
      orig: originOf(values),
      editedAt: text('edited'),
      ...more,
    },
  )
}

function originOf(values: ReadonlyMap<string, string>): InterchangeOrigin | null {
  const startSecs = numberOf(values.get('orig_start'))
  const endSecs = numberOf(values.get('orig_end'))
  if (startSecs === null || endSecs === null) return null
  return {
    segmentId: values.get('orig_id') ?? '',
    tier: values.get('orig_tier') ?? '',
    label: values.get('orig_label') ?? '',
    startSecs,
    endSecs,
  }
}

export function confidenceOf(text: string | undefined): number | null {
  const value = numberOf(text)
  return value !== null && value >= 0 && value <= 1 ? value : null
}

export function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}
