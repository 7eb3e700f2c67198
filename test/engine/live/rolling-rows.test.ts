import { describe, expect, it } from 'vitest'
import { RollingRows } from '../../../main/engine/live/rolling-rows'

describe('RollingRows', () => {
  it.each([0, 1, 3, 4, 5, 9])('holds the newest of %d rows, the oldest first', (pushed) => {
    const rows = new RollingRows(2, 4)
    for (let row = 0; row < pushed; row++) rows.push([row, -row])
    const kept = Array.from({ length: pushed }, (_, row) => row).slice(-4)
    expect(rows.rowCount).toBe(kept.length)
    expect([...rows.newest()]).toEqual(kept.flatMap((row) => [row, row === 0 ? -0 : -row]))
    expect([...rows.newest(2)]).toEqual(kept.slice(-2).flatMap((row) => [row, row === 0 ? -0 : -row]))
  })

  it('gives copies', () => {
    const rows = new RollingRows(1, 2)
    rows.push([1])
    const before = rows.newest()
    rows.push([2])
    rows.push([3])
    expect([...before]).toEqual([1])
  })

  it('forgets when it is cleared', () => {
    const rows = new RollingRows(1, 2)
    rows.push([1])
    rows.clear()
    expect(rows.rowCount).toBe(0)
    rows.push([7])
    expect([...rows.newest()]).toEqual([7])
  })
})
