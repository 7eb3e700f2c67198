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
  private readonly times: number[] = []

  constructor(private readonly spanMs = 3000) {}

  add(nowMs: number): void {
    this.times.push(nowMs)
    this.forget(nowMs)
  }

  perSecond(nowMs: number): number {
    this.forget(nowMs)
    const first = this.times[0]
    if (first === undefined || this.times.length < 2) return 0
    // Over the time since the first event, so that the first seconds are not counted as slow.
    return ((this.times.length - 1) * 1000) / Math.max(1, nowMs - first)
  }

  clear(): void {
    this.times.length = 0
  }

  private forget(nowMs: number): void {
    let gone = 0
    while (gone < this.times.length && nowMs - (this.times[gone] ?? 0) > this.spanMs) gone++
    if (gone > 0) this.times.splice(0, gone)
  }
}
