import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Study } from '../../../preload/contract/annotation'
import { checkEdit } from '../annotation/check-edit'
import { AnnotationDocument, type StoredChange } from '../annotation/document'
import { compareClocks } from '../annotation/clocks'
import type { StudyRecord } from '../annotation/study-history'
import { UnmaskError } from '../errors'
import { type ItemConflict, type ItemsMerge, mergeItems, settle, type Side } from './merge-items'
import { mergeStudies, settleStudy, type StudyConflict, type StudyMerge } from './merge-study'
import { translatedItem } from './study-ids'
import { idsInUse } from './used-ids'
import type { ProjectCopy, RecordingFacts } from './read-copy'
import { type ItemVersion, type ItemVersions, saysSame } from './versions'

/** The recordings of one clip id are not the same file in the two copies. */
export interface RecordingConflict {
  readonly key: string
  readonly here: RecordingFacts
  readonly there: RecordingFacts
}

export interface ClipMerge {
  readonly clipId: string
  readonly fileName: string
  readonly here: ItemVersions
  /** With the ids that things have here. */
  readonly there: ItemVersions
  readonly items: ItemsMerge
  readonly conflicts: readonly { readonly key: string; readonly conflict: ItemConflict }[]
  /** Chosen 'there', the clips are one all the same; 'here': what the other copy says of its clip stays away. */
  readonly recording: RecordingConflict | null
}

/** What a merge would do, and what only a person can decide. Nothing is written. */
export interface MergePlan {
  readonly study: StudyMerge
  readonly studyConflicts: readonly { readonly key: string; readonly conflict: StudyConflict }[]
  /** Clips of which the other copy says something that is not here as it is. */
  readonly clips: readonly ClipMerge[]
  /** Clips that only the other copy has, with the number of things people said of them: they stay there. */
  readonly onlyThere: readonly {
    readonly clipId: string
    readonly fileName: string
    readonly items: number
  }[]
}

/** What is written when every conflict is decided. */
export interface SettledMerge {
  /** Null: the study stays as it is, and nothing more is known of it. */
  readonly study: StudyRecord | null
  readonly isStudyChanged: boolean
  readonly clips: readonly { readonly clipId: string; readonly changes: readonly StoredChange[] }[]
  /** Of items, over all clips. */
  readonly counts: { readonly added: number; readonly changed: number; readonly removed: number }
}

/** Plans to bring the other copy into this one. */
export function planMerge(here: ProjectCopy, there: ProjectCopy): MergePlan {
  const used = idsInUse(here, there)
  const isUsed = (id: string) => here.hasUnreadClips || used.has(id)
  const { ids, ...study } = mergeStudies(here, there, isUsed)
  const clips: ClipMerge[] = []
  const onlyThere: { clipId: string; fileName: string; items: number }[] = []
  for (const [clipId, foreign] of there.clips) {
    const theirs = new Map(
      [...foreign].map(([id, { item, clock }]): [string, ItemVersion] => [
        id,
        { item: item && translatedItem(item, ids), clock },
      ]),
    )
    const [mineFacts, theirFacts] = [here.recordings.get(clipId), there.recordings.get(clipId) ?? null]
    const fileName = mineFacts?.fileName ?? theirFacts?.fileName ?? clipId
    if (mineFacts === undefined) {
      const items = [...foreign.values()].filter(({ item }) => item !== null).length
      if (items > 0) onlyThere.push({ clipId, fileName, items })
      continue
    }
    const mine = here.clips.get(clipId) ?? new Map<string, ItemVersion>()
    if (isKnown(mine, theirs)) continue
    const items = mergeItems(mine, theirs, study.study.scheme)
    clips.push({
      clipId,
      fileName,
      here: mine,
      there: theirs,
      items,
      conflicts: items.conflicts.map((conflict) => ({
        key: `items ${clipId} ${shortHash(conflict.key)}`,
        conflict,
      })),
      recording: recordingConflict(clipId, mineFacts, theirFacts),
    })
  }
  const studyConflicts = study.conflicts.map((conflict) => ({ key: `study ${conflict.key}`, conflict }))
  return { study, studyConflicts, clips, onlyThere }
}

export type Choices = (key: string) => Side | undefined

/** Keys of conflicts that nobody decided yet. Items of a clip that stays away need no decision. */
export function openConflicts(plan: MergePlan, choices: Choices): string[] {
  const keys = plan.studyConflicts.map(({ key }) => key)
  for (const { recording, conflicts } of plan.clips) {
    if (recording) keys.push(recording.key)
    if (!recording || choices(recording.key) === 'there') keys.push(...conflicts.map(({ key }) => key))
  }
  return keys.filter((key) => choices(key) === undefined)
}

