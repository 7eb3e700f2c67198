import { z } from 'zod'

/** The closed list of what can go wrong. The code is for programs and tests, the message for people. */
export const FAULT_CODES = [
  'usage.invalid',
  'input.not-found',
  'input.unreadable',
  'input.empty',
  'media.not-media',
  'media.no-streams',
  'media.decode-failed',
  'model.not-found',
  'model.bad-card',
  'model.bad-hash',
  'model.bad-weights',
  'backend.unavailable',
  'output.exists',
  'output.unwritable',
  'output.disk-full',
  'data.invalid',
  'host.crashed',
  'host.stalled',
  'cancelled',
  'internal',
] as const

export type FaultCode = (typeof FAULT_CODES)[number]

export class UnmaskError extends Error {
  readonly code: FaultCode
  /** Part of the work at which it happened, where known: "probe", "face" and so on. */
  readonly stage: string | null

  /** @param message names the file or parameter, the value received and what to do about it; a path stands last */
  constructor(code: FaultCode, message: string, options: { cause?: unknown; stage?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'UnmaskError'
    this.code = code
    this.stage = options.stage ?? null
  }
}

/** An error as data: crosses processes and stands in errors.csv. */
export interface Fault {
  readonly code: FaultCode
  readonly message: string
}

/** Parses a fault that another process sent. */
export const faultSchema = z.object({ code: z.enum(FAULT_CODES), message: z.string() })

export function toFault(error: unknown): Fault {
  if (error instanceof UnmaskError) return { code: error.code, message: error.message }
  if (error instanceof Error) {
    if (error.name === 'AbortError') return { code: 'cancelled', message: 'Cancelled' }
    return { code: systemFaultCode(error), message: error.message }
  }
  return { code: 'internal', message: String(error) }
}

function systemFaultCode(error: Error): FaultCode {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'output.disk-full'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'output.unwritable'
    case 'ENOENT':
      return 'input.not-found'
    default:
      return 'internal'
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new UnmaskError('cancelled', 'Cancelled', { cause: signal.reason })
}
