/** A row of columns of equal size in several resolutions: level 0 is the finest, each next has half as many columns. */
export interface Levels {
  readonly bytesPerColumn: number
  /** Number of columns of a level; 0 where there is no such level. */
  columnCount(level: number): number
  readonly levelCount: number
  /** Columns `first` to `end` of a level as one run of bytes, in memory of its own. */
  read(level: number, first: number, end: number): Promise<Uint8Array<ArrayBuffer>>
}

const BLOCK_COLUMNS = 4096

/** Levels that grow in memory, in blocks: what is there is never moved. */
export class GrowingLevels implements Levels {
  readonly bytesPerColumn: number
  readonly #blocks: Uint8Array[][] = []
  readonly #counts: number[] = []

  constructor(bytesPerColumn: number) {
    this.bytesPerColumn = bytesPerColumn
  }

  get levelCount(): number {
    return this.#counts.length
  }

  columnCount(level: number): number {
    return this.#counts[level] ?? 0
  }

  /** Room for the next column of a level, to be written at once. */
  push(level: number): DataView {
    while (this.#blocks.length <= level) {
      this.#blocks.push([])
      this.#counts.push(0)
    }
    const blocks = this.#blocks[level]!
    const count = this.#counts[level]!
    const place = count % BLOCK_COLUMNS
    if (place === 0) blocks.push(new Uint8Array(BLOCK_COLUMNS * this.bytesPerColumn))
    this.#counts[level] = count + 1
    const block = blocks.at(-1)!
    return new DataView(block.buffer, place * this.bytesPerColumn, this.bytesPerColumn)
  }

  read(level: number, first: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array((end - first) * this.bytesPerColumn)
    let written = 0
    for (const part of this.#parts(level, first, end)) {
      bytes.set(part, written)
      written += part.length
    }
    return Promise.resolve(bytes)
  }

  /** All columns of a level in order, without a copy. */
  parts(level: number): Iterable<Uint8Array> {
    return this.#parts(level, 0, this.columnCount(level))
  }

  *#parts(level: number, first: number, end: number): Generator<Uint8Array> {
    const { bytesPerColumn } = this
    for (let at = first; at < end;) {
      const block = Math.floor(at / BLOCK_COLUMNS)
      const stop = Math.min(end, (block + 1) * BLOCK_COLUMNS)
      const start = at - block * BLOCK_COLUMNS
      yield this.#blocks[level]![block]!.subarray(
        start * bytesPerColumn,
        (stop - block * BLOCK_COLUMNS) * bytesPerColumn,
      )
      at = stop
    }
  }
}

/** A stretch of one level. */
export interface ColumnRange {
  readonly level: number
  readonly first: number
  readonly end: number
}

/**
 * The finest level that shows a stretch of time in at most so many columns, and its columns there.
 * @param startSecs left edge of the first column of all
 * @param stepSecs width of a column of level 0
 * @returns an empty range where nothing lies in the stretch
 */
export function chooseColumns(
  levels: Pick<Levels, 'levelCount' | 'columnCount'>,
  { startSecs, stepSecs }: { readonly startSecs: number; readonly stepSecs: number },
  {
    fromSecs,
    toSecs,
    maxColumns,
  }: { readonly fromSecs: number; readonly toSecs: number; readonly maxColumns: number },
): ColumnRange {
  for (let level = 0; level < levels.levelCount; level++) {
    const widthSecs = stepSecs * 2 ** level
    const count = levels.columnCount(level)
    const first = Math.min(count, Math.max(0, Math.floor((fromSecs - startSecs) / widthSecs)))
    const end = Math.min(count, Math.max(first, Math.ceil((toSecs - startSecs) / widthSecs)))
    // The coarsest level of a short sound may still be too fine for very few columns: it is cut then.
    if (end - first <= maxColumns) return { level, first, end }
    if (level === levels.levelCount - 1) return { level, first, end: first + maxColumns }
  }
  return { level: 0, first: 0, end: 0 }
}
