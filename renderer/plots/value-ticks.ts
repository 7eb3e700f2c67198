export interface ValueTick {
  readonly value: number
  readonly label: string
}

/** Round values from `low` to `high`, both included where they are round; at most `count`, 1, 2 or 5 times a power of ten apart. */
export function valueTicks(low: number, high: number, count: number): ValueTick[] {
  const step = niceStep((high - low) / Math.max(1, count - 1))
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const ticks: ValueTick[] = []
  const last = Math.floor(high / step + 1e-6)
  for (let index = Math.ceil(low / step - 1e-6); index <= last; index++) {
    // Adding 0 makes 0 of -0.
    const value = index * step + 0
    // Rounding a small negative number would print "-0".
    const text = value.toFixed(decimals)
    ticks.push({ value, label: Number(text) === 0 ? (0).toFixed(decimals) : text })
  }
  return ticks
}

/** The least of 1, 2, 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const parts = [1, 2, 5, 10]
  return (parts.find((part) => part * power >= least * (1 - 1e-9)) ?? 10) * power
}
