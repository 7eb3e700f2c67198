import type { DataForm } from './recognise'

export type FindingKind =
  | 'unreadable'
  | 'shared-items'
  | 'shared-speakers'
  | 'near-duplicates'
  | 'duplicates'
  | 'conflicting-labels'
  | 'empty-class'
  | 'blank'
  | 'silent'
  | 'clipped'
  | 'short'
  | 'damaged'

export interface Finding {
  readonly kind: FindingKind
  /** Errors spoil figures or training; warnings may be meant. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** The items it is about. */
  readonly ids: readonly string[]
}

export interface CountRow {
  /** Of the split or speaker; "" where the data set names none. */
  readonly name: string
  readonly total: number
  /** In the order of the report's classes. */
  readonly counts: readonly number[]
}

/** What `unmask data check` finds in a data set. */
export interface DataReport {
  readonly path: string
  readonly form: DataForm['kind']
  readonly items: number
  readonly classes: readonly string[]
  readonly bySplit: readonly CountRow[]
  /** Empty where the data set names no speakers. */
  readonly bySpeaker: readonly CountRow[]
  readonly findings: readonly Finding[]
}

/** An item as the checks common to faces and voices see it. */
export interface CheckedItem {
  readonly id: string
  readonly label: string
  readonly split: string
  readonly speaker: string
  /** Equal for equal contents. */
  readonly contents: string
}
