import { type FileHandle, open } from 'node:fs/promises'
import { APP_ORIGIN } from '../schemes'
import { parseRange } from './byte-range'
import { fileBody } from './file-body'
import { mediaType } from './media-types'

/**
 * A file as the answer to a GET or HEAD request, whole or the part that was asked for. Read as it is taken, closed when it was
 * sent or the request is given up.
 */
export async function fileResponse(request: Request, path: string): Promise<Response> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch {
    // Gone or unreadable: the player shows that it cannot play, the library says why.
    return new Response(null, { status: 404 })
  }
  const stats = await handle.stat()
  if (!stats.isFile()) {
    await handle.close()
    return new Response(null, { status: 404 })
  }
  const { size } = stats
  const headers = {
    'content-type': mediaType(path),
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // So that a canvas with a picture of it can be read.
    'access-control-allow-origin': APP_ORIGIN,
  }
  const range = parseRange(request.headers.get('range'), size)
  if (range === 'unsatisfiable') {
    await handle.close()
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } })
  }
  const { first, last } = range ?? { first: 0, last: size - 1 }
  const length = last - first + 1
  const status = range ? 206 : 200
  const described = {
    ...headers,
    'content-length': String(length),
    ...(range && { 'content-range': `bytes ${first}-${last}/${size}` }),
  }
  if (request.method === 'HEAD' || length === 0) {
    await handle.close()
    return new Response(null, { status, headers: described })
  }
  return new Response(fileBody(handle, { first, last }), { status, headers: described })
}
