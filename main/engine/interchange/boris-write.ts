import { gzipSync } from 'node:zlib'
import {
  exchangeable,
  type InterchangeCode,
  type InterchangeDocument,
  type InterchangeVariable,
} from './document'
import {
  commentWithFields,
  FIELDS_END,
  FIELDS_MARK,
  NO_FRAME,
  POINT_EVENT,
  STATE_EVENT,
  UNITS_PER_SEC_BORIS,
} from './boris-format'
import { fieldText, placedFields } from './field-text'
import { type Lane, lanesOf } from './lanes'
import { manifestText } from './manifest'

export interface BorisWriteOptions {
  readonly projectName: string
  /** ISO 8601 UTC. */
  readonly date: string
}

type BorisEvent = [
  timeSecs: number,
  subject: string,
  code: string,
  modifier: string,
  comment: string,
  frame: number | string,
]

const PLAYERS = [2, 3, 4, 5, 6, 7, 8]
const FALLBACK_COLOUR = '#7f7f7f'

/**
 * A BORIS project of one or many recordings, an observation for each rater and set of states in each, so that BORIS's own
 * kappa can compare them. What BORIS has no field for stands behind the comment of an event, where BORIS keeps it.
 * @returns JSON text; `gzipSync` of it is a .boris.gz
 */
export function writeBoris(sources: readonly InterchangeDocument[], options: BorisWriteOptions): string {
  const documents = sources.map(exchangeable)
  const codes = new CodeNames(documents)
  const taken = new Set<string>()
  const observed = documents.map((document) => ({ document, groups: observationsOf(document, taken) }))
  const manifests = observed.map(({ document, groups }) =>
    manifestText(
      document,
      groups.flatMap(({ id, lanes }) => lanes.map((lane) => ({ ...lane, name: id }))),
    ),
  )
  const date = options.date.slice(0, 19)
  const subjects = [...new Set(documents.flatMap(({ tiers }) => tiers.map(({ subject }) => subject)))]
  const sets = [...new Set(codes.all.map(({ set }) => set).filter((set) => set !== ''))]
  const project = {
    time_format: 'hh:mm:ss',
    project_date: date,
    project_name: options.projectName,
    project_description: `Annotations written by Unmask; each observation is one rater's. ${FIELDS_MARK}[${manifests.join(',')}]${FIELDS_END}`,
    project_format_version: '7.0',
    subjects_conf: numbered(
      subjects.filter((name) => name !== '').map((name) => ({ key: '', name, description: '' })),
    ),
    behaviors_conf: numbered(codes.all.map((code) => behaviour(code, codes))),
    observations: Object.fromEntries(
      observed.flatMap(({ document, groups }) =>
        groups.map((group) => [group.id, observation(document, group, { codes, date })]),
      ),
    ),
    behavioral_categories: sets,
    behavioral_categories_config: {},
    independent_variables: numbered(variablesOf(documents).map(variableConf)),
    coding_map: {},
    behaviors_coding_map: [],
    converters: {},
  }
  return `${JSON.stringify(project, null, 1)}\n`
}

export function gzipBoris(text: string): Uint8Array {
  return gzipSync(text)
}

function numbered<Value>(values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, index) => [String(index), value]))
}

interface Observation {
  /** Unique in the project. */
  readonly id: string
  readonly observer: string
  readonly lanes: readonly Lane[]
}

/**
 * Lanes by rater and set; points go with the rater's first set. Within one observation a subject has one lane of states and
 * one of points, since BORIS tells bouts apart by subject and code alone.
 */
function observationsOf(document: InterchangeDocument, taken: Set<string>): Observation[] {
  const lanes = lanesOf(document.tiers, { unitsPerSec: UNITS_PER_SEC_BORIS, leastUnits: 1, hasPoints: true })
  const groups: { key: string; name: string; observer: string; lanes: Lane[] }[] = []
  const states = lanes.filter(({ tier }) => tier.kind === 'states')
  for (const lane of [...states, ...lanes.filter(({ tier }) => tier.kind === 'points')]) {
    const { tier, isRejected } = lane
    const rater = JSON.stringify([tier.observer, tier.source, isRejected])
    const fits = (group: { key: string; lanes: Lane[] }): boolean =>
      group.lanes.every((other) => other.tier.subject !== tier.subject || other.tier.kind !== tier.kind) &&
      (tier.kind === 'points' ? group.key.startsWith(`${rater} `) : group.key === `${rater} ${tier.set}`)
    const group = groups.find(fits)
    if (group) group.lanes.push(lane)
    else
      groups.push({
        key: `${rater} ${tier.set}`,
        name: [document.title, tier.observer, tier.set, isRejected ? '(rejected)' : '']
          .filter((part) => part !== '')
          .join(' '),
        observer: tier.observer,
        lanes: [lane],
      })
  }
  return groups.map(({ name, observer, lanes: own }) => {
    let id = name
    for (let count = 2; taken.has(id); count++) id = `${name} (${count})`
    taken.add(id)
    return { id, observer, lanes: own }
  })
}