/**
 * What is to be written, checked as a whole: it fits the study, and nothing overlaps.
 * @param replicaId this copy of the project: what it decides is its change
 * @throws UnmaskError 'usage.invalid' where a conflict is open, the scheme is locked, or decisions do not go together
 */
export function settlePlan(
  plan: MergePlan,
  here: ProjectCopy,
  choices: Choices,
  replicaId: string,
): SettledMerge {
  const open = openConflicts(plan, choices)
  if (open.length > 0)
    throw new UnmaskError(
      'usage.invalid',
      `${open.length} conflict(s) are not decided yet; nothing was merged`,
    )
  const decide = (key: string): Side => choices(key) ?? 'here'
  const record = settleStudy(plan.study, (conflict) => decide(`study ${conflict.key}`), replicaId)
  const { study } = record
  const isStudyChanged = !isDeepStrictEqual(study, here.study)
  if (here.study.scheme.isLocked && !isDeepStrictEqual(study.scheme, here.study.scheme))
    throw new UnmaskError(
      'usage.invalid',
      'the coding scheme is locked, and the other copy has codes or ratings that differ; unlock it first, or keep the scheme that is here',
    )
  const counts = { added: 0, changed: 0, removed: 0 }
  const clips = plan.clips.flatMap((clip) => {
    if (clip.recording && decide(clip.recording.key) === 'here') return []
    const keys = new Map(clip.conflicts.map(({ key, conflict }) => [conflict, key]))
    const settled = settle(clip.items, clip, (conflict) => decide(keys.get(conflict) ?? ''), replicaId)
    const changes = changesOf(clip.here, settled)
    requireFit(clip, changes, study)
    count(clip.here, changes, counts)
    return changes.length === 0 ? [] : [{ clipId: clip.clipId, changes }]
  })
  const isNews = isStudyChanged || !isDeepStrictEqual(record.history, here.history)
  return { study: isNews ? record : null, isStudyChanged, clips, counts }
}

/** Everything that the other copy knows is known here: most clips of two copies, most of the time. */
function isKnown(here: ItemVersions, there: ItemVersions): boolean {
  return [...there].every(([id, { item, clock }]) => {
    const known = here.get(id)
    if (!known) return false
    const order = compareClocks(known.clock, clock)
    return order === 'after' || (order === 'equal' && saysSame(known.item, item))
  })
}

function recordingConflict(
  clipId: string,
  here: RecordingFacts | null,
  there: RecordingFacts | null,
): RecordingConflict | null {
  if (!here || !there) return null
  const differ = (one: unknown, other: unknown) => one !== null && other !== null && one !== other
  // The sum of the bytes says more than their number: a relabelled copy of one file is one file.
  const isOther =
    here.sha256 !== null && there.sha256 !== null
      ? here.sha256 !== there.sha256
      : differ(here.sizeBytes, there.sizeBytes)
  return isOther ? { key: `recording ${clipId}`, here, there } : null
}

/** Changes that make one state of a clip another; an item that is known as it is needs none. */
function changesOf(here: ItemVersions, settled: ItemVersions): StoredChange[] {
  const changes: StoredChange[] = []
  for (const [id, { item, clock }] of settled) {
    const known = here.get(id)
    const isSame = known && compareClocks(known.clock, clock) === 'equal' && saysSame(known.item, item)
    if (!isSame) changes.push(item ? { put: item, clock } : { remove: id, clock })
  }
  return changes
}

function count(
  here: ItemVersions,
  changes: readonly StoredChange[],
  counts: { added: number; changed: number; removed: number },
): void {
  for (const change of changes) {
    const before = here.get('put' in change ? change.put.id : change.remove)?.item ?? null
    const after = 'put' in change ? change.put : null
    if (saysSame(before, after)) continue
    if (before === null) counts.added++
    else if (after === null) counts.removed++
    else counts.changed++
  }
}

/** An edit is checked before it is made: here all of them are, before the first is. */
function requireFit(clip: ClipMerge, changes: readonly StoredChange[], study: Study): void {
  const document = new AnnotationDocument(
    [...clip.here.values()].flatMap(({ item, clock }) => (item ? [{ item, clock }] : [])),
  )
  const known = changes.filter((change) => 'put' in change || document.item(change.remove))
  try {
    checkEdit(document, known, { study, observerId: null })
  } catch (error) {
    throw new UnmaskError('usage.invalid', `clip ${clip.clipId}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
