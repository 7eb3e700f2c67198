import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TextChunks, writeAtomic } from '../export/atomic-file'
import { type Backup, backupPath, type BackupOf, BACKUPS_FOLDER, listBackups, msOfStamp } from './paths'

export const BACKUP_INTERVAL_MS = 10 * 60_000
const NEWEST_KEPT = 12
const DAYS_KEPT = 14

/** Copies in the course of time: every ten minutes of change, thinned out to one a day. */
export class BackupPlan {
  readonly #folder: string
  readonly #of: BackupOf
  readonly #now: () => number
  /** When the newest copy was made, whoever made it; null: not looked yet. */
  #lastMs: number | null = null

  /** @param folder the project's annotations folder @param now milliseconds since 1970 */
  constructor(folder: string, of: BackupOf, now: () => number) {
    this.#folder = folder
    this.#of = of
    this.#now = now
  }

  /**
   * Makes a copy where the newest one is older than ten minutes. To be called after a change.
   * @param chunks asked for only then
   * @throws UnmaskError 'output.*'
   */
  async consider(chunks: () => TextChunks): Promise<void> {
    this.#lastMs ??= await this.#newestMs()
    // A clock that was set back must not keep copies from being made.
    const ageMs = Math.abs(this.#now() - this.#lastMs)
    if (ageMs >= BACKUP_INTERVAL_MS) await this.make(chunks)
  }

  /** Makes a copy now. @throws UnmaskError 'output.*' */
  async make(chunks: () => TextChunks): Promise<void> {
    const nowMs = this.#now()
    await writeAtomic(backupPath(this.#folder, this.#of, nowMs), chunks())
    this.#lastMs = nowMs
    const backups = await listBackups(this.#folder, this.#of)
    const kept = keptBackups(backups)
    for (const backup of backups)
      if (!kept.has(backup)) await rm(join(this.#folder, BACKUPS_FOLDER, backup.name), { force: true })
  }

  async #newestMs(): Promise<number> {
    const [newest] = await listBackups(this.#folder, this.#of)
    return newest ? msOfStamp(newest.stamp) : Number.NEGATIVE_INFINITY
  }
}

/** The newest twelve, and the newest of each of the last fourteen days that have one. @param backups the newest first */
export function keptBackups(backups: readonly Backup[]): Set<Backup> {
  const kept = new Set(backups.slice(0, NEWEST_KEPT))
  const days = new Set<string>()
  for (const backup of backups) {
    const day = backup.stamp.slice(0, 10)
    if (days.has(day)) continue
    days.add(day)
    if (days.size > DAYS_KEPT) break
    kept.add(backup)
  }
  return kept
}
