import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EMOTIONS } from '../emotions'
import { type Attributes, element, xmlText } from './xml'
import type { SegmentRecord } from './segment-record'
import { type Tier, tiersOf } from './tiers'

export interface EafOptions {
  readonly records: readonly SegmentRecord[]
  readonly mediaPath: string
  readonly hasVideo: boolean
  readonly durationSecs: number
  /** Name of the frames table beside the EAF. */
  readonly framesFile: string
  /** ISO 8601. */
  readonly date: string
  readonly author: string
}

const LANGUAGE = 'eng'
const VOCABULARY = 'emotions'
const EMOTION_TYPE = 'emotion'
const PROBABILITY_TYPE = 'probability'
const CHILD = 'Symbolic_Association'

const MIME_TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  webm: 'video/webm',
  mts: 'video/mp2t',
  m2ts: 'video/mp2t',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  wmv: 'video/x-ms-wmv',
  wav: 'audio/x-wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
}

/** What ELAN is to take a recording for. */
export function mimeTypeOf(fileName: string, hasVideo: boolean): string {
  const extension = fileName.split('.').at(-1)?.toLowerCase() ?? ''
  return MIME_TYPES[extension] ?? (hasVideo ? 'video/*' : 'audio/*')
}

/**
 * An ELAN document: a tier a subject and modality with a child tier for the mean probability.
 * Follows the schema EAFv3.0.xsd, whose order of elements is fixed; times are whole milliseconds.
 */
export function* eaf(options: EafOptions): Generator<string> {
  const tiers = tiersOf(options.records, 1000, options.durationSecs).filter(
    ({ segments }) => segments.length > 0,
  )
  const document = new Annotations(tiers)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield openTag('ANNOTATION_DOCUMENT', {
    AUTHOR: options.author,
    DATE: options.date,
    FORMAT: '3.0',
    VERSION: '3.0',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  })
  yield header(options, document.lastId)
  yield `<TIME_ORDER>\n${document.timeSlots()}</TIME_ORDER>\n`
  for (const tier of tiers) yield* document.tierElements(tier)
  yield linguisticTypes()
  yield `${element('LANGUAGE', { LANG_DEF: 'http://cdb.iso.org/lg/CDB-00138502-001', LANG_ID: LANGUAGE, LANG_LABEL: 'English (eng)' })}\n`
  yield `${element('CONSTRAINT', { DESCRIPTION: '1-1 association with a parent annotation', STEREOTYPE: CHILD })}\n`
  yield vocabulary()
  yield '</ANNOTATION_DOCUMENT>\n'
}

function openTag(name: string, attributes: Attributes): string {
  return element(name, attributes, '').replace(`</${name}>`, '\n')
}

function header(options: EafOptions, lastAnnotationId: number): string {
  const fileName = basename(options.mediaPath)
  return [
    '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
    element('MEDIA_DESCRIPTOR', {
      MEDIA_URL: pathToFileURL(options.mediaPath).href,
      MIME_TYPE: mimeTypeOf(fileName, options.hasVideo),
      RELATIVE_MEDIA_URL: `./${encodeURIComponent(fileName)}`,
    }),
    element('LINKED_FILE_DESCRIPTOR', {
      LINK_URL: `./${encodeURIComponent(options.framesFile)}`,
      MIME_TYPE: 'text/csv',
      RELATIVE_LINK_URL: `./${encodeURIComponent(options.framesFile)}`,
    }),
    element('PROPERTY', { NAME: 'lastUsedAnnotationId' }, String(lastAnnotationId)),
    '</HEADER>\n',
  ].join('\n')
}

interface Slot {
  readonly valueMs: number
  id: string
}

/** Gives every annotation two time slots and an id; slots ascend over the whole document. */
class Annotations {
  readonly #slots = new Map<SegmentRecord, readonly [Slot, Slot]>()
  readonly #ordered: Slot[] = []
  #nextId = 1
  readonly lastId: number

