import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

export type Figures = Readonly<Record<string, number | string | boolean>>

const FILE = fileURLToPath(new URL('../window-results.json', import.meta.url))

/** Prints figures of a benchmark of the window and keeps them in test/bench/window-results.json. */
export function record(name: string, figures: Figures): void {
  const old = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { results?: object }) : {}
  const entry = { measuredAt: new Date().toISOString(), figures: rounded(figures) }
  const report = {
    machine: `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}`,
    results: { ...old.results, [name]: entry },
  }
  writeFileSync(FILE, `${JSON.stringify(report, null, 2)}\n`)
  for (const [figure, value] of Object.entries(entry.figures))
    process.stdout.write(`${name.padEnd(28)} ${figure.padEnd(44)} ${String(value)}\n`)
}

/** @param share 0..1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

function rounded(figures: Figures): Figures {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(4)) : value,
    ]),
  )
}
