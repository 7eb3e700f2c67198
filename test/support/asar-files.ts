import { closeSync, openSync, readSync } from 'node:fs'

interface Entry {
  readonly size?: number
  readonly unpacked?: boolean
  readonly files?: Readonly<Record<string, Entry>>
}

/** @returns the files of an asar archive by their path in it, with their size in bytes and whether they lie beside it */
export function asarFiles(archive: string): Map<string, { sizeBytes: number; isUnpacked: boolean }> {
  const handle = openSync(archive, 'r')
  try {
    // Two nested Chromium pickles: the header's length stands in the fourth word, its JSON follows.
    const words = Buffer.alloc(16)
    readSync(handle, words, 0, words.length, 0)
    const json = Buffer.alloc(words.readUInt32LE(12))
    readSync(handle, json, 0, json.length, words.length)
    const found = new Map<string, { sizeBytes: number; isUnpacked: boolean }>()
    collect(JSON.parse(json.toString('utf8')) as Entry, '', found)
    return found
  } finally {
    closeSync(handle)
  }
}

function collect(entry: Entry, path: string, into: Map<string, { sizeBytes: number; isUnpacked: boolean }>) {
  for (const [name, child] of Object.entries(entry.files ?? {})) {
    const childPath = path === '' ? name : `${path}/${name}`
    if (child.files) collect(child, childPath, into)
    else into.set(childPath, { sizeBytes: child.size ?? 0, isUnpacked: child.unpacked ?? false })
  }
}
