import type { Bridge } from '../../preload/contract'
import type { Fault, Reply } from '../../preload/contract/reply'

let used: Bridge | null = null

/** The way to the main process. */
export function bridge(): Bridge {
  return used ?? window.unmask
}

/** Tests put a bridge of their own here. */
export function setBridge(replacement: Bridge | null): void {
  used = replacement
}

/** A failure that came as a value, thrown where an exception is handier. */
export class FaultError extends Error {
  readonly code: string

  constructor(fault: Fault) {
    super(fault.message)
    this.name = 'FaultError'
    this.code = fault.code
  }
}

/** @throws FaultError */
export function unwrap<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value
  throw new FaultError(reply.fault)
}

export function toFault(error: unknown): Fault {
  if (error instanceof FaultError) return { code: error.code, message: error.message }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}
