import { counted } from './count-words'

type Reason = 'label' | 'kind' | 'length' | 'outside' | 'overlap' | 'variable' | 'beyond' | 'form'

const EXAMPLES = 3

/** What an import does not take over, with the first examples of each reason. */
export class LeftOut {
  readonly #notes = new Map<Reason, { count: number; examples: string[] }>()

  note(reason: Reason, example: string): void {
    const note = this.#notes.get(reason) ?? { count: 0, examples: [] }
    note.count++
    if (note.examples.length < EXAMPLES && !note.examples.includes(example)) note.examples.push(example)
    this.#notes.set(reason, note)
  }

  lines(): string[] {
    return [...this.#notes].map(([reason, { count, examples }]) => {
      const shown = `${examples.join('; ')}${count > examples.length ? ' …' : ''}`
      if (reason === 'variable') return `values not taken over: ${shown}`
      if (reason === 'beyond')
        return `${counted(count, 'segment ends', 'segments end')} after the end of the clip, kept as in the file: ${shown}`
      return `${count} left out: ${shown}`
    })
  }
}
