import { counted } from './count-words'
import { UnmaskError } from '../errors'
import {
  type InterchangeAnnotation,
  type InterchangeCode,
  type InterchangeDocument,
  type InterchangeMedia,
  type InterchangeTier,
  sortAnnotations,
} from './document'
import { EafAnnotations } from './eaf-annotations'
import { CHILD_TYPES, MANIFEST_PROPERTY, MS_PER_SEC, shownInXml } from './eaf-words'
import { mediaUrl } from './eaf-write'
import { confidenceOf, parseFieldText, withFields } from './field-text'
import { type Manifest, parseManifest } from './manifest'
import { uniquelyNamed } from './segments-table'
import { parseXml, type XmlElement } from './xml-reader'

/**
 * Reads an ELAN document, ours or anybody's, of any version of EAF. Annotations of dependent tiers have the times of those they
 * depend on.
 * @throws UnmaskError 'data.invalid'
 */
export function readEaf(text: string, title: string): InterchangeDocument {
  const root = parseXml(text)
  if (root.name !== 'ANNOTATION_DOCUMENT')
    throw new UnmaskError('data.invalid', `the root element is <${root.name}>, not that of an ELAN document`)
  const header = childrenOf(root, 'HEADER')[0]
  const properties = header ? childrenOf(header, 'PROPERTY') : []
  const manifest = parseManifest(
    properties.find(({ attributes }) => attributes.NAME === MANIFEST_PROPERTY)?.text,
  )
  const vocabularies = vocabulariesOf(root)
  const annotations = new EafAnnotations(root, {
    msPerUnit: msPerUnit(header?.attributes.TIME_UNITS),
    entryTexts: new Map(
      vocabularies.flatMap(({ entries }) => entries.map(({ id, text: word }) => [id, word])),
    ),
  })
  const reader = new TierReader(root, annotations, manifest)
  const tiers = reader.tiers(vocabularies)
  const media = (header ? childrenOf(header, 'MEDIA_DESCRIPTOR') : []).map((one) => mediaOf(one, manifest))
  return {
    title: manifest?.title ?? title,
    durationSecs: manifest?.durationSecs ?? null,
    media: media.length > 0 ? media : (manifest?.media ?? []),
    codes: codesOf(vocabularies, manifest),
    variables: manifest?.variables ?? [],
    tiers,
    notices: [...annotations.notices(), ...reader.notices],
  }
}

const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name)

/** Old documents count in pictures of a television norm. */
function msPerUnit(units: string | undefined): number {
  if (units === 'PAL-frames') return 40
  if (units === 'NTSC-frames') return 1001 / 30
  return 1
}

function mediaOf({ attributes }: XmlElement, manifest: Manifest | null): InterchangeMedia {
  const url = attributes.MEDIA_URL ?? attributes.RELATIVE_MEDIA_URL ?? ''
  const known = manifest?.media.find(({ path }) => mediaUrl(path) === url)
  if (known) return known
  const origin = Number(attributes.TIME_ORIGIN ?? 0)
  const mime = attributes.MIME_TYPE ?? ''
  return {
    path: url,
    // ELAN's zero is this far into the recording.
    offsetSecs: Number.isFinite(origin) ? origin / MS_PER_SEC : 0,
    durationSecs: null,
    fps: null,
    hasVideo: mime.startsWith('video/') ? true : mime.startsWith('audio/') ? false : null,
    hasAudio: mime.startsWith('audio/') ? true : null,
  }
}

interface Vocabulary {
  readonly name: string
  readonly entries: readonly { readonly id: string; readonly text: string; readonly description: string }[]
}

/** Entries of both kinds: those of before EAF 2.8 have their text inside, later ones one a language, the first counts. */
function vocabulariesOf(root: XmlElement): Vocabulary[] {
  return childrenOf(root, 'CONTROLLED_VOCABULARY').map((vocabulary) => ({
    name: vocabulary.attributes.CV_ID ?? '',
    entries: vocabulary.children.flatMap((entry) => {
      const value = entry.name === 'CV_ENTRY_ML' ? childrenOf(entry, 'CVE_VALUE')[0] : entry
      if (!value || (entry.name !== 'CV_ENTRY' && entry.name !== 'CV_ENTRY_ML')) return []
      const id = entry.attributes.CVE_ID ?? ''
      return [{ id, text: value.text, description: value.attributes.DESCRIPTION ?? '' }]
    }),
  }))
}

function codesOf(vocabularies: readonly Vocabulary[], manifest: Manifest | null): InterchangeCode[] {
  const codes: InterchangeCode[] = [...(manifest?.codes ?? [])]
  const known = new Set(codes.map(({ name }) => shownInXml(name)))
  for (const { name: set, entries } of vocabularies)
    for (const { text, description } of entries) {
      if (text.trim() === '' || known.has(text)) continue
      known.add(text)
      codes.push({ kind: 'state', set, name: text, key: null, colour: '', description })
    }
  return codes
}

