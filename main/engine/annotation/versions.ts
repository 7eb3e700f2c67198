import { migrate, type Versions } from '../project/migrations'

/** Turns an item of one version into that of the next; it must not rely on anything newer. */
export type ItemStep = (item: Record<string, unknown>) => Record<string, unknown>

/** How items are written. Snapshots, backups and lines of journals all hold items, and so share one number. */
export interface ItemVersions {
  readonly current: number
  /** Version -> the step to the version after it; one for every version before the current. */
  readonly steps: Readonly<Record<number, ItemStep>>
}

export const ITEM_VERSIONS: ItemVersions = { current: 1, steps: {} }

/** Steps of a whole file that holds items under `items[].item` or `changes[].put`. */
function stepsOfFile({ current, steps }: ItemVersions): Versions {
  const whole = Object.entries(steps).map(([version, step]) => [
    version,
    (content: Record<string, unknown>) => ({
      ...content,
      ...within(content, 'items', 'item', step),
      ...within(content, 'changes', 'put', step),
    }),
  ])
  return { what: 'annotation file', current, steps: Object.fromEntries(whole) }
}

function within(
  content: Record<string, unknown>,
  list: string,
  field: string,
  step: ItemStep,
): Record<string, unknown> {
  const entries = content[list]
  if (!Array.isArray(entries)) return {}
  return {
    [list]: entries.map((entry: unknown) => {
      if (!isRecord(entry) || !isRecord(entry[field])) return entry
      return { ...entry, [field]: step(entry[field]) }
    }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Brings a snapshot, or a line of a journal, up to the current version.
 * @param raw as parsed from JSON, with its `formatVersion`
 * @throws NewerVersionError; UnmaskError 'data.invalid' where it has no version
 */
export function migrateItems(raw: unknown, versions: ItemVersions, path: string): Record<string, unknown> {
  return migrate(raw, stepsOfFile(versions), path)
}
