import type { AnnotationItem, Study } from '../../../preload/contract/annotation'
import { defaultScheme } from './default-study'

const PLACEHOLDER_COLOUR = '#808080'

export interface FilledStudy {
  readonly study: Study
  /** What was made up, in words: "code 3f2a". */
  readonly added: readonly string[]
}

/**
 * The study with an entry for everything that items refer to, so that no annotation is lost with its words. Entries that are
 * made up have their ids for names.
 */
export function fillStudy(study: Study, items: Iterable<AnnotationItem>): FilledStudy {
  const added: string[] = []
  const codes = new Growing(study.scheme.codes)
  const dimensions = new Growing(study.scheme.dimensions)
  const observers = new Growing(study.observers)
  const subjects = new Growing(study.subjects)
  const variables = new Growing(study.variables)
  const standard = defaultScheme()
  for (const item of items) {
    const { observerId } = item
    if (observers.lacks(observerId)) {
      observers.add({ id: observerId, name: observers.freeName(observerId), isBlind: false })
      added.push(`observer ${observerId}`)
    }
    if ('subjectId' in item && item.subjectId !== '' && subjects.lacks(item.subjectId)) {
      const id = item.subjectId
      subjects.add({ id, name: subjects.freeName(id), description: '', variables: {} })
      added.push(`subject ${id}`)
    }
    if (item.kind === 'variable' && variables.lacks(item.variableId)) {
      const id = item.variableId
      const name = variables.freeName(id)
      variables.add({ id, name, scope: 'clip', kind: 'text', choices: [], description: '' })
      added.push(`variable ${id}`)
    }
    if (item.kind === 'rating' && dimensions.lacks(item.dimensionId)) {
      const id = item.dimensionId
      const known = standard.dimensions.find((one) => one.id === id)
      const [minimum, maximum] = rangeOf(item.values)
      dimensions.add({
        neutral: 0,
        lowLabel: '',
        highLabel: '',
        description: '',
        ...known,
        id,
        minimum,
        maximum,
        name: dimensions.freeName(known?.name ?? id),
      })
      added.push(`rating ${id}`)
    } else if (item.kind === 'rating') {
      const dimension = dimensions.of(item.dimensionId)
      const isMadeUp = added.includes(`rating ${item.dimensionId}`)
      const [minimum, maximum] = rangeOf(item.values)
      if (dimension && isMadeUp)
        dimensions.put({
          ...dimension,
          minimum: Math.min(dimension.minimum, minimum),
          maximum: Math.max(dimension.maximum, maximum),
        })
    }
    if (item.kind === 'segment' && codes.lacks(item.codeId)) {
      const id = item.codeId
      const known = standard.codes.find((code) => code.id === id)
      const isPoint = item.startSecs === item.endSecs
      codes.add({
        kind: isPoint ? 'point' : 'state',
        // A set of its own: nothing is known that it would exclude.
        set: isPoint ? '' : id,
        colour: PLACEHOLDER_COLOUR,
        description: '',
        ...known,
        id,
        key: null,
        name: codes.freeName(known?.name ?? id),
      })
      added.push(`code ${id}`)
    }
  }
  return {
    study: {
      scheme: { ...study.scheme, codes: codes.list, dimensions: dimensions.list },
      observers: observers.list,
      subjects: subjects.list,
      variables: variables.list,
    },
    added,
  }
}

/** The same, where nobody is told what was made up. */
export function withPlaceholders(study: Study, items: Iterable<AnnotationItem>): Study {
  return fillStudy(study, items).study
}

/** At least -1 to 1. */
function rangeOf(values: readonly number[]): [number, number] {
  let [minimum, maximum] = [-1, 1]
  for (const value of values) {
    minimum = Math.min(minimum, value)
    maximum = Math.max(maximum, value)
  }
  return [minimum, maximum]
}

/** A list of named entries by id; names stay unique. */
class Growing<T extends { readonly id: string; readonly name: string }> {
  readonly #entries: Map<string, T>

  constructor(entries: readonly T[]) {
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]))
  }

  get list(): readonly T[] {
    return [...this.#entries.values()]
  }

  lacks(id: string): boolean {
    return !this.#entries.has(id)
  }

  of(id: string): T | undefined {
    return this.#entries.get(id)
  }

  add(entry: T): void {
    this.#entries.set(entry.id, entry)
  }

  put(entry: T): void {
    this.#entries.set(entry.id, entry)
  }

  freeName(name: string): string {
    const taken = new Set([...this.#entries.values()].map((entry) => entry.name))
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`
    return free
  }
}
