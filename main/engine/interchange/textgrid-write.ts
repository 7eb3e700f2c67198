import { exchangeable, type InterchangeDocument, toMicros, UNITS_PER_SEC } from './document'
import { fieldText, placedFields, secsText } from './field-text'
import { type Lane, lanesOf, type Placed } from './lanes'
import { manifestText } from './manifest'
import { MANIFEST_TIER, RECORD_SUFFIX, shownInPraat } from './textgrid-words'

export interface TextGridWriteOptions {
  /**
   * With it the file can be read back without loss: a tier beside each says what a TextGrid cannot, and one holds the
   * document's own facts. Without it the file has what a reader of Praat wants to see, and what was rejected stays out.
   */
  readonly isForReimport: boolean
}

interface OutTier {
  readonly name: string
  readonly isPoints: boolean
  readonly marks: readonly { readonly start: number; readonly end: number; readonly text: string }[]
}

/**
 * A Praat TextGrid in its long form: states as interval tiers that cover everything from the first to the last instant, points as
 * text tiers. Praat checks neither gaps nor overlaps, so that none are written: a tier that overlaps itself is spread.
 */
export function* writeTextGrid(
  source: InterchangeDocument,
  options: TextGridWriteOptions,
): Generator<string> {
  const document = exchangeable(source)
  // Bounds of no length have no place in an interval tier, so that points are kept apart whatever tier they are in.
  const split = document.tiers.flatMap((tier) => {
    const points = tier.annotations.filter(({ startSecs, endSecs }) => endSecs === startSecs)
    const states = tier.annotations.filter(({ startSecs, endSecs }) => endSecs > startSecs)
    if (tier.kind === 'points' && states.length === 0) return [{ tier, isPoints: true, part: points }]
    const parts = [{ tier, isPoints: false, part: states }]
    return points.length > 0 ? [...parts, { tier, isPoints: true, part: points }] : parts
  })
  const lanes = spreadLanes(split)
  const shown = lanes.filter(({ lane }) => options.isForReimport || !lane.isRejected)
  const edges = document.tiers.flatMap(({ annotations }) =>
    annotations.flatMap(({ startSecs, endSecs }) => [toMicros(startSecs), toMicros(endSecs)]),
  )
  const from = edges.reduce((least, edge) => Math.min(least, edge), 0)
  const duration = Math.max(1, toMicros(document.durationSecs ?? 0))
  const to = edges.reduce((most, edge) => Math.max(most, edge), duration)
  const tiers: OutTier[] = shown.flatMap(({ lane, isPoints }) => {
    const own = outTier(lane, isPoints, ({ annotation }) => shownInPraat(annotation.label))
    if (!options.isForReimport) return [own]
    const record = outTier(lane, isPoints, (placed) =>
      fieldText(placedFields(placed, shownInPraat(placed.annotation.label), UNITS_PER_SEC)),
    )
    const hasRecord = record.marks.some(({ text }) => text !== '')
    return hasRecord ? [own, { ...record, name: `${own.name}${RECORD_SUFFIX}` }] : [own]
  })
  if (options.isForReimport)
    tiers.push({
      name: MANIFEST_TIER,
      isPoints: true,
      marks: [
        {
          start: from,
          end: from,
          text: manifestText(
            document,
            lanes.map(({ lane }) => lane),
          ),
        },
      ],
    })
  yield* lines(tiers, from, to)
}

interface TypedLane {
  readonly lane: Lane
  readonly isPoints: boolean
}

function spreadLanes(
  split: readonly {
    readonly tier: InterchangeDocument['tiers'][number]
    readonly isPoints: boolean
    readonly part: InterchangeDocument['tiers'][number]['annotations']
  }[],
): TypedLane[] {
  const named = split.map(({ tier, part }, index) => ({ ...tier, annotations: part, index }))
  const lanes = lanesOf(named, { unitsPerSec: UNITS_PER_SEC, leastUnits: 0, nameOf: shownInPraat })
  return lanes.map((lane) => {
    const place = named.findIndex((one) => one === lane.tier)
    return { lane, isPoints: split[place]?.isPoints ?? false }
  })
}

function outTier(lane: Lane, isPoints: boolean, textOf: (placed: Placed) => string): OutTier {
  return {
    name: lane.name,
    isPoints,
    marks: lane.placed.map((placed) => ({ start: placed.start, end: placed.end, text: textOf(placed) })),
  }
}

function* lines(tiers: readonly OutTier[], from: number, to: number): Generator<string> {
  const bounds = (indent: string, start: number, end: number): string =>
    `${indent}xmin = ${secsText(start / UNITS_PER_SEC)}\n${indent}xmax = ${secsText(end / UNITS_PER_SEC)}\n`
  yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
  yield `${bounds('', from, to)}tiers? <exists>\nsize = ${tiers.length}\nitem []:\n`
  for (const [index, tier] of tiers.entries()) {
    yield `    item [${index + 1}]:\n        class = "${tier.isPoints ? 'TextTier' : 'IntervalTier'}"\n`
    yield `        name = ${quoted(tier.name)}\n${bounds('        ', from, to)}`
    const marks = tier.isPoints ? tier.marks : filled(tier.marks, from, to)
    yield `        ${tier.isPoints ? 'points' : 'intervals'}: size = ${marks.length}\n`
    for (const [place, { start, end, text }] of marks.entries())
      yield tier.isPoints
        ? `        points [${place + 1}]:\n            number = ${secsText(start / UNITS_PER_SEC)}\n` +
          `            mark = ${quoted(text)}\n`
        : `        intervals [${place + 1}]:\n${bounds('            ', start, end)}            text = ${quoted(text)}\n`
  }
}

function filled(marks: OutTier['marks'], from: number, to: number): OutTier['marks'] {
  const all: { start: number; end: number; text: string }[] = []
  let covered = from
  for (const mark of marks) {
    if (mark.start > covered) all.push({ start: covered, end: mark.start, text: '' })
    all.push(mark)
    covered = mark.end
  }
  if (covered < to || all.length === 0) all.push({ start: covered, end: to, text: '' })
  return all
}

/** Praat reads line breaks inside quotes; a quote inside is doubled. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
