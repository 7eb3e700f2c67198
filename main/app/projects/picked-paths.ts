import { randomUUID } from 'node:crypto'
import { UnmaskError } from '../../engine/errors'

/** More than any drop by hand; the oldest are forgotten. */
const KEPT = 20_000

/** Files and folders that the user handed over, under tokens that the window may pass on. */
export class PickedPaths {
  readonly #paths = new Map<string, string>()

  give(paths: readonly string[]): string[] {
    const tokens = paths.map((path) => {
      const token = randomUUID()
      this.#paths.set(token, path)
      return token
    })
    for (const token of this.#paths.keys()) {
      if (this.#paths.size <= KEPT) break
      this.#paths.delete(token)
    }
    return tokens
  }

  /** @throws UnmaskError 'usage.invalid' on a token that was not given */
  of(tokens: readonly string[]): string[] {
    return tokens.map((token) => {
      const path = this.#paths.get(token)
      if (path !== undefined) return path
      throw new UnmaskError('usage.invalid', 'what was dropped is no longer known; drop it again')
    })
  }
}
