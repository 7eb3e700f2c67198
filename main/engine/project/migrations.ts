import { UnmaskError } from '../errors'

/** Turns the content of one version into that of the next; it must not rely on anything newer. */
export type Migration = (content: Record<string, unknown>) => Record<string, unknown>

export interface Versions {
  /** What the content calls itself, for messages: "project". */
  readonly what: string
  readonly current: number
  /** Version -> the step to the version after it; one for every version before the current. */
  readonly steps: Readonly<Record<number, Migration>>
}

/** Content whose version this program does not know yet: it must stay as it is. */
export class NewerVersionError extends UnmaskError {}

/**
 * Brings content of an older version up to the current one, step by step.
 * @param path for messages
 * @throws NewerVersionError when a newer Unmask wrote it
 * @throws UnmaskError 'data.invalid' when it has no version
 */
export function migrate(
  raw: unknown,
  { what, current, steps }: Versions,
  path: string,
): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new UnmaskError('data.invalid', `the ${what} is not a JSON object: ${path}`)
  let content = raw as Record<string, unknown>
  const version = content['formatVersion']
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new UnmaskError(
      'data.invalid',
      `formatVersion: ${JSON.stringify(version) ?? 'missing'} is no version of a ${what}: ${path}`,
    )
  if (version > current)
    throw new NewerVersionError(
      'data.invalid',
      `the ${what} was written by a newer Unmask (its format is version ${version}, this program knows ${current}); ` +
        `update Unmask to open it, nothing was changed: ${path}`,
    )
  for (let from = version; from < current; from++) {
    const step = steps[from]
    if (!step) throw new UnmaskError('internal', `there is no step from version ${from} of a ${what}`)
    content = { ...step(content), formatVersion: from + 1 }
  }
  return content
}
