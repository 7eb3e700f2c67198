import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { UnmaskError } from '../errors'
import type { AnalysisSettings } from '../timeline/settings'
import type { LabelOptions } from './clip-job'
import type { JournalEntry, SourceIdentity } from './journal'
import type { BatchIdentity } from './run-batch'

interface ResumeContext {
  readonly options: LabelOptions
  readonly identity: BatchIdentity
  readonly outFolder: string
}

/**
 * Reads from a journal which clips need not be done again: complete, from the very same source file, with all their
 * result files still there.
 * @throws UnmaskError 'usage.invalid' when the folder was made with other options, models, version or backend: results
 * of two kinds must not stand in one summary
 */
export async function planResume(
  entries: readonly JournalEntry[],
  context: ResumeContext,
): Promise<(clipId: string, source: SourceIdentity) => Promise<boolean>> {
  const batch = entries.findLast((entry) => entry.type === 'batch')
  if (batch) refuseMixture(batch, context)
  const latest = new Map<string, JournalEntry>()
  for (const entry of entries) if (entry.type !== 'batch') latest.set(entry.source.path, entry)
  return async (clipId, source) => {
    const entry = latest.get(source.path)
    if (entry?.type !== 'done' || entry.clipId !== clipId) return false
    if (!isDeepStrictEqual(entry.source, source)) return false
    return allExist(entry.files.map((name) => join(context.outFolder, name)))
  }
}

type BatchEntry = Extract<JournalEntry, { type: 'batch' }>

/** One thing in which a folder's results differ from what would be added to them. */
export interface Mixture {
  readonly name: string
  readonly before: unknown
  readonly now: unknown
}

/** In what results that were made as a journal says differ from those of other options; empty where they may be mixed. */
export function mixtures(
  batch: BatchEntry,
  { options, identity }: Pick<ResumeContext, 'options' | 'identity'>,
): Mixture[] {
  const pairs: [string, unknown, unknown][] = [
    ['version of Unmask', batch.appVersion, identity.appVersion],
    ['backend', batch.backend, identity.backend],
    ['models', batch.models, identity.models],
    ...settingsPairs(batch.options.settings, options.settings),
    ['export options', batch.options.exports, options.exports],
  ]
  return pairs
    .map(([name, before, now]) => ({ name, before, now }))
    .filter(({ before, now }) => !isDeepStrictEqual(before, now))
}

function refuseMixture(batch: BatchEntry, context: ResumeContext): void {
  const [first] = mixtures(batch, context)
  if (!first) return
  const { name, before, now } = first
  throw new UnmaskError(
    'usage.invalid',
    `${name}: the results there were made with ${JSON.stringify(before)}, now it is ${JSON.stringify(now)}; ` +
      `resume with the same, or use --force or another --out: ${context.outFolder}`,
  )
}

function settingsPairs(before: AnalysisSettings, now: AnalysisSettings): [string, unknown, unknown][] {
  const keys = Object.keys(now) as (keyof AnalysisSettings)[]
  return keys.map((key) => [`setting ${key}`, before[key], now[key]])
}

async function allExist(paths: readonly string[]): Promise<boolean> {
  try {
    await Promise.all(paths.map((path) => access(path)))
    return true
  } catch {
    return false
  }
}
