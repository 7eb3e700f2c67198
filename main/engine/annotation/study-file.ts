import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { UnmaskError } from '../errors'
import { writeAtomic } from '../export/atomic-file'
import { migrate, NewerVersionError, type Versions } from '../project/migrations'
import { setAside } from './clip-file'
import { defaultStudy } from './default-study'
import { firstProblem } from './first-problem'
import { codingSchemeSchema, studySchema } from './schema'

export const STUDY_FILE = 'study.json'

export const STUDY_VERSIONS: Versions = { what: 'study', current: 1, steps: {} }

export interface ReadStudy {
  readonly study: Study
  readonly notices: readonly string[]
  /** The file could not be read whole. */
  readonly isDamaged: boolean
  readonly isThere: boolean
}

/**
 * Reads the study of a project, as far as it can be read, changing nothing. Codes, observers and subjects that items use and
 * the study does not know are added by their ids, so that no annotation is lost with its words.
 * @param items of all clips; asked for only where the file is damaged or missing
 * @throws NewerVersionError, UnmaskError 'input.unreadable'
 */
export async function readStudy(
  folder: string,
  items: () => Promise<readonly AnnotationItem[]>,
): Promise<ReadStudy> {
  const path = join(folder, STUDY_FILE)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UnmaskError(
        'input.unreadable',
        `the study cannot be read (${(error as Error).message}): ${path}`,
        {
          cause: error,
        },
      )
    const used = await items()
    if (used.length === 0) return { study: defaultStudy(), notices: [], isDamaged: false, isThere: false }
    return {
      study: withPlaceholders(defaultStudy(), used),
      notices: ['The study file is missing; codes, observers and subjects in use have their ids for names'],
      isDamaged: false,
      isThere: false,
    }
  }
  try {
    const parsed = studySchema.safeParse(studyOf(migrate(JSON.parse(text), STUDY_VERSIONS, path)))
    if (parsed.success) return { study: parsed.data, notices: [], isDamaged: false, isThere: true }
    return await salvage(JSON.parse(text), firstProblem(parsed.error), await items())
  } catch (error) {
    if (error instanceof NewerVersionError) throw error
    return await salvage(null, (error as Error).message, await items())
  }
}

/** @throws UnmaskError 'output.disk-full' | 'output.unwritable' */
export async function writeStudy(folder: string, study: Study): Promise<void> {
  const content = { format: 'unmask-study', formatVersion: STUDY_VERSIONS.current, ...study }
  await writeAtomic(join(folder, STUDY_FILE), [`${JSON.stringify(content, null, 2)}\n`])
}

export async function setStudyAside(folder: string, nowMs: number): Promise<string> {
  return setAside(join(folder, STUDY_FILE), nowMs)
}

function studyOf({ scheme, observers, subjects, variables }: Record<string, unknown>): unknown {
  return { scheme, observers, subjects, variables }
}

/** What of a damaged study can be used part by part. */
async function salvage(raw: unknown, reason: string, items: readonly AnnotationItem[]): Promise<ReadStudy> {
  const parts = z.looseObject({}).safeParse(raw)
  const found: Record<string, unknown> = parts.success ? parts.data : {}
  const fresh = defaultStudy()
  const scheme = codingSchemeSchema.safeParse(found['scheme'])
  const list = <K extends 'observers' | 'subjects' | 'variables'>(name: K): Study[K] => {
    const parsed = studySchema.safeParse({ ...fresh, [name]: found[name] })
    return parsed.success ? parsed.data[name] : []
  }
  const study: Study = {
    scheme: scheme.success ? scheme.data : fresh.scheme,
    observers: list('observers'),
    subjects: list('subjects'),
    variables: list('variables'),
  }
  return {
    study: withPlaceholders(study, items),
    notices: [
      `The study file is damaged (${reason}); what could be read is used, the rest has its ids for names`,
    ],
    isDamaged: true,
    isThere: true,
  }
}

/** The study with an entry for everything that items refer to. */
export function withPlaceholders(study: Study, items: readonly AnnotationItem[]): Study {
  const codes = new Map(study.scheme.codes.map((code) => [code.id, code]))
  const dimensions = new Map(study.scheme.dimensions.map((one) => [one.id, one]))
  const observers = new Map(study.observers.map((one) => [one.id, one]))
  const subjects = new Map(study.subjects.map((one) => [one.id, one]))
  const variables = new Map(study.variables.map((one) => [one.id, one]))
  for (const item of items) {
    if (!observers.has(item.observerId))
      observers.set(item.observerId, { id: item.observerId, name: item.observerId, isBlind: false })
    if ('subjectId' in item && item.subjectId !== '' && !subjects.has(item.subjectId))
      subjects.set(item.subjectId, {
        id: item.subjectId,
        name: item.subjectId,
        description: '',
        variables: {},
      })
    if (item.kind === 'variable' && !variables.has(item.variableId))
      variables.set(item.variableId, {
        id: item.variableId,
        name: item.variableId,
        scope: 'clip',
        kind: 'text',
        choices: [],
        description: '',
      })
    if (item.kind === 'rating' && !dimensions.has(item.dimensionId))
      dimensions.set(item.dimensionId, {
        id: item.dimensionId,
        name: item.dimensionId,
        minimum: Math.min(-1, ...item.values),
        maximum: Math.max(1, ...item.values),
        neutral: 0,
        lowLabel: '',
        highLabel: '',
        description: '',
      })
    if (item.kind === 'segment' && !codes.has(item.codeId)) {
      const isPoint = item.startSecs === item.endSecs
      codes.set(item.codeId, {
        id: item.codeId,
        kind: isPoint ? 'point' : 'state',
        // A set of its own: nothing is known that it would exclude.
        set: isPoint ? '' : item.codeId,
        name: item.codeId,
        key: null,
        colour: '#808080',
        description: '',
      })
    }
  }
  return {
    scheme: { ...study.scheme, codes: [...codes.values()], dimensions: [...dimensions.values()] },
    observers: [...observers.values()],
    subjects: [...subjects.values()],
    variables: [...variables.values()],
  }
}
