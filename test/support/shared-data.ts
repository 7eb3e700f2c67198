import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'data')

/** Path of real recordings beside the repository; null where they are absent, and tests on them must then skip. */
export function sharedData(...parts: string[]): string | null {
  const path = join(ROOT, ...parts)
  return existsSync(path) ? path : null
}