/** Codes as BORIS may have them: unique whether states or points, without the characters that divide its lists. */
class CodeNames {
  readonly all: readonly InterchangeCode[]
  readonly #names = new Map<string, string>()

  constructor(documents: readonly InterchangeDocument[]) {
    const found = new Map<string, InterchangeCode>()
    for (const { codes } of documents) for (const code of codes) found.set(keyOf(code.kind, code.name), code)
    for (const { tiers } of documents)
      for (const { kind: tierKind, set, annotations } of tiers)
        for (const { label } of annotations) {
          const kind = tierKind === 'points' ? 'point' : 'state'
          const key = keyOf(kind, label)
          if (!found.has(key))
            found.set(key, { kind, set, name: label, key: null, colour: '', description: '' })
        }
    this.all = [...found.values()]
    const taken = new Set<string>()
    for (const { kind, name } of this.all) {
      const wanted = name.replace(/[|,`~\p{Cc}]/gu, ' ').trim() || 'code'
      let code = taken.has(wanted) && kind === 'point' ? `${wanted} (point)` : wanted
      for (let count = 2; taken.has(code); count++) code = `${wanted} (${count})`
      taken.add(code)
      this.#names.set(keyOf(kind, name), code)
    }
  }

  of(kind: 'state' | 'point', name: string): string {
    return this.#names.get(keyOf(kind, name)) ?? name
  }
}

const keyOf = (kind: string, name: string): string => `${kind} ${name}`

function behaviour(code: InterchangeCode, codes: CodeNames): object {
  const { kind, name, set, key, colour, description } = code
  const rivals = codes.all.filter((other) => kind === 'state' && other.kind === 'state' && other.set === set)
  return {
    type: kind === 'state' ? STATE_EVENT : POINT_EVENT,
    key: key?.toLowerCase() ?? '',
    code: codes.of(kind, name),
    description,
    color: colour || FALLBACK_COLOUR,
    category: set,
    modifiers: {},
    excluded: rivals
      .filter((other) => other !== code)
      .map((other) => codes.of('state', other.name))
      .join(','),
    'coding map': '',
  }
}

function variablesOf(documents: readonly InterchangeDocument[]): InterchangeVariable[] {
  const found = new Map<string, InterchangeVariable>()
  for (const { variables } of documents)
    for (const one of variables) if (!found.has(one.name)) found.set(one.name, one)
  return [...found.values()]
}

function variableConf({ name, kind, choices, description }: InterchangeVariable): object {
  const types = { text: 'text', number: 'numeric', choice: 'value from set' } as const
  return {
    label: name,
    description,
    type: types[kind],
    'default value': '',
    'possible values': choices.join(','),
  }
}

function observation(
  document: InterchangeDocument,
  { observer, lanes }: Observation,
  { codes, date }: { codes: CodeNames; date: string },
): object {
  const [main] = document.media
  const path = main?.path ?? ''
  const of = <Value>(value: Value | null | undefined): Record<string, Value> =>
    main && value !== null && value !== undefined ? { [path]: value } : {}
  return {
    file: {
      '1': main ? [path] : [],
      ...Object.fromEntries(PLAYERS.map((player) => [String(player), []])),
    },
    type: main ? 'MEDIA' : 'LIVE',
    date,
    description: observer,
    'time offset': 0,
    events: eventsOf(lanes, codes),
    'observation time interval': [0, 0],
    independent_variables: Object.fromEntries(document.variables.map(({ name, value }) => [name, value])),
    close_behaviors_between_videos: false,
    visualize_spectrogram: false,
    visualize_waveform: false,
    media_info: {
      length: of(main?.durationSecs ?? document.durationSecs),
      fps: of(main?.fps ?? 0),
      hasVideo: of(main?.hasVideo),
      hasAudio: of(main?.hasAudio),
      offset: { '1': 0 },
    },
  }
}

/**
 * Two rows a bout, one a point. BORIS tells start from stop by counting, so that every bout is closed; at one moment the old
 * state stops before the new one starts: the comment of a stop is empty, and BORIS sorts by comment last.
 */
function eventsOf(lanes: readonly Lane[], codes: CodeNames): BorisEvent[] {
  const events = lanes.flatMap(({ tier, placed }) =>
    placed.flatMap((one): BorisEvent[] => {
      const { annotation, start, end } = one
      const code = codes.of(tier.kind === 'points' ? 'point' : 'state', annotation.label)
      const fields = fieldText(placedFields(one, code, UNITS_PER_SEC_BORIS, ['comment', 'modifier']))
      const comment = commentWithFields(annotation.comment, fields)
      const row = (units: number, text: string): BorisEvent => [
        units / UNITS_PER_SEC_BORIS,
        tier.subject,
        code,
        annotation.modifier,
        text,
        NO_FRAME,
      ]
      return tier.kind === 'points' ? [row(start, comment)] : [row(start, comment), row(end, '')]
    }),
  )
  return events.sort((a, b) => a[0] - b[0] || Number(a[4] !== '') - Number(b[4] !== ''))
}