class TierReader {
  readonly notices: string[] = []
  readonly #elements: readonly XmlElement[]
  readonly #annotations: EafAnnotations
  readonly #manifest: Manifest | null
  readonly #vocabularyOfType: ReadonlyMap<string, string>

  constructor(root: XmlElement, annotations: EafAnnotations, manifest: Manifest | null) {
    this.#elements = childrenOf(root, 'TIER')
    this.#annotations = annotations
    this.#manifest = manifest
    this.#vocabularyOfType = new Map(
      childrenOf(root, 'LINGUISTIC_TYPE').map(({ attributes }) => [
        attributes.LINGUISTIC_TYPE_ID ?? '',
        attributes.CONTROLLED_VOCABULARY_REF ?? '',
      ]),
    )
  }

  tiers(vocabularies: readonly Vocabulary[]): InterchangeTier[] {
    const shown = this.#elements.filter((element) => !isRecordTier(element))
    const byName = new Map(shown.map((element) => [element.attributes.TIER_ID ?? '', element]))
    const tiers: InterchangeTier[] = []
    const taken = new Set<string>()
    for (const known of this.#manifest?.tiers ?? []) {
      const lanes = known.lanes.flatMap((name) => byName.get(name) ?? [])
      const [first] = lanes
      if (!first) continue
      for (const name of known.lanes) taken.add(name)
      const { lanes: _, ...facts } = known
      tiers.push({
        ...facts,
        subject: kept(known.subject, first.attributes.PARTICIPANT),
        observer: kept(known.observer, first.attributes.ANNOTATOR),
        annotations: sortAnnotations(lanes.flatMap((lane) => this.#read(lane, known.kind === 'points'))),
      })
    }
    for (const element of shown) {
      const name = element.attributes.TIER_ID ?? ''
      if (taken.has(name)) continue
      const set = this.#vocabularyOfType.get(element.attributes.LINGUISTIC_TYPE_REF ?? '') ?? ''
      tiers.push({
        name,
        subject: element.attributes.PARTICIPANT ?? '',
        observer: element.attributes.ANNOTATOR ?? '',
        set: vocabularies.some((one) => one.name === set) ? set : '',
        kind: 'states',
        source: 'human',
        annotations: sortAnnotations(this.#read(element, false)),
      })
    }
    return uniquelyNamed(tiers)
  }

  #read(tier: XmlElement, isPoint: boolean): InterchangeAnnotation[] {
    const name = tier.attributes.TIER_ID ?? ''
    const records = this.#childTexts(name, CHILD_TYPES.record)
    const comments = this.#childTexts(name, CHILD_TYPES.comment)
    const confidences = this.#childTexts(name, CHILD_TYPES.confidence)
    const statuses = this.#childTexts(name, CHILD_TYPES.status)
    let blanks = 0
    const read = this.#annotations.ofTier(tier).flatMap(({ id, startMs, endMs, value }) => {
      if (value.trim() === '') {
        blanks++
        return []
      }
      const values = parseFieldText(records.get(id) ?? '')
      const shownComment = comments.get(id) ?? ''
      const exactComment = values.get('comment')
      values.set('status', statuses.get(id) ?? '')
      const shown = { startSecs: startMs / MS_PER_SEC, endSecs: endMs / MS_PER_SEC, label: value }
      const comment =
        exactComment !== undefined && shownInXml(exactComment) === shownComment ? exactComment : shownComment
      const more = { comment, confidence: confidenceOf(confidences.get(id)) }
      return [withFields(shown, values, { unitsPerSec: MS_PER_SEC, isPoint, more })]
    })
    if (blanks > 0)
      this.notices.push(
        `tier "${name}": ${counted(blanks, 'annotation', 'annotations')} without text left out`,
      )
    return read
  }

  /** Texts of one of our child tiers, by the annotation that they belong to. */
  #childTexts(parent: string, type: string): Map<string, string> {
    const texts = new Map<string, string>()
    for (const element of this.#elements) {
      const { PARENT_REF, LINGUISTIC_TYPE_REF } = element.attributes
      if (PARENT_REF !== parent || LINGUISTIC_TYPE_REF !== type) continue
      for (const { parentId, value } of this.#annotations.textsOf(element)) texts.set(parentId, value)
    }
    return texts
  }
}

function isRecordTier({ attributes }: XmlElement): boolean {
  const type = attributes.LINGUISTIC_TYPE_REF
  return attributes.PARENT_REF !== undefined && Object.values(CHILD_TYPES).some((own) => own === type)
}

/** The manifest's own text, unless somebody changed it in ELAN since. */
function kept(own: string, now: string | undefined): string {
  return shownInXml(own) === (now ?? '') ? own : (now ?? '')
}
