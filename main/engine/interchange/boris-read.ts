import { counted } from './count-words'
import { gunzipSync } from 'node:zlib'
import { firstIssueText } from './issue-text'
import { UnmaskError } from '../errors'
import { BoutReader, type RawEvent } from './boris-bouts'
import {
  type BorisObservation,
  type BorisProject,
  borisEventSchema,
  borisProjectSchema,
  FIELDS_END,
  FIELDS_MARK,
  POINT_EVENT,
  STATE_EVENT,
} from './boris-format'
import {
  type InterchangeCode,
  type InterchangeDocument,
  type InterchangeMedia,
  type InterchangeTier,
  type InterchangeVariable,
  sortAnnotations,
} from './document'
import { type Manifest, parseManifest } from './manifest'
import { uniquelyNamed } from './segments-table'

/** A compressed project may not become larger than this. */
export const MAX_BORIS_CHARS = 256 * 1024 * 1024

export interface BorisReadOptions {
  /** Whether a state that was started and never stopped lasts to the end of its observation; else it is left out. */
  readonly closesUnpaired: boolean
}

export function gunzipBoris(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BORIS_CHARS })
  } catch (error) {
    throw new UnmaskError('data.invalid', 'the compressed BORIS project is damaged or too large to be read', {
      cause: error,
    })
  }
}

/**
 * Reads a BORIS project: a document for each recording, in which each observation is a rater's.
 * @throws UnmaskError 'data.invalid'
 */
export function readBoris(text: string, title: string, options: BorisReadOptions): InterchangeDocument[] {
  const project = parseProject(text)
  const manifests = manifestsOf(project)
  const groups = new Map<string, { title: string; ids: string[]; manifest: Manifest | null }>()
  for (const [id, observation] of Object.entries(project.observations)) {
    const manifest = manifests.find((one) => one.tiers.some(({ lanes }) => lanes.includes(id))) ?? null
    const path = mediaPathsOf(observation)[0] ?? ''
    const key = manifest ? `own ${manifests.indexOf(manifest)}` : `file ${path || id}`
    const group = groups.get(key) ?? {
      title: manifest?.title ?? (stemOf(path) || id || title),
      ids: [],
      manifest,
    }
    group.ids.push(id)
    groups.set(key, group)
  }
  for (const [index, manifest] of manifests.entries())
    if (!groups.has(`own ${index}`)) groups.set(`own ${index}`, { title: manifest.title, ids: [], manifest })
  return [...groups.values()].map((group) => documentOf(project, group, options))
}

function parseProject(text: string): BorisProject {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError('data.invalid', 'this is no BORIS project: the file is no whole JSON text', {
      cause: error,
    })
  }
  const parsed = borisProjectSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new UnmaskError('data.invalid', `this is no BORIS project: ${firstIssueText(parsed.error)}`)
}

function manifestsOf(project: BorisProject): Manifest[] {
  const text = String(project.project_description ?? '')
  const from = text.indexOf(FIELDS_MARK)
  const end = text.lastIndexOf(FIELDS_END)
  if (from < 0 || end < from) return []
  try {
    const list: unknown = JSON.parse(text.slice(from + FIELDS_MARK.length, end))
    return Array.isArray(list) ? list.flatMap((one) => parseManifest(JSON.stringify(one)) ?? []) : []
  } catch {
    return [] // the description was edited: the project is read as any other
  }
}

function mediaPathsOf({ file }: BorisObservation): string[] {
  return Array.isArray(file) ? file : Object.values(file).flat()
}

function stemOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  return name.replace(/\.[^.]+$/, '')
}

function documentOf(
  project: BorisProject,
  { title, ids, manifest }: { title: string; ids: readonly string[]; manifest: Manifest | null },
  options: BorisReadOptions,
): InterchangeDocument {
  const notices: string[] = []
  const own = new Map<string, OpenTier>()
  for (const { lanes: _, ...facts } of manifest?.tiers ?? [])
    own.set(facts.name, { ...facts, annotations: [] })
  const foreign: OpenTier[] = []
  for (const id of ids) {
    const observation = project.observations[id]
    if (!observation) continue
    notices.push(...observationNotices(id, observation))
    const bouts = new BoutReader(kindsOf(project), {
      closesUnpaired: options.closesUnpaired,
      endSecs: endOf(observation),
    })
    for (const { subject, kind, annotations } of bouts.read(eventsOf(observation, id, notices))) {
      const known = manifest?.tiers.find(
        (tier) => tier.lanes.includes(id) && tier.subject === subject && tier.kind === kind,
      )
      const target = known && own.get(known.name)
      if (target) target.annotations.push(...annotations)
      else
        foreign.push({
          name: [id, subject, kind === 'points' ? 'points' : ''].filter((part) => part !== '').join('/'),
          subject,
          observer: id,
          set: '',
          kind,
          source: 'human',
          annotations,
        })
    }
    notices.push(...bouts.notices.map((notice) => `observation "${id}": ${notice}`))
  }
  const [first] = ids.flatMap((id) => project.observations[id] ?? [])
  const media = first ? mediaOf(first) : []
  return {
    title,
    durationSecs: manifest ? manifest.durationSecs : (media[0]?.durationSecs ?? null),
    media: manifest?.media ?? media,
    codes: manifest?.codes ?? codesOf(project),
    variables: manifest ? changedVariables(manifest, first) : variablesOf(project, first),
    tiers: uniquelyNamed(
      [...own.values(), ...foreign].map((tier) => ({
        ...tier,
        annotations: sortAnnotations(tier.annotations),
      })),
    ),
    notices,
  }
}

