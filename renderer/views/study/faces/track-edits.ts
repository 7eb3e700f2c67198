import type { AnnotationChange, TrackItem } from '../../../../preload/contract/annotation'
import { subjectOfFace } from '../../../../preload/contract/tier-rules'

/** Naming, joining and splitting of face tracks. Pure: each edit is a list of changes for the annotation store. */

/** A stretch of a face track in which it is one and the same. */
export interface TrackPart {
  /** Null: from the beginning. */
  readonly startSecs: number | null
  /** Null: to the end. */
  readonly endSecs: number | null
  /** '': nobody said. */
  readonly subjectId: string
}

/** Who makes an edit, and when. */
export interface EditBy {
  readonly observerId: string
  /** ISO 8601 UTC. */
  readonly at: string
}

/** The parts of a face in order: one, or several where it was split. Edges of what people said are edges of parts. */
export function partsOf(tracks: readonly TrackItem[], faceId: number): TrackPart[] {
  const own = tracks.filter((track) => track.faceId === faceId)
  const edges = [...new Set(own.flatMap(({ startSecs, endSecs }) => [startSecs, endSecs]))]
    .filter((edge) => edge !== null)
    .sort((a, b) => a - b)
  return [null, ...edges].map((startSecs, index) => {
    const endSecs = edges[index] ?? null
    const atSecs = startSecs ?? (endSecs === null ? 0 : endSecs - 1e-6)
    return { startSecs, endSecs, subjectId: subjectOfFace(own, faceId, atSecs) }
  })
}

/**
 * Changes that give a face these parts. Items that fit are kept or changed, so that their history goes on; a face that
 * nobody is named in and that is whole needs none.
 */
export function changesTo(
  tracks: readonly TrackItem[],
  faceId: number,
  parts: readonly TrackPart[],
  by: EditBy,
): AnnotationChange[] {
  const left = tracks.filter((track) => track.faceId === faceId)
  const isNobody = parts.length === 1 && parts[0]?.subjectId === ''
  const wanted = isNobody ? [] : parts
  const fitting = wanted.map((part) => {
    const at = left.findIndex(
      ({ startSecs, endSecs }) => startSecs === part.startSecs && endSecs === part.endSecs,
    )
    return at === -1 ? undefined : left.splice(at, 1)[0]
  })
  const puts = wanted.flatMap((part, index): AnnotationChange[] => {
    const fits = fitting[index]
    if (fits?.subjectId === part.subjectId) return []
    const id = (fits ?? left.shift())?.id ?? crypto.randomUUID()
    const { observerId, at: editedAt } = by
    return [{ put: { ...part, id, kind: 'track', faceId, observerId, editedAt } }]
  })
  return [...puts, ...left.map(({ id }) => ({ remove: id }))]
}

/** Names one part of a face. */
export function namePart(
  tracks: readonly TrackItem[],
  faceId: number,
  at: number,
  subjectId: string,
  by: EditBy,
): AnnotationChange[] {
  const parts = partsOf(tracks, faceId).map((part, index) => (index === at ? { ...part, subjectId } : part))
  return changesTo(tracks, faceId, parts, by)
}

/** One subject for whole faces: that makes their tracks one. */
export function nameFaces(
  tracks: readonly TrackItem[],
  faceIds: readonly number[],
  subjectId: string,
  by: EditBy,
): AnnotationChange[] {
  return faceIds.flatMap((faceId) => {
    const parts = partsOf(tracks, faceId).map((part) => ({ ...part, subjectId }))
    return changesTo(tracks, faceId, parts, by)
  })
}

/** Cuts a face at an instant: from there on it may be somebody else. Nothing where there is an edge already. */
export function splitFace(
  tracks: readonly TrackItem[],
  faceId: number,
  atSecs: number,
  by: EditBy,
): AnnotationChange[] {
  const parts = partsOf(tracks, faceId)
  const index = parts.findIndex(
    ({ startSecs, endSecs }) =>
      (startSecs === null || atSecs > startSecs) && (endSecs === null || atSecs < endSecs),
  )
  const part = parts[index]
  if (!part) return []
  const halves = [
    { ...part, endSecs: atSecs },
    { ...part, startSecs: atSecs },
  ]
  return changesTo(tracks, faceId, [...parts.slice(0, index), ...halves, ...parts.slice(index + 1)], by)
}

/** Takes the edge before a part away: it becomes whoever the part before it is. */
export function joinPart(
  tracks: readonly TrackItem[],
  faceId: number,
  at: number,
  by: EditBy,
): AnnotationChange[] {
  const parts = partsOf(tracks, faceId)
  const [before, part] = [parts[at - 1], parts[at]]
  if (!before || !part) return []
  const joined = {
    startSecs: before.startSecs,
    endSecs: part.endSecs,
    subjectId: before.subjectId || part.subjectId,
  }
  return changesTo(tracks, faceId, [...parts.slice(0, at - 1), joined, ...parts.slice(at + 1)], by)
}
