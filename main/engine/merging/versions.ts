import { isDeepStrictEqual } from 'node:util'
import type { AnnotationItem } from '../../../preload/contract/annotation'
import type { Clock } from '../annotation/clocks'

/** What a copy knows of an item. */
export interface ItemVersion {
  /** Null: it was taken out. */
  readonly item: AnnotationItem | null
  readonly clock: Clock
}

/** What a copy knows of a clip, by the items' ids; what it never heard of is not in it. */
export type ItemVersions = ReadonlyMap<string, ItemVersion>

/** Two versions say the same; who changed it last, and when, aside. */
export function saysSame(one: AnnotationItem | null, other: AnnotationItem | null): boolean {
  if (one === null || other === null) return one === other
  return isDeepStrictEqual({ ...one, editedAt: '' }, { ...other, editedAt: '' })
}
