type Reason = 'label' | 'kind' | 'length' | 'outside' | 'overlap' | 'variable'

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
    return [...this.#notes].map(([reason, { count, examples }]) =>
      reason === 'variable'
        ? `values not taken over: ${examples.join('; ')}${count > examples.length ? ' …' : ''}`
        : `${count} left out: ${examples.join('; ')}${count > examples.length ? ' …' : ''}`,
    )
  }
}
