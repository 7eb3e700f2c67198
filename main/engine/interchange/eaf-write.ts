import { basename, isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mimeTypeOf } from '../export/eaf'
import { type Attributes, element, xmlText } from '../export/xml'
import { exchangeable, type InterchangeDocument, type InterchangeMedia } from './document'
import { type ChildKind, CHILD_TYPES, MANIFEST_PROPERTY, MS_PER_SEC, shownInXml } from './eaf-words'
import { fieldText, placedFields } from './field-text'
import { type Lane, lanesOf, type Placed } from './lanes'
import { manifestText } from './manifest'

export interface EafWriteOptions {
  readonly author: string
  /** ISO 8601. */
  readonly date: string
}

const LANGUAGE = 'eng'
const ASSOCIATION = 'Symbolic_Association'
/** ELAN has no instants: a point is drawn this long, its real time stands in the record. */
const LEAST_MS = 1

/**
 * An ELAN document, EAF 3.0 (schema EAFv3.0.xsd, whose order of elements is fixed). ELAN counts whole milliseconds and knows
 * neither status nor confidence: what it cannot hold stands in child tiers, one value an annotation, which it shows, edits
 * and keeps; a tier that overlaps itself is spread over several.
 */
export function* writeEaf(source: InterchangeDocument, options: EafWriteOptions): Generator<string> {
  const document = exchangeable(source)
  const lanes = lanesOf(document.tiers, {
    unitsPerSec: MS_PER_SEC,
    leastUnits: LEAST_MS,
    // A time below zero is no time in the schema.
    firstUnit: 0,
    nameOf: (name) => shownInXml(name) || 'tier',
  })
  const slots = new Slots(lanes)
  const vocabularies = vocabulariesOf(document)
  const tiers = new TierWriter(lanes, slots, vocabularies)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield openTag('ANNOTATION_DOCUMENT', {
    AUTHOR: options.author,
    DATE: options.date,
    FORMAT: '3.0',
    VERSION: '3.0',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  })
  // The header tells the last id, so that the tiers must be made before it is.
  const body = [...tiers.lines()]
  yield* header(document, lanes, tiers.lastId)
  yield `<TIME_ORDER>\n`
  yield* slots.lines()
  yield `</TIME_ORDER>\n`
  yield* body
  yield* linguisticTypes(vocabularies, tiers.childKinds)
  yield `${element('LANGUAGE', { LANG_DEF: 'http://cdb.iso.org/lg/CDB-00138502-001', LANG_ID: LANGUAGE, LANG_LABEL: 'English (eng)' })}\n`
  yield `${element('CONSTRAINT', { DESCRIPTION: '1-1 association with a parent annotation', STEREOTYPE: ASSOCIATION })}\n`
  for (const vocabulary of vocabularies) yield* vocabularyLines(vocabulary)
  yield '</ANNOTATION_DOCUMENT>\n'
}

function openTag(name: string, attributes: Attributes): string {
  return element(name, attributes, '').replace(`</${name}>`, '\n')
}

export function mediaUrl(path: string): string {
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return path
  return isAbsolute(path) ? pathToFileURL(path).href : `./${encodeURIComponent(path)}`
}

function* header(document: InterchangeDocument, lanes: readonly Lane[], lastId: number): Generator<string> {
  yield '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">\n'
  for (const media of document.media) yield `${mediaDescriptor(media)}\n`
  yield `${element('PROPERTY', { NAME: MANIFEST_PROPERTY }, xmlText(manifestText(document, lanes)))}\n`
  yield `${element('PROPERTY', { NAME: 'lastUsedAnnotationId' }, String(lastId))}\n`
  yield '</HEADER>\n'
}

function mediaDescriptor({ path, hasVideo, offsetSecs }: InterchangeMedia): string {
  const fileName = basename(path.replaceAll('\\', '/'))
  const originMs = Math.round(offsetSecs * MS_PER_SEC)
  return element('MEDIA_DESCRIPTOR', {
    MEDIA_URL: mediaUrl(path),
    MIME_TYPE: mimeTypeOf(fileName, hasVideo !== false),
    RELATIVE_MEDIA_URL: `./${encodeURIComponent(fileName)}`,
    TIME_ORIGIN: originMs === 0 ? undefined : originMs,
  })
}

