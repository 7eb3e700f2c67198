import { isDeepStrictEqual } from 'node:util'
import { newReplicaId } from '../../../main/engine/annotation/clocks'
import { listsOf, STUDY_LISTS } from '../../../main/engine/annotation/study-entries'
import { advanced, NO_HISTORY, type StudyRecord } from '../../../main/engine/annotation/study-history'
import { parseStudy, studyText } from '../../../main/engine/annotation/study-text'
import { mergeStudies, settleStudy, type StudyMerge } from '../../../main/engine/merging/merge-study'
import type { Side } from '../../../main/engine/merging/merge-items'
import type { Code, Study } from '../../../preload/contract/annotation'

/** A study in one copy of a project, as people work on it: every change is a session of its own. */
export class StudyCopy {
  record: StudyRecord
  readonly #used: ReadonlySet<string>

  constructor(study: Study, used: Iterable<string> = []) {
    this.record = { study, history: NO_HISTORY }
    this.#used = new Set(used)
  }

  get study(): Study {
    return this.record.study
  }

  fork(): StudyCopy {
    const copy = new StudyCopy(this.study, this.#used)
    copy.record = this.record
    return copy
  }

  /** What is changed in the window. */
  change(next: (study: Study) => Study): this {
    const study = next(structuredClone(this.study))
    this.record = { study, history: advanced(this.record, study, newReplicaId()) }
    this.#throughFile()
    return this
  }

  /** What is changed past the program. */
  changeByHand(next: (study: Study) => Study): this {
    this.record = { ...this.record, study: next(structuredClone(this.study)) }
    return this
  }

  plan(other: StudyCopy): StudyMerge {
    return mergeStudies(this.record, other.record, (id) => this.#used.has(id))
  }

  /** Takes in the other copy. @returns what it was asked */
  merge(other: StudyCopy, side: Side | null = null): StudyMerge {
    const plan = this.plan(other)
    const choose = (): Side => {
      if (side === null) throw new Error(`asked: ${JSON.stringify(plan.conflicts)}`)
      return side
    }
    this.record = settleStudy(plan, choose, newReplicaId())
    this.#throughFile()
    return plan
  }

  /** What the study says, whatever the order, and whatever id it has where two entries were taken for one. */
  get saying(): unknown {
    return STUDY_LISTS.map((list) =>
      listsOf(this.study)
        [list].map((entry) => ({ ...entry, id: '' }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    )
  }

  /** Nothing is known but what a file holds. */
  #throughFile(): void {
    const { study, history, damage } = parseStudy(studyText(this.study, this.record.history), 'study.json')
    if (damage !== null || !isDeepStrictEqual(study, this.study)) throw new Error(`the file is ${damage}`)
    this.record = { study, history }
  }
}

export const withCode =
  (id: string, changes: Partial<Code>) =>
  (study: Study): Study => ({
    ...study,
    scheme: {
      ...study.scheme,
      codes: study.scheme.codes.map((code) => (code.id === id ? { ...code, ...changes } : code)),
    },
  })

export const withoutCode =
  (id: string) =>
  (study: Study): Study => ({
    ...study,
    scheme: { ...study.scheme, codes: study.scheme.codes.filter((code) => code.id !== id) },
  })

export const codeOf = ({ study }: StudyCopy, id: string): Code | undefined =>
  study.scheme.codes.find((code) => code.id === id)
