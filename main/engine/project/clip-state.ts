import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JournalEntry, SourceIdentity } from '../batch/journal'
import type { Emotion } from '../emotions'
import type { Fault } from '../errors'
import { type ClipMeta, parseClipMeta } from '../export/meta-json'
import type { ClipFacts } from './project-file'

/** What the results of a clip say in short, from its meta.json. */
export interface ClipFindings {
  readonly facts: ClipFacts
  /** Share of the analysed time with a face, 0..1; null where no frames were analysed. */
  readonly faceCoverage: number | null
  /** Null where there is no sound or it was not analysed. */
  readonly speechSecs: number | null
  readonly dominant: Emotion | null
  readonly warnings: readonly string[]
  readonly analysedAt: string
}

/** How far a clip is, as the results folder tells. */
export type ClipState =
  | { readonly kind: 'new' }
  /** It was begun and not ended: the run was stopped or killed. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'done'; readonly findings: ClipFindings }
  /** There are results, but of another file: the recording was changed since. */
  | { readonly kind: 'outdated'; readonly findings: ClipFindings }
  | { readonly kind: 'failed'; readonly stage: string; readonly fault: Fault }

/** The latest word of a journal on each recording, by path. */
export function latestEntries(
  entries: readonly JournalEntry[],
): Map<string, Exclude<JournalEntry, { type: 'batch' }>> {
  const latest = new Map<string, Exclude<JournalEntry, { type: 'batch' }>>()
  for (const entry of entries) if (entry.type !== 'batch') latest.set(entry.source.path, entry)
  return latest
}

/**
 * @param entry the journal's latest word on the recording
 * @param source the recording as it is now; null where it is not there
 */
export async function clipStateOf(
  entry: Exclude<JournalEntry, { type: 'batch' }> | undefined,
  source: SourceIdentity | null,
  resultsFolder: string,
): Promise<ClipState> {
  switch (entry?.type) {
    case undefined:
      return { kind: 'new' }
    case 'start':
      return { kind: 'interrupted' }
    case 'failed':
      return { kind: 'failed', stage: entry.stage, fault: entry.fault }
    case 'done': {
      const findings = await readFindings(resultsFolder, entry.clipId)
      if (!findings) return { kind: 'new' }
      return { kind: source && !isSame(entry.source, source) ? 'outdated' : 'done', findings }
    }
  }
}

/** @returns null where the results are gone or cannot be read: the clip has to be labelled again */
export async function readFindings(resultsFolder: string, clipId: string): Promise<ClipFindings | null> {
  const path = join(resultsFolder, `${clipId}.meta.json`)
  try {
    return findingsOf(parseClipMeta(await readFile(path, 'utf8'), path))
  } catch {
    // Absent, torn or of another program: for the project that is one and the same.
    return null
  }
}

export function findingsOf(meta: ClipMeta): ClipFindings {
  const { summary, media } = meta
  // Of several people the one seen longest stands for the clip; their own figures are in Analyse.
  const subject = summary.subjects.reduce((best, other) =>
    (other.faceCoverage ?? -1) > (best.faceCoverage ?? -1) ? other : best,
  )
  const byModality = new Map(subject.whole.map(({ modality, dominant }) => [modality, dominant]))
  return {
    facts: {
      kind: media.video ? 'video' : 'audio',
      durationSecs: summary.durationSecs,
      hasSound: media.audio !== null,
    },
    faceCoverage: subject.faceCoverage,
    speechSecs: summary.speechSecs,
    dominant:
      subject.finalDominant ??
      byModality.get('fusion') ??
      byModality.get('face') ??
      byModality.get('speech') ??
      null,
    warnings: [...new Set([...meta.warnings, ...meta.damage])],
    analysedAt: meta.analysedAt,
  }
}

function isSame(before: SourceIdentity, now: SourceIdentity): boolean {
  return before.sizeBytes === now.sizeBytes && before.modifiedMs === now.modifiedMs
}
