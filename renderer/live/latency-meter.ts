/** Values of the newest measurements, for their median and 95th percentile; memory does not grow. */
export class LatencyMeter {
  private readonly values: Float64Array
  private next = 0
  private held = 0

  /** @param capacity measurements that are remembered */
  constructor(capacity = 300) {
    this.values = new Float64Array(capacity)
  }

  get count(): number {
    return this.held
  }

  add(value: number): void {
    this.values[this.next] = value
    this.next = (this.next + 1) % this.values.length
    if (this.held < this.values.length) this.held++
  }

  /** @returns the smallest value that `share` of the measurements do not exceed; NaN without any */
  quantile(share: number): number {
    if (this.held === 0) return Number.NaN
    const sorted = this.values.slice(0, this.held).sort()
    return sorted[Math.max(0, Math.ceil(share * this.held) - 1)] ?? Number.NaN
  }

  clear(): void {
    this.next = 0
    this.held = 0
  }
}

/** Events a second over the last `spanMs`. */
export class RateMeter {
  private readonly counts: { readonly atMs: number; readonly count: number }[] = []

  constructor(private readonly spanMs = 3000) {}

  /** @param count events since the last call */
  add(nowMs: number, count = 1): void {
    this.counts.push({ atMs: nowMs, count })
    this.forget(nowMs)
  }

  perSecond(nowMs: number): number {
    this.forget(nowMs)
    const [first, ...rest] = this.counts
    if (!first || rest.length === 0) return 0
    // The first one stands for what was before: time counts from it, it does not.
    const events = rest.reduce((sum, { count }) => sum + count, 0)
    return (events * 1000) / Math.max(1, nowMs - first.atMs)
  }

  clear(): void {
    this.counts.length = 0
  }

  private forget(nowMs: number): void {
    while (this.counts[0] && nowMs - this.counts[0].atMs > this.spanMs) this.counts.shift()
  }
}
