import { EMOTIONS } from '../emotions'
import type { Fault } from '../errors'
import type { EmotionStatistics, SubjectSummary } from '../timeline/clip-summary'
import { names } from './columns'
import { countCell, csvLine, flagCell, numberCell, probabilityCell, textCell, timeCell } from './csv'
import type { ClipMeta } from './meta-json'
import { MODALITIES, SUMMARY_LONG_COLUMNS, summaryColumns } from './summary-columns'

/** A clip without results. */
export interface FailedClipRow {
  readonly clipId: string
  readonly path: string
  readonly fileName: string
  readonly stage: string
  readonly fault: Fault
}

/** A clip of the folder: done, as its meta.json tells, or failed. */
export type FolderClip = { readonly meta: ClipMeta } | { readonly failed: FailedClipRow }

export interface FailedContext {
  readonly appVersion: string
}

const FPS_DECIMALS = 6

/** Lines of summary.csv (exports.md 4.4), header first. Failed clips have a row too. */
export function* summaryCsv(clips: readonly FolderClip[], context: FailedContext): Generator<string> {
  const variables = variableNames(clips)
  const header = names(summaryColumns(variables))
  yield csvLine(header.map(textCell))
  for (const clip of clips) {
    if ('failed' in clip) yield csvLine(failedCells(clip.failed, header, context))
    else
      for (const subject of clip.meta.summary.subjects)
        yield csvLine(summaryCells(clip.meta, subject, variables))
  }
}

/** All independent variables that any clip has, sorted. */
export function variableNames(clips: readonly FolderClip[]): string[] {
  const found = new Set(clips.flatMap((clip) => ('meta' in clip ? Object.keys(clip.meta.variables) : [])))
  return [...found].sort()
}

function failedCells(failed: FailedClipRow, header: readonly string[], context: FailedContext): string[] {
  const known = new Map([
    ['clip_id', failed.clipId],
    ['file_name', failed.fileName],
    ['status', 'error'],
    ['error', failed.fault.message],
    ['app_version', context.appVersion],
  ])
  return header.map((name) => textCell(known.get(name) ?? ''))
}

function summaryCells(meta: ClipMeta, subject: SubjectSummary, variables: readonly string[]): string[] {
  const { summary, media } = meta
  const dominant = subject.whole.map((statistics) => statistics.dominant ?? '')
  return [
    textCell(meta.clipId),
    textCell(meta.fileName),
    meta.sha256 ?? '',
    textCell(subject.subjectId),
    ...variables.map((name) => textCell(meta.variables[name] ?? '')),
    timeCell(summary.durationSecs),
    numberCell(media.video?.nominalFps, FPS_DECIMALS),
    flagCell(media.video ? media.video.isVariableRate : null),
    countCell(summary.frameCount),
    countCell(summary.analysedFrameCount),
    probabilityCell(subject.faceCoverage),
    timeCell(summary.speechSecs),
    timeCell(subject.longestGapSecs),
    timeCell(summary.excludedSecs),
    ...dominant,
    subject.finalDominant ?? '',
    ...subject.whole.flatMap(({ emotions }) => [
      ...emotions.map(({ meanP }) => probabilityCell(meanP)),
      ...emotions.map(({ prop }) => probabilityCell(prop)),
      ...emotions.map(({ bouts }) => countCell(bouts)),
      ...emotions.map(({ totalSecs }) => timeCell(totalSecs)),
      ...emotions.map(({ latencySecs }) => timeCell(latencySecs)),
    ]),
    probabilityCell(subject.faceSpeechAgreement),
    countCell(summary.editedSegmentCount),
    meta.status,
    textCell(meta.damage.join('; ')),
    textCell(meta.app.version),
    textCell(meta.models.face?.id ?? ''),
    textCell(meta.models.speech?.id ?? ''),
    meta.settings.modalities.includes('fusion') ? meta.settings.fusion.method : '',
    meta.analysedAt,
  ]
}

/** Lines of summary_long.csv, header first. Modalities that were not read at all have no rows. */
export function* summaryLongCsv(clips: readonly FolderClip[]): Generator<string> {
  yield csvLine(names(SUMMARY_LONG_COLUMNS))
  for (const clip of clips) {
    if ('failed' in clip) continue
    for (const subject of clip.meta.summary.subjects)
      for (const [place, modality] of MODALITIES.entries()) {
        if (!wasRead(clip.meta, modality)) continue
        for (const [e, emotion] of EMOTIONS.entries())
          for (const bin of subject.bins) {
            const statistics = bin.modalities[place]?.emotions[e]
            if (!statistics) continue
            yield csvLine([
              textCell(clip.meta.clipId),
              textCell(subject.subjectId),
              modality,
              emotion,
              timeCell(bin.startSecs),
              timeCell(bin.endSecs),
              ...budgetCells(statistics),
            ])
          }
      }
  }
}

function wasRead(meta: ClipMeta, modality: (typeof MODALITIES)[number]): boolean {
  if (modality === 'fusion') return meta.settings.modalities.includes('fusion')
  return meta.models[modality] !== null
}

function budgetCells(statistics: EmotionStatistics): string[] {
  return [
    countCell(statistics.bouts),
    timeCell(statistics.totalSecs),
    timeCell(statistics.meanSecs),
    timeCell(statistics.sdSecs),
    timeCell(statistics.minSecs),
    timeCell(statistics.maxSecs),
    probabilityCell(statistics.prop),
    numberCell(statistics.ratePerMin, 6),
    timeCell(statistics.latencySecs),
    probabilityCell(statistics.meanP),
    probabilityCell(statistics.maxP),
  ]
}
