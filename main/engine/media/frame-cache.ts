/** Keeps what lies around a position, bounded by bytes: what is farthest from it goes first. */
export class FrameCache<T> {
  private readonly held = new Map<number, { readonly value: T; readonly bytes: number }>()
  private bytes = 0
  /** Frames nearest to it stay. */
  focus = 0

  constructor(readonly limitBytes: number) {}

  get heldBytes(): number {
    return this.bytes
  }

  has(index: number): boolean {
    return this.held.has(index)
  }

  get(index: number): T | undefined {
    return this.held.get(index)?.value
  }

  put(index: number, value: T, bytes: number): void {
    this.drop(index)
    this.held.set(index, { value, bytes })
    this.bytes += bytes
    while (this.bytes > this.limitBytes && this.held.size > 1) this.drop(this.farthest())
  }

  clear(): void {
    this.held.clear()
    this.bytes = 0
  }

  /**
   * @param step 1 or -1
   * @returns how many frames follow on `index` without a gap, itself left out
   */
  runFrom(index: number, step: 1 | -1): number {
    let length = 0
    while (this.held.has(index + (length + 1) * step)) length += 1
    return length
  }

  private drop(index: number): void {
    const entry = this.held.get(index)
    if (entry === undefined) return
    this.held.delete(index)
    this.bytes -= entry.bytes
  }

  private farthest(): number {
    let found = this.focus
    for (const index of this.held.keys())
      if (Math.abs(index - this.focus) > Math.abs(found - this.focus)) found = index
    return found
  }
}
