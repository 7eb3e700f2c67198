import type { ClipTimeline, Modality } from '../timeline/types'
import { AtomicFiles, type TextChunks } from './atomic-file'
import { borisPlotCsv, borisProject } from './boris'
import type { ClipContext, ExportContext, ExportOptions } from './clip-context'
import { BYTE_ORDER_MARK } from './csv'
import { eaf } from './eaf'
import { framesCsv } from './frames-csv'
import { longCsv, type LongPeople } from './long-csv'
import { landmarksCsv } from './landmarks-csv'
import { clipMeta, metaText } from './meta-json'
import { asStored, participant, type SegmentRecord, segmentRecords } from './segment-record'
import { segmentsCsv } from './segments-csv'
import { speechCsv } from './speech-csv'
import { textGrid } from './textgrid'

/**
 * Writes all result files of one clip. They appear under their names only when every one is complete; meta.json comes
 * last, so a clip with a meta.json is done.
 * @returns names of the files within `outFolder`, meta.json last
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; nothing half-written stays behind
 */
export async function writeClipResults(
  timeline: ClipTimeline,
  context: ClipContext,
  outFolder: string,
  options: ExportOptions,
): Promise<string[]> {
  const tables = clipTables(timeline, context, options)
  const metaName = clipFileName(context.clipId, 'meta.json')
  const names = [...tables.map(({ name }) => name), metaName]
  const files = new AtomicFiles(outFolder)
  try {
    for (const { name, chunks } of tables) await files.write(name, chunks)
    await files.write(metaName, [metaText(clipMeta(timeline, context, names))])
    return await files.commit()
  } finally {
    await files.discard()
  }
}

export function clipFileName(clipId: string, ending: string): string {
  return `${clipId}.${ending}`
}

export interface ClipFile {
  readonly name: string
  readonly chunks: TextChunks
}

function clipTables(timeline: ClipTimeline, context: ClipContext, options: ExportOptions): ClipFile[] {
  const records = segmentRecords(timeline, context)
  const named = (ending: string): string => clipFileName(context.clipId, ending)
  const csv = (ending: string, lines: Iterable<string>): ClipFile => ({
    name: named(ending),
    chunks: options.bom ? withByteOrderMark(lines) : lines,
  })
  const files = [
    csv('frames.csv', framesCsv(timeline, context)),
    csv('speech.csv', speechCsv(timeline, context)),
    csv('segments.csv', segmentsCsv(records)),
  ]
  if (options.landmarks) files.push(csv('landmarks.csv', landmarksCsv(timeline, context)))
  files.push(...requestedFiles({ timeline, context, records: records.map(asStored), options }))
  return files
}

export interface RequestedFiles {
  readonly timeline: ClipTimeline
  readonly context: ExportContext
  /** As the segments table gives them back. */
  readonly records: readonly SegmentRecord[]
  readonly options: Omit<ExportOptions, 'landmarks'>
  /** What people said; left out where nobody said anything. */
  readonly people?: LongPeople
}

/** The formats on request: all that they need stands in the files that every clip has. */
export function requestedFiles({ timeline, context, records, options, people }: RequestedFiles): ClipFile[] {
  const files: ClipFile[] = []
  const named = (ending: string): string => clipFileName(context.clipId, ending)
  if (options.long) {
    const lines = longCsv(timeline, context, people)
    files.push({ name: named('long.csv'), chunks: options.bom ? withByteOrderMark(lines) : lines })
  }
  const { durationSecs } = timeline
  const { mediaPath, media, clipId, analysedAt: date } = context
  if (options.eaf)
    files.push({
      name: named('eaf'),
      chunks: eaf({
        records,
        mediaPath,
        hasVideo: media.video !== null,
        durationSecs,
        framesFile: named('frames.csv'),
        date,
        author: `Unmask ${context.appVersion}`,
      }),
    })
  if (options.textgrid)
    files.push({
      name: named('TextGrid'),
      chunks: textGrid({ records, durationSecs, tierNames: expectedTiers(timeline, context) }),
    })
  if (options.boris) {
    const fps = media.video && (media.video.measuredFps ?? media.video.nominalFps ?? 0)
    const project = borisProject({
      records,
      clipId,
      mediaPath,
      durationSecs,
      fps,
      hasAudio: media.audio !== null,
      date,
    })
    files.push({ name: named('boris'), chunks: [project] })
    // Without a byte order mark always: BORIS would take it for part of the first header. BORIS plots at most two.
    for (const modality of ['face', 'fusion'] as const)
      if (hasReadings(timeline, modality))
        files.push({ name: named(`boris-${modality}.csv`), chunks: borisPlotCsv(timeline, modality) })
  }
  return files
}

/** BORIS cannot load a plot without a row. */
function hasReadings({ rows }: ClipTimeline, modality: 'face' | 'fusion'): boolean {
  const probs = modality === 'face' ? rows.faceProbs : rows.fusionProbs
  return probs.some((p) => !Number.isNaN(p))
}

/** Tiers that stand in a TextGrid even when no episode was found. */
function expectedTiers(timeline: ClipTimeline, context: ExportContext): string[] {
  const faces = [...new Set(timeline.rows.faceId)].filter((faceId) => faceId >= 0).sort((a, b) => a - b)
  const tier = (faceId: number, modality: Modality): string => `${participant(context, faceId)}/${modality}`
  const tiers: string[] = []
  if (context.faceCard) tiers.push(...faces.map((faceId) => tier(faceId, 'face')))
  if (context.speechCard) tiers.push(tier(-1, 'speech'))
  if (tiers.length === 0) tiers.push(tier(-1, context.settings.modalities[0] ?? 'face'))
  return tiers
}

export function* withByteOrderMark(lines: Iterable<string>): Generator<string> {
  yield BYTE_ORDER_MARK
  yield* lines
}
