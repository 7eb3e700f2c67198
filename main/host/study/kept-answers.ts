/** Of long studies a result may take some hundred megabytes; the one before the last serves whoever goes back and forth. */
const KEPT = 2

/** The latest results, each under everything it depends on. */
export class KeptAnswers<T> {
  readonly #kept: { readonly key: string; readonly answer: T }[] = []

  of(about: unknown, compute: () => T): T {
    const key = JSON.stringify(about)
    const known = this.#kept.find((one) => one.key === key)
    if (known) return known.answer
    const answer = compute()
    this.#kept.unshift({ key, answer })
    this.#kept.length = Math.min(this.#kept.length, KEPT)
    return answer
  }
}
