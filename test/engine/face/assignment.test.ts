import { describe, expect, it } from 'vitest'
import { assign } from '../../../main/engine/face/assignment'

const FORBIDDEN = Number.POSITIVE_INFINITY

/** Numbers in 0..1 that are the same on every run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Most pairs first, then least cost, over all partial assignments. */
function bruteForce(cost: readonly (readonly number[])[]): { pairs: number; total: number } {
  const columns = cost[0]?.length ?? 0
  let best = { pairs: 0, total: 0 }
  const place = (row: number, used: number, pairs: number, total: number): void => {
    if (row === cost.length) {
      if (pairs > best.pairs || (pairs === best.pairs && total < best.total)) best = { pairs, total }
      return
    }
    place(row + 1, used, pairs, total)
    for (let column = 0; column < columns; column++) {
      const value = cost[row]?.[column] ?? FORBIDDEN
      if (Number.isFinite(value) && !(used & (1 << column)))
        place(row + 1, used | (1 << column), pairs + 1, total + value)
    }
  }
  place(0, 0, 0, 0)
  return best
}

describe('assign', () => {
  it('is as good as trying everything, with forbidden pairs and any shape', () => {
    const random = seededRandom(7)
    for (let trial = 0; trial < 400; trial++) {
      const rows = 1 + Math.floor(random() * 5)
      const columns = 1 + Math.floor(random() * 5)
      const cost = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () =>
          random() < 0.25 ? FORBIDDEN : Math.round(random() * 100) / 10,
        ),
      )
      const columnsOfRows = assign(cost)
      const used = columnsOfRows.filter((column) => column !== -1)
      expect(new Set(used).size).toBe(used.length)
      const total = columnsOfRows.reduce(
        (sum, column, row) => sum + (column === -1 ? 0 : (cost[row]?.[column] ?? NaN)),
        0,
      )
      const wanted = bruteForce(cost)
      expect(used.length).toBe(wanted.pairs)
      expect(total).toBeCloseTo(wanted.total, 9)
    }
  })

  it('gives up the nearest pair where the whole is cheaper', () => {
    expect(
      assign([
        [1, 2],
        [1.1, 9],
      ]),
    ).toEqual([1, 0])
  })

  it('leaves rows alone that have no allowed column', () => {
    expect(
      assign([
        [FORBIDDEN, FORBIDDEN],
        [FORBIDDEN, 3],
      ]),
    ).toEqual([-1, 1])
    expect(assign([[], []])).toEqual([-1, -1])
    expect(assign([])).toEqual([])
  })
})
