import { z } from 'zod'
import { UnmaskError } from '../errors'
import { labelChoicesSchema } from './label-choices'
import { migrate, type Versions } from './migrations'

export const PROJECT_FILE = 'unmask-project.json'
/** Thumbnails, proxies and the like: may be deleted at any time. */
export const CACHE_FOLDER = '.unmask-cache'
export const RESULTS_FOLDER = 'results'

/** What a recording holds, as probed; kept so that a project opens without reading its recordings. */
export const clipFactsSchema = z.object({
  kind: z.enum(['video', 'audio']),
  /** Null where the container does not say. */
  durationSecs: z.number().min(0).nullable(),
  hasSound: z.boolean(),
})

export type ClipFacts = z.infer<typeof clipFactsSchema>

export const projectClipSchema = z.object({
  /** Unique in the project; the first part of the result files' names. */
  clipId: z.string().min(1),
  /** Below the project: relative, with slashes. Elsewhere: absolute. */
  path: z.string().min(1),
  /** Of the recording when it was added or last found; -1 where it was never found. */
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  addedAt: z.string(),
  facts: clipFactsSchema.nullable(),
})

export type ProjectClipEntry = z.infer<typeof projectClipSchema>

/** unmask-project.json. Results and their state are not in it: the journal in the results folder tells these. */
export const projectFileSchema = z.object({
  format: z.literal('unmask-project'),
  formatVersion: z.literal(1),
  name: z.string().min(1),
  createdAt: z.string(),
  /** Where the project lay when it was saved last: tells a folder that was moved. */
  savedIn: z.string(),
  /** Relative to the project, "." where the project was made in a results folder of the command. */
  resultsFolder: z.string().refine(isInside, { message: 'must be a folder inside the project' }),
  clips: z.array(projectClipSchema).refine(hasUniqueIds, { message: 'two clips have the same clipId' }),
  /** Recordings that were taken out, as in `clips`; a journal that knows them does not bring them back. */
  removed: z.array(z.string()),
  /** Ids of clips that wait to be labelled, in order. */
  queue: z.array(z.string()),
  /** Choices of the latest batch; null before the first. */
  choices: labelChoicesSchema.nullable(),
})

export type ProjectFile = z.infer<typeof projectFileSchema>

export const PROJECT_VERSIONS: Versions = { what: 'project', current: 1, steps: {} }

/**
 * @param path for messages
 * @throws NewerVersionError | UnmaskError 'data.invalid' naming the field
 */
export function parseProject(text: string, path: string): ProjectFile {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError('data.invalid', `the project file is not JSON: ${path}`, { cause: error })
  }
  const parsed = projectFileSchema.safeParse(migrate(raw, PROJECT_VERSIONS, path))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'data.invalid',
    `${issue?.path.join('.') || 'project'}: ${issue?.message ?? 'invalid'}: ${path}`,
  )
}

export function projectText(project: ProjectFile): string {
  return `${JSON.stringify(project, null, 2)}\n`
}

function isInside(folder: string): boolean {
  const parts = folder.split('/')
  return folder !== '' && !/^(\/|[a-z]:)|\\/i.test(folder) && !parts.includes('..')
}

function hasUniqueIds(clips: readonly { readonly clipId: string }[]): boolean {
  return new Set(clips.map(({ clipId }) => clipId)).size === clips.length
}