interface OpenTier extends InterchangeTier {
  readonly annotations: InterchangeTier['annotations'][number][]
}

function observationNotices(id: string, observation: BorisObservation): string[] {
  const notices: string[] = []
  const { file } = observation
  const first = Array.isArray(file) ? file : (file['1'] ?? [])
  if (first.length > 1)
    notices.push(
      `observation "${id}": its player shows ${first.length} files one after the other; times count from the first`,
    )
  const offset = Number(observation['time offset'] ?? 0)
  if (offset !== 0)
    notices.push(`observation "${id}": BORIS adds ${offset} s to its times; they are kept without it`)
  return notices
}

function eventsOf(observation: BorisObservation, id: string, notices: string[]): RawEvent[] {
  let broken = 0
  const events = observation.events.flatMap((raw): RawEvent[] => {
    const parsed = borisEventSchema.safeParse(raw)
    const timeSecs = parsed.success ? Number(parsed.data[0]) : Number.NaN
    if (!parsed.success || !Number.isFinite(timeSecs) || parsed.data[2].trim() === '') {
      broken++
      return []
    }
    const [, subject, code, modifier, comment] = parsed.data
    const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
    return [{ timeSecs, subject, code, modifier: textOf(modifier), comment: textOf(comment) }]
  })
  if (broken > 0)
    notices.push(`observation "${id}": ${counted(broken, 'event', 'events')} without time or code left out`)
  return events
}

function kindsOf(project: BorisProject): Map<string, 'state' | 'point'> {
  const prefixes = [STATE_EVENT, POINT_EVENT].map((type) => type.toLowerCase())
  return new Map(
    Object.values(project.behaviors_conf).flatMap(({ code, type }): [string, 'state' | 'point'][] => {
      const place = prefixes.findIndex((prefix) => type.toLowerCase().startsWith(prefix))
      return place < 0 ? [] : [[code, place === 0 ? 'state' : 'point']]
    }),
  )
}

function codesOf(project: BorisProject): InterchangeCode[] {
  const kinds = kindsOf(project)
  return Object.values(project.behaviors_conf)
    .filter(({ code }) => code.trim() !== '')
    .map(({ code, key, color, category, description }) => ({
      kind: kinds.get(code) ?? 'state',
      set: kinds.get(code) === 'point' ? '' : (category ?? ''),
      name: code,
      key: key?.trim() ? key.trim().toUpperCase() : null,
      colour: /^#[0-9a-f]{6}$/i.test(color ?? '') ? (color ?? '') : '',
      description: description ?? '',
    }))
}

/** Length of the recording, or the last event where it is not known. */
function endOf(observation: BorisObservation): number | null {
  const lengths = Object.values(observation.media_info?.length ?? {})
  return lengths.length > 0 ? Math.max(...lengths) : null
}

function mediaOf(observation: BorisObservation): InterchangeMedia[] {
  const info = observation.media_info
  return mediaPathsOf(observation).map((path) => ({
    path,
    offsetSecs: 0,
    durationSecs: info?.length?.[path] ?? null,
    fps: info?.fps?.[path] || null,
    hasVideo: info?.hasVideo?.[path] ?? null,
    hasAudio: info?.hasAudio?.[path] ?? null,
  }))
}

function variablesOf(
  project: BorisProject,
  observation: BorisObservation | undefined,
): InterchangeVariable[] {
  const kinds: Readonly<Record<string, InterchangeVariable['kind']>> = {
    numeric: 'number',
    'value from set': 'choice',
  }
  return Object.values(project.independent_variables ?? {}).map((variable) => ({
    name: variable.label,
    kind: kinds[variable.type ?? ''] ?? 'text',
    choices: (variable['possible values'] ?? '').split(',').flatMap((one) => one.trim() || []),
    description: variable.description ?? '',
    value: observation?.independent_variables?.[variable.label] ?? '',
  }))
}

function changedVariables(
  manifest: Manifest,
  observation: BorisObservation | undefined,
): InterchangeVariable[] {
  return manifest.variables.map((variable) => ({
    ...variable,
    value: observation?.independent_variables?.[variable.name] ?? variable.value,
  }))
}
