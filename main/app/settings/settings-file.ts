import { copyFileSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings, SettingsNotice } from '../../../preload/contract/settings'
import { writeAtomic } from '../../engine/export/atomic-file'
import { migrate, NewerVersionError } from '../../engine/project/migrations'
import { recoverSettings, storedForm } from './check-settings'
import { MIGRATIONS } from './settings-migrations'
import { SETTINGS_VERSION } from './settings-schema'

export const SETTINGS_FILE = 'settings.json'

export interface ReadSettings {
  readonly settings: Settings
  readonly notices: readonly SettingsNotice[]
  /** The file is of an older version or was repaired: it should be written anew. */
  readonly isStale: boolean
}

/**
 * Reads the settings at start. A file that cannot be used is set aside, never lost and never fatal.
 * @param nowMs for the name of a file that is set aside
 */
export function readSettings(folder: string, defaults: Settings, nowMs = Date.now()): ReadSettings {
  const path = join(folder, SETTINGS_FILE)
  const asDefaults = (notice: SettingsNotice | null): ReadSettings => ({
    settings: defaults,
    notices: notice ? [notice] : [],
    isStale: false,
  })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return asDefaults(null)
    return asDefaults({ kind: 'corrupt', file: SETTINGS_FILE, reason: reasonOf(error) })
  }
  try {
    const raw: unknown = JSON.parse(text)
    const content = migrate(raw, MIGRATIONS, path)
    const { settings, invalid, unknown } = recoverSettings(content, defaults)
    const notices: SettingsNotice[] = []
    if (unknown.length > 0) notices.push({ kind: 'unknown', fields: unknown })
    if (invalid.length > 0)
      notices.push({ kind: 'invalid', file: keepCopy(folder, 'invalid', nowMs), fields: invalid })
    const isOlder = (raw as { formatVersion: number }).formatVersion < SETTINGS_VERSION
    return { settings, notices, isStale: isOlder || notices.length > 0 }
  } catch (error) {
    const kind = error instanceof NewerVersionError ? 'newer' : 'corrupt'
    const file = setAside(folder, kind, nowMs)
    return asDefaults(kind === 'newer' ? { kind, file } : { kind, file, reason: reasonOf(error) })
  }
}

/** @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
export async function writeSettings(folder: string, settings: Settings, defaults: Settings): Promise<void> {
  const text = `${JSON.stringify(storedForm(settings, defaults), null, 2)}\n`
  await writeAtomic(join(folder, SETTINGS_FILE), [text])
}

function nameAside(why: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  return SETTINGS_FILE.replace('.json', `.${why}-${time}.json`)
}

/** @returns the new name; the old one where the folder lets nothing be renamed */
function setAside(folder: string, why: string, nowMs: number): string {
  const name = nameAside(why, nowMs)
  try {
    renameSync(join(folder, SETTINGS_FILE), join(folder, name))
    return name
  } catch {
    // A folder that cannot be written: the file stays as it is, because it cannot be overwritten either.
    return SETTINGS_FILE
  }
}

function keepCopy(folder: string, why: string, nowMs: number): string {
  const name = nameAside(why, nowMs)
  try {
    copyFileSync(join(folder, SETTINGS_FILE), join(folder, name))
    return name
  } catch {
    // As above.
    return SETTINGS_FILE
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