/** Two time slots an annotation, ascending over the whole document. */
class Slots {
  readonly #of = new Map<Placed, { start: string; end: string }>()
  readonly #ordered: { valueMs: number; id: string }[] = []

  constructor(lanes: readonly Lane[]) {
    const all = lanes.flatMap(({ placed }) =>
      placed.flatMap((one) => [
        { one, isStart: true, valueMs: one.start, id: '' },
        { one, isStart: false, valueMs: one.end, id: '' },
      ]),
    )
    all.sort((a, b) => a.valueMs - b.valueMs)
    for (const [index, slot] of all.entries()) {
      slot.id = `ts${index + 1}`
      const pair = this.#of.get(slot.one) ?? { start: '', end: '' }
      if (slot.isStart) pair.start = slot.id
      else pair.end = slot.id
      this.#of.set(slot.one, pair)
      this.#ordered.push(slot)
    }
  }

  of(placed: Placed): { start: string; end: string } {
    return this.#of.get(placed) ?? { start: '', end: '' }
  }

  *lines(): Generator<string> {
    for (const { id, valueMs } of this.#ordered)
      yield `${element('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: valueMs })}\n`
  }
}

interface Vocabulary {
  /** Also the id of the linguistic type that uses it. */
  readonly name: string
  readonly set: string
  readonly kind: 'state' | 'point'
  readonly entries: readonly { readonly id: string; readonly label: string; readonly description: string }[]
}

/** One a set of codes, and one for points; kinds that only tiers know have no entries. */
function vocabulariesOf({ codes, tiers }: InterchangeDocument): Vocabulary[] {
  const groups = new Map<string, { kind: 'state' | 'point'; set: string }>()
  for (const { kind, set } of codes) groups.set(JSON.stringify([kind, set]), { kind, set })
  for (const { kind, set } of tiers) {
    const codeKind = kind === 'points' ? 'point' : 'state'
    groups.set(JSON.stringify([codeKind, set]), { kind: codeKind, set })
  }
  let lastEntry = 0
  const taken = new Set<string>()
  return [...groups.values()].map(({ kind, set }) => {
    const wanted = shownInXml(`${kind === 'point' ? 'points' : 'states'}${set === '' ? '' : ` ${set}`}`)
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted} (${count})`
    taken.add(name)
    const entries = codes
      .filter((code) => code.kind === kind && code.set === set)
      .map((code) => ({ id: `cve${++lastEntry}`, label: code.name, description: code.description }))
    return { name, set, kind, entries }
  })
}

class TierWriter {
  readonly childKinds = new Set<ChildKind>()
  lastId = 0
  readonly #lanes: readonly Lane[]
  readonly #slots: Slots
  readonly #vocabularies: readonly Vocabulary[]
  readonly #names: Set<string>

  constructor(lanes: readonly Lane[], slots: Slots, vocabularies: readonly Vocabulary[]) {
    this.#lanes = lanes
    this.#slots = slots
    this.#vocabularies = vocabularies
    this.#names = new Set(lanes.map(({ name }) => name))
  }

  *lines(): Generator<string> {
    for (const lane of this.#lanes) yield* this.#lane(lane)
  }

  *#lane({ tier, name, placed }: Lane): Generator<string> {
    const people = { ANNOTATOR: tier.observer || undefined, PARTICIPANT: tier.subject || undefined }
    const kind = tier.kind === 'points' ? 'point' : 'state'
    const vocabulary = this.#vocabularies.find((one) => one.kind === kind && one.set === tier.set)
    const entryIds = new Map(vocabulary?.entries.map(({ label, id }) => [label, id]))
    const children = new Map<ChildKind, { parentId: string; text: string }[]>()
    yield openTag('TIER', { ...people, LINGUISTIC_TYPE_REF: vocabulary?.name ?? '', TIER_ID: name })
    for (const one of placed) {
      const { annotation } = one
      const id = `a${++this.lastId}`
      const { start, end } = this.#slots.of(one)
      yield annotationLine(
        'ALIGNABLE_ANNOTATION',
        {
          ANNOTATION_ID: id,
          CVE_REF: entryIds.get(annotation.label),
          TIME_SLOT_REF1: start,
          TIME_SLOT_REF2: end,
        },
        annotation.label,
      )
      for (const [childKind, text] of Object.entries(childTexts(one)) as [ChildKind, string][]) {
        if (text === '') continue
        const list = children.get(childKind) ?? []
        list.push({ parentId: id, text })
        children.set(childKind, list)
      }
    }
    yield '</TIER>\n'
    for (const [childKind, values] of children) {
      this.childKinds.add(childKind)
      yield openTag('TIER', {
        ...people,
        LINGUISTIC_TYPE_REF: CHILD_TYPES[childKind],
        PARENT_REF: name,
        TIER_ID: this.#freeName(`${name}/${childKind}`),
      })
      for (const { parentId, text } of values)
        yield annotationLine(
          'REF_ANNOTATION',
          { ANNOTATION_ID: `a${++this.lastId}`, ANNOTATION_REF: parentId },
          text,
        )
      yield '</TIER>\n'
    }
  }

  #freeName(wanted: string): string {
    let name = wanted
    for (let count = 2; this.#names.has(name); count++) name = `${wanted} (${count})`
    this.#names.add(name)
    return name
  }
}

/** What an annotation's child tiers say; '' where there is nothing to say. */
function childTexts(placed: Placed): Record<ChildKind, string> {
  const { annotation } = placed
  const { comment, confidence, label, status } = annotation
  const shownComment = shownInXml(comment)
  return {
    comment: shownComment,
    confidence: confidence === null ? '' : String(confidence),
    status: status === 'added' ? '' : status,
    record: fieldText({
      ...placedFields(placed, shownInXml(label), MS_PER_SEC, ['comment', 'confidence', 'status']),
      comment: shownComment === comment ? '' : comment,
    }),
  }
}

function annotationLine(kind: string, attributes: Attributes, value: string): string {
  const inner = element('ANNOTATION_VALUE', {}, xmlText(value))
  return `${element('ANNOTATION', {}, element(kind, attributes, inner))}\n`
}

function* linguisticTypes(
  vocabularies: readonly Vocabulary[],
  childKinds: ReadonlySet<ChildKind>,
): Generator<string> {
  const plain = { GRAPHIC_REFERENCES: 'false' }
  for (const { name, entries } of vocabularies)
    yield `${element('LINGUISTIC_TYPE', {
      CONTROLLED_VOCABULARY_REF: entries.length > 0 ? name : undefined,
      ...plain,
      LINGUISTIC_TYPE_ID: name,
      TIME_ALIGNABLE: 'true',
    })}\n`
  for (const kind of childKinds)
    yield `${element('LINGUISTIC_TYPE', {
      CONSTRAINTS: ASSOCIATION,
      ...plain,
      LINGUISTIC_TYPE_ID: CHILD_TYPES[kind],
      TIME_ALIGNABLE: 'false',
    })}\n`
}

function* vocabularyLines({ name, set, entries }: Vocabulary): Generator<string> {
  if (entries.length === 0) return
  yield openTag('CONTROLLED_VOCABULARY', { CV_ID: name })
  yield `${element('DESCRIPTION', { LANG_REF: LANGUAGE }, xmlText(set))}\n`
  for (const { id, label, description } of entries)
    yield `${element(
      'CV_ENTRY_ML',
      { CVE_ID: id },
      element('CVE_VALUE', { DESCRIPTION: description || undefined, LANG_REF: LANGUAGE }, xmlText(label)),
    )}\n`
  yield '</CONTROLLED_VOCABULARY>\n'
}
