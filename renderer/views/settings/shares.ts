/**
 * Shares that sum to 1 within double precision from amounts above 0.
 * @returns null where an amount is not above 0
 */
export function toShares(amounts: readonly number[]): number[] | null {
  const sum = amounts.reduce((total, amount) => total + amount, 0)
  if (!Number.isFinite(sum) || amounts.some((amount) => !(amount > 0))) return null
  return amounts.map((amount) => amount / sum)
}
