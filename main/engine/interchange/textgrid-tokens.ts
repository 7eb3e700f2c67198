import { UnmaskError } from '../errors'

/**
 * What Praat reads of a text file: strings in double quotes, free-standing numbers, flags in angle brackets. All other words, what
 * stands in square brackets, and comments from "!" to the end of a line are for people. So the long form and the short one
 * are the same to it (Praat manual, "TextGrid file formats").
 */
export class TextGridTokens {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  string(what: string): string {
    const token = this.#next(what)
    if (token.kind === 'string') return token.text
    throw this.fault(`"${token.text}" where the ${what} belongs`)
  }

  number(what: string): number {
    const token = this.#next(what)
    if (token.kind === 'number') return Number(token.text)
    throw this.fault(`"${token.text.slice(0, 40)}" where the number ${what} belongs`)
  }

  flag(what: string): string {
    const token = this.#next(what)
    if (token.kind === 'flag') return token.text
    throw this.fault(`"${token.text.slice(0, 40)}" where ${what} belongs`)
  }

  count(what: string): number {
    const value = this.number(what)
    if (Number.isInteger(value) && value >= 0) return value
    throw this.fault(`${value} ${what}, which is no whole number`)
  }

  fault(found: string): UnmaskError {
    const line = this.#source.slice(0, this.#at).split('\n').length
    return new UnmaskError('data.invalid', `line ${line} of the TextGrid has ${found}`)
  }

  #next(what: string): { kind: 'string' | 'number' | 'flag'; text: string } {
    const source = this.#source
    for (;;) {
      SPACE.lastIndex = this.#at
      this.#at += SPACE.exec(source)?.[0].length ?? 0
      const char = source[this.#at]
      if (char === undefined) throw this.fault(`its end where the ${what} belongs; the file is cut off`)
      if (char === '"') return { kind: 'string', text: this.#quoted() }
      if (char === '!') {
        const end = source.indexOf('\n', this.#at)
        this.#at = end < 0 ? source.length : end
        continue
      }
      if (char === '[') {
        const end = source.indexOf(']', this.#at)
        if (end < 0) throw this.fault('a "[" without its "]"')
        this.#at = end + 1
        continue
      }
      WORD.lastIndex = this.#at
      const word = WORD.exec(source)?.[0] ?? char
      this.#at += word.length
      if (NUMBER.test(word)) return { kind: 'number', text: word }
      if (FLAG.test(word)) return { kind: 'flag', text: word }
      // "2,4" is no number; Praat would read 2 and say nothing.
      if (/^[+-]?[\d.]+,\d|^--undefined--$/.test(word))
        throw this.fault(`"${word}", which is no number with a decimal point`)
    }
  }

  #quoted(): string {
    const from = this.#at + 1
    let at = from
    for (;;) {
      const end = this.#source.indexOf('"', at)
      if (end < 0) throw this.fault('a quotation mark that is never closed')
      if (this.#source[end + 1] !== '"') {
        this.#at = end + 1
        return this.#source.slice(from, end).replaceAll('""', '"')
      }
      at = end + 2
    }
  }
}

const SPACE = /\s*/y
const WORD = /[^\s"[]+/y
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const FLAG = /^<[a-z]+>$/i
