import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { backupNames, BACKUPS_FOLDER, writeSnapshot } from './clip-file'
import type { AnnotationDocument } from './document'

const INTERVAL_MS = 10 * 60_000
const NEWEST_KEPT = 12
const DAYS_KEPT = 14

/** Copies of a clip's annotations in the course of time: every ten minutes of change, thinned out to one a day. */
export class BackupPlan {
  readonly #folder: string
  readonly #clipId: string
  readonly #now: () => number
  /** Number of the last edit in the newest copy that this process made. */
  #seq = -1
  #lastMs: number

  constructor(folder: string, clipId: string, now: () => number) {
    this.#folder = folder
    this.#clipId = clipId
    this.#now = now
    this.#lastMs = now()
  }

  /** Makes a copy where it is time for one and something was changed. */
  async consider(document: AnnotationDocument, seq: number): Promise<void> {
    if (seq === this.#seq || this.#now() - this.#lastMs < INTERVAL_MS) return
    await this.make(document, seq)
  }

  async make(document: AnnotationDocument, seq: number): Promise<void> {
    const stamp = new Date(this.#now()).toISOString().replace(/[:.]/g, '-')
    const path = join(this.#folder, BACKUPS_FOLDER, `${this.#clipId}.${stamp}.json`)
    await writeSnapshot(path, this.#clipId, document, seq)
    this.#lastMs = this.#now()
    this.#seq = seq
    await this.#thinOut()
  }

  async #thinOut(): Promise<void> {
    const names = await backupNames(this.#folder, this.#clipId)
    const kept = keptBackups(names, this.#clipId)
    for (const name of names)
      if (!kept.has(name)) await rm(join(this.#folder, BACKUPS_FOLDER, name), { force: true })
  }
}

/** The newest twelve, and the newest of each of the last fourteen days that have one. @param names the newest first */
export function keptBackups(names: readonly string[], clipId: string): Set<string> {
  const kept = new Set(names.slice(0, NEWEST_KEPT))
  const days = new Set<string>()
  for (const name of names) {
    const day = name.slice(clipId.length + 1, clipId.length + 11)
    if (days.has(day)) continue
    days.add(day)
    if (days.size > DAYS_KEPT) break
    kept.add(name)
  }
  return kept
}
