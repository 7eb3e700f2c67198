import { type FaultCode, toFault } from '../engine/errors'

export const EXIT = { done: 0, someFailed: 1, usage: 2, interrupted: 130 } as const

/** Faults that the person can mend in the command itself, before any clip is touched. */
const USAGE_FAULTS: readonly FaultCode[] = [
  'usage.invalid',
  'output.exists',
  'backend.unavailable',
  'model.not-found',
  'model.bad-card',
  'model.bad-hash',
  'model.bad-weights',
]

export function exitCodeOf(error: unknown): number {
  const { code } = toFault(error)
  if (code === 'cancelled') return EXIT.interrupted
  return USAGE_FAULTS.includes(code) ? EXIT.usage : EXIT.someFailed
}
