import type {
  Code,
  CodingScheme,
  Observer,
  RatingDimension,
  Study,
  Subject,
  VariableDefinition,
} from '../../../preload/contract/annotation'

/** The parts of a study whose changes are told apart: entries with an id and a name. What the scheme itself says counts as one. */
export const STUDY_LISTS = ['scheme', 'codes', 'dimensions', 'observers', 'subjects', 'variables'] as const
export type StudyList = (typeof STUDY_LISTS)[number]

/** What a scheme says beside its codes and ratings. */
export interface SchemeHead {
  readonly id: 'scheme'
  readonly name: string
  readonly isLocked: boolean
}

export type StudyEntry = SchemeHead | Code | RatingDimension | Observer | Subject | VariableDefinition

export type StudyLists = Readonly<Record<StudyList, readonly StudyEntry[]>>

/** What an entry is called among all entries of a study. */
export const entryKey = (list: StudyList, id: string): string => `${list} ${id}`

export function listsOf({ scheme, observers, subjects, variables }: Study): StudyLists {
  return {
    scheme: [headOf(scheme)],
    codes: scheme.codes,
    dimensions: scheme.dimensions,
    observers,
    subjects,
    variables,
  }
}

/** All entries by their keys, in the study's order. */
export function entriesOf(study: Study): Map<string, StudyEntry> {
  const lists = listsOf(study)
  return new Map(
    STUDY_LISTS.flatMap((list) =>
      lists[list].map((entry): [string, StudyEntry] => [entryKey(list, entry.id), entry]),
    ),
  )
}

/** A study of these lists, which the schema has yet to find one. */
export function studyOfLists({ scheme, codes, dimensions, ...lists }: StudyLists): unknown {
  const said = Object.entries(scheme[0] ?? {}).filter(([field]) => field !== 'id')
  return { scheme: { ...Object.fromEntries(said), codes, dimensions }, ...lists }
}

function headOf({ name, isLocked }: CodingScheme): SchemeHead {
  return { id: 'scheme', name, isLocked }
}
