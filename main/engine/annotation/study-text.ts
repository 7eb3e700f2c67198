import type { Study } from '../../../preload/contract/annotation'
import { migrate, NewerVersionError, type Versions } from '../project/migrations'
import { firstProblem } from './first-problem'
import { studySchema } from './schema'
import { historyLineSchema, NO_HISTORY, type StudyHistory, type StudyRecord } from './study-history'

export const STUDY_VERSIONS: Versions = { what: 'study', current: 1, steps: {} }

export interface ParsedStudy extends StudyRecord {
  /** What is wrong with the file; null: nothing. */
  readonly damage: string | null
}

const LISTS = ['observers', 'subjects', 'variables'] as const
const SCHEME_LISTS = ['codes', 'dimensions'] as const

const EMPTY: Study = {
  scheme: { name: '', isLocked: false, codes: [], dimensions: [] },
  observers: [],
  subjects: [],
  variables: [],
}

/** An entry a line: what is damaged later costs those entries alone, and copies differ in what was changed. */
export function studyText({ scheme, ...lists }: Study, history: StudyHistory = NO_HISTORY): string {
  const list = (entries: readonly unknown[]): string =>
    entries.length === 0 ? '[]' : `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`
  const { name, isLocked } = scheme
  return [
    `{"format":"unmask-study","formatVersion":${STUDY_VERSIONS.current},`,
    `"scheme":{"name":${JSON.stringify(name)},"isLocked":${isLocked},`,
    SCHEME_LISTS.map((field) => `"${field}":${list(scheme[field])}`).join(',\n') + '},',
    LISTS.map((field) => `"${field}":${list(lists[field])}`).join(',\n') + ',',
    `"history":${list([...history].map(([entry, version]) => ({ entry, ...version })))}}\n`,
  ].join('\n')
}

/**
 * Reads a study as far as it goes: whole, or entry by entry.
 * @throws NewerVersionError
 */
export function parseStudy(text: string, path: string, versions: Versions = STUDY_VERSIONS): ParsedStudy {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return {
      study: salvageLines(text),
      history: NO_HISTORY,
      damage: `it is not JSON: ${(error as Error).message}`,
    }
  }
  try {
    const { scheme, observers, subjects, variables, history } = migrate(raw, versions, path)
    const content = { scheme, observers, subjects, variables }
    const parsed = studySchema.safeParse(content)
    if (parsed.success) return { study: parsed.data, history: historyOf(history), damage: null }
    return { study: salvageEntries(content), history: NO_HISTORY, damage: firstProblem(parsed.error) }
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return { study: salvageEntries(raw), history: NO_HISTORY, damage: 'it does not say its version' }
  }
}

/** Lines that say nothing are left out: of their entries nothing is known, and a merge asks where it might have known. */
function historyOf(lines: unknown): StudyHistory {
  return new Map(
    listOf(lines).flatMap((line) => {
      const { success, data } = historyLineSchema.safeParse(line)
      return success ? [[data.entry, { clock: data.clock, digest: data.digest }]] : []
    }),
  )
}

function salvageEntries(raw: unknown): Study {
  const content = recordOf(raw)
  const scheme = recordOf(content['scheme'])
  let study = EMPTY
  const named = withScheme(study, { name: scheme['name'] ?? '', isLocked: scheme['isLocked'] ?? false })
  study = parsedOr(named, study)
  for (const field of SCHEME_LISTS)
    for (const entry of listOf(scheme[field])) study = withEntry(study, field, entry)
  for (const field of LISTS)
    for (const entry of listOf(content[field])) study = withEntry(study, field, entry)
  return study
}

function salvageLines(text: string): Study {
  let study = EMPTY
  for (const line of text.split('\n')) {
    const bare = line.trim().replace(/,$/, '')
    let entry: unknown
    try {
      entry = JSON.parse(bare)
    } catch {
      continue // part of the frame, or the damaged entry itself
    }
    // Each kind of entry has fields of its own, so an entry fits one list alone.
    for (const field of [...SCHEME_LISTS, ...LISTS]) study = withEntry(study, field, entry)
  }
  return study
}

type ListName = (typeof SCHEME_LISTS)[number] | (typeof LISTS)[number]

/** The study with an entry more; as it was where the entry does not fit. */
function withEntry(study: Study, field: ListName, entry: unknown): Study {
  if (field === 'codes' || field === 'dimensions')
    return parsedOr(withScheme(study, { [field]: [...study.scheme[field], entry] }), study)
  return parsedOr({ ...study, [field]: [...study[field], entry] }, study)
}

const withScheme = (study: Study, change: object) => ({ ...study, scheme: { ...study.scheme, ...change } })

function parsedOr(candidate: unknown, otherwise: Study): Study {
  return studySchema.safeParse(candidate).data ?? otherwise
}

function recordOf(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
