import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Study } from '../../../preload/contract/annotation'
import { type Clock, clockSchema, tickClock } from './clocks'
import { defaultStudy } from './default-study'
import { entriesOf, type StudyEntry } from './study-entries'

/** What is known of how an entry of a study came to be as it is. */
export interface EntryVersion {
  readonly clock: Clock
  /** Of what the entry said then; null: it was taken out. */
  readonly digest: string | null
}

/** Versions by the entries' keys. One that is not in it has been changed by nobody who keeps a history, or nothing is known. */
export type StudyHistory = ReadonlyMap<string, EntryVersion>

export const NO_HISTORY: StudyHistory = new Map()

/** A study with its history: what a copy of a project knows. */
export interface StudyRecord {
  readonly study: Study
  readonly history: StudyHistory
}

export const historyLineSchema = z.strictObject({
  entry: z.string().min(1).max(300),
  clock: clockSchema,
  digest: z.string().max(64).nullable(),
})

/** Every project begins with these entries, so all copies know them, whichever of them was made first. */
const BEGINNING: Clock = { beginning: 1 }
const STANDARD = entriesOf(defaultStudy())

/** Null: nothing is known, because the entry was changed past the program, or by one that kept no history. */
export function clockOf(history: StudyHistory, key: string, entry: StudyEntry): Clock | null {
  const version = history.get(key)
  const digest = digestOf(entry)
  if (version) return version.digest === digest ? version.clock : null
  const standard = STANDARD.get(key)
  return standard && digestOf(standard) === digest ? BEGINNING : null
}

/** Null: it never was, or nothing is known of its end. */
export function removalClockOf(history: StudyHistory, key: string): Clock | null {
  const version = history.get(key)
  return version?.digest === null ? version.clock : null
}

/** Whatever is known of an entry, also where it was changed past that. */
export function baseClockOf(history: StudyHistory, key: string): Clock {
  return history.get(key)?.clock ?? (STANDARD.has(key) ? BEGINNING : {})
}

/** The history after a session has changed the study. */
export function advanced(before: StudyRecord, after: Study, replicaId: string): StudyHistory {
  const history = new Map(before.history)
  const now = entriesOf(after)
  const changed = (key: string, digest: string | null) =>
    history.set(key, { clock: tickClock(baseClockOf(before.history, key), replicaId), digest })
  for (const [key, entry] of now)
    if (clockOf(before.history, key, entry) === null) changed(key, digestOf(entry))
  for (const key of entriesOf(before.study).keys()) if (!now.has(key)) changed(key, null)
  return history
}

/** The same for entries that say the same, in whatever order they say it. */
export function digestOf(entry: StudyEntry): string {
  const text = JSON.stringify(entry, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
