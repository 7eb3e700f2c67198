import type {
  AnnotationChange,
  AnnotationItem,
  AnnotationKind,
  SegmentItem,
  Study,
} from '../../../preload/contract/annotation'
import { UnmaskError } from '../errors'
import type { AnnotationDocument } from './document'

/** What belongs to the clip rather than to one observer's view of it: anybody may change it. */
const SHARED_KINDS: readonly AnnotationKind[] = ['track', 'exclusion', 'variable']

/** Edges of neighbours may differ by rounding alone. */
const TOUCHING_SECS = 1e-6

export interface EditContext {
  readonly study: Study
  /** Who edits. Null: the program itself, which brings in the work of several (an import, a merge). */
  readonly observerId: string | null
}

/**
 * Whether an edit fits the study and what is there.
 * @throws UnmaskError 'usage.invalid' naming item and reason; then nothing of the edit may take effect
 */
export function checkEdit(
  document: AnnotationDocument,
  changes: readonly AnnotationChange[],
  { study, observerId }: EditContext,
): void {
  const next = new Map<string, AnnotationItem | null>()
  for (const change of changes) {
    const id = 'put' in change ? change.put.id : change.remove
    const before = next.has(id) ? next.get(id) : document.item(id)
    if ('remove' in change && !before) throw invalid(`there is no item ${id} to remove`)
    const after = 'put' in change ? change.put : null
    requireOwn(before ?? null, after, observerId)
    if (after) requireKnown(after, study)
    if (after && observerId !== null) requireSound(after, study)
    if (before && after && before.kind !== after.kind)
      throw invalid(`item ${id} is a ${before.kind}; it cannot become a ${after.kind}`)
    next.set(id, after)
  }
  requireNoOverlap(document, next, study)
  if (observerId !== null) requireOneDone(document, next)
}

function requireOwn(
  before: AnnotationItem | null,
  after: AnnotationItem | null,
  observerId: string | null,
): void {
  if (observerId === null) return
  for (const item of [before, after]) {
    if (!item || SHARED_KINDS.includes(item.kind) || item.observerId === observerId) continue
    throw invalid(
      `item ${item.id} (${item.kind}) belongs to another observer; choose that observer, or copy it to your own tier`,
    )
  }
}

function requireKnown(item: AnnotationItem, study: Study): void {
  const { scheme } = study
  if (!study.observers.some(({ id }) => id === item.observerId))
    throw invalid(`observerId "${item.observerId}" is no observer of the study`)
  if ('subjectId' in item && item.subjectId !== '' && !study.subjects.some(({ id }) => id === item.subjectId))
    throw invalid(`subjectId "${item.subjectId}" is no subject of the study`)
  if ('startSecs' in item && item.startSecs !== null && item.endSecs !== null) {
    const mayBePoint = item.kind === 'segment'
    if (item.endSecs < item.startSecs || (!mayBePoint && item.endSecs === item.startSecs))
      throw invalid(
        `${item.kind} ${item.id}: endSecs ${item.endSecs} must be after startSecs ${item.startSecs}`,
      )
  }
  if (
    item.kind === 'variable' &&
    !study.variables.some(({ id, scope }) => id === item.variableId && scope === 'clip')
  )
    throw invalid(`variableId "${item.variableId}" is no variable of clips`)
  if (item.kind === 'rating' && !scheme.dimensions.some(({ id }) => id === item.dimensionId))
    throw invalid(`dimensionId "${item.dimensionId}" is no rating of the scheme`)
  if (item.kind !== 'segment') return
  const code = scheme.codes.find(({ id }) => id === item.codeId)
  if (!code) throw invalid(`codeId "${item.codeId}" is no code of the scheme`)
  const isPoint = item.startSecs === item.endSecs
  if (isPoint !== (code.kind === 'point'))
    throw invalid(
      `${code.name} is a ${code.kind}: from ${item.startSecs} to ${item.endSecs} s it would be a ${isPoint ? 'point' : 'state'}`,
    )
}

