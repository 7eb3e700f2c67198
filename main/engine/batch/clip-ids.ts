import { basename, dirname, extname } from 'node:path'

/** Not allowed in file names on Windows, or with a meaning in shells and spreadsheets' paths. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i
/** File systems allow 255 bytes; the endings and the temporary suffix take up to 40 of them. */
const MAX_BYTES = 180

function safeName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    .replace(FORBIDDEN, '_')
    .replace(/[. ]+$/, '')
  const cut = cutToBytes(cleaned, MAX_BYTES)
  return cut === '' || RESERVED.test(cut) ? `clip_${cut}` : cut
}

/** Cuts between characters, not inside one. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end)
}

/**
 * Gives each clip a name for its rows and files: its file name without the extension; where two would collide (also in
 * capitals only, since some file systems do not tell these apart) the extension is added, then the folder, then a
 * number. Ids already given (a resumed batch) stay.
 * @param paths absolute, distinct
 * @param known clip ids of an earlier run by path
 */
export function assignClipIds(
  paths: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const taken = new Set([...known.values()].map(fold))
  const result = new Map<string, string>()
  const fresh: string[] = []
  for (const path of paths) {
    const id = known.get(path)
    if (id === undefined) fresh.push(path)
    else result.set(path, id)
  }
  const rules: ((path: string) => string)[] = [
    (path) => safeName(basename(path, extname(path))),
    (path) => safeName(basename(path).replace(/\.(?=[^.]*$)/, '_')),
    (path) => safeName(`${basename(dirname(path))}_${basename(path).replace(/\.(?=[^.]*$)/, '_')}`),
  ]
  let waiting = fresh
  for (const rule of rules) {
    const counts = new Map<string, number>()
    for (const path of waiting) counts.set(fold(rule(path)), (counts.get(fold(rule(path))) ?? 0) + 1)
    const next: string[] = []
    for (const path of waiting) {
      const id = rule(path)
      if (counts.get(fold(id)) === 1 && !taken.has(fold(id))) {
        result.set(path, id)
      } else next.push(path)
    }
    for (const path of waiting) if (result.has(path)) taken.add(fold(result.get(path) ?? ''))
    waiting = next
  }
  for (const path of waiting) {
    let number = 2
    const base = safeName(basename(path).replace(/\.(?=[^.]*$)/, '_'))
    while (taken.has(fold(`${base}-${number}`))) number++
    result.set(path, `${base}-${number}`)
    taken.add(fold(`${base}-${number}`))
  }
  return result
}

function fold(id: string): string {
  return id.toLowerCase()
}
