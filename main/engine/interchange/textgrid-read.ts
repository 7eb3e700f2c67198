import { counted } from './count-words'
import { UnmaskError } from '../errors'
import {
  type InterchangeAnnotation,
  type InterchangeDocument,
  type InterchangeTier,
  sortAnnotations,
  toMicros,
  UNITS_PER_SEC,
} from './document'
import { parseFieldText, withFields } from './field-text'
import { type Manifest, parseManifest } from './manifest'
import { uniquelyNamed } from './segments-table'
import { TextGridTokens } from './textgrid-tokens'
import { MANIFEST_TIER, RECORD_SUFFIX, shownInPraat } from './textgrid-words'

interface RawMark {
  readonly startSecs: number
  readonly endSecs: number
  readonly text: string
}

interface RawTier {
  readonly name: string
  readonly isPoints: boolean
  readonly marks: readonly RawMark[]
}

/**
 * Reads a Praat TextGrid, long or short form. Intervals without text are no annotations.
 * @param text decoded, without byte order mark
 * @throws UnmaskError 'data.invalid' with the line
 */
export function readTextGrid(text: string, title: string): InterchangeDocument {
  if (text.startsWith('ooBinaryFile'))
    throw new UnmaskError('data.invalid', 'this TextGrid is in binary form; save it as a text file in Praat')
  if (/^"Praat chronological TextGrid/.test(text))
    throw new UnmaskError(
      'data.invalid',
      'this TextGrid is in chronological form; save it as a text file in Praat',
    )
  const tokens = new TextGridTokens(text)
  const fileType = tokens.string('file type')
  if (!/^ooTextFile/.test(fileType)) throw tokens.fault(`the file type "${fileType}" instead of "ooTextFile"`)
  const objectClass = tokens.string('object class')
  if (objectClass !== 'TextGrid') throw tokens.fault(`a ${objectClass} instead of a TextGrid`)
  const fromSecs = tokens.number('xmin')
  const toSecs = tokens.number('xmax')
  const hasTiers = tokens.flag('<exists>') === '<exists>'
  const raw: RawTier[] = []
  if (hasTiers) {
    const count = tokens.count('tiers')
    for (let index = 0; index < count; index++) raw.push(readTier(tokens))
  }
  const manifest = parseManifest(
    raw.find(({ name, isPoints }) => isPoints && name === MANIFEST_TIER)?.marks[0]?.text,
  )
  const notices = raw.flatMap(({ name, marks }) => {
    const reversed = marks.filter(({ startSecs, endSecs }) => endSecs < startSecs).length
    return reversed > 0
      ? [
          `tier "${name}": ${counted(reversed, 'interval', 'intervals')} left out: the end is before the start`,
        ]
      : []
  })
  if (fromSecs !== 0 && !manifest)
    notices.push(`the TextGrid begins at ${fromSecs} s; its times are kept as they are`)
  return {
    title: manifest?.title ?? title,
    durationSecs: manifest ? manifest.durationSecs : toSecs,
    media: manifest?.media ?? [],
    codes: manifest?.codes ?? [],
    variables: manifest?.variables ?? [],
    tiers: tiersOf(raw, manifest),
    notices,
  }
}

function readTier(tokens: TextGridTokens): RawTier {
  const kind = tokens.string('class of a tier')
  if (kind !== 'IntervalTier' && kind !== 'TextTier')
    throw tokens.fault(`a tier of the unknown class "${kind}"`)
  const isPoints = kind === 'TextTier'
  const name = shownInPraat(tokens.string('name of a tier'))
  tokens.number('xmin')
  tokens.number('xmax')
  const count = tokens.count(isPoints ? 'points' : 'intervals')
  const marks: RawMark[] = []
  for (let index = 0; index < count; index++) {
    const startSecs = tokens.number(isPoints ? 'of a point' : 'xmin')
    const endSecs = isPoints ? startSecs : tokens.number('xmax')
    marks.push({ startSecs, endSecs, text: shownInPraat(tokens.string('text')) })
  }
  return { name, isPoints, marks }
}

function tiersOf(raw: readonly RawTier[], manifest: Manifest | null): InterchangeTier[] {
  const laneNames = new Set(manifest?.tiers.flatMap(({ lanes }) => lanes))
  const isOwn = ({ name, isPoints }: RawTier): boolean =>
    isPoints && name === MANIFEST_TIER && manifest !== null
  const isRecord = ({ name }: RawTier): boolean =>
    manifest !== null &&
    name.endsWith(RECORD_SUFFIX) &&
    !laneNames.has(name) &&
    raw.some((other) => other.name === name.slice(0, -RECORD_SUFFIX.length))
  const records = new Map(raw.filter(isRecord).map((tier) => [tier.name, recordsOf(tier)]))
  const shown = raw.filter((tier) => !isOwn(tier) && !isRecord(tier))
  const read = (tier: RawTier): InterchangeAnnotation[] => {
    const fields = records.get(`${tier.name}${RECORD_SUFFIX}`)
    return tier.marks
      .filter(({ text, startSecs, endSecs }) => text.trim() !== '' && endSecs >= startSecs)
      .map(({ startSecs, endSecs, text }) =>
        withFields(
          { startSecs, endSecs, label: text },
          parseFieldText(fields?.get(placeOf({ startSecs, endSecs })) ?? ''),
          {
            unitsPerSec: UNITS_PER_SEC,
          },
        ),
      )
  }
  const tiers: InterchangeTier[] = []
  const taken = new Set<RawTier>()
  for (const { lanes, ...facts } of manifest?.tiers ?? []) {
    const parts = shown.filter((tier) => lanes.includes(tier.name))
    if (parts.length === 0) continue
    for (const part of parts) taken.add(part)
    tiers.push({ ...facts, annotations: sortAnnotations(parts.flatMap(read)) })
  }
  for (const tier of shown) {
    if (taken.has(tier)) continue
    tiers.push({
      name: tier.name,
      subject: '',
      observer: '',
      set: '',
      kind: tier.isPoints ? 'points' : 'states',
      source: 'human',
      annotations: sortAnnotations(read(tier)),
    })
  }
  return uniquelyNamed(tiers)
}

const placeOf = ({ startSecs, endSecs }: Pick<RawMark, 'startSecs' | 'endSecs'>): string =>
  `${toMicros(startSecs)} ${toMicros(endSecs)}`

function recordsOf(tier: RawTier): Map<string, string> {
  return new Map(tier.marks.map((mark) => [placeOf(mark), mark.text]))
}
