/** Names that our EAF files use, known to writer and reader. */

/** HEADER property with the manifest; ELAN keeps properties that it does not know. */
export const MANIFEST_PROPERTY = 'unmask'
export const MS_PER_SEC = 1000

/** Linguistic types of child tiers, by what their annotations say of their parents. */
export const CHILD_TYPES = {
  comment: 'unmask comment',
  confidence: 'unmask confidence',
  status: 'unmask status',
  /** The rest, as fields. */
  record: 'unmask record',
} as const

export type ChildKind = keyof typeof CHILD_TYPES

const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/** Text as XML shows it: characters that it cannot hold become U+FFFD. */
export function shownInXml(text: string): string {
  return text.replace(NOT_XML, '\uFFFD')
}
