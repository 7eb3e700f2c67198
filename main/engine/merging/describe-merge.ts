import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import type { MergeConflict, MergePlanView, MergeVersion } from '../../../preload/contract/merging'
import { manualTierName } from '../../../preload/contract/tier-rules'
import type { StudyEntry, StudyList } from '../annotation/study-entries'
import type { NamedEntry, StudyConflict } from './merge-study'
import type { ClipMerge, MergePlan } from './plan-merge'
import type { ProjectCopy, RecordingFacts } from './read-copy'

/** A plan in words, for the window and the terminal. */

const ENTRY_NAMES: Readonly<Record<StudyList, string>> = {
  scheme: 'coding scheme',
  codes: 'code',
  dimensions: 'rating',
  observers: 'observer',
  subjects: 'subject',
  variables: 'variable',
}

export function describePlan(plan: MergePlan, there: ProjectCopy): MergePlanView {
  const { study } = plan
  const conflicts = [
    ...plan.studyConflicts.map(({ key, conflict }) => studyConflict(key, conflict)),
    ...plan.clips.flatMap((clip) => clipConflicts(clip, study.study)),
  ]
  const clips = plan.clips.map(({ fileName, items, conflicts: contested, recording }) => ({
    clip: fileName,
    ...items.counts,
    conflicts: contested.length + (recording ? 1 : 0),
  }))
  return {
    otherName: there.name,
    otherPlace: there.folder,
    // Clips that differ in clocks alone come along with the others, and are no news.
    isNothingNew:
      conflicts.length === 0 &&
      study.added.length + study.changed.length + study.removed.length === 0 &&
      clips.every(({ added, changed, removed }) => added + changed + removed === 0),
    clips: clips.filter(
      ({ added, changed, removed, conflicts: open }) => added + changed + removed + open > 0,
    ),
    added: study.added.map(nameOf),
    changed: study.changed.map(nameOf),
    removed: study.removed.map(nameOf),
    mapped: study.mapped.map(nameOf),
    notes: study.notes,
    onlyThere: plan.onlyThere.map(({ fileName, items }) => ({ clip: fileName, items })),
    conflicts,
    notices: there.notices,
  }
}

const nameOf = ({ list, name }: NamedEntry): string => `${ENTRY_NAMES[list]} ${name}`

function studyConflict(key: string, { list, here, there, fields }: StudyConflict): MergeConflict {
  const version = (entry: StudyEntry): MergeVersion => ({
    what: entry.name,
    ...NO_TIME,
    note: fields.map((field) => `${field}: ${fieldText(entry, field)}`).join('; '),
    observer: '',
    editedAt: '',
  })
  return {
    key,
    reason: here && there ? 'study' : 'removed-or-changed',
    clip: '',
    place: `${ENTRY_NAMES[list]} ${(here ?? there)?.name ?? ''}`,
    here: here ? [version(here)] : [],
    there: there ? [version(there)] : [],
    opens: [],
  }
}

const NO_TIME = { startSecs: null, endSecs: null } as const

