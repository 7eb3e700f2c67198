import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol } from 'electron'
import { APP_SCHEME, MEDIA_SCHEME } from './schemes'

/**
 * What the page may load. Everything comes from our own two schemes; 'unsafe-inline' for style attributes alone, which Vue
 * and Chart.js set and which run nothing. `blob:` pictures and videos are plots and recordings that the page made itself.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  `img-src 'self' data: blob: ${MEDIA_SCHEME}:`,
  `media-src 'self' blob: ${MEDIA_SCHEME}:`,
  "font-src 'self'",
  `connect-src 'self' ${MEDIA_SCHEME}:`,
  "form-action 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ')

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** Must run before the app is ready. */
export function registerSchemes(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges },
    { scheme: MEDIA_SCHEME, privileges: { ...privileges, corsEnabled: true } },
  ])
}

/** Serves the built page, and nothing outside its folder. */
export function setupAppProtocol(rendererFolder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = fileOf(request.url, rendererFolder)
    const type = file && CONTENT_TYPES[extname(file)]
    if (request.method !== 'GET' || !type) return refusal(404)
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        },
      })
    } catch {
      // Absent or unreadable: for the page that is one and the same.
      return refusal(404)
    }
  })
}

/** @returns the file that a URL names inside the folder, null for every other URL */
export function fileOf(url: string, folder: string): string | null {
  let path: string
  try {
    const parsed = new URL(url)
    if (parsed.host !== 'app') return null
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return null
  }
  if (path.includes('\0')) return null
  const file = normalize(join(folder, path === '/' ? 'index.html' : path))
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : null
}

export function refusal(status: 403 | 404 | 405): Response {
  return new Response(null, { status })
}
