import type { ClipRows } from '../../engine/results/clip-rows'
import { type ClipResults, readClipResults } from '../../engine/results/clip-results'
import type { Grants } from './grants'

/** Clips whose rows stay in memory; some 30 MB an hour of video each. */
const KEPT_CLIPS = 2

/** The frames tables that the window works on, so that a question about rows reads no file again. */
export class KeptRows {
  readonly #grants: Grants
  readonly #kept = new Map<string, Promise<ClipRows>>()
  readonly #onOpen: ((token: string) => void)[] = []

  constructor(grants: Grants) {
    this.#grants = grants
    grants.onClose((token) => this.forget(token))
  }

  /** Reads all results of a clip anew and keeps its rows. @throws as readClipResults */
  async open(token: string, signal: AbortSignal): Promise<ClipResults> {
    const { resultsFolder, clipId } = this.#grants.of(token)
    const results = await readClipResults(resultsFolder, clipId, { signal })
    this.#keep(token, Promise.resolve(results.rows))
    for (const listener of this.#onOpen) listener(token)
    return results
  }

  /** Called when a clip's results were read anew: what others keep of its files may be out of date. */
  onOpen(listener: (token: string) => void): void {
    this.#onOpen.push(listener)
  }

  /** The rows of a clip, read if need be. @throws as readClipResults */
  rows(token: string): Promise<ClipRows> {
    const { resultsFolder, clipId } = this.#grants.of(token)
    const known = this.#kept.get(token)
    if (known) return known
    const rows = readClipResults(resultsFolder, clipId).then((results) => results.rows)
    this.#keep(token, rows)
    // The next request tries again: the files may have been mended.
    rows.catch(() => this.forget(token))
    return rows
  }

  forget(token: string): void {
    this.#kept.delete(token)
  }

  #keep(token: string, rows: Promise<ClipRows>): void {
    this.#kept.delete(token)
    this.#kept.set(token, rows)
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_CLIPS)) this.#kept.delete(oldest)
  }
}