function fieldText(entry: StudyEntry, field: string): string {
  const value = new Map<string, unknown>(Object.entries(entry)).get(field)
  if (value === null || value === '') return 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function clipConflicts(clip: ClipMerge, study: Study): MergeConflict[] {
  const own = clip.conflicts.map(({ key, conflict }): MergeConflict => {
    const shown = [...conflict.here, ...conflict.there]
    return {
      key,
      reason: conflict.reason,
      clip: clip.fileName,
      place: [...new Set(shown.map((item) => placeOf(item, study)))].join(', '),
      here: byTime(conflict.here).map((item) => describeItem(item, study)),
      there: byTime(conflict.there).map((item) => describeItem(item, study)),
      opens: [],
    }
  })
  const { recording } = clip
  if (!recording) return own
  const version = (facts: RecordingFacts): MergeVersion => ({
    what: facts.fileName,
    ...NO_TIME,
    note: [
      facts.sizeBytes === null ? '' : `${facts.sizeBytes} bytes`,
      facts.sha256 === null ? '' : `sha256 ${facts.sha256.slice(0, 16)}…`,
    ]
      .filter((part) => part !== '')
      .join(', '),
    observer: '',
    editedAt: '',
  })
  const question: MergeConflict = {
    key: recording.key,
    reason: 'recording',
    clip: clip.fileName,
    place: 'recording',
    here: [version(recording.here)],
    there: [version(recording.there)],
    opens: own.map(({ key }) => key),
  }
  return [question, ...own]
}

function byTime(items: readonly AnnotationItem[]): AnnotationItem[] {
  const startOf = (item: AnnotationItem) =>
    'startSecs' in item
      ? (item.startSecs ?? -Infinity)
      : item.kind === 'rating'
        ? (item.timesSecs[0] ?? 0)
        : 0
  return [...items].sort((a, b) => startOf(a) - startOf(b))
}

/** Where an item stands: its tier, or what it is about. */
function placeOf(item: AnnotationItem, study: Study): string {
  const observer = observerOf(item, study)
  switch (item.kind) {
    case 'segment': {
      const code = study.scheme.codes.find(({ id }) => id === item.codeId)
      return manualTierName(
        subjectOf(item.subjectId, study),
        observer,
        code ?? { kind: 'state', set: item.codeId },
      )
    }
    case 'rating': {
      const dimension = study.scheme.dimensions.find(({ id }) => id === item.dimensionId)
      return `${subjectOf(item.subjectId, study) || 'clip'}/rating/${observer}/${dimension?.name ?? item.dimensionId}`
    }
    case 'track':
      return `face ${item.faceId}`
    case 'variable':
      return `variable ${study.variables.find(({ id }) => id === item.variableId)?.name ?? item.variableId}`
    case 'exclusion':
      return 'excluded time'
    case 'baseline':
      return `baseline of ${subjectOf(item.subjectId, study) || 'the clip'}`
    case 'comment':
      return `comments of ${observer}`
    case 'done':
      return `done, ${observer}`
    case 'review':
      return `review of ${observer}`
  }
}

/** What an item says, as people read it. */
export function describeItem(item: AnnotationItem, study: Study): MergeVersion {
  const { what, note, startSecs, endSecs } = sayingOf(item, study)
  return { what, note, startSecs, endSecs, observer: observerOf(item, study), editedAt: item.editedAt }
}

type Saying = Pick<MergeVersion, 'what' | 'note' | 'startSecs' | 'endSecs'>

function sayingOf(item: AnnotationItem, study: Study): Saying {
  switch (item.kind) {
    case 'segment': {
      const code = study.scheme.codes.find(({ id }) => id === item.codeId)?.name ?? item.codeId
      const what = item.status === 'rejected' ? `not ${code}` : code
      const sure = item.confidence === null ? '' : `confidence ${item.confidence}`
      const { startSecs, endSecs } = item
      return {
        what,
        startSecs,
        endSecs,
        note: joined(item.comment, sure, item.status === 'added' ? '' : item.status),
      }
    }
    case 'rating': {
      const name = study.scheme.dimensions.find(({ id }) => id === item.dimensionId)?.name ?? item.dimensionId
      const values = [...item.values].sort((a, b) => a - b)
      const [low, high] = [values[0], values.at(-1)].map((value) => value?.toFixed(2) ?? '')
      return {
        what: `${name} ${low} to ${high}`,
        startSecs: item.timesSecs[0] ?? null,
        endSecs: item.endSecs,
        note: joined(
          item.comment,
          `${item.values.length} values`,
          `reaction time ${item.reactionTimeSecs} s`,
        ),
      }
    }
    case 'exclusion':
    case 'baseline': {
      const { startSecs, endSecs } = item
      const what = item.kind === 'exclusion' ? 'excluded' : 'baseline'
      return { what, startSecs, endSecs, note: item.kind === 'exclusion' ? item.reason : '' }
    }
    case 'comment':
      return { what: 'comment', startSecs: item.atSecs, endSecs: null, note: item.text }
    case 'track': {
      const name = subjectOf(item.subjectId, study)
      const { startSecs, endSecs } = item
      return { what: `face ${item.faceId} is ${name || 'nobody'}`, startSecs, endSecs, note: '' }
    }
    case 'variable': {
      const name = study.variables.find(({ id }) => id === item.variableId)?.name ?? item.variableId
      return { what: `${name}: ${item.value}`, ...NO_TIME, note: '' }
    }
    case 'done':
      return { what: 'done', ...NO_TIME, note: '' }
    case 'review': {
      const { startSecs, endSecs } = item
      return { what: item.outcome, startSecs, endSecs, note: item.momentKind }
    }
  }
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ')

const subjectOf = (id: string, study: Study): string =>
  id === '' ? '' : (study.subjects.find((subject) => subject.id === id)?.name ?? id)

const observerOf = ({ observerId }: AnnotationItem, study: Study): string =>
  study.observers.find(({ id }) => id === observerId)?.name ?? observerId
