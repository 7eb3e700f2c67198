/**
 * Round positions for the ticks of an axis: steps of 1, 2 or 5 times a power of ten.
 * @param wanted about how many; one more or fewer can come out
 * @returns ascending, within [low, high]; [low] for an axis without length
 */
export function niceTicks(low: number, high: number, wanted = 5): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const ticks: number[] = []
  // A hundredth of a step forgives the rounding of 0.1 + 0.2.
  for (let index = Math.ceil(low / step - 0.01); index * step <= high + step * 0.01; index++)
    ticks.push(Number((index * step).toPrecision(12)))
  return ticks
}

/** A tick's text: no more decimals than the step between ticks needs. */
export function tickTexts(ticks: readonly number[], unit: 'number' | 'percent' = 'number'): string[] {
  const shown = unit === 'percent' ? ticks.map((tick) => tick * 100) : [...ticks]
  const step = shown.length > 1 ? Math.abs(shown[1]! - shown[0]!) : 1
  const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)))
  return shown.map((value) => `${value.toFixed(decimals)}${unit === 'percent' ? '%' : ''}`)
}
