/** What is read of a game controller; the parts of `Gamepad` that a rating needs. */
export interface PadState {
  readonly index: number
  readonly id: string
  /** -1..1 each, by the standard -1 is up or left. */
  readonly axes: readonly number[]
}

/** The part of a stick's way around its rest that counts as rest; worn sticks never come back to zero. */
export const DEFAULT_DEAD_ZONE = 0.1

/**
 * A stick's deflection without its dead zone: 0 inside, growing evenly from its edge to 1 at the end.
 * @param axis -1..1
 * @param deadZone 0..0.9
 */
export function deflection(axis: number, deadZone: number): number {
  const size = Math.min(1, Math.abs(axis))
  if (!Number.isFinite(axis) || size <= deadZone) return 0
  return (Math.sign(axis) * (size - deadZone)) / (1 - deadZone)
}

/**
 * The rating that a stick means: at rest neutral, fully one way the maximum, fully the other the minimum.
 * @param push -1..1, up and right positive
 */
export function ratingOfPush(
  push: number,
  {
    minimum,
    maximum,
    neutral,
  }: { readonly minimum: number; readonly maximum: number; readonly neutral: number },
): number {
  return push >= 0 ? neutral + push * (maximum - neutral) : neutral + push * (neutral - minimum)
}

/** Sticks are up-negative; ratings grow upwards. Axis 0, 2 … are left to right, 1, 3 … up to down. */
export function pushOf(pad: PadState, axis: number, deadZone: number): number {
  const pushed = deflection(pad.axes[axis] ?? 0, deadZone)
  const push = axis % 2 === 1 ? -pushed : pushed
  return push === 0 ? 0 : push
}
