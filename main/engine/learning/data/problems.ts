import { UnmaskError } from '../../errors'

/** Something wrong with a data set, at a place that a person can go to. */
export interface DataProblem {
  readonly path: string
  /** Line of a table, 1 for its header; null where the problem is not in a line. */
  readonly line: number | null
  /** What is wrong, the value received, and what to do. */
  readonly message: string
}

/** Takes problems so that reading goes on without the row or file in question. */
export type OnProblem = (problem: DataProblem) => void

export function dataError({ path, line, message }: DataProblem): UnmaskError {
  const where = line === null ? '' : `line ${line}: `
  return new UnmaskError('data.invalid', `${where}${message}: ${path}`)
}

/** Without a taker the first problem is the last: a data set is read whole or not at all. */
export function reportProblem(onProblem: OnProblem | undefined, problem: DataProblem): void {
  if (!onProblem) throw dataError(problem)
  onProblem(problem)
}

const SHOWN_CHARACTERS = 40

/** A value as messages quote it: short, in one line. */
export function quoted(value: string): string {
  const plain = value.replace(/\p{Cc}/gu, '\ufffd')
  return plain.length > SHOWN_CHARACTERS ? `"${plain.slice(0, SHOWN_CHARACTERS)}..."` : `"${plain}"`
}
