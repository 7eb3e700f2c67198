/**
 * The cheapest one-to-one assignment of rows to columns (Hungarian method with potentials, O(rows^2 columns);
 * Kuhn 1955, Jonker and Volgenant 1987). Pairs with an infinite cost are never made; as many pairs as possible are.
 * @param cost shape [rows, columns], each finite or +Infinity
 * @returns the column of each row, -1 where the row stays alone
 */
export function assign(cost: readonly (readonly number[])[]): number[] {
  const rows = cost.length
  const columns = cost[0]?.length ?? 0
  if (rows === 0 || columns === 0) return new Array<number>(rows).fill(-1)
  if (rows > columns) return invert(assignWide(transpose(cost)), rows)
  return assignWide(cost)
}

/** For rows <= columns. */
function assignWide(cost: readonly (readonly number[])[]): number[] {
  const rows = cost.length
  const columns = cost[0]?.length ?? 0
  const forbidden = forbiddenCost(cost)
  // 1-based; column 0 is the row being placed.
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOfColumn = new Int32Array(columns + 1)
  const previous = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    rowOfColumn[0] = row
    const shortest = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY)
    const isDone = new Uint8Array(columns + 1)
    let column = 0
    do {
      isDone[column] = 1
      const current = rowOfColumn[column] as number
      let step = Number.POSITIVE_INFINITY
      let next = 0
      for (let other = 1; other <= columns; other++) {
        if (isDone[other]) continue
        const value = cost[current - 1]?.[other - 1] ?? Number.POSITIVE_INFINITY
        const reduced =
          (Number.isFinite(value) ? value : forbidden) -
          (rowPotential[current] as number) -
          (columnPotential[other] as number)
        if (reduced < (shortest[other] as number)) {
          shortest[other] = reduced
          previous[other] = column
        }
        if ((shortest[other] as number) < step) {
          step = shortest[other] as number
          next = other
        }
      }
      for (let other = 0; other <= columns; other++)
        if (isDone[other]) {
          const placed = rowOfColumn[other] as number
          rowPotential[placed] = (rowPotential[placed] as number) + step
          columnPotential[other] = (columnPotential[other] as number) - step
        } else shortest[other] = (shortest[other] as number) - step
      column = next
    } while (rowOfColumn[column] !== 0)
    while (column !== 0) {
      const from = previous[column] as number
      rowOfColumn[column] = rowOfColumn[from] as number
      column = from
    }
  }
  const result = new Array<number>(rows).fill(-1)
  for (let column = 1; column <= columns; column++) {
    const row = (rowOfColumn[column] as number) - 1
    if (row >= 0 && Number.isFinite(cost[row]?.[column - 1])) result[row] = column - 1
  }
  return result
}

/** Dearer than any set of allowed pairs, so that forbidden pairs are taken only where nothing else is left. */
function forbiddenCost(cost: readonly (readonly number[])[]): number {
  let total = 1
  for (const row of cost) for (const value of row) if (Number.isFinite(value)) total += Math.abs(value)
  return total * 2
}

function transpose(cost: readonly (readonly number[])[]): number[][] {
  return (cost[0] ?? []).map((_, column) => cost.map((row) => row[column] ?? Number.POSITIVE_INFINITY))
}

function invert(rowOfColumn: readonly number[], rows: number): number[] {
  const result = new Array<number>(rows).fill(-1)
  rowOfColumn.forEach((row, column) => {
    if (row !== -1) result[row] = column
  })
  return result
}
