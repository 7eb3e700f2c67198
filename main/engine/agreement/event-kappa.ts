import { defined, type Figure, undefinedBecause } from './figure'

const ROUNDS_MAX = 20_000
const CONVERGED = 1e-12

/**
 * Kappa of paired events. The table's last row and column count events without a counterpart; its last cell, "neither", can
 * hold nothing. Chance is therefore that of quasi-independence: expected counts with the same margins and an empty last cell,
 * by iterative proportional fitting (Deming & Stephan 1940).
 * Bakeman, R., Quera, V., & Gnisci, A. (2009). Observer agreement for timed-event sequential data: A comparison of time-based
 * and event-based algorithms. Behavior Research Methods, 41, 137-147.
 * Holle, H., & Rein, R. (2015). EasyDIAg: A tool for easy determination of interrater agreement. Behavior Research Methods,
 * 47, 837-847.
 * @param counts shape [n + 1, n + 1]
 */
export function eventKappa(counts: readonly (readonly number[])[]): Figure {
  const last = counts.length - 1
  const total = counts.reduce((sum, row) => sum + row.reduce((s, cell) => s + cell, 0), 0)
  if (total === 0) return undefinedBecause('no events of either rater')
  const isPaired = counts.some((row, i) => row.some((cell, j) => i < last && j < last && cell > 0))
  if (!isPaired) return undefinedBecause('no two events are close enough to be a pair')
  const expected = expectedCounts(counts)
  let agreed = 0
  let chance = 0
  for (let index = 0; index < last; index++) {
    agreed += (counts[index]?.[index] ?? 0) / total
    chance += (expected[index]?.[index] ?? 0) / total
  }
  if (1 - chance < 1e-9)
    return undefinedBecause('only one label used and every event paired: agreement by chance is complete')
  return defined((agreed - chance) / (1 - chance))
}

function expectedCounts(counts: readonly (readonly number[])[]): number[][] {
  const size = counts.length
  const rows = counts.map((row) => row.reduce((sum, cell) => sum + cell, 0))
  const columns = counts.map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0))
  const expected: number[][] = counts.map((_, i) =>
    counts.map((__, j) => (i === size - 1 && j === size - 1 ? 0 : 1)),
  )
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let change = 0
    for (const [i, row] of expected.entries()) {
      const sum = row.reduce((s, cell) => s + cell, 0)
      const factor = sum > 0 ? (rows[i] ?? 0) / sum : 0
      change = Math.max(change, Math.abs(sum - (rows[i] ?? 0)))
      for (let j = 0; j < size; j++) row[j] = (row[j] ?? 0) * factor
    }
    for (let j = 0; j < size; j++) {
      const sum = expected.reduce((s, row) => s + (row[j] ?? 0), 0)
      const factor = sum > 0 ? (columns[j] ?? 0) / sum : 0
      change = Math.max(change, Math.abs(sum - (columns[j] ?? 0)))
      for (const row of expected) row[j] = (row[j] ?? 0) * factor
    }
    if (change < CONVERGED * Math.max(1, ...rows)) break
  }
  return expected
}