  constructor(tiers: readonly Tier[]) {
    for (const { segments } of tiers)
      for (const { record, start, end } of segments) {
        const pair = [
          { valueMs: start, id: '' },
          { valueMs: end, id: '' },
        ] as const
        this.#slots.set(record, pair)
        this.#ordered.push(...pair)
      }
    this.#ordered.sort((a, b) => a.valueMs - b.valueMs)
    this.#ordered.forEach((slot, index) => {
      slot.id = `ts${index + 1}`
    })
    this.lastId = tiers.reduce(
      (sum, { segments }) =>
        sum + segments.length + segments.filter(({ record }) => record.meanValue !== null).length,
      0,
    )
  }

  timeSlots(): string {
    return this.#ordered
      .map(({ id, valueMs }) => `${element('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: valueMs })}\n`)
      .join('')
  }

  *tierElements(tier: Tier): Generator<string> {
    const people = { ANNOTATOR: tier.observer || undefined, PARTICIPANT: tier.subjectId || undefined }
    const parents: [id: string, record: SegmentRecord][] = []
    yield openTag('TIER', { ...people, LINGUISTIC_TYPE_REF: EMOTION_TYPE, TIER_ID: tier.name })
    for (const { record } of tier.segments) {
      const id = this.#takeId()
      parents.push([id, record])
      const [from, to] = this.#slots.get(record) ?? []
      const isInVocabulary = EMOTIONS.some((emotion) => emotion === record.label)
      yield annotation(
        'ALIGNABLE_ANNOTATION',
        {
          ANNOTATION_ID: id,
          CVE_REF: isInVocabulary ? entryId(record.label) : undefined,
          TIME_SLOT_REF1: from?.id,
          TIME_SLOT_REF2: to?.id,
        },
        record.label,
      )
    }
    yield '</TIER>\n'
    const measured = parents.filter(([, record]) => record.meanValue !== null)
    if (measured.length === 0) return
    yield openTag('TIER', {
      ...people,
      LINGUISTIC_TYPE_REF: PROBABILITY_TYPE,
      PARENT_REF: tier.name,
      TIER_ID: `${tier.name}/probability`,
    })
    for (const [parentId, record] of measured)
      yield annotation(
        'REF_ANNOTATION',
        { ANNOTATION_ID: this.#takeId(), ANNOTATION_REF: parentId },
        (record.meanValue ?? 0).toFixed(3),
      )
    yield '</TIER>\n'
  }

  #takeId(): string {
    return `a${this.#nextId++}`
  }
}

function annotation(kind: string, attributes: Attributes, value: string): string {
  const inner = element('ANNOTATION_VALUE', {}, xmlText(value))
  return `${element('ANNOTATION', {}, element(kind, attributes, inner))}\n`
}

function linguisticTypes(): string {
  const shared = { GRAPHIC_REFERENCES: 'false' }
  return [
    element('LINGUISTIC_TYPE', {
      CONTROLLED_VOCABULARY_REF: VOCABULARY,
      ...shared,
      LINGUISTIC_TYPE_ID: EMOTION_TYPE,
      TIME_ALIGNABLE: 'true',
    }),
    element('LINGUISTIC_TYPE', {
      CONSTRAINTS: CHILD,
      ...shared,
      LINGUISTIC_TYPE_ID: PROBABILITY_TYPE,
      TIME_ALIGNABLE: 'false',
    }),
    '',
  ].join('\n')
}

const entryId = (emotion: string): string => `cve_${emotion}`

function vocabulary(): string {
  const entries = EMOTIONS.map((emotion) =>
    element(
      'CV_ENTRY_ML',
      { CVE_ID: entryId(emotion) },
      element('CVE_VALUE', { LANG_REF: LANGUAGE }, xmlText(emotion)),
    ),
  )
  const description = element('DESCRIPTION', { LANG_REF: LANGUAGE }, 'Emotions read by Unmask')
  return `${element('CONTROLLED_VOCABULARY', { CV_ID: VOCABULARY }, `\n${[description, ...entries].join('\n')}\n`)}\n`
}
