import { randomUUID } from 'node:crypto'
import type {
  Code,
  CodeKind,
  Observer,
  Study,
  Subject,
  VariableDefinition,
} from '../../../preload/contract/annotation'
import type { InterchangeCode, InterchangeVariable } from './document'

/** Colours of codes that a file names without one: Okabe and Ito's, told apart also by colour-blind eyes. */
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#999999']

/** A study that grows as an import asks for what it does not have; names stay unique. */
export class StudyAdditions {
  readonly newObservers: string[] = []
  readonly newSubjects: string[] = []
  readonly newCodes: string[] = []
  readonly newVariables: string[] = []
  #study: Study

  constructor(study: Study) {
    this.#study = study
  }

  get study(): Study {
    return this.#study
  }

  get hasGrown(): boolean {
    return [this.newObservers, this.newSubjects, this.newCodes, this.newVariables].some(
      (list) => list.length > 0,
    )
  }

  observer(name: string): Observer {
    const known = this.#study.observers.find((one) => one.name === name)
    if (known) return known
    const observer = { id: randomUUID(), name, isBlind: false }
    this.newObservers.push(name)
    this.#study = { ...this.#study, observers: [...this.#study.observers, observer] }
    return observer
  }

  /** An observer for what may not stand beside another's segments; one for each such. */
  freeObserverName(name: string): string {
    const taken = new Set(this.#study.observers.map((one) => one.name))
    let free = `${name} (imported)`
    for (let count = 2; taken.has(free); count++) free = `${name} (imported ${count})`
    return free
  }

  /** @returns id; '' for the clip as a whole */
  subjectId(name: string): string {
    if (name === '') return ''
    const known = this.#study.subjects.find((one) => one.name === name)
    if (known) return known.id
    const subject: Subject = { id: randomUUID(), name, description: '', variables: {} }
    this.newSubjects.push(name)
    this.#study = { ...this.#study, subjects: [...this.#study.subjects, subject] }
    return subject.id
  }

  /** @returns null where the name belongs to a code of the other kind */
  code(name: string, kind: CodeKind, set: string, described: readonly InterchangeCode[]): Code | null {
    const { codes } = this.#study.scheme
    const known = codes.find((one) => one.name === name)
    if (known) return known.kind === kind ? known : null
    const found = described.find((one) => one.name === name && one.kind === kind)
    const isFree = found?.key != null && !codes.some(({ key }) => key === found.key)
    const code: Code = {
      id: randomUUID(),
      kind,
      set: kind === 'point' ? '' : set,
      name,
      key: isFree ? found.key : null,
      colour: found?.colour || (PALETTE[codes.length % PALETTE.length] ?? '#999999'),
      description: found?.description ?? '',
    }
    this.newCodes.push(name)
    this.#study = { ...this.#study, scheme: { ...this.#study.scheme, codes: [...codes, code] } }
    return code
  }

  clipVariable({ name, kind, choices, description, value }: InterchangeVariable): VariableDefinition | null {
    const known = this.#study.variables.find((one) => one.name === name)
    if (known) return known.scope === 'clip' ? known : null
    const variable: VariableDefinition = {
      id: randomUUID(),
      name,
      scope: 'clip',
      kind,
      choices: kind === 'choice' && !choices.includes(value) ? [...choices, value] : choices,
      description,
    }
    this.newVariables.push(name)
    this.#study = { ...this.#study, variables: [...this.#study.variables, variable] }
    return variable
  }
}
