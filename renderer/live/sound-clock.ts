/** Blocks this long ago no longer speak for the clock: it follows the drift between sound card and computer. */
const MEMORY_MS = 10_000
/** Fewer arrivals than this are kept: one block in 20 ms for ten seconds. */
const ARRIVALS_MAX = 600

/**
 * When sound was captured. Blocks arrive late by a varying time but never early, so the earliest arrival of the last seconds,
 * counted back by the samples since, is the best estimate of when the count began.
 */
export class SoundClock {
  private readonly arrivals: { readonly atMs: number; readonly originMs: number }[] = []

  constructor(private readonly sampleRateHz: number) {}

  /**
   * @param firstSample position of the block's first sample in the stream
   * @param arrivedMs when the block came, on the clock that is wanted
   * @returns when its first sample was captured, on the same clock
   */
  capturedAtMs(firstSample: number, samples: number, arrivedMs: number): number {
    const originMs = arrivedMs - ((firstSample + samples) / this.sampleRateHz) * 1000
    this.arrivals.push({ atMs: arrivedMs, originMs })
    while (
      this.arrivals.length > ARRIVALS_MAX ||
      (this.arrivals[0] && arrivedMs - this.arrivals[0].atMs > MEMORY_MS)
    )
      this.arrivals.shift()
    const earliestMs = this.arrivals.reduce((least, arrival) => Math.min(least, arrival.originMs), originMs)
    return earliestMs + (firstSample / this.sampleRateHz) * 1000
  }
}
