import { csvLine, parseCsv, parseTextCell, textCell } from '../export/csv'
import type { SegmentRecord } from '../export/segment-record'
import { parseSegmentsCsv, segmentsCsv } from '../export/segments-csv'
import {
  emptyAnnotation,
  exchangeable,
  type InterchangeAnnotation,
  type InterchangeDocument,
  type InterchangeTier,
  sortAnnotations,
} from './document'

/** Behind the columns of every segments table; readers that do not know them pass them over. */
const EXTRA_COLUMNS = ['code_kind', 'code_set', 'orig_segment_id', 'orig_tier', 'modifier'] as const

const MODEL_MODALITIES = ['face', 'speech', 'fusion']
const MANUAL = 'manual'

/** A segments table of several recordings, one after the other. It holds annotations alone: empty tiers leave no trace. */
export function* writeSegmentsTable(documents: readonly InterchangeDocument[]): Generator<string> {
  const rows = documents.flatMap((document) => {
    const { title, tiers } = exchangeable(document)
    return tiers.flatMap((tier) => tier.annotations.map((annotation) => ({ title, tier, annotation })))
  })
  const lines = segmentsCsv(rows.map(({ title, tier, annotation }) => recordOf(title, tier, annotation)))
  yield withExtra(lines.next().value, EXTRA_COLUMNS)
  for (const { tier, annotation } of rows) {
    const { orig, modifier } = annotation
    const kind = tier.kind === 'points' ? 'point' : 'state'
    yield withExtra(lines.next().value, [kind, tier.set, orig?.segmentId ?? '', orig?.tier ?? '', modifier])
  }
}

function withExtra(line: string | undefined, cells: readonly string[]): string {
  return `${(line ?? '').slice(0, -1)},${csvLine(cells.map(textCell))}`
}

function recordOf(title: string, tier: InterchangeTier, annotation: InterchangeAnnotation): SegmentRecord {
  const { orig } = annotation
  return {
    clipId: title,
    segmentId: annotation.id,
    tier: tier.name,
    modality: tier.source === 'human' ? MANUAL : tier.set,
    source: tier.source,
    observer: tier.observer,
    subjectId: tier.subject,
    faceId: null,
    label: annotation.label,
    startSecs: annotation.startSecs,
    endSecs: annotation.endSecs,
    startFrame: null,
    endFrame: null,
    peakValue: null,
    peakTimeSecs: null,
    meanValue: null,
    frameCount: null,
    validFrameCount: null,
    status: annotation.status,
    origLabel: orig?.label ?? '',
    origStartSecs: orig?.startSecs ?? null,
    origEndSecs: orig?.endSecs ?? null,
    confidence: annotation.confidence,
    comment: annotation.comment,
    editedAt: annotation.editedAt,
  }
}

/**
 * Reads a segments table, ours or one that a labelled clip left behind: a document for each clip in it.
 * @throws UnmaskError 'data.invalid' naming line and column
 */
export function readSegmentsTable(text: string): InterchangeDocument[] {
  const records = parseSegmentsCsv(text)
  const [header = [], ...lines] = parseCsv(text)
  const places = EXTRA_COLUMNS.map((name) => header.findIndex((cell) => cell.trim() === name))
  const clips = new Map<string, Map<string, OpenTier>>()
  records.forEach((record, index) => {
    const extra = places.map((place) => parseTextCell(place < 0 ? '' : (lines[index]?.[place] ?? '')))
    const [kind = '', set = '', origId = '', origTier = '', modifier = ''] = extra
    const tiers = clips.get(record.clipId) ?? new Map<string, OpenTier>()
    clips.set(record.clipId, tiers)
    const isPoint = kind === '' ? record.endSecs === record.startSecs : kind === 'point'
    // Same name, other subject, observer or set: told apart, as no table promises that a name says it all.
    const key = JSON.stringify([record.tier, record.subjectId, record.observer, kind, set, record.source])
    const tier = tiers.get(key) ?? openTier(record, { isPoint, set })
    tiers.set(key, tier)
    tier.annotations.push(
      emptyAnnotation(record.startSecs, record.endSecs, record.label, {
        id: record.segmentId,
        comment: record.comment,
        confidence: record.confidence,
        status: record.status,
        editedAt: record.editedAt,
        modifier,
        orig:
          record.origStartSecs === null || record.origEndSecs === null
            ? null
            : {
                segmentId: origId,
                tier: origTier,
                label: record.origLabel,
                startSecs: record.origStartSecs,
                endSecs: record.origEndSecs,
              },
      }),
    )
  })
  return [...clips].map(([title, tiers]) => ({
    title,
    durationSecs: null,
    media: [],
    codes: [],
    variables: [],
    tiers: uniquelyNamed(
      [...tiers.values()].map((tier) => ({ ...tier, annotations: sortAnnotations(tier.annotations) })),
    ),
    notices: [],
  }))
}

interface OpenTier extends InterchangeTier {
  readonly annotations: InterchangeAnnotation[]
}

function openTier(record: SegmentRecord, { isPoint, set }: { isPoint: boolean; set: string }): OpenTier {
  const modality = MODEL_MODALITIES.includes(record.modality) ? record.modality : ''
  return {
    name: record.tier,
    subject: record.subjectId,
    observer: record.observer,
    set: set || modality,
    kind: isPoint ? 'points' : 'states',
    source: record.source,
    annotations: [],
  }
}

/** Tiers in their order; a second one of a name gets a number. */
export function uniquelyNamed(tiers: readonly InterchangeTier[]): InterchangeTier[] {
  const taken = new Set<string>()
  return tiers.map((tier) => {
    let name = tier.name
    for (let count = 2; taken.has(name); count++) name = `${tier.name} (${count})`
    taken.add(name)
    return { ...tier, name }
  })
}
