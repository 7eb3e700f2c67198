import { z } from 'zod'
import { UnmaskError } from '../../engine/errors'

/** What main allows this process to read on behalf of the window. The window knows the token alone. */
export const clipGrantSchema = z.object({
  token: z.string().min(1).max(200),
  /** The recording. */
  mediaPath: z.string().min(1),
  /** Where its result files are, or will be. */
  resultsFolder: z.string().min(1),
  /** First part of their names. */
  clipId: z.string().min(1),
  /** For what can be made again: sound as pictures, thumbnails. Null: nothing may be written. */
  cacheFolder: z.string().min(1).nullable(),
  /** Whoever asks codes this clip blind: nothing of what the models found may leave this process. */
  isBlind: z.boolean(),
})

export type ClipGrant = z.infer<typeof clipGrantSchema>

/** The token of a request, before it is known to be granted. */
export const tokenSchema = z.string().min(1).max(200)

/** The clips that the window may ask for. */
export class Grants {
  readonly #grants = new Map<string, ClipGrant>()
  readonly #onClose: ((token: string) => void)[] = []

  give(grant: ClipGrant): void {
    const known = this.#grants.get(grant.token)
    const isSame =
      known &&
      known.mediaPath === grant.mediaPath &&
      known.resultsFolder === grant.resultsFolder &&
      known.clipId === grant.clipId &&
      known.cacheFolder === grant.cacheFolder &&
      known.isBlind === grant.isBlind
    if (known && !isSame) this.revoke(grant.token)
    this.#grants.set(grant.token, grant)
  }

  revoke(token: string): void {
    if (this.#grants.delete(token)) this.close(token)
  }

  /** Has everybody let go what they keep of a clip; it may be opened again. */
  close(token: string): void {
    for (const listener of this.#onClose) listener(token)
  }

  /** Called when a clip is closed or may no longer be read. */
  onClose(listener: (token: string) => void): void {
    this.#onClose.push(listener)
  }

  /** @throws UnmaskError 'usage.invalid' on a token that main did not give */
  of(token: string): ClipGrant {
    const grant = this.#grants.get(token)
    if (grant) return grant
    throw new UnmaskError(
      'usage.invalid',
      `token ${JSON.stringify(token).slice(0, 80)} names no open clip; open it from the library`,
    )
  }
}