/** What people may enter. Other copies of a project, and files, may hold values from before a range or a list was changed. */
function requireSound(item: AnnotationItem, { scheme, variables }: Study): void {
  if (item.kind === 'variable') {
    const { name, kind, choices } = variables.find(({ id }) => id === item.variableId) ?? {}
    const isFit =
      item.value === '' ||
      kind === 'text' ||
      (kind === 'number' ? Number.isFinite(Number(item.value)) : choices?.includes(item.value) === true)
    if (!isFit)
      throw invalid(
        `"${item.value.slice(0, 80)}" is no value of ${name ?? item.variableId}: ${kind === 'number' ? 'it takes a number' : `it takes one of ${(choices ?? []).join(', ')}`}`,
      )
  }
  if (item.kind !== 'rating') return
  const dimension = scheme.dimensions.find(({ id }) => id === item.dimensionId)
  const { timesSecs, values } = item
  if (timesSecs.length === 0) throw invalid(`rating ${item.id} has no values`)
  for (const [index, value] of values.entries()) {
    const atSecs = timesSecs[index] ?? 0
    if (index > 0 && atSecs <= (timesSecs[index - 1] ?? 0))
      throw invalid(`rating ${item.id}: timesSecs must ascend, and do not at ${atSecs} s`)
    if (dimension && (value < dimension.minimum || value > dimension.maximum))
      throw invalid(
        `rating ${item.id}: ${value} at ${atSecs} s is outside of ${dimension.name}, ${dimension.minimum} to ${dimension.maximum}`,
      )
  }
  const lastSecs = timesSecs.at(-1) ?? 0
  if (item.endSecs < lastSecs)
    throw invalid(`rating ${item.id}: endSecs ${item.endSecs} is before its last value at ${lastSecs} s`)
}

/** A second mark could not be taken back by removing one. */
function requireOneDone(
  document: AnnotationDocument,
  next: ReadonlyMap<string, AnnotationItem | null>,
): void {
  const added = [...next.values()].filter((item) => item?.kind === 'done')
  if (added.length === 0) return
  const all: (AnnotationItem | null)[] = [...added]
  document.forEach((item) => {
    if (item.kind === 'done' && !next.has(item.id)) all.push(item)
  })
  for (const item of added) {
    const marks = all.filter((other) => other?.kind === 'done' && other.observerId === item?.observerId)
    if (marks.length > 1) throw invalid('this clip is marked as done already')
  }
}

/** Of one set, observer and subject only one state holds at a time. */
function requireNoOverlap(
  document: AnnotationDocument,
  next: ReadonlyMap<string, AnnotationItem | null>,
  study: Study,
): void {
  const sets = new Map(
    study.scheme.codes.filter(({ kind }) => kind === 'state').map(({ id, set }) => [id, set]),
  )
  const laneOf = (item: AnnotationItem): string | null => {
    if (item.kind !== 'segment') return null
    const set = sets.get(item.codeId)
    return set === undefined ? null : `${item.observerId}\n${item.subjectId}\n${set}`
  }
  const lanes = new Map<string, SegmentItem[]>()
  const observers = new Set<string>()
  for (const item of next.values()) {
    const lane = item && laneOf(item)
    if (item === null || lane === null) continue
    lanes.set(lane, [])
    observers.add(item.observerId)
  }
  if (lanes.size === 0) return
  const add = (item: AnnotationItem): void => {
    // Asked first: of many thousands of items few are of this observer.
    if (!observers.has(item.observerId) || item.kind !== 'segment') return
    const lane = laneOf(item)
    if (lane !== null) lanes.get(lane)?.push(item)
  }
  document.forEach((item) => {
    if (!next.has(item.id)) add(item)
  })
  for (const item of next.values()) if (item) add(item)
  for (const list of lanes.values()) {
    list.sort((a, b) => a.startSecs - b.startSecs)
    for (const [index, item] of list.entries()) {
      const before = list[index - 1]
      if (before && item.startSecs < before.endSecs - TOUCHING_SECS)
        throw invalid(
          `segments ${before.id} and ${item.id} of one observer, subject and set overlap from ${item.startSecs} s on; cut one first`,
        )
    }
  }
}

function invalid(message: string): UnmaskError {
  return new UnmaskError('usage.invalid', message)
}
