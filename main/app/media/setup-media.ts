import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { protocol, utilityProcess } from 'electron'
import { z } from 'zod'
import type { MediaState } from '../../../preload/contract/media'
import { toFault, UnmaskError } from '../../engine/errors'
import { MediaClient } from '../../host/media-client'
import { startUtility } from '../../host/utility-child'
import type { AppContext } from '../app-context'
import { refusal } from '../app-protocol'
import { MEDIA_SCHEME } from '../schemes'
import { answer } from '../ipc'
import { fileResponse } from './file-response'
import { parseMediaUrl } from './media-url'

export interface MediaGrant {
  readonly mediaPath: string
  /** For thumbnails and copies; may be deleted at any time. */
  readonly cacheFolder: string
}

/** Recordings, their thumbnails and playable copies, for the window, by token. */
export interface MediaService {
  grant(token: string, grant: MediaGrant): void
  revoke(token: string): void
}

const startMedia = startUtility((script, env) =>
  utilityProcess.fork(script, [], {
    serviceName: 'Unmask media',
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  }),
)

export function setupMedia(context: AppContext): MediaService {
  const grants = new Map<string, MediaGrant>()
  const script = context.paths.mediaScript
  // A long copy must not keep thumbnails waiting.
  const thumbnails = new MediaClient({ script, start: startMedia })
  const proxies = new MediaClient({ script, start: startMedia })
  context.onQuit(() => {
    thumbnails.close()
    proxies.close()
  })
  const states = new Map<
    string,
    { readonly path: string; readonly state: MediaState; readonly stop: AbortController }
  >()
  const making = new Map<string, Promise<unknown>>()

  const setState = (token: string, path: string, stop: AbortController, state: MediaState): MediaState => {
    states.set(token, { path, state, stop })
    context.tell('mediaStateChanged', { token, state })
    return state
  }

  const stateOf = async (token: string, isForced: boolean): Promise<MediaState> => {
    const grant = grants.get(token)
    if (!grant)
      throw new UnmaskError(
        'usage.invalid',
        `mediaState: the token ${JSON.stringify(token)} names no open clip`,
      )
    const { mediaPath } = grant
    const known = states.get(token)
    const isSettled = known?.path === mediaPath && !(isForced && known.state.kind === 'original')
    if (known && isSettled && known.state.kind !== 'failed') return known.state
    const url = `${MEDIA_SCHEME}://clip/${token}`
    const outPath = cachePath(grant, 'proxies', '.mp4')
    const stop = new AbortController()
    if (existsSync(outPath)) return setState(token, mediaPath, stop, { kind: 'proxy', url })
    const first = setState(token, mediaPath, stop, { kind: 'making', fraction: 0 })
    proxies
      .run({
        type: 'proxy',
        path: mediaPath,
        outPath,
        isForced,
        signal: stop.signal,
        onProgress: (fraction) => void setState(token, mediaPath, stop, { kind: 'making', fraction }),
      })
      .then((isNeeded) => setState(token, mediaPath, stop, { kind: isNeeded ? 'proxy' : 'original', url }))
      .catch((error: unknown) => {
        const { code, message } = toFault(error)
        if (code === 'cancelled') states.delete(token)
        else setState(token, mediaPath, stop, { kind: 'failed', message })
      })
    return first
  }

  const tokenSchema = z.strictObject({ token: z.string().min(1).max(200) })
  answer('mediaState', tokenSchema, ({ token }) => stateOf(token, false))
  answer('refusePlaying', tokenSchema, ({ token }) => stateOf(token, true))

  const thumbnailOf = async (grant: MediaGrant): Promise<string> => {
    const outPath = cachePath(grant, 'thumbnails', '.jpg')
    if (existsSync(outPath)) return outPath
    const running =
      making.get(outPath) ?? thumbnails.run({ type: 'thumbnail', path: grant.mediaPath, outPath })
    making.set(outPath, running)
    await running.finally(() => making.delete(outPath))
    return outPath
  }

  protocol.handle(MEDIA_SCHEME, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
    const asked = parseMediaUrl(request.url)
    const grant = asked && grants.get(asked.token)
    if (!grant) return refusal(404)
    try {
      if (asked.kind === 'thumbnail') return await fileResponse(request, await thumbnailOf(grant))
      const state = states.get(asked.token)?.state
      return await fileResponse(
        request,
        state?.kind === 'proxy' ? cachePath(grant, 'proxies', '.mp4') : grant.mediaPath,
      )
    } catch {
      // No picture can be had of it; why it cannot be read stands beside the clip.
      return refusal(404)
    }
  })

  return {
    grant: (token, grant) => void grants.set(token, grant),
    revoke: (token) => {
      grants.delete(token)
      const known = states.get(token)
      states.delete(token)
      if (known?.state.kind === 'making') known.stop.abort()
    },
  }
}

/** Another size or time is another recording, and gets another file. */
function cachePath({ mediaPath, cacheFolder }: MediaGrant, folder: string, ending: string): string {
  const { size, mtimeMs } = statSync(mediaPath)
  const key = createHash('sha256')
    .update(`${mediaPath}\0${size}\0${Math.round(mtimeMs)}`)
    .digest('hex')
    .slice(0, 24)
  return join(cacheFolder, folder, `${key}${ending}`)
}
