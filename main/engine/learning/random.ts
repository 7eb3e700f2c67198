/** Seeded random numbers, so that a run can be repeated. Generator: mulberry32, period 2^32. */
export class Random {
  private state: number

  constructor(...seeds: readonly number[]) {
    this.state = 0x9e3779b9
    for (const seed of seeds) {
      this.state = Math.imul(this.state ^ (seed + 0x7f4a7c15), 0x85ebca6b) >>> 0
      this.state = (this.state ^ (this.state >>> 13)) >>> 0
    }
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** Mean 0, SD 1 (Box and Muller 1958). */
  gaussian(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** Beta(shape, shape), by Joehnk's method, which suits shapes below 1. */
  symmetricBeta(shape: number): number {
    for (;;) {
      const a = this.next() ** (1 / shape)
      const b = this.next() ** (1 / shape)
      if (a + b > 0 && a + b <= 1) return a / (a + b)
    }
  }

  /** In place (Fisher and Yates). */
  shuffle<Item>(items: Item[]): Item[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const moved = items[last]!
      items[last] = items[other]!
      items[other] = moved
    }
    return items
  }
}
